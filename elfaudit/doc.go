// Package elfaudit reads the facts of one ELF file: what it needs from the
// system that loads it, what it exports, and how it asks to be loaded. It only
// states facts; other packages decide whether they fit a platform tag.
//
// # Where to start
//
// Call [Read] with an [io.ReaderAt] and its size, or [ReadFile] with a path,
// and look at the fields of [File]. Symbols are decoded on demand by
// [File.Symbols], [File.Undefined] and [File.Exported]. Answers that combine
// several facts are methods: [File.MachineTag], [File.Libc] and
// [File.ExtensionInit].
//
// # The loader's view
//
// A dynamic loader never looks at section headers, so neither does this
// package: everything comes from the ELF header, the program headers and the
// tables that the dynamic segment points to, with the same translation from
// addresses to file offsets that the loader makes. Removing or changing the
// section headers of a file does not change its facts.
//
// The same goes for notes: linkers have left build IDs and program properties
// in sections that no segment covers. Other tools print those; no loader reads
// them, and they are not in [File.BuildID] or [File.Properties].
//
// There is one exception. Linkers for 32-bit ARM record the build attributes
// (which architecture version, which calling convention) in a section that no
// program header covers. They are read from there as a hint and marked so in
// [ARM.AttributesFromSection]; only [File.MachineTag]'s choice between armv6l
// and armv7l depends on them. Programs that want more of the section headers
// read them with [Sections].
//
// # Refusing rather than guessing
//
// A file is read completely or not at all. A table outside the file or the
// loadable segments, a name that runs off the string table, a chain that does
// not end, a count that two tables disagree on: each is a [FormatError], and the
// File is nil. So an empty [File.Needed] always means that there is no
// DT_NEEDED, never that it was not found. Bytes that do not start with the ELF
// magic give [ErrNotELF].
//
// The same goes for files that a loader sees differently than their headers
// suggest: segments that map one page twice, a symbol count that relocations
// exceed, a number of program headers that loaders and other readers interpret
// differently, a version with a wrong hash. Notes are different: loaders read
// them as far as they make sense, and so does [Read]; see [File.NotesBroken].
//
// Relocatable objects and core dumps have no dynamic tables. They are
// reported by [File.Kind] with the facts of their header and nothing else.
//
// # Hostile input
//
// No length, offset or count is believed before it has been compared with the
// size of the file, and none decides how much memory is allocated before the
// bytes have been read. Work is linear in the size of the tables, names that
// many entries share included. In addition there are fixed limits, far above
// what linkers produce: 256 MiB for a table, 1 MiB for all notes, 64 KiB for a
// name, 65,536 dynamic entries, version records and section headers each. A file
// that exceeds one gives a FormatError with the code [CodeLimit].
//
// A File holds no reference to its reader and never changes after [Read]
// returns, so it may be used from several goroutines.
//
// # Sources
//
// The System V gABI and its processor supplements define the format; symbol
// versions and the GNU tables follow the Linux Standard Base, the linux-abi
// extensions for program properties, and the behaviour of the loaders of
// glibc and musl where these say less.
//
// # Stability
//
// The package is experimental: it may change in a minor release.
package elfaudit
