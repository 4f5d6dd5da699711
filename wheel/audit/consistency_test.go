package audit

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/elftest"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/detect"
	"github.com/wheeltag/wheeltag/tags/distro"
)

// TestOneAnswer asks for every fixture and every known release in three ways whether
// the code loads there: by the name of the release, in a root with the libraries that
// the release has, and by what the demands themselves say about releases of the libc.
// No two answers may contradict each other, nor the platform tag.
func TestOneAnswer(t *testing.T) {
	c := newConsistency(t)
	for release := range distro.Releases() {
		if release.Libc.Family == tags.NoLibc {
			continue
		}
		for _, machine := range release.Machines {
			if c.like[machine] != nil {
				c.ask(&release, machine)
			}
		}
	}
	t.Logf("%d answers, %d yes, %d no", c.asked, c.count[loads.Yes], c.count[loads.No])
	if c.asked < 5000 || c.count[loads.Yes] < 1000 || c.count[loads.No] < 1000 {
		t.Error("too few to mean anything")
	}
}

// fixtureReport is a fixture and the report about it.
type fixtureReport struct {
	name    string
	subject *Subject
	report  *Report
}

// consistency holds all fixtures and what they ask for together.
type consistency struct {
	t       *testing.T
	list    []fixtureReport
	like    map[string]*elfaudit.File // an ELF file of each machine
	symbols map[string]bool           // undefined in some fixture
	late    map[string]string         // of those, the release of musl that brought it, "" for none
	needed  map[string]bool           // in DT_NEEDED of some fixture
	asked   int
	count   map[loads.Status]int
}

