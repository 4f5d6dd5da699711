package detect

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// FuzzRoot puts arbitrary bytes where text is read.
func FuzzRoot(f *testing.F) {
	f.Add("ID=x\nVERSION_ID='1'\n", "include *\n/opt", "{'SOABI': 'cpython-39-x'}", "{}", "version = 3.9\n", "#define PY_VERSION \"3.9.1\"\n")
	f.Fuzz(func(t *testing.T, release, conf, sysconfig, details, venv, header string) {
		for _, text := range []string{release, conf, sysconfig, details, venv, header} {
			if strings.HasPrefix(text, "-> ") || strings.HasPrefix(text, "elf:") || text == "dir" {
				t.Skip()
			}
		}
		s, err := Root(root(t, with(glibcBase, "etc/os-release", release, "etc/ld.so.conf", conf,
			"opt/v/bin/python3.9", "elf:exe-x86_64-dynamic", "opt/v/pyvenv.cfg", venv,
			"opt/v/lib/python3.9/os.py", "#", "opt/v/lib/python3.9/_sysconfigdata__x.py", sysconfig,
			"opt/v/lib/python3.9/build-details.json", details, "opt/v/include/python3.9/patchlevel.h", header)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Pythons) != 1 || s.Pythons[0].Python.Major != 3 || s.Pythons[0].Python.Minor != 9 {
			t.Fatalf("%+v", s.Pythons)
		}
	})
}

// TestCircularConf reads an ld.so.conf that includes itself many times over, under
// many names. To follow each would take longer than there is time.
func TestCircularConf(t *testing.T) {
	conf := strings.Repeat("include /etc/ld.so.conf\ninclude ./ld.so.c?nf ld.so.con*\n", 100)
	for i := range 3 * maxDirs {
		conf += fmt.Sprintf("include /etc/[l%d]d.so.conf\n", i)
	}
	s, err := Root(root(t, with(glibcBase, python311[0], python311[1], python311[2], python311[3], "etc/ld.so.conf", conf+"/opt/a\n/opt/a:/opt/b\n")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	libs, _ := s.Loader(nil)
	if want := []string{"/opt/a", "/opt/b"}; !slices.Equal(libs.Configured[:2], want) || slices.Contains(libs.Configured[2:], "/opt/a") {
		t.Errorf("directories %q", libs.Configured)
	}
	if len(s.Warnings) == 0 || s.Warnings[len(s.Warnings)-1].Code != CodeLimit {
		t.Errorf("warnings %q", s.Warnings)
	}
}

func TestManyFolders(t *testing.T) {
	var conf, list strings.Builder
	for i := range 2 * maxDirs {
		fmt.Fprintf(&conf, "/opt/%d\n", i)
		fmt.Fprintf(&list, "/opt/%d:", i)
	}
	s, err := Root(root(t, with(glibcBase, "etc/ld.so.conf", conf.String())), Options{Path: list.String(), LibraryPath: list.String()})
	if err != nil {
		t.Fatal(err)
	}
	libs, _ := s.Loader(nil)
	if len(s.path) != maxDirs || len(libs.LibraryPath) != maxDirs || len(libs.Configured) > maxDirs+10 {
		t.Errorf("%d, %d and %d directories", len(s.path), len(libs.LibraryPath), len(libs.Configured))
	}
}

// TestManyWarnings notes as many warnings as a hostile image can cause.
func TestManyWarnings(t *testing.T) {
	const most = 20
	tree := newTree(nil, limits{warnings: most})
	for i := range 100 {
		tree.warn(CodeLink, "x", "%d", i%(most-5))
	}
	if n := len(tree.warnings); n != most-5 {
		t.Errorf("%d warnings, want each once", n)
	}
	for i := range 100 {
		tree.warn(CodeLink, "x", "%d", i%50)
	}
	if n := len(tree.warnings); n != most+1 || tree.warnings[most].Code != CodeLimit {
		t.Errorf("%d warnings, the last is %v", n, tree.warnings[n-1])
	}
}

// TestManyPythons looks at more environments than are listed, and at more programs
// than are kept in memory.
func TestManyPythons(t *testing.T) {
	const most = 20
	files := with(glibcBase, "usr/bin/python3.9", "elf:exe-x86_64-dynamic+\x003.9.2\x00")
	for i := range most + 5 {
		v := fmt.Sprintf("opt/%04d/", i)
		files[v+"bin/python"], files[v+"pyvenv.cfg"] = "-> /usr/bin/python3.9", "version = 3.9.2\n"
		if i < 5 {
			files[v+"bin/python"] = "elf:exe-x86_64-dynamic" // a copy
		}
	}
	l := defaultLimits()
	l.pythons, l.programs = most, 2
	s, err := readRoot(root(t, files), Options{Path: "/opt/0007/bin:/usr/bin"}, l)
	if err != nil {
		t.Fatal(err)
	}
	limited := 0
	for _, w := range s.Warnings {
		if w.Code == CodeLimit {
			limited++
		}
	}
	if len(s.Pythons) != most || s.Pythons[2].Version != "3.9.2" || limited != 6 {
		t.Errorf("%d Pythons, %d past the limit, warnings %v", len(s.Pythons), limited, s.Warnings[:min(3, len(s.Warnings))])
	}
	if p := s.Default(); p == nil || p.Venv != "/opt/0007" {
		t.Errorf("the default is %v", p)
	}
}

func TestManyNeeded(t *testing.T) {
	b := build{file: &elfaudit.File{Needed: []string{"libc.so.6", "libpython3.9.so.1.0"}}}
	for range 1 << 16 {
		b.file.Needed = append(b.file.Needed, "libpython3.so")
	}
	if names := b.ownLibraries(); len(names) > 4 || names[0] != "libpython3.9.so.1.0" {
		t.Errorf("%q", names)
	}
}
