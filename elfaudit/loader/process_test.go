package loader

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// library is an ELF file for x86_64 with a run path, which is the DT_RPATH where it
// begins with R:, and the libraries that it needs.
func library(runPath string, needed ...string) *elfaudit.File {
	f := &elfaudit.File{Class: 64, Machine: elf.EM_X86_64, Needed: needed}
	if list, ok := strings.CutPrefix(runPath, "R:"); ok {
		f.RPath = strings.Split(list, ":")
	} else if runPath != "" {
		f.RunPath = strings.Split(runPath, ":")
	}
	return f
}

func soname(name string, f *elfaudit.File) *elfaudit.File { f.Soname = name; return f }

func onARM() *elfaudit.File { return &elfaudit.File{Class: 64, Machine: elf.EM_AARCH64} }

// treeOf makes a tree of files. Those without content are cut off.
func treeOf(t *testing.T, files map[string]*elfaudit.File) *Tree {
	t.Helper()
	tree := NewTree(nil)
	for name, f := range files {
		var err error
		if f == nil {
			err = errors.New("cut off")
		}
		if err := tree.Put(name, f, err); err != nil {
			t.Fatal(err)
		}
	}
	return tree
}

// describe says all about a need: "name: rule path", and with the run path, copies and
// reasons that it has.
func describe(n *Need) string {
	text := n.Name + ": "
	if n.Tag != TagNeeded {
		text = n.Name + " (" + string(n.Tag) + "): "
	}
	text += string(n.Rule)
	if n.Missing() {
		text += "missing"
	}
	if n.Object != nil {
		text += " " + n.Object.Path
	}
	if n.Of != nil {
		text += " by " + n.Entry + " of " + n.Of.Path
	}
	for _, c := range n.Copies {
		text += ", " + c.Level + " " + c.Path
	}
	if n.Skipped != "" {
		text += ", skipped " + n.Skipped
	}
	if n.Stopped != "" {
		text += ", stopped: " + n.Stopped
	}
	return text
}

func described(o *Object) string {
	var list []string
	for i := range o.Needs {
		list = append(list, describe(&o.Needs[i]))
	}
	return strings.Join(list, "; ")
}

