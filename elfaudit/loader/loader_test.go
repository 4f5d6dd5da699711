package loader_test

import (
	"bytes"
	"debug/elf"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/loader"
	"github.com/wheeltag/wheeltag/internal/elftest"
)

// spec makes a library of "needs; rpath; runpath; soname", the needs with blanks
// between them, a filter with F: and an auxiliary one with A: in front. A name of
// "-> target" is a link, "dir" a directory, "text" no ELF file, "arm" a file for
// another machine.
func spec(line string) elftest.Spec {
	parts := strings.Split(line+";;;", ";")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	s := elftest.Spec{RPath: parts[1], RunPath: parts[2], Soname: parts[3]}
	for _, name := range strings.Fields(parts[0]) {
		if filter, ok := strings.CutPrefix(name, "F:"); ok {
			s.Filters = append(s.Filters, filter)
		} else if auxiliary, ok := strings.CutPrefix(name, "A:"); ok {
			s.Auxiliaries = append(s.Auxiliaries, auxiliary)
		} else {
			s.Needed = append(s.Needed, name)
		}
	}
	return s
}

// write writes files below a directory.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, line := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		switch target, isLink := strings.CutPrefix(line, "-> "); {
		case isLink:
			err = os.Symlink(target, name)
		case line == "dir":
			err = os.MkdirAll(name, 0o755)
		case line == "text":
			err = os.WriteFile(name, []byte("INPUT(x)"), 0o644)
		case line == "arm":
			err = os.WriteFile(name, elftest.Spec{Machine: elf.EM_AARCH64}.Bytes(), 0o755)
		default:
			err = os.WriteFile(name, spec(strings.ReplaceAll(line, "DIR", dir)).Bytes(), 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// cases are files, of which m.so is loaded, and what glibc and musl find: "name=path"
// and "name!" for what is missing. Where musl is "", it finds what glibc does.
var cases = []struct {
	what        string
	files       map[string]string
	glibc, musl string
}{
	{"RUNPATH", map[string]string{"m.so": "a;;$ORIGIN/l", "l/a": ""}, "a=l/a", ""},
	{"RPATH", map[string]string{"m.so": "a;${ORIGIN}/l", "l/a": ""}, "a=l/a", ""},
	{"no run path", map[string]string{"m.so": "a", "l/a": ""}, "a!", ""},
	{"RPATH serves what is loaded for the file", map[string]string{"m.so": "a;$ORIGIN/l", "l/a": "b", "l/b": ""}, "a=l/a b=l/b", ""},
	{"RUNPATH does not in glibc", map[string]string{"m.so": "a;;$ORIGIN/l", "l/a": "b", "l/b": ""}, "a=l/a b!", "a=l/a b=l/b"},
	{"but what is there is there", map[string]string{"m.so": "a b;;$ORIGIN/l", "l/a": "b", "l/b": ""}, "a=l/a b=l/b", ""},
	{"RUNPATH stops RPATH of those before", map[string]string{"m.so": "a;$ORIGIN/l", "l/a": "b;;$ORIGIN/x", "l/b": ""}, "a=l/a b!", "a=l/a b=l/b"},
	{"RUNPATH replaces RPATH", map[string]string{"m.so": "a;$ORIGIN/l;$ORIGIN/r", "l/a": "", "r/a": ""}, "a=r/a", ""},
	{"the first directory", map[string]string{"m.so": "a;$ORIGIN/x:$ORIGIN/l:$ORIGIN/r", "l/a": "", "r/a": ""}, "a=l/a", ""},
	{"an absolute run path", map[string]string{"m.so": "a;DIR/l/", "l/a": ""}, "a=l/a", "a=l//a"},
	{"a soname", map[string]string{"m.so": "a b;;$ORIGIN/l", "l/a": ";;;b"}, "a=l/a b=l/a", "a=l/a b!"},
	{"its own soname", map[string]string{"m.so": "self;;;self"}, "self=m.so", "self!"},
	{"a name with $ORIGIN", map[string]string{"m.so": "$ORIGIN/l/a", "l/a": ""}, "$ORIGIN/l/a=l/a", "$ORIGIN/l/a!"},
	{"a path", map[string]string{"m.so": "DIR/l/a", "l/a": ""}, "DIR/l/a=l/a", ""},
	{"a path that leads nowhere", map[string]string{"m.so": "DIR/l/b;;DIR/l", "l/b/x": ""}, "DIR/l/b!", ""},
	{"another machine is skipped", map[string]string{"m.so": "a;;$ORIGIN/l:$ORIGIN/r", "l/a": "arm", "r/a": ""}, "a=r/a", "-"},
	{"text is not", map[string]string{"m.so": "a;;$ORIGIN/l:$ORIGIN/r", "l/a": "text", "r/a": ""}, "a!", ""},
	{"nor is a directory", map[string]string{"m.so": "a;;$ORIGIN/l:$ORIGIN/r", "l/a/x": "", "r/a": ""}, "a!", ""},
	{"a way through a directory that does not exist", map[string]string{"m.so": "a;;$ORIGIN/x/../l", "l/a": ""}, "a!", ""},
	{"that does", map[string]string{"m.so": "a;;$ORIGIN/x/../l", "l/a": "", "x": "dir"}, "a=x/../l/a", ""},
	{"that is a file", map[string]string{"m.so": "a;;$ORIGIN/m.so/../l", "l/a": ""}, "a!", ""},
	{"that is a link", map[string]string{"m.so": "a;;$ORIGIN/x/../l", "x": "-> y/z", "y/z": "dir", "y/l/a": "", "l/a": ""}, "a=x/../l/a", ""},
	{"a linked library keeps its origin", map[string]string{"m.so": "a;;$ORIGIN/l", "l/a": "-> ../r/a1", "r/a1": "b;;$ORIGIN", "l/b": "", "r/b": ""}, "a=l/a b=l/b", ""},
	{"one file under two names", map[string]string{"m.so": "a b;;$ORIGIN/l", "l/a": "", "l/b": "-> a"}, "a=l/a b=l/a", ""},
	{"a circle of links", map[string]string{"m.so": "a;;$ORIGIN/l", "l/a": "-> b", "l/b": "-> a"}, "a!", ""},
	{"a filter", map[string]string{"m.so": "F:a;;$ORIGIN/l", "l/a": ""}, "a=l/a", "-"},
	{"a filter that is missing", map[string]string{"m.so": "F:a"}, "a!", "-"},
	{"an auxiliary filter that is missing", map[string]string{"m.so": "A:a b;;$ORIGIN/l", "l/b": ""}, "b=l/b", ""},
	{"another $ in a run path", map[string]string{"m.so": "a;;$ORIGIN/l:/$NOTHING", "l/a": ""}, "a=l/a", "a!"},
	{"$ORIGIN and more letters", map[string]string{"m.so": "a;;$ORIGINAL/l", "l/a": ""}, "a!", ""},
	{"an empty entry", map[string]string{"m.so": "a;;:$ORIGIN/l", "l/a": ""}, "a=l/a", ""},
	{"a level of the processor without a baseline copy", map[string]string{"m.so": "a;;$ORIGIN/l", "l/glibc-hwcaps/x86-64-v9/a": ""}, "a!", ""},
	{"a circle of needs", map[string]string{"m.so": "a;;$ORIGIN", "a": "b;;$ORIGIN", "b": "a;;$ORIGIN"}, "a=a b=b", ""},
	{"breadth first", map[string]string{"m.so": "a b;;$ORIGIN/l", "l/a": "c;;$ORIGIN/x", "l/b": "c;;$ORIGIN/y", "l/x/c": "", "l/y/c": ""}, "a=l/a b=l/b c=l/x/c", ""},
	{"a name of musl itself", map[string]string{"m.so": "libm.so.99;;$ORIGIN/l", "l/libm.so.99": ""}, "libm.so.99=l/libm.so.99", "-"},
}

// find loads m.so and lists what is found.
func find(t *testing.T, dir string, musl bool) []string {
	t.Helper()
	root, err := os.OpenRoot("/")
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { root.Close() })
	module := filepath.Join(dir, "m.so")
	like, err := elfaudit.ReadFile(module)
	if err != nil {
		t.Fatal(err)
	}
	p := loader.New(loader.NewTree(root.FS().(fs.ReadLinkFS)), like, musl, "").Start()
	if _, err := p.Open(module, nil); err != nil {
		t.Fatal(err)
	}
	return listed(p, dir)
}