func newConsistency(t *testing.T) *consistency {
	c := &consistency{t: t, like: map[string]*elfaudit.File{}, symbols: map[string]bool{}, late: map[string]string{}, needed: map[string]bool{}, count: map[loads.Status]int{}}
	auditor := New(Options{})
	for _, pattern := range []string{"elf/*", "wheels/*.whl", "wheels-bad/*.whl", "wheels-differ/*.whl"} {
		names, err := filepath.Glob(filepath.Join(fixtures, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			s, err := auditor.Open(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			c.add(fixtureReport{filepath.Base(name), s, s.Report()})
		}
	}
	for _, made := range madeUp(t) {
		c.add(made)
	}
	return c
}

// add takes a fixture in, and what it asks of libraries.
func (c *consistency) add(a fixtureReport) {
	if len(a.subject.ELF.Files) == 0 {
		return
	}
	c.list = append(c.list, a)
	for _, f := range a.subject.ELF.Files {
		if !f.Loads() || f.Machine == "" {
			continue
		}
		c.like[f.Machine] = f.ELF
		for s := range f.ELF.Undefined() {
			c.symbols[strings.Clone(s.Name)] = true
		}
		for _, name := range f.Needed {
			c.needed[name] = true
		}
	}
	for _, d := range a.report.Demands {
		if d.Kind == manylinux.KindMusl {
			for _, s := range d.Symbols {
				c.late[s.Name] = d.Version
			}
		}
	}
}

// madeUp are files with one property that no fixture has.
func madeUp(t *testing.T) []fixtureReport {
	t.Helper()
	var list []fixtureReport
	for name, change := range map[string]func(*elfaudit.File){
		"executable stack":     func(f *elfaudit.File) { f.Stack = elfaudit.StackExec },
		"packed relocations":   func(f *elfaudit.File) { f.Relr = true },
		"position-independent": func(f *elfaudit.File) { f.PIE = true },
		"foreign":              func(f *elfaudit.File) { f.OSABI = 9 },
		"unaligned":            func(f *elfaudit.File) { f.Loads[0].Align = 16 },
		"static TLS": func(f *elfaudit.File) {
			f.StaticTLS.Own, f.StaticTLS.Flag, f.TLS = true, true, &elfaudit.TLS{MemSize: 1700, Align: 8}
		},
		"large static TLS": func(f *elfaudit.File) {
			f.StaticTLS.Own, f.StaticTLS.Flag, f.TLS = true, true, &elfaudit.TLS{MemSize: 1 << 16, Align: 8}
		},
	} {
		for _, base := range []string{"ext-x86_64-gnu2.17.so", "ext-x86_64-musl.so", "ext-s390x-gnu2.17.so", "nolibc-x86_64.so"} {
			f, err := elfaudit.ReadFile(filepath.Join(fixtures, "elf", base))
			if err != nil {
				t.Fatal(err)
			}
			change(f)
			s := bareSubject(linkset.NewFile("demo.cpython-310-x86_64-linux-gnu.so", f, nil), New(Options{}).rules, elsewhere{})
			list = append(list, fixtureReport{name + " " + base, s, s.Report()})
		}
	}
	return list
}

// ask asks about one release and machine.
func (c *consistency) ask(release *distro.Release, machine string) {
	platform := tags.Platform{OS: tags.Linux, Arch: machine, Libc: release.Libc}
	var root *detect.System
	for _, a := range c.list {
		code := a.report.Code()
		if code.Machine != machine {
			continue
		}
		if root == nil {
			var err error
			if root, err = detect.Root(c.root(release, machine), detect.Options{}); err != nil {
				c.t.Fatalf("%s: %v", release.Name(), err)
			}
			// Build attributes alone tell ARMv6 from ARMv7, and the made libraries have none.
			if root.Libc.Libc != release.Libc || !linkset.RunsOn(machine, root.Machine) {
				c.t.Fatalf("%s/%s: made a root of %s with %+v", release.Name(), machine, root.Machine, root.Libc)
			}
		}
		named := loads.OnRelease(code, platform, release)
		inRoot := a.subject.LoadsIn(a.report, root, nil)
		demanded := demandsSay(code, release)
		c.asked++
		c.count[named.Loads]++
		for _, other := range []struct {
			how   string
			loads loads.Status
			why   []string
		}{{"in a root like it", inRoot.Loads, inRoot.Missing}, {"by its demands", demanded.Loads, demanded.Missing}, {"by its tag", tagSays(a.report, release, machine), nil}} {
			if contradict(named.Loads, other.loads) && !(machine == "aarch64" && slices.Equal(named.Missing, policyGap)) {
				c.t.Errorf("%s on %s/%s: %s %q, but %s %s %q", a.name, release.Name(), machine, named.Loads, named.Missing, other.how, other.loads, other.why)
			}
		}
	}
}

// policyGap is what the policy manylinux_2_17 allows on aarch64 and CentOS 7, the system
// behind it, has not.
var policyGap = []string{"GLIBC_2.18 in libc.so.6"}

// contradict reports whether one answer is yes and the other no.
func contradict(a, b loads.Status) bool {
	return a == loads.Yes && b == loads.No || a == loads.No && b == loads.Yes
}

// tagSays answers for a release that a platform tag includes: the tag says that the
// code loads there.
func tagSays(r *Report, release *distro.Release, machine string) loads.Status {
	for _, tag := range r.PlatformTags {
		p := tags.ParsePlatformTag(tag)
		if p.Libc.Family == tags.Glibc && release.Libc.Family == tags.Glibc && p.Arch == machine && p.Libc.Major == 2 && p.Libc.Minor <= release.Libc.Minor {
			return loads.Yes
		}
	}
	return loads.Unknown
}

// demandsSay answers by what the demands say of releases of the libc, and by nothing
// else.
func demandsSay(code loads.Code, release *distro.Release) loads.Result {
	r := loads.Result{Loads: loads.Yes}
	libc := map[tags.LibcFamily]elfaudit.Libc{tags.Glibc: elfaudit.LibcGlibc, tags.Musl: elfaudit.LibcMusl}[release.Libc.Family]
	code.Needs = code.For(libc)
	if code.Libc != libc {
		r.Loads = loads.No
		if code.Libc != elfaudit.LibcGlibc && code.Libc != elfaudit.LibcMusl {
			r.Loads = loads.Unknown
		}
		return r
	}
	for _, d := range code.Demands {
		status := loads.Yes
		switch {
		case d.Unsure || d.Kind == manylinux.KindProcessor || d.Kind == manylinux.KindBan:
			status = loads.Unknown
		case d.From != "" && older(release.LibcVersion, d.From), d.Before != "" && !older(release.LibcVersion, d.Before):
			status = loads.No
		case d.From != "" || d.Before != "":
		case d.Kind == manylinux.KindMusl && d.Version != "":
			if older(release.LibcVersion, d.Version) {
				status = loads.No
			}
		case d.Floor >= manylinux.NoPolicy:
			status = loads.No
			if has, known := release.HasLibrary(code.Machine, d.Library); d.Kind == manylinux.KindLibrary && has && known {
				status = loads.Yes // though no policy counts on it
			}
			if minor, ok := manylinux.GlibcMinor(d.Version); ok && int(minor) <= release.Libc.Minor || d.Kind == manylinux.KindVersion && !ok && d.Version != "GLIBC_PRIVATE" {
				status = loads.Unknown // of a library that only this release may have
			}
		case release.Libc.Family == tags.Glibc && int(d.Floor) > release.Libc.Minor:
			status = loads.Unknown // the release may be ahead of the policies
			if minor, ok := manylinux.GlibcMinor(d.Version); ok && int(minor) > release.Libc.Minor {
				status = loads.No
			}
		}
		switch {
		case status == loads.No:
			r.Loads = loads.No
			r.Missing = append(r.Missing, fmt.Sprintf("%+v", d))
		case status == loads.Unknown && r.Loads == loads.Yes:
			r.Loads = loads.Unknown
		}
	}
	return r
}

// older reports whether a release of a libc comes before another; a patch level that is
// not recorded is that of the other.
func older(a, b string) bool {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(as), len(bs)) {
		x, _ := strconv.Atoi(as[i])
		y, _ := strconv.Atoi(bs[i])
		if x != y {
			return x < y
		}
	}
	return false
}

// namespaces are the libraries of glibc systems by the namespace of their versions.
var namespaces = map[string][]string{
	"GLIBC":   {"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libutil.so.1", "libmvec.so.1", "libnsl.so.1", "libresolv.so.2"},
	"GLIBCXX": {"libstdc++.so.6"}, "CXXABI": {"libstdc++.so.6"}, "GCC": {"libgcc_s.so.1"}, "LIBATOMIC": {"libatomic.so.1"}, "ZLIB": {"libz.so.1"},
}

// root makes a root with the libraries of a release.
func (c *consistency) root(release *distro.Release, machine string) fstest.MapFS {
	like := c.like[machine]
	file := func(l elftest.Library) *fstest.MapFile {
		l.Like = like
		return &fstest.MapFile{Data: l.Bytes(), Mode: 0o755}
	}
	if release.Libc.Family == tags.Musl {
		var symbols []string
		for _, name := range slices.Sorted(maps.Keys(c.symbols)) {
			if since, late := c.late[name]; !late || since != "" && !older(release.LibcVersion, since) {
				symbols = append(symbols, name)
			}
		}
		version := release.LibcVersion
		if strings.Count(version, ".") == 1 {
			version += ".99" // not recorded
		}
		return fstest.MapFS{
			"lib/ld-musl-" + machine + ".so.1": file(elftest.Library{Soname: "libc.so", Symbols: symbols, Tail: "musl libc\x00" + version + "\x00"}),
			"usr/lib/libz.so.1":                file(elftest.Library{Soname: "libz.so.1"}),
		}
	}
	versions := map[string][]string{}
	for namespace, numbers := range c.measured(release, machine) {
		for _, library := range namespaces[namespace] {
			for _, n := range numbers {
				versions[library] = append(versions[library], namespace+"_"+n)
			}
		}
	}
	root := fstest.MapFS{"lib/ld-linux.so.9": file(elftest.Library{Soname: "ld-linux.so.9", Versions: versions["libc.so.6"]})}
	for _, list := range namespaces {
		for _, name := range list {
			root["usr/lib/"+name] = file(elftest.Library{Soname: name, Versions: versions[name]})
		}
	}
	for namespace, list := range namespaces {
		if len(release.SymbolVersions(machine)) > 0 && versions[list[0]] == nil && namespace != "GLIBC" {
			delete(root, "usr/lib/"+list[0]) // it was not there to be measured
		}
	}
	for name := range c.needed {
		if _, allowed := manylinux.Known().LibraryIn(name); (allowed || manylinux.IsLoader(name)) && root["usr/lib/"+name] == nil {
			root["usr/lib/"+name] = file(elftest.Library{Soname: name, Versions: versions["libc.so.6"]})
		}
	}
	for name := range c.needed { // some come with the release, though no policy allows them
		if has, known := release.HasLibrary(machine, name); has && known && root["usr/lib/"+name] == nil {
			root["usr/lib/"+name] = file(elftest.Library{Soname: name})
		}
	}
	root["usr/lib/libc.so.6"] = file(elftest.Library{
		Soname: "libc.so.6", Versions: versions["libc.so.6"], Symbols: slices.Sorted(maps.Keys(c.symbols)),
		Tail: fmt.Sprintf("GNU C Library (X) stable release version %d.%d.\n", release.Libc.Major, release.Libc.Minor),
	})
	return root
}

// measured are the symbol versions of a release, and where they were not measured those
// of the newest policy that it meets.
func (c *consistency) measured(release *distro.Release, machine string) map[string][]string {
	if versions := release.SymbolVersions(machine); versions != nil {
		return versions
	}
	versions := map[string][]string{}
	for _, a := range c.list {
		for _, f := range a.subject.ELF.Files {
			if f.ELF == nil {
				continue
			}
			for _, need := range f.ELF.VersionNeeds {
				for _, v := range need.Versions {
					namespace, number, _ := strings.Cut(v.Name, "_")
					first, known := manylinux.Known().VersionIn(machine, v.Name)
					if minor, plain := manylinux.GlibcMinor(v.Name); plain {
						first, known = minor, true
					}
					if known && int(first) <= release.Libc.Minor && !slices.Contains(versions[namespace], number) {
						versions[namespace] = append(versions[namespace], number)
					}
				}
			}
		}
	}
	return versions
}