// TestNeeds: all that is known about the libraries which /m needs, and those that /l/a
// needs, behind a bar.
func TestNeeds(t *testing.T) {
	filters := library("/l")
	filters.Filters, filters.Auxiliaries = []string{"a"}, []string{"none"}
	for _, c := range []struct {
		what        string
		files       map[string]*elfaudit.File
		libraryPath string
		glibc, musl string // musl is as glibc where it is empty
	}{
		{"a run path", map[string]*elfaudit.File{"/m": library("$ORIGIN/x:$ORIGIN/l", "a"), "/l/a": library("")}, "", "a: runpath //l/a by $ORIGIN/l of /m", "a: rpath //l/a by $ORIGIN/l of /m"},
		{"a path, twice", map[string]*elfaudit.File{"/m": library("/l", "/l/a", "a"), "/l/a": library("", "/l/a")}, "", "/l/a: path /l/a; a: runpath /l/a by /l of /m | /l/a: loaded /l/a", "/l/a: path /l/a; a: rpath /l/a by /l of /m | /l/a: path /l/a"},
		{"a relative path", map[string]*elfaudit.File{"/m": library("/l", "l/a"), "/l/a": library("")}, "", "l/a: missing", ""},
		{"relative directories", map[string]*elfaudit.File{"/m": library("l", "a"), "/l/a": library("")}, "l", "a: missing", ""},
		{"an empty name", map[string]*elfaudit.File{"/m": library("/l", ""), "/l/a": library("")}, "", ": missing", ""},
		{"directories that do not exist", map[string]*elfaudit.File{"/m": library("/none:/x", "a"), "/x": library(""), "/a": library("")}, "/none", "a: missing", ""},
		{"a way through one that does not exist", map[string]*elfaudit.File{"/m": library("/none/../l", "a"), "/l/a": library("")}, "", "a: missing", ""},
		{"LD_LIBRARY_PATH and RUNPATH", map[string]*elfaudit.File{"/m": library("/l", "a"), "/l/a": library(""), "/e/a": library("")}, "/e", "a: ld_library_path /e/a", ""},
		{"LD_LIBRARY_PATH and RPATH", map[string]*elfaudit.File{"/m": library("R:/l", "a"), "/l/a": library(""), "/e/a": library("")}, "/e", "a: rpath /l/a by /l of /m", "a: ld_library_path /e/a"},
		{"an RPATH that has nothing", map[string]*elfaudit.File{"/m": library("R:/l", "a"), "/l/b": library(""), "/e/a": library("")}, "/e", "a: ld_library_path /e/a", ""},
		{"the nearest RPATH", map[string]*elfaudit.File{"/m": library("R:/l", "a"), "/l/a": library("R:/x", "b"), "/l/b": library(""), "/x/b": library("")}, "", "a: rpath /l/a by /l of /m | b: rpath /x/b by /x of /l/a", ""},
		{"a soname, twice", map[string]*elfaudit.File{"/m": library("/l", "a", "b", "s", "/l/b"), "/l/a": soname("s", library("")), "/l/b": soname("s", library(""))}, "",
			"a: runpath /l/a by /l of /m; b: runpath /l/b by /l of /m; s: loaded /l/a; /l/b: loaded /l/b", "a: rpath /l/a by /l of /m; b: rpath /l/b by /l of /m; s: missing; /l/b: path /l/b"},
		{"a file that is cut off", map[string]*elfaudit.File{"/m": library("/l", "a"), "/l/a": nil}, "", "a: runpath /l/a by /l of /m", "a: rpath /l/a by /l of /m"},
		{"another machine", map[string]*elfaudit.File{"/m": library("/k:/l", "a"), "/k/a": onARM(), "/l/a": onARM()}, "", "a: missing, skipped /k/a", "a: missing, stopped: /k/a is for another machine"},
		{"what $PLATFORM may be", map[string]*elfaudit.File{"/m": library("", "/$PLATFORM/a"), "/xeon_phi/a": library(""), "/haswell/a": library("")}, "", "/$PLATFORM/a: path /haswell/a", "/$PLATFORM/a: missing"},
		{"and for another machine", map[string]*elfaudit.File{"/m": library("", "/$PLATFORM/a"), "/x86_64/a": onARM(), "/haswell/a": onARM()}, "", "/$PLATFORM/a: missing, skipped /x86_64/a", "/$PLATFORM/a: missing"},
		{"levels of the processor", map[string]*elfaudit.File{"/m": library("/l", "a"), "/l/a": library(""), "/l/glibc-hwcaps/x86-64-v3/a": library("")}, "",
			"a: runpath /l/a by /l of /m, x86-64-v3 /l/glibc-hwcaps/x86-64-v3/a", "a: rpath /l/a by /l of /m"},
		{"levels elsewhere", map[string]*elfaudit.File{"/m": library("/k:/l", "a"), "/l/a": library(""), "/k/glibc-hwcaps/x86-64-v3/a": library("")}, "", "a: runpath /l/a by /l of /m", "a: rpath /l/a by /l of /m"},
		{"filters", map[string]*elfaudit.File{"/m": filters, "/l/a": library("")}, "", "a (filter): runpath /l/a by /l of /m; none (auxiliary): ", "-"},
		{"a name of musl", map[string]*elfaudit.File{"/m": library("/l", "libm.so.6"), "/l/libm.so.6": library("")}, "", "libm.so.6: runpath /l/libm.so.6 by /l of /m", "libm.so.6: loader"},
	} {
		for _, musl := range []bool{false, true} {
			l := New(treeOf(t, c.files), library(""), musl, "")
			if c.libraryPath != "" {
				l.LibraryPath = []string{c.libraryPath}
			}
			p := l.Start()
			o, err := p.Open("/m", nil)
			if err != nil {
				t.Fatal(err)
			}
			got, want := described(o), c.glibc
			if a := p.byPlace["l/a"]; a != nil && len(a.Needs) > 0 {
				got += " | " + described(a)
			}
			if musl && c.musl != "" {
				if want = c.musl; want == "-" {
					want = ""
				}
			}
			if got != want {
				t.Errorf("%s, musl %v:\n%s\nwant\n%s", c.what, musl, got, want)
			}
		}
	}
}