func listed(p *loader.Process, dir string) []string {
	var list []string
	for _, o := range p.Objects {
		for i := range o.Needs {
			switch n := &o.Needs[i]; {
			case n.Missing():
				list = append(list, n.Name+"!")
			case n.Object != nil && n.Rule != loader.RuleLoader:
				list = append(list, n.Name+"="+strings.TrimPrefix(n.Object.Path, dir+"/"))
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// TestRules: what is found, and by which rule of glibc and of musl. TestRulesReal asks
// the loaders themselves about the same files.
func TestRules(t *testing.T) {
	for _, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, c.files)
			for _, musl := range []bool{false, true} {
				want := c.glibc
				if musl && c.musl != "" {
					want = c.musl
				}
				if want == "-" {
					continue
				}
				want = strings.ReplaceAll(want, "DIR", dir)
				if got := strings.Join(find(t, dir, musl), " "); got != want {
					t.Errorf("musl %v: %q, want %q", musl, got, want)
				}
			}
		})
	}
}

// TestTree: files that were put into a tree, over another or not, and links that lead
// out of a root.
func TestTree(t *testing.T) {
	below := loader.NewTree(nil)
	a := &elfaudit.File{}
	for name, f := range map[string]*elfaudit.File{"/usr/lib/a": a, "opt/x/b": a} {
		if err := below.Put(name, f, nil); err != nil {
			t.Fatal(err)
		}
	}
	over := loader.Over(below)
	b := &elfaudit.File{}
	if err := over.Put("/usr/lib/a", b, nil); err != nil {
		t.Fatal(err)
	}
	if err := over.Put("/usr/lib/a/c", b, nil); err == nil {
		t.Error("a file is put below a file")
	}
	if err := over.PutDirectory("/usr/lib/a"); err == nil {
		t.Error("a directory is put in place of a file")
	}
	for _, c := range []struct {
		tree  *loader.Tree
		name  string
		place string
		file  *elfaudit.File
	}{
		{below, "/usr/lib/a", "usr/lib/a", a}, {over, "/usr/lib/a", "usr/lib/a", b}, {over, "/opt/x/b", "opt/x/b", a},
		{over, "/usr/../../../opt/./x//b", "opt/x/b", a}, {over, "/nothing/../opt/x/b", "", nil}, {over, "/opt/x/b/..", "", nil}, {over, "/opt/x", "opt/x", nil},
	} {
		place, info, err := c.tree.Resolve(c.name)
		if (err == nil) != (c.place != "") || err == nil && place != c.place {
			t.Errorf("%s: %q, %v", c.name, place, err)
		}
		if err != nil || info.IsDir() {
			continue
		}
		if f, err := c.tree.ELF(place); f != c.file || err != nil {
			t.Errorf("%s: %p, %v; want %p", c.name, f, err, c.file)
		}
	}
}

