package detect

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// TestMachineOf: machines that have no manylinux tag are known by their names as well.
func TestMachineOf(t *testing.T) {
	for _, c := range []struct {
		machine elf.Machine
		class   int
		order   binary.ByteOrder
		want    string
	}{
		{elf.EM_X86_64, 64, binary.LittleEndian, "x86_64"},
		{elf.EM_X86_64, 32, binary.LittleEndian, "i686"},
		{elf.EM_ARM, 32, binary.LittleEndian, "armv5tel"},
		{elf.EM_PPC64, 64, binary.BigEndian, "ppc64"},
		{elf.EM_PPC64, 64, binary.LittleEndian, "ppc64le"},
		{elf.EM_MIPS, 64, binary.LittleEndian, "mips64"},
		{elf.EM_MIPS, 32, binary.BigEndian, "mips"},
		{elf.EM_SPARC, 32, binary.BigEndian, ""},
	} {
		f := &elfaudit.File{Machine: c.machine, Class: c.class, Order: c.order}
		if got := machineOf(f); got != c.want {
			t.Errorf("%v of %d bits: %q, want %q", c.machine, c.class, got, c.want)
		}
	}
}

// TestTakeVersion: a version is taken where none is known and it looks like one.
func TestTakeVersion(t *testing.T) {
	for text, want := range map[string][2]int{"3.14": {3, 14}, "2.0": {2, 0}, "9.99": {9, 99}, "10.1": {0, -1}, "1.9": {0, -1}, "3": {0, -1}, "3.100": {0, -1}, "3.-1": {0, -1}, "x.1": {0, -1}, "3.x": {0, -1}} {
		b := build{minor: -1}
		if b.takeVersion(text); b.major != want[0] || b.minor != want[1] {
			t.Errorf("%s: %d.%d", text, b.major, b.minor)
		}
	}
	b := build{major: 3, minor: 9}
	if b.takeVersion("3.14"); b.minor != 9 {
		t.Errorf("a known version is replaced: %d.%d", b.major, b.minor)
	}
}

