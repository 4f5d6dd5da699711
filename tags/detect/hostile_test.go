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
	libs, _ := s.Libraries(nil)
	if want := []string{"/opt/a", "/opt/b"}; !slices.Equal(libs.dirs[:2], want) || slices.Contains(libs.dirs[2:], "/opt/a") {
		t.Errorf("folders %q", libs.dirs)
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
	libs, _ := s.Libraries(nil)
	if len(s.path) != maxDirs || len(libs.env) != maxDirs || len(libs.dirs) > maxDirs+10 {
		t.Errorf("%d, %d and %d folders", len(s.path), len(libs.env), len(libs.dirs))
	}
}

// TestManyWarnings notes as many warnings as a hostile image can cause.
func TestManyWarnings(t *testing.T) {
	tree := newTree(nil)
	for i := range 2_000_000 {
		tree.warn(CodeLink, "x", "%d", i%1_000_000)
	}
	if n := len(tree.warnings); n != maxWarned+1 || tree.warnings[maxWarned].Code != CodeLimit {
		t.Errorf("%d warnings, the last is %v", n, tree.warnings[n-1])
	}
}

// TestManyPythons looks at environments of one program without end.
func TestManyPythons(t *testing.T) {
	files := with(glibcBase, "usr/bin/python3.9", "elf:exe-x86_64-dynamic+\x003.9.2\x00")
	for i := range maxFound + 100 {
		v := fmt.Sprintf("opt/%04d/", i)
		files[v+"bin/python"], files[v+"pyvenv.cfg"] = "-> /usr/bin/python3.9", "version = 3.9.2\n"
	}
	s, err := Root(root(t, files), Options{Path: "/opt/0007/bin:/usr/bin"})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Pythons) != maxFound || s.Pythons[1].Version != "3.9.2" || len(s.Warnings) == 0 || s.Warnings[0].Code != CodeLimit {
		t.Errorf("%d Pythons, warnings %v", len(s.Pythons), s.Warnings[:min(3, len(s.Warnings))])
	}
	if p := s.Default(); p == nil || p.Venv != "/opt/0007" {
		t.Errorf("the default is %v", p)
	}
}

func TestManyNeeded(t *testing.T) {
	b := build{candidate: candidate{file: &elfaudit.File{Needed: []string{"libc.so.6", "libpython3.9.so.1.0"}}}}
	for range 1 << 16 {
		b.file.Needed = append(b.file.Needed, "libpython3.so")
	}
	if names := b.ownLibraries(); len(names) > 4 || names[0] != "libpython3.9.so.1.0" {
		t.Errorf("%q", names)
	}
}