// TestSystem: the rules of a root: configured directories, default ones, levels of the
// processor, and files for another machine.
func TestSystem(t *testing.T) {
	dir := t.TempDir()
	const program = "lib64/ld-linux-x86-64.so.2"
	write(t, dir, map[string]string{
		program: ";;;ld-linux-x86-64.so.2", "usr/lib/x86_64-linux-gnu/libc.so.6": "ld-linux-x86-64.so.2",
		"opt/conf/libconf.so": "", "usr/lib/libdefault.so": "", "usr/lib/libboth.so": "arm", "usr/lib64/libother.so": "arm", "opt/conf/libboth.so": "",
		"usr/lib/glibc-hwcaps/x86-64-v2/liblevel.so": "", "usr/lib/glibc-hwcaps/x86-64-v3/liblevel.so": "", "usr/lib/liblevel.so": "",
		"usr/lib/glibc-hwcaps/x86-64-v3/libhigh.so": "", "opt/lib/x86_64-linux-gnu/liblib.so": "", "opt/x86_64/libplatform.so": "",
		"usr/lib/libout.so": "-> ../../../../../opt/conf/libconf.so", "opt/env/libenv.so": "", "opt/env/libdefault.so": "",
	})
	for name, text := range map[string]string{"etc/ld.so.conf": "include ld.so.conf.d/*.conf # more\n", "etc/ld.so.conf.d/a.conf": "/opt/conf:relative\n"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	data := elftest.Spec{Loader: "/" + program}.Bytes()
	like, err := elfaudit.Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	l := loader.For(loader.NewTree(root.FS().(fs.ReadLinkFS)), like, "x86_64")
	l.LibraryPath = []string{"/opt/env"}
	if !slices.Equal(l.Configured, []string{"/opt/conf"}) || !slices.Equal(l.Lib, []string{"lib/x86_64-linux-gnu"}) {
		t.Errorf("configured %q, $LIB %q", l.Configured, l.Lib)
	}
	tree := loader.Over(loader.NewTree(root.FS().(fs.ReadLinkFS)))
	for _, c := range []struct {
		name, want string
		levels     []string
		rpath      bool
	}{
		{"libconf.so", "ld.so.conf /opt/conf/libconf.so", nil, false},
		{"libenv.so", "ld_library_path /opt/env/libenv.so", nil, false},
		{"libdefault.so", "ld_library_path /opt/env/libdefault.so", nil, false},
		{"libboth.so", "ld.so.conf /opt/conf/libboth.so", nil, false},
		{"libother.so", " skipped /usr/lib64/libother.so", nil, false},
		{"libout.so", "default /usr/lib/libout.so at /opt/conf/libconf.so", nil, false},
		{"liblevel.so", "default /usr/lib/liblevel.so x86-64-v3 x86-64-v2", nil, false},
		{"liblevel.so", "default /usr/lib/glibc-hwcaps/x86-64-v2/liblevel.so", []string{"x86-64-v2"}, false},
		{"libhigh.so", "", nil, false},
		{"libhigh.so", "default /usr/lib/glibc-hwcaps/x86-64-v3/libhigh.so", []string{"x86-64-v3", "x86-64-v2"}, false},
		{"liblib.so", "runpath /opt/lib/x86_64-linux-gnu/liblib.so", nil, false},
		{"libplatform.so", "runpath /opt/x86_64/libplatform.so", nil, false},
		{"libdefault.so", "ld_library_path /opt/env/libdefault.so", nil, false},
		{"libdefault.so", "rpath /usr/lib/libdefault.so", nil, true},
		{"ld-linux-x86-64.so.2", "loader /lib64/ld-linux-x86-64.so.2", nil, false},
	} {
		m := &elfaudit.File{Class: 64, Order: like.Order, Machine: like.Machine, Needed: []string{c.name}, RunPath: []string{"/usr/lib/nothing", "/opt/$LIB", "/opt/${PLATFORM}"}}
		if c.rpath {
			m.RunPath, m.RPath = nil, []string{"/usr/lib"}
		}
		if err := tree.Put("/m.so", m, nil); err != nil {
			t.Fatal(err)
		}
		in := l.In(tree)
		in.Levels = c.levels
		p := in.Start()
		o, err := p.Open("/m.so", nil)
		if err != nil {
			t.Fatal(err)
		}
		n := &o.Needs[0]
		got := string(n.Rule)
		if n.Object != nil {
			got += " " + n.Object.Path
			if n.Object.Place != n.Object.Path {
				got += " at " + n.Object.Place
			}
		}
		for _, c := range n.Copies {
			got += " " + c.Level
		}
		if n.Rule == "" && n.Skipped != "" {
			got += " skipped " + n.Skipped
		}
		if strings.TrimSuffix(got, " at /usr/lib64/ld-linux-x86-64.so.2") != c.want {
			t.Errorf("%s %v: %q, want %q", c.name, c.levels, got, c.want)
		}
	}
}

// TestCaller: the run path of the program serves modules that it loads; in glibc unless
// they have a DT_RUNPATH.
func TestCaller(t *testing.T) {
	file := func(rpath, runPath []string, needed ...string) *elfaudit.File {
		return &elfaudit.File{Class: 64, Machine: elf.EM_X86_64, Kind: elfaudit.KindSharedObject, Needed: needed, RPath: rpath, RunPath: runPath}
	}
	for _, c := range []struct {
		what             string
		program, library *elfaudit.File // the interpreter and its libpython
		module           *elfaudit.File
		glibc, musl      bool
	}{
		{"RPATH of the program", file([]string{"$ORIGIN/../lib"}, nil, "libpython.so"), file(nil, nil), file(nil, nil, "a"), true, true},
		{"a module with a RUNPATH", file([]string{"$ORIGIN/../lib"}, nil, "libpython.so"), file(nil, nil), file(nil, []string{"/x"}, "a"), false, true},
		{"RUNPATH of the program", file(nil, []string{"$ORIGIN/../lib"}, "libpython.so"), file(nil, nil), file(nil, nil, "a"), false, true},
		{"RPATH of libpython", file(nil, []string{"$ORIGIN/../lib"}, "libpython.so"), file([]string{"$ORIGIN"}, nil), file(nil, nil, "a"), true, true},
	} {
		for _, musl := range []bool{false, true} {
			tree := loader.NewTree(nil)
			for name, f := range map[string]*elfaudit.File{"/opt/bin/python": c.program, "/opt/lib/libpython.so": c.library, "/opt/lib/a": file(nil, nil), "/site/m.so": c.module} {
				if err := tree.Put(name, f, nil); err != nil {
					t.Fatal(err)
				}
			}
			p := loader.New(tree, c.module, musl, "").Start()
			python, err := p.Open("/opt/bin/python", nil)
			if err != nil || python.Needs[0].Object == nil {
				t.Fatal(err, python)
			}
			fork := p.Fork()
			o, err := fork.Open("/site/m.so", python.Needs[0].Object)
			if err != nil {
				t.Fatal(err)
			}
			if found, want := !o.Needs[0].Missing(), c.glibc && !musl || c.musl && musl; found != want {
				t.Errorf("%s, musl %v: found %v", c.what, musl, found)
			}
			if len(p.Objects) != 2 {
				t.Errorf("%s: the process that was forked has %d objects", c.what, len(p.Objects))
			}
		}
	}
}
