// Package retag gives a wheel other tags, and repairs what can be repaired without a
// guess: its file name, the Tag and Build fields of WHEEL, the rows and hashes of RECORD,
// and the records of the zip archive around the files.
//
// Start with [File], which reads a wheel, writes the new one next to it or into another
// directory, and says what it changed. [New] does the same in memory: the [Result] is
// read like a file.
//
// # What stays
//
// Every file but WHEEL and RECORD keeps its compressed bytes, time and permissions. WHEEL
// keeps every line but its tags. The same wheel and the same [Options] make the same bytes,
// with one release of Go.
//
// # What is refused
//
// The result is audited with all hashes before it gets its name. One with an error, such
// as native code that needs more than its new platform tag promises, is a [Refusal]. So is
// a wheel about which tools that read zip archives disagree: its repair would decide which
// of them was right. Bytes that belong to no member are dropped, unless a member of another
// archive may be among them.
//
// The package is experimental: it may change in a minor release.
package retag
