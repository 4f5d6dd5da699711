// Package coveragepage writes a coverage matrix as one HTML file: a row a
// Python package, a column a deployment target, and in each cell how the package
// installs there.
//
// # Use
//
// Fill a [Page] and call [Write]. The rows come as a sequence and go out one by
// one, so a page of any length takes little memory.
//
// # The file
//
// The page needs nothing but itself: no font, image or script is fetched, and its
// Content-Security-Policy allows only the style and the script inside it, by their
// hashes. It works from a file: address. With scripts it sorts, filters and opens
// the details of a cell; only the rows in view are in the document. Without
// scripts it shows a plain table of the first 1,000 rows, inside a noscript
// element, which costs a browser with scripts next to nothing.
//
// # Text is hostile
//
// Names and reasons come from files that anybody can upload. They are escaped for
// the place where they stand, and the script writes them as text, never as markup.
// Control characters and the marks that turn the direction of writing are spelled
// out, as in \u202e, so that a name cannot pass for another.
//
// # The same bytes
//
// Equal input gives equal output: nothing depends on the time, the machine or the
// order of a map.
package coveragepage
