package audit

import (
	"path"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/metadata"
)

// libraryFile is a file that is installed into site-packages.
type libraryFile struct {
	path  string // in the wheel
	place string // in site-packages
}

// library lists the files that are installed into site-packages, whether they are at
// the top of the wheel or below *.data. The *.dist-info directory is no part of it.
func (s *Subject) library() []libraryFile {
	var files []libraryFile
	for m := range s.files() {
		name := m.Name()
		top, rest, nested := strings.Cut(name, "/")
		switch {
		case !nested:
			files = append(files, libraryFile{name, name})
		case strings.HasSuffix(top, ".dist-info"):
		case !strings.HasSuffix(top, ".data"):
			files = append(files, libraryFile{name, name})
		default:
			if scheme, place, _ := strings.Cut(rest, "/"); (scheme == "purelib" || scheme == "platlib") && place != "" {
				files = append(files, libraryFile{name, place})
			}
		}
	}
	return files
}

// moduleKind is what Python imports a file as.
type moduleKind uint8

const (
	noModule  moduleKind = iota
	source               // .py
	extension            // .so, .pyd
	bytecode             // .pyc, .pyo: of a directory without the source, Python imports the first
	stub                 // .pyi, which type checkers read
)

// moduleOf returns the name of the module that a file is by its base name, without the
// ABI that the name of an extension module may have, and its kind.
func moduleOf(base string) (stem string, kind moduleKind) {
	dot := strings.LastIndexByte(base, '.')
	if dot <= 0 {
		return "", noModule
	}
	stem = base[:dot]
	switch base[dot:] {
	case ".py":
		return stem, source
	case ".pyc", ".pyo":
		return stem, bytecode
	case ".pyi":
		return stem, stub
	case ".so", ".pyd":
		if inner := strings.LastIndexByte(stem, '.'); inner > 0 && isABIPart(stem[inner+1:]) {
			stem = stem[:inner]
		}
		return stem, extension
	}
	return "", noModule
}

// isABIPart reports whether a part of a file name may be the ABI of a module.
func isABIPart(s string) bool {
	for i := range len(s) {
		if c := s[i]; c|0x20-'a' > 'z'-'a' && c-'0' > 9 && c != '-' && c != '_' {
			return false
		}
	}
	return s != ""
}

// isLibraryDirectory reports whether a directory at the top has the shared libraries
// that a repair tool put there. Nobody imports from it.
func isLibraryDirectory(top string) bool {
	return strings.HasSuffix(top, ".libs") || strings.HasSuffix(top, ".dylibs")
}

// isSharedLibrary reports whether a file with the name of a module is meant for the
// dynamic loader instead: it has no ABI in its name and begins with lib.
func isSharedLibrary(base string) bool {
	return strings.HasPrefix(base, "lib") && strings.HasSuffix(base, ".so") && strings.Count(base, ".") == 1
}

// importable reports whether each part of the path of a module can stand in an import
// statement.
func importable(place, stem string) bool {
	dir := path.Dir(place)
	if dir != "." {
		for part := range strings.SplitSeq(dir, "/") {
			if !metadata.IsIdentifier(part) {
				return false
			}
		}
	}
	return metadata.IsIdentifier(stem)
}
