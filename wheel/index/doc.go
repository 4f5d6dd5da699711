// Package index reads what a package index or a directory offers, checks
// directories of wheels, and writes a static simple index for them.
//
// Start with [ReadPage], [ReadDir] or [ReadNames] to list files, with [Collect] to
// check directories, and with [OpenSite] and [Site.Write] to make an index of
// them. Nothing is fetched: pages are read from saved files, and links in them are
// kept as text.
//
// # Reading
//
// Saved pages of a simple index in HTML (PEP 503) and JSON (PEP 691, PEP 700),
// directories, and lists of names yield [File] values: what an installer knows of
// a file before it downloads it. A file with an invalid name yields an error with
// the page and the line; the others are still read.
//
// # Checking
//
// A [Collection] has an [Item] for each file and on each item its findings, by the
// codes that begin with Found. A file with a finding of severity error is not
// offered. Of files with one name but different bytes none is offered, because the
// right one is not known.
//
// # Sites
//
// A site is a directory for a static file server:
//
//	simple/index.html, index.json          the projects
//	simple/PROJECT/index.html, index.json  the files of one
//	files/NAME, NAME.metadata              the files, and METADATA of wheels (PEP 658)
//	files/NAME.provenance                  the attestations of a file (PEP 740)
//	files/NAME-VERSION-variants.json       the wheel variants of a release (PEP 825)
//	VIEW/simple/...                        the same for what one target takes
//	wheeltag-index.json                    the manifest
//
// The same input gives the same pages. Files are hard links to the input where
// that is possible, so replace wheels by writing new files, not over the old ones:
// a digest in a page is that of the bytes that were read. The manifest has the
// size, the times, the inode and the digest of each input, so that the next run
// need not read unchanged files again.
//
// The variants of a release are the union of what variant.json of its wheels says, and
// are listed on the pages that list one of these wheels. A file of that name in an input
// directory is ignored.
//
// Next to a file NAME, NAME.yanked withdraws it (PEP 592) and NAME.provenance has its
// attestations, which are listed if Site.FilesURL is an https URL. PROJECT.project-status
// states what became of a project (PEP 792).
//
// A new site is written to a directory next to the old one, called .SITE.wheeltag-
// and some letters. On Linux the two are then exchanged in one step, so that readers
// always find a complete site; elsewhere there is none for a moment. The next run
// removes what a crash left behind. Two runs that write into one directory wait for each
// other, on Linux.
//
// # Links
//
// A symbolic link that leads out of the directory is an error, and its target is not
// read unless [CollectOptions].CopyLinks allows it. What links lead to is copied into
// the site and never hard-linked.
//
// File names with characters other than letters, digits and ._-+! are left out of
// sites, so that no name leads out of the directory or into the markup.
//
// # Stability
//
// The package is experimental: it may change in a minor release.
package index
