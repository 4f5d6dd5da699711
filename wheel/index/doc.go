// Package index reads what a package index or a folder offers: saved pages of a
// simple index in HTML (PEP 503) and JSON (PEP 691, PEP 700), folders of wheels
// and source distributions, and lists of file names.
//
// Start with [ReadPage], [ReadDir] or [ReadNames]. Each yields [File] values that
// say what an installer would know of a file before it downloads it. A file whose
// name cannot be read comes with an error that names the page and the line; the
// others still come.
//
// Nothing is fetched: pages are read as they were saved, and links in them are
// kept as text.
package index
