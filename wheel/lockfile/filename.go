package lockfile

import (
	"encoding/hex"
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// urlName returns the file name at the end of a URL.
func urlName(link string) string {
	if i := strings.IndexAny(link, "?#"); i >= 0 {
		link = link[:i]
	}
	name := unescape(link[strings.LastIndexByte(link, '/')+1:])
	return name[strings.LastIndexByte(name, '/')+1:] // an encoded slash is one
}

// unescape decodes percent escapes such as %2B and leaves anything else as it is, as
// Python's urllib.parse.unquote does for pip; net/url refuses the whole text.
func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		var c [1]byte
		if s[i] == '%' && i+2 < len(s) {
			if _, err := hex.Decode(c[:], []byte(s[i+1:i+3])); err == nil {
				b = append(b, c[0])
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return string(b)
}

// pathName returns the file name of a local path, with slashes or backslashes.
func pathName(path string) string {
	if strings.IndexByte(path, '/') >= 0 {
		return path[strings.LastIndexByte(path, '/')+1:]
	}
	return path[strings.LastIndexByte(path, '\\')+1:]
}

// kindOf returns the kind of a file by its extension.
func kindOf(name string) FileKind {
	if strings.HasSuffix(name, ".whl") {
		return Wheel
	}
	if _, ok := wheel.SdistStem(name); ok {
		return Sdist
	}
	return Other
}

// splitSdist returns the name and the version of a source distribution; project, if
// known, decides where the version starts.
func splitSdist(filename, project string) (name, version string, ok bool) {
	n, err := wheel.ParseSdistName(filename, project)
	if err != nil {
		return "", "", false
	}
	return n.Name, n.Version.Source(), true
}

// identify sets the name and kind of a file and checks that the name fits its
// package. Archives by URL or path may have any name.
func (r *reader) identify(f *File, p *Package) {
	switch {
	case f.Name != "":
		f.Name = pathName(f.Name)
	case f.Path != "":
		f.Name = pathName(f.Path)
	case f.URL != "":
		f.Name = urlName(f.URL)
	}
	var name, version string
	ok := false
	switch f.Kind = kindOf(f.Name); f.Kind {
	case Wheel:
		n, err := wheel.ParseName(f.Name)
		if ok = err == nil; !ok {
			f.Kind = Other
			r.problem(CodeFilename, f.Line, "%v", err)
			return
		}
		name, version = n.NormalizedName(), n.Version.Source()
	case Sdist:
		name, version, ok = splitSdist(f.Name, p.Name)
	default:
		if isOldBinary(f.Name) {
			return
		}
	}
	if p.Source.Kind != FromIndex && f.Kind != Wheel {
		return
	}
	if !ok {
		f.Kind = Other
		r.problem(CodeFilename, f.Line, "%q is not the name of a wheel or source distribution", f.Name)
	} else if name != p.Name || p.Version != "" && !sameVersion(version, p.Version) {
		r.problem(CodeMismatch, f.Line, "the file %q is not of %s %s", f.Name, p.Name, p.Version)
	}
}

// isOldBinary reports whether a file has one of the formats other than wheels that
// indexes once accepted. Installers ignore them.
//
// Source: the file types of the index's upload interface, bdist_egg,
// bdist_wininst, bdist_msi, bdist_rpm and bdist_dmg.
func isOldBinary(name string) bool {
	return slices.Contains([]string{".egg", ".exe", ".msi", ".rpm", ".dmg"}, path.Ext(name))
}

// sameVersion compares versions; text that is not a version equals only itself.
func sameVersion(a, b string) bool {
	if a == b {
		return true
	}
	v, err := pep440.Parse(a)
	if err != nil {
		return false
	}
	w, err := pep440.Parse(b)
	return err == nil && v.Equal(w)
}
