// Package loader finds the shared libraries that ELF files need, as the dynamic
// loaders of glibc and musl find them, from files alone. Nothing is run, so any host
// answers for any machine.
//
// # Where to start
//
// Make a [Tree] of a root file system with [NewTree], or of the files of a wheel with
// [Tree.Put], or of both with [Over]. [For] reads the configuration of a loader in it;
// [New] makes one that has none. [Loader.Start] begins a [Process], [Process.Open]
// loads a file into it with everything that this needs. Each [Object] then says where
// each library that it names was found, and by which [Rule].
//
// # The rules of glibc
//
// A name with a slash is a path. Any other is that of an object which is there already,
// by its path, a name that it was found by, or its soname. Otherwise it is looked for
// in DT_RPATH of the object that needs it, of the one that this was loaded for, and so
// on up to the program, unless the object has a DT_RUNPATH; in LD_LIBRARY_PATH; in its
// DT_RUNPATH; in the directories of /etc/ld.so.conf, by way of the cache that ldconfig
// makes of them; and in the default directories. In each directory those below
// glibc-hwcaps come first that the processor can run. Files for another machine are
// skipped. $ORIGIN, $LIB and $PLATFORM are replaced in run paths and in DT_NEEDED.
// DT_FILTER names libraries as DT_NEEDED does, DT_AUXILIARY such that may be missing.
//
// # The rules of musl
//
// The names of its own parts, libc, libm, libpthread and others, are the loader itself.
// LD_LIBRARY_PATH comes first, then the run paths of the object and of all that led to
// it, DT_RUNPATH in place of DT_RPATH where there are both, then the directories of
// /etc/ld-musl-MACHINE.path or the default ones. The first file of the name is taken
// whatever it is. $ORIGIN is replaced in run paths only; with any other $ in it the
// whole run path is ignored. Sonames mean nothing.
//
// # What is not known
//
// Entries that depend on the working directory are skipped. What $LIB and $PLATFORM
// are replaced by differs from system to system: each of [Loader.Lib] and
// [Loader.Platform] is tried. The older directories of glibc before 2.37, tls, haswell
// and others, are not searched. Of ld.so.conf it is assumed that ldconfig was run.
// Hostile trees cost bounded time: see [Loader.Left].
//
// # Sources
//
// elf/dl-load.c, elf/dl-deps.c and elf/dl-hwcaps.c of glibc 2.41; ldso/dynlink.c of
// musl 1.2.5; ld.so(8).
//
// # Stability
//
// The package is experimental: it may change in a minor release.
package loader
