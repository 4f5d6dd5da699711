// Package coveragepage writes a coverage matrix as one HTML file: a row for each
// Python package, a column for each deployment target, and in each cell how the
// package installs there.
//
// # Use
//
// Fill a [Page] and call [Write]. The rows are a sequence and are written one by
// one, so a page of any length needs little memory.
//
// # The file
//
// The page is self-contained: no font, image or script is fetched, and its
// Content-Security-Policy allows only the style and the script inside it, by their
// hashes. It works from a file: address. With scripts it sorts, filters and opens
// the details of a cell; only the rows in view are in the document. Without
// scripts it shows a plain table of the first 1,000 rows, inside a noscript
// element, which costs a browser with scripts almost nothing.
//
// # Hostile text
//
// Names and reasons come from files that anyone can upload. They are escaped for
// their context, and the script writes them as text, never as markup. Control
// characters and marks that change the direction of writing are written as
// escapes, such as \u202e, so that a name cannot look like another.
//
// # Reproducible output
//
// Equal input gives equal output: nothing depends on the time, the machine or the
// order of a map.
package coveragepage