// TestCompareVersions: numbers are compared by their parts, and none is below all.
func TestCompareVersions(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"2.9", "2.34", -1}, {"2.34", "2.34", 0}, {"2.34", "2.34.1", -1}, {"3", "2.34", 1}, {"", "1", -1}, {"1", "", 1}, {"", "", 0}, {"12.0.0", "4.2.0", 1}} {
		if got := compareVersions(c.a, c.b); got < 0 != (c.want < 0) || got > 0 != (c.want > 0) {
			t.Errorf("%q and %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// TestWanted: the files that a root is read from are fetched in one go, and others are
// not.
func TestWanted(t *testing.T) {
	for name, want := range map[string]bool{
		"etc/os-release": true, "etc/ld.so.conf": true, "etc/ld.so.conf.d/x": true, "opt/v/pyvenv.cfg": true, "usr/lib/python3.14/build-details.json": true,
		"usr/include/python3.9/patchlevel.h": true, "x/_manylinux.py": true, "lib64/libc.so.6": true, "bin/sh": true, "bin/dash": true, "bin/bash": true, "bin/busybox": true,
		"usr/bin/env": true, "sbin/apk": true, "var/lib/dpkg/status": true, "srv/status": false, "lib/apk/db/installed": true, "srv/installed": false,
		"var/lib/dpkg/status.d/libc6": true, "x/libc6": false, "var/lib/dpkg/info/musl": true, "x/musl": false, "lib/libc-2.31.so": true, "lib/ld-2.31.so": true, "lib64/ld64.so.2": true,
		"usr/lib/libstdc++.so.6.0.30": true, "lib/libgcc_s.so.1": true, "usr/lib/libpython3.9.so.1.0": true, "usr/lib/python3.9/_sysconfigdata__x.py": true,
		"usr/bin/python3.9": true, "usr/bin/python3-config": false, "usr/bin/ls": false, "lib/libm.so.6": false,
	} {
		if Wanted(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}

// TestInterpreter: one Python is read alone, and what is not one is an error.
func TestInterpreter(t *testing.T) {
	files := root(t, with(with(glibcBase, python311[:4]...), "usr/lib/python3.11/os.py", "#", "opt/venv/bin/python", "-> /usr/bin/python3", "opt/venv/pyvenv.cfg", "x", "usr/bin/python3.9", "elf:exe-x86_64-dynamic", "bin/text", "x"))
	s, err := Root(files, Options{Interpreter: "/usr/bin/python3"})
	if err != nil || len(s.Pythons) != 1 || s.Pythons[0].Path != "/usr/bin/python3" || s.Pythons[0].Version != "3.11.2" || len(s.Searched) != 0 {
		t.Errorf("%+v, %v", s, err)
	}
	s, err = Root(files, Options{Interpreter: "opt/venv/bin/python"})
	if err != nil || len(s.Pythons) != 1 || s.Pythons[0].Venv != "/opt/venv" {
		t.Errorf("%+v, %v", s, err)
	}
	for name, want := range map[string]error{"bin/text": ErrNoInterpreter, "/bin/none": fs.ErrNotExist, "bin": ErrNoInterpreter} {
		if _, err := Root(files, Options{Interpreter: name}); !errors.Is(err, want) || !strings.HasPrefix(err.Error(), absolute(name)+": ") {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
}

// secret is a root some files and directories of which cannot be opened.
type secret struct {
	fstest.MapFS
	names map[string]error
}

func (s secret) Open(name string) (fs.File, error) {
	if err := s.names[name]; err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return s.MapFS.Open(name)
}

// TestUnreadable: what cannot be opened is a warning, once, and does not hide the rest.
func TestUnreadable(t *testing.T) {
	files := root(t, with(with(glibcBase, python311[:4]...), "usr/lib/python3.11/os.py", "#", "opt/x/bin/python3.9", "elf:exe-x86_64-dynamic", "usr/local/bin/python3.8", "elf:exe-x86_64-dynamic", "usr/lib/python3.11/build-details.json", "{}"))
	names := map[string]error{"opt": fs.ErrPermission, "usr/local/bin/python3.8": fs.ErrPermission, "etc/os-release": fs.ErrPermission, "usr/lib/python3.11/build-details.json": fs.ErrPermission}
	s, err := Root(secret{files, names}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range s.Warnings {
		got = append(got, w.Code+" "+w.Path+" "+w.Message)
	}
	want := "unreadable /etc/os-release cannot be read: permission denied\nunreadable /opt cannot be read: permission denied\n" +
		"unreadable /usr/local/bin/python3.8 cannot be read: permission denied\nunreadable /usr/lib/python3.11/build-details.json cannot be read: permission denied"
	if strings.Join(got, "\n") != want || summary(s) == "" || len(s.Pythons) != 1 || s.Pythons[0].Version != "3.11.2" {
		t.Errorf("%s\n%v", strings.Join(got, "\n"), s.Pythons)
	}
}

// TestText: a text as large as the limit is read, and a larger one is a warning.
func TestText(t *testing.T) {
	large := strings.Repeat(" ", maxText)
	tree := newTree(fstest.MapFS{"a": {Data: []byte(large)}, "b": {Data: []byte(large + " ")}, "d/x": {}}, defaultLimits())
	if text, ok := tree.text("a"); !ok || text != large {
		t.Errorf("%v, %d bytes", ok, len(text))
	}
	for _, name := range []string{"b", "d", "none"} {
		if text, ok := tree.text(name); ok || text != "" {
			t.Errorf("%s: %v, %d bytes", name, ok, len(text))
		}
	}
	if len(tree.warnings) != 1 || tree.warnings[0] != (Warning{CodeLimit, "/b", "is larger than 4194304 bytes; skipped"}) {
		t.Errorf("%v", tree.warnings)
	}
	tree.texts = maxTexts - 1
	if _, ok := tree.text("a"); ok || len(tree.warnings) != 2 || tree.warnings[1].Message != "leads to more than 268435456 bytes of text to look at; the others are skipped" {
		t.Errorf("%v", tree.warnings)
	}
}

// TestSearch: what is on the border of two windows is found, and what is behind the
// last byte that is looked at is not.
func TestSearch(t *testing.T) {
	data := make([]byte, 2*window)
	copy(data, "first")
	copy(data[window-3:], "border")
	copy(data[len(data)-4:], "last")
	tree := newTree(fstest.MapFS{"a": {Data: data}}, defaultLimits())
	for text, want := range map[string]bool{"first": true, "border": true, "last": true, "none": false} {
		found := false
		tree.search("a", func(part []byte) bool { found = found || strings.Contains(string(part), text); return found })
		if found != want {
			t.Errorf("%s: %v", text, found)
		}
	}
	tree.search("none", func([]byte) bool { t.Error("a file that does not exist is searched"); return true })
}
