package elfaudit

import (
	"path"
	"slices"
	"strings"
)

// Libc is a C library.
type Libc uint8

// The C libraries that a file can be linked against.
const (
	LibcUnknown Libc = iota // needs one, or may need one, but not known which
	LibcNone                // needs none
	LibcGlibc
	LibcMusl
	LibcBionic // Android's
)

// String returns a short lower-case name.
func (l Libc) String() string {
	switch l {
	case LibcNone:
		return "none"
	case LibcGlibc:
		return "glibc"
	case LibcMusl:
		return "musl"
	case LibcBionic:
		return "bionic"
	}
	return "unknown"
}

// Libc returns the C library that the file was linked against and the evidence
// for it in words, the strongest kind there is:
//
//   - the interpreter: ld-musl-*, ld-linux*, ld64.so.*, ld.so.1, or Android's
//     /system/bin/linker and linker64. Any other is LibcUnknown;
//   - the names in DT_NEEDED: libc.musl-* and ld-musl-* for musl; libc.so.6,
//     ld-linux* and ld64.so.* for glibc. Names of both are LibcUnknown;
//   - Android's identifying note;
//   - a version need that starts with GLIBC_, of a library that glibc is made
//     of;
//   - no interpreter, no DT_NEEDED and no undefined symbol but weak ones: LibcNone.
//
// A file that needs "libc.so" alone is LibcUnknown: musl and bionic both have
// that name, and Rust's musl targets use it.
func (f *File) Libc() (libc Libc, evidence string) {
	if f.Kind != KindExecutable && f.Kind != KindSharedObject {
		return LibcUnknown, f.Kind.String()
	}
	if f.Interpreter != "" {
		return interpreterLibc(f.Interpreter), "interpreter " + f.Interpreter
	}
	if libc, evidence := f.neededLibc(); evidence != "" {
		return libc, evidence
	}
	if f.Android != nil {
		return LibcBionic, "Android note"
	}
	for _, n := range f.VersionNeeds {
		if !ofGlibc(n.Library) {
			continue // libgcc_s built for musl defines GLIBC_2.0 too
		}
		for _, v := range n.Versions {
			if strings.HasPrefix(v.Name, "GLIBC_") {
				return LibcGlibc, "needs version " + v.Name + " of " + n.Library
			}
		}
	}
	if slices.Contains(f.Needed, "libc.so") {
		return LibcUnknown, "needs libc.so, a name of both musl and bionic"
	}
	if len(f.Needed) > 0 {
		return LibcUnknown, "no needed library identifies the C library"
	}
	for s := range f.Undefined() {
		if !s.Weak {
			return LibcUnknown, "undefined symbol " + s.Name + ", no needed library"
		}
	}
	return LibcNone, "no interpreter, no needed library, no undefined symbol"
}

// interpreterLibc identifies the C library by its dynamic loader.
func interpreterLibc(interpreter string) Libc {
	base := path.Base(interpreter)
	switch {
	case strings.HasPrefix(base, "ld-musl-"):
		return LibcMusl
	case isGlibcLoader(base), base == "ld.so.1":
		return LibcGlibc
	case interpreter == "/system/bin/linker", interpreter == "/system/bin/linker64":
		return LibcBionic
	}
	return LibcUnknown
}

// neededLibc identifies the C library by DT_NEEDED. The evidence is "" if no name
// does.
func (f *File) neededLibc() (libc Libc, evidence string) {
	for _, name := range f.Needed {
		var l Libc
		switch {
		case strings.HasPrefix(name, "libc.musl-"), strings.HasPrefix(name, "ld-musl-"):
			l = LibcMusl
		case name == "libc.so.6", isGlibcLoader(name):
			l = LibcGlibc
		default:
			continue
		}
		if evidence != "" && l != libc {
			return LibcUnknown, evidence + " and " + name
		}
		if evidence == "" {
			libc, evidence = l, "needs "+name
		}
	}
	return libc, evidence
}

// glibcParts begin the names of the libraries that glibc is made of.
var glibcParts = []string{"libc.so.", "libm.so.", "libpthread.so.", "libdl.so.", "librt.so.", "libutil.so.", "libmvec.so.", "libresolv.so.", "libanl.so.", "libnsl.so."}

func ofGlibc(library string) bool {
	return isGlibcLoader(library) || slices.ContainsFunc(glibcParts, func(part string) bool { return strings.HasPrefix(library, part) })
}

// isGlibcLoader reports whether a file name is that of glibc's dynamic loader.
func isGlibcLoader(name string) bool {
	return strings.HasPrefix(name, "ld-linux") || strings.HasPrefix(name, "ld64.so.")
}
