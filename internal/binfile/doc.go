// Package binfile reads the facts of native code for systems other than Linux:
// Mach-O files of Apple's systems and PE files of Windows.
//
// # Where to start
//
// Call [Sniff] with the first bytes of a file. When it names a format, call
// [Read] with a reader of it and look at the fields of [File]: one [Slice] for
// each machine, with its kind, the systems it was built for and the libraries it
// loads. Only the parts with that information are read, front to back: the first
// few KiB of a Mach-O slice, and a PE file up to its import table.
//
// # Facts, not layouts
//
// Only headers, load commands and import tables are read, straight from the
// bytes. The readers of the standard library decode symbols, relocations and
// string tables as well, which are not needed here: they reject files with
// stripped or unusual tables, know few machines and no 64-bit universal files, and
// can be made to decode one large table many times. Their names for the numbers
// are used.
//
// # Two magic numbers with a second meaning
//
// The first four bytes of a universal Mach-O file are also those of a Java
// class. The next bytes are different: a count of a few machines in the one, and
// in the other a format version, which has never been below 45.
//
// "MZ" opens every PE file, DOS programs, and any text with these letters.
// It is PE only with the signature that the DOS header points to; anything else is
// [ErrNotBinary].
//
// # Refusing rather than guessing
//
// A header, command or name that is truncated or points outside the file is a
// [FormatError], and so is a segment or section with content past the end of the
// file.
//
// # Hostile input
//
// Every offset and count is compared with the size of the file before it is
// used, memory grows with the bytes that arrive, and work is linear in the size
// of the headers under fixed limits: 30 machines, 4 MiB of load commands, 4096
// sections, imports and needed libraries each, 1 KiB for a name.
//
// # Sources
//
// Apple's headers mach-o/loader.h and mach-o/fat.h, Microsoft's PE format
// reference, and ECMA-335 for the .NET header.
package binfile
