// Package index reads what a package index or a folder offers, checks folders of
// wheels, and writes a static simple index for them.
//
// Start with [ReadPage], [ReadDir] or [ReadNames] to learn what there is, with
// [Collect] to check folders, and with [OpenSite] and [Site.Write] to make an index
// of them. Nothing is fetched: pages are read as they were saved, and links in
// them are kept as text.
//
// # Reading
//
// Saved pages of a simple index in HTML (PEP 503) and JSON (PEP 691, PEP 700),
// folders, and lists of names give [File] values, which say what an installer
// would know of a file before it downloads it. A file whose name cannot be read
// comes with an error that names the page and the line; the others still come.
//
// # Checking
//
// A [Collection] has an [Item] for each file and on each item its findings, by the
// codes that begin with Found. A file with a finding of severity error is not
// offered. Of files with one name but other bytes none is, since nothing says
// which is meant.
//
// # Sites
//
// A site is a folder for any server of files:
//
//	simple/index.html, index.json          the projects
//	simple/PROJECT/index.html, index.json  the files of one
//	files/NAME, NAME.metadata              the files, and METADATA of wheels (PEP 658)
//	VIEW/simple/...                        the same for what one target takes
//	wheeltag-index.json                    the manifest
//
// The same input gives the same bytes. Files are hard links to the input where
// that is possible, so replace wheels by writing new files, not over the old ones:
// a digest in a page is of the bytes that were read. The manifest has the size,
// the modification time and the digest of each input, by which the next run knows
// what it need not read again.
//
// A new site grows in a folder beside the old one, called .SITE.wheeltag- and
// some letters, and takes its place by renaming. What a killed run leaves there
// may be removed.
//
// File names that have other characters than letters, digits and ._-+! are kept
// out of sites, so that no name leads out of the folder or into the markup.
package index
