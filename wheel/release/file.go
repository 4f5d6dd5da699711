package release

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// file is what is kept of one file.
type file struct {
	name      string
	sdist     bool
	pythons   []python
	platforms []platform
	external  []string
	contents  audit.Contents // zero when nothing but the name is known
}

// python is an interpreter and ABI that a wheel is for.
type python struct {
	kind  string // "cp", "pp" and the like, "py" for any Python
	minor int    // of Python 3; -1 where the tag has none
	abi   string // "" for the interpreter's own, "t" for the free-threaded one, "abi3", "any" for none
}

// String is the usual short word.
func (p python) String() string {
	word := p.kind + "3"
	if p.minor >= 0 {
		word += strconv.Itoa(p.minor)
	}
	switch p.abi {
	case "abi3":
		return word + "-abi3"
	case "any":
		return word + "-none"
	}
	return word + p.abi
}

// covers reports whether a wheel for p installs on an interpreter of its own ABI q.
func (p python) covers(q python) bool {
	switch {
	case p == q:
		return true
	case p.abi == "any" && (p.kind == "py" || p.kind == q.kind):
		return p.minor <= q.minor
	case p.abi == "abi3":
		return p.kind == q.kind && q.abi != "t" && p.minor <= q.minor
	}
	return false
}

// platform is a kind of systems, and how old they may be.
type platform struct {
	family string // "manylinux x86_64", "macosx arm64", "win amd64", "any"
	minor  int    // the Y of manylinux_2_Y or musllinux_1_Y
}

// newFile keeps what matters of a file. ok is false for names that are not those of a
// release.
func newFile(filename string, external []string, contents *audit.Contents) (f file, k key, ok bool) {
	if n, err := wheel.ParseSdistName(filename, ""); err == nil {
		return file{name: filename, sdist: true}, key{wheel.NormalizeName(n.Name), n.Version.String()}, true
	}
	n, err := wheel.ParseName(filename)
	if err != nil || n.Variant != "" { // the files of a variant are for some machines only
		return file{}, key{}, false
	}
	f = file{name: strings.Clone(filename), external: external}
	if contents != nil {
		f.contents = *contents
	}
	for interpreter := range n.Tags.Members(tags.PartInterpreter) {
		for abi := range n.Tags.Members(tags.PartABI) {
			if p, ok := readPython(interpreter, abi); ok && !slices.Contains(f.pythons, p) {
				f.pythons = append(f.pythons, p)
			}
		}
	}
	for tag := range n.Tags.Members(tags.PartPlatform) {
		for _, p := range readPlatform(tags.ParsePlatformTag(tag)) {
			i := slices.IndexFunc(f.platforms, func(q platform) bool { return q.family == p.family })
			if i < 0 {
				f.platforms = append(f.platforms, p)
			} else {
				f.platforms[i].minor = min(f.platforms[i].minor, p.minor)
			}
		}
	}
	return f, key{n.NormalizedName(), n.Version.String()}, true
}

// readPython reads an interpreter tag with one of its ABI tags. Python 2 is left out.
func readPython(interpreter, abi string) (python, bool) {
	at := strings.IndexAny(interpreter, "0123456789")
	if at < 1 || interpreter[at] != '3' {
		return python{}, false
	}
	p := python{kind: strings.Clone(interpreter[:at]), minor: -1}
	if digits := interpreter[at+1:]; digits != "" {
		minor, err := strconv.Atoi(digits)
		if err != nil {
			return python{}, false
		}
		p.minor = minor
	}
	switch {
	case abi == "none":
		p.abi = "any"
	case abi == "abi3":
		p.abi = "abi3"
	case abi == interpreter+"t":
		p.abi = "t"
	case p.kind == "cp" && abi != interpreter && abi != interpreter+"m":
		return python{}, false // a combination that no interpreter has
	}
	return p, true
}

// readPlatform says for which kinds of systems a platform tag is.
func readPlatform(p tags.PlatformTag) []platform {
	switch {
	case p.Any:
		return []platform{{family: "any"}}
	case p.Libc.Family == tags.Glibc:
		return []platform{{"manylinux " + p.Arch, p.Libc.Minor}}
	case p.Libc.Family == tags.Musl:
		return []platform{{"musllinux " + p.Arch, p.Libc.Minor}}
	case p.OS == tags.MacOS && p.Arch == "universal2":
		return []platform{{family: "macosx arm64"}, {family: "macosx x86_64"}}
	case p.OS == tags.MacOS:
		return []platform{{family: "macosx " + p.Arch}}
	}
	word, rest, _ := strings.Cut(p.Tag, "_")
	return []platform{{family: strings.TrimSpace(word + " " + rest)}}
}

// on returns the file's own platform of a family.
func (f *file) on(family string) (platform, bool) {
	i := slices.IndexFunc(f.platforms, func(p platform) bool { return p.family == family })
	if i < 0 {
		return platform{}, false
	}
	return f.platforms[i], true
}

// covers reports whether the file installs on an interpreter of a family of systems.
func (f *file) covers(q python, family string) bool {
	_, on := f.on(family)
	_, anywhere := f.on("any")
	return (on || anywhere) && slices.ContainsFunc(f.pythons, func(p python) bool { return p.covers(q) })
}

// key is a release.
type key struct{ project, version string }

// newer orders versions; texts that are none come first.
func newer(a, b string) int {
	v, errV := pep440.Parse(a)
	w, errW := pep440.Parse(b)
	if errV != nil || errW != nil {
		return cmp.Compare(a, b)
	}
	return v.Compare(w)
}