// TestStopped: what is not a library ends the search or does not, and the reason is
// said; also for the file that is opened itself.
func TestStopped(t *testing.T) {
	for _, c := range []struct {
		what, text  string
		mode        fs.FileMode
		glibc, musl string
		opened      string
	}{
		{"a text", "text", 0, "missing, stopped: /k/a is not an ELF file", "", "/k/a is not an ELF file"},
		{"a circle of links", "a", fs.ModeSymlink, "missing, stopped: /k/a leads through too many links", "", "/k/a leads through too many links"},
		{"a pipe", "", fs.ModeNamedPipe, "missing, stopped: /k/a is not a regular file", "", "/k/a is not a regular file"},
		{"a directory", "", fs.ModeDir, "missing, stopped: /k/a is a directory", "", "/k/a is a directory"},
		{"nothing", "none", fs.ModeSymlink, "default /l/a", "", "/k/a: lstat k/none: file does not exist"},
		{"a file of another user", "secret", 0, "default /l/a", "", "/k/a: open k/a: permission denied"},
		{"an ELF file that is cut off", "\x7fELF\x02\x01\x01", 0, "default /k/a", "", ""},
		{"another machine", "arm", 0, "default /l/a, skipped /k/a", "missing, stopped: /k/a is for another machine", "/k/a is for another machine"},
	} {
		d := newDisk(t, map[string]string{"l/a": "elf"})
		if d.MapFS["k/a"] = (&fstest.MapFile{Data: []byte(c.text), Mode: c.mode}); c.text == "secret" {
			d.refuse["k/a"] = fs.ErrPermission
		} else if c.text == "arm" {
			d.MapFS["k/a"].Data = slices.Clone(d.MapFS["l/a"].Data)
			d.MapFS["k/a"].Data[18] = byte(elf.EM_AARCH64)
		}
		for _, musl := range []bool{false, true} {
			tree := Over(NewTree(d))
			if err := tree.Put("/m", library("", "a"), nil); err != nil {
				t.Fatal(err)
			}
			l := New(tree, library(""), musl, "")
			l.like.Order = binary.LittleEndian
			l.Default = []string{"/k", "/l"}
			p := l.Start()
			o, err := p.Open("/m", nil)
			if err != nil {
				t.Fatal(err)
			}
			want := c.glibc
			if musl && c.musl != "" {
				want = c.musl
			}
			if got := described(o); got != "a: "+want {
				t.Errorf("%s, musl %v: %s, want %s", c.what, musl, got, want)
			}
			message := ""
			if _, err = l.Start().Open("/k/a", nil); err != nil {
				message = err.Error()
			}
			if message != c.opened {
				t.Errorf("%s opened, musl %v: %q, want %q", c.what, musl, message, c.opened)
			}
		}
	}
}

// TestFits: class, machine, byte order and the floating-point ABI decide which files are
// in one process.
func TestFits(t *testing.T) {
	arm := func(float elfaudit.FloatABI) *elfaudit.File {
		return &elfaudit.File{Class: 32, Machine: elf.EM_ARM, ARM: &elfaudit.ARM{Float: float}}
	}
	plain := &elfaudit.File{Class: 32, Machine: elf.EM_ARM}
	little, big := &elfaudit.File{Order: binary.LittleEndian}, &elfaudit.File{Order: binary.BigEndian}
	for i, c := range []struct {
		a, b *elfaudit.File
		want bool
	}{
		{library(""), library(""), true},
		{library(""), onARM(), false},
		{library(""), &elfaudit.File{Class: 32, Machine: elf.EM_X86_64}, false},
		{little, big, false}, {big, &elfaudit.File{}, false}, {little, &elfaudit.File{}, true}, {big, big, true},
		{arm(elfaudit.FloatDouble), arm(elfaudit.FloatSoft), false}, {arm(elfaudit.FloatDouble), arm(elfaudit.FloatDouble), true},
		{arm(elfaudit.FloatDouble), arm(elfaudit.FloatUnknown), true}, {arm(elfaudit.FloatDouble), plain, true},
	} {
		if New(NewTree(nil), c.a, false, "").Fits(c.b) != c.want || New(NewTree(nil), c.b, false, "").Fits(c.a) != c.want {
			t.Errorf("%d: %+v with %+v: want %v", i, c.a, c.b, c.want)
		}
	}
}

