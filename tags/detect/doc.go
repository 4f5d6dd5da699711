// Package detect reads what a Linux root file system is: its C library, its
// machine and every Python in it, as descriptions that package tags can work
// with. It reads files and never runs anything, so a root for any machine can be
// read on any host.
//
// Start with [Dir] for a directory, [Root] for any file system that can show its
// links (an image, say) and [Host] for this machine. The [System] that they
// give has one [Python] per interpreter; the fields Python and Platform of it go
// to tags.New as they are.
//
// # What is believed
//
// The program itself comes first: the machine and the C library of an
// interpreter are those of its ELF file and of the loader that it names; the
// version of glibc is the banner inside libc.so.6, or the newest version that
// the library defines; that of musl is the string inside its loader. The
// version, the ABI and the build of a Python come from build-details.json
// (PEP 739), from its _sysconfigdata module, from the suffixes of its extension
// modules, from its header patchlevel.h, from pyvenv.cfg, or from the program, in
// this order. Each [Fact] says where it was read. The database of a package
// manager is the cross-check: where it differs, there is a [Warning].
//
// # Links and hostile roots
//
// Links are resolved inside the root, as a process that lives in it would see
// them: an absolute link starts at the root, and ".." at the root stays there.
// Only regular files are opened. Numbers of directories, links and bytes are bounded.
// What cannot be read is a [Warning], never silence.
//
// # Libraries
//
// [System.Libraries] finds shared libraries as the loader of the root would:
// configured and built-in directories, for the machine in question. It answers
// whether a library is installed, which no tag says.
//
// # Stability
//
// The package is experimental: it may change in a minor release.
package detect
