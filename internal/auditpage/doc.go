// Package auditpage writes the results of an audit as one HTML file: a table of the
// files, a table of the findings, and what each rule means. Fill a [Page] and call
// [Write].
//
// # The file
//
// The page is self-contained, like that of package coveragepage: it fetches nothing, and
// its Content-Security-Policy allows only the style and the script inside it, by their
// hashes. Without scripts it shows everything; the script adds sorting and filters. On
// narrow screens each row becomes a card.
//
// # Hostile text
//
// All text is escaped for its context. Control characters and marks that change the
// direction of writing are up to the caller.
package auditpage