// TestOpenAgain: a file is in a process once, and by whose call it is loaded decides
// whose run paths serve it.
func TestOpenAgain(t *testing.T) {
	tree := treeOf(t, map[string]*elfaudit.File{
		"/bin/python": library("/lib", "libpython"), "/lib/libpython": library("R:/own"), "/lib/a": library(""), "/own/b": library(""),
		"/site/m": library("", "a", "b"), "/site/other": library("", "none"), "/site/bad": nil,
	})
	for musl, want := range map[bool][3]string{
		false: {"a: missing; b: rpath /own/b by /own of /lib/libpython", "a: missing; b: missing", "none: missing"},
		true:  {"a: rpath /lib/a by /lib of /bin/python; b: missing", "a: missing; b: missing", "none: missing"},
	} {
		p := New(tree, library(""), musl, "").Start()
		python, err := p.Open("/bin/python", nil)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := p.Open("/bin/python", nil); again != python || err != nil || len(p.Objects) != 2 {
			t.Errorf("musl %v: opened again: %v, %d objects", musl, err, len(p.Objects))
		}
		bad, err := p.Fork().Open("/site/bad", nil)
		if err != nil || bad.File != nil || bad.Err == nil || bad.Needs != nil {
			t.Errorf("musl %v: a file that is cut off: %+v, %v", musl, bad, err)
		}
		for i, c := range []struct {
			name string
			by   *Object
		}{{"/site/m", python.Needs[0].Object}, {"/site/m", nil}, {"/site/other", bad}} {
			o, err := p.Fork().Open(c.name, c.by)
			if err != nil || described(o) != want[i] {
				t.Errorf("musl %v, %s: %s, %v; want %s", musl, c.name, described(o), err, want[i])
			}
		}
	}
}

// TestFind: a library that nothing was loaded for, one of a process, and the loader
// itself, which is there once.
func TestFind(t *testing.T) {
	tree := treeOf(t, map[string]*elfaudit.File{"/lib64/ld.so": library(""), "/l/a": library(""), "/d/b": library(""), "/m": library("/l", "ld.so", "/lib64/ld.so", "a")})
	l := New(tree, library(""), false, "")
	l.Path, l.Default = "/lib64/ld.so", []string{"/d"}
	m := &Object{Path: "/m", File: library("/l")}
	for _, c := range []struct {
		name string
		of   *Object
		want string
	}{{"b", nil, "/d/b"}, {"a", nil, ""}, {"a", m, "/l/a"}, {"ld.so", nil, "/lib64/ld.so"}, {"/lib64/ld.so", nil, "/lib64/ld.so"}, {"none", m, ""}} {
		o := l.Find(c.name, c.of)
		if (o != nil) != (c.want != "") || o != nil && (o.Path != c.want || o.Place != c.want || o.File == nil || o.Err != nil) {
			t.Errorf("%s: %+v, want %q", c.name, o, c.want)
		}
	}
	p := l.Start()
	o, err := p.Open("/m", nil)
	if err != nil || described(o) != "ld.so: loader /lib64/ld.so; /lib64/ld.so: loader /lib64/ld.so; a: runpath /l/a by /l of /m" || len(p.Objects) != 3 {
		t.Errorf("%s, %v, %d objects", described(o), err, len(p.Objects))
	}
	if p.Find("a") != o.Needs[2].Object || p.Find("ld.so") != o.Needs[0].Object || o.Needs[0].Object != o.Needs[1].Object || p.Find("b") != nil || p.Find("") != nil {
		t.Errorf("%v %v", p.Find("a"), p.Find("ld.so"))
	}
	l.Path = "/lib64/none"
	if o := l.Find("none", nil); o != nil {
		t.Errorf("a loader that is not in the tree: %+v", o)
	}
}
