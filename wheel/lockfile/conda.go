package lockfile

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/machine"
	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep440"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// condaSystems are the systems in the platforms of conda, with their names in
// package machine and in the marker sys_platform.
//
// Source: rattler_conda_types 0.51.0, platform.rs. Those of iOS, Android and FreeBSD have
// no Pythons whose pip is known.
var condaSystems = map[string][2]string{
	"linux": {"linux", "linux"}, "osx": {"macos", "darwin"}, "win": {"windows", "win32"}, "emscripten": {"emscripten", "emscripten"},
}

// condaPlatform returns the marker of a platform such as linux-64, "" if it is not known.
// 64 and 32 mean the machines that once were the only ones; others have their names.
func condaPlatform(name string) string {
	system, arch, _ := strings.Cut(name, "-")
	names := []string{arch}
	switch arch {
	case "64":
		names = []string{"x86_64", "amd64"}
	case "32":
		names = []string{"i686", "x86"}
	}
	for _, arch := range names {
		if m, ok := machine.Find(condaSystems[system][0], arch); ok {
			return "sys_platform == '" + condaSystems[system][1] + "' and platform_machine == '" + m.Reports + "'"
		}
	}
	return ""
}

// conda collects what the lock files of conda's tools have in common: packages for
// platforms, of which those of conda are only counted.
type conda struct {
	*reader
	others  map[string]bool       // the packages of conda
	unknown map[string]bool       // platforms that were reported
	pythons map[string]string     // the Python that conda installs, as X.Y, by environment and platform
	byKey   map[string]int        // the packages of pip by whatever tells them apart
	markers []map[string][]string // of each package of pip, by group
}

func newConda(r *reader) *conda {
	return &conda{reader: r, others: make(map[string]bool), unknown: make(map[string]bool), pythons: make(map[string]string), byKey: make(map[string]int)}
}

// platform returns the marker of a platform; it is "" for one that is not known, which is
// reported once.
func (c *conda) platform(name string, line int) string {
	marker := condaPlatform(name)
	if marker == "" && !c.unknown[name] {
		c.unknown[name] = true
		c.problem(CodePlatform, line, "the platform %q is not known; what is for it is ignored", name)
	}
	return marker
}

// python notes which Python conda installs. Environments with another one than a target
// has are not for that target.
func (c *conda) python(where, version string) {
	v, err := pep440.Parse(version)
	if err != nil {
		return
	}
	release := slices.Collect(v.Release())
	if len(release) > 1 {
		c.pythons[where] = release[0] + "." + release[1]
	}
}

// environments returns the markers of platforms, and the Python that conda installs on
// all of them. Where that differs, it is part of the markers. where names platforms in
// pythons.
func (c *conda) environments(platforms []string, where func(platform string) string) (list []pep508.Marker, python PythonRange) {
	versions := make(map[string]bool)
	for _, name := range platforms {
		versions[c.pythons[where(name)]] = true
	}
	same := len(versions) == 1
	for _, name := range platforms {
		marker := condaPlatform(name)
		version := c.pythons[where(name)]
		switch {
		case version == "":
		case same:
			python, _ = parsePythonRange("==" + version + ".*")
		default:
			marker += " and python_version == '" + version + "'"
		}
		if m, err := pep508.ParseMarker(marker); err == nil {
			list = append(list, m)
		}
	}
	return list, python
}

// place notes that a group has a package on a platform, and adds the package unless one
// with its key is there.
func (c *conda) place(p Package, key, group, marker string) {
	at, ok := c.byKey[key]
	if !ok {
		at = len(c.lock.Packages)
		c.byKey[key] = at
		c.lock.Packages = append(c.lock.Packages, p)
		c.markers = append(c.markers, make(map[string][]string))
	}
	if known := &c.lock.Packages[at]; !slices.Contains(known.Groups, group) {
		known.Groups = append(known.Groups, group)
	}
	c.markers[at][group] = append(c.markers[at][group], marker)
}

// anyOf returns the marker that is true on any of some platforms.
func anyOf(markers []string) (m pep508.Marker, bad bool) {
	markers = slices.Compact(slices.Sorted(slices.Values(markers)))
	m, err := pep508.ParseMarker("(" + strings.Join(markers, ") or (") + ")")
	return m, err != nil
}

// done gives the packages their markers, and writes the one note about those that are not
// judged.
func (c *conda) done() {
	for i, groups := range c.markers {
		p := &c.lock.Packages[i]
		p.groupMarkers = make(map[string]pep508.Marker, len(groups))
		var all []string
		for group, markers := range groups {
			p.groupMarkers[group], _ = anyOf(markers)
			all = append(all, markers...)
		}
		p.Marker, p.markerBad = anyOf(all)
	}
	c.project = ""
	switch n := len(c.others); {
	case n == 1:
		c.note(CodeConda, 1, "1 package of conda is not judged")
	case n > 1:
		c.note(CodeConda, 1, "%d packages of conda are not judged", n)
	}
}

// located fills in where a package comes from, by a URL or path, with the hash of its
// file. One from an index is a wheel or source distribution at a URL.
func (c *conda) located(p *Package, where string, editable bool, hashes *tomltree.Table) {
	direct, isDirect := strings.CutPrefix(where, "direct+")
	name, version := p.Name, p.Version
	if kind := kindOf(urlName(where)); !isDirect && kind != Other && (urlScheme(where) == "http" || urlScheme(where) == "https") {
		link, _, _ := strings.Cut(where, "#")
		f := File{URL: link, Size: -1, Line: p.Line}
		p.Source = Source{Kind: FromIndex}
		c.identify(&f, p)
		p.Files = []File{f}
	} else {
		p.setSource(direct, urlScheme(direct), editable)
		p.Name, p.Version = name, version
	}
	for i := range p.Files {
		f := &p.Files[i]
		f.Line = p.Line
		for _, algorithm := range []string{"sha256", "md5"} {
			if h, ok := makeHash(algorithm, c.text(hashes, algorithm)); ok && !slices.Contains(f.Hashes, h) {
				f.Hashes = append(f.Hashes, h)
			}
		}
	}
}

// scalar returns a value that may be written with quotes or without.
func (r *reader) scalar(t *tomltree.Table, key string) string {
	if n := t.Get(key); n != nil && n.Kind == tomltree.Integer {
		return n.Text
	}
	return r.text(t, key)
}

// begin begins a package of pip.
func (c *conda) begin(t *tomltree.Table) Package {
	p := Package{File: c.file, Line: t.Line, Name: wheel.NormalizeName(c.text(t, "name")), Version: c.scalar(t, "version")}
	c.project = p.Name
	if p.Name == "" {
		c.problem(CodeMissing, t.Line, "the package has no name")
	}
	if p.Version != "" {
		if _, err := pep440.Parse(p.Version); err != nil {
			c.problem(CodeVersion, t.Get("version").Line, "%v", err)
		}
	}
	return p
}
