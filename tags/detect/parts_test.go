package detect

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/loader"
	"github.com/wheeltag/wheeltag/tags"
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

// TestSet: a version is kept if it looks like one of a C library.
func TestSet(t *testing.T) {
	for text, want := range map[string][2]int{"2.36": {2, 36}, "1.2.5": {1, 2}, "99.999": {99, 999}, "100.1": {}, "2.1000": {}, "x.1": {}, "2.x": {}, "2": {}} {
		var l Libc
		if l.set(text, "here"); [2]int{l.Major, l.Minor} != want || (l.Version != "") != (want != [2]int{}) || l.Version != "" && (l.Version != text || l.From != "here") {
			t.Errorf("%s: %+v", text, l)
		}
	}
}

// TestNewest: the highest number of a namespace, whatever else is in it.
func TestNewest(t *testing.T) {
	for names, want := range map[string]string{
		"GLIBC_2.9 GLIBC_2.34 GLIBC_2.17": "2.34", "GLIBC_PRIVATE GLIBC_ GLIBC_:1 GLIBC_/1": "", "GLIBCXX_3.4 OTHER_9.9 GLIBC_2.2.5": "2.2.5", "GLIBC_0.1": "0.1", "GLIBC_9.0 GLIBC_9": "9.0", "": "",
	} {
		f := &elfaudit.File{}
		for _, name := range strings.Fields(names) {
			f.VersionDefs = append(f.VersionDefs, elfaudit.VersionDef{Name: name})
		}
		if got := newest(f, "GLIBC_"); got != want {
			t.Errorf("%s: %q, want %q", names, got, want)
		}
	}
}

// TestCheckPackage: the version of the package is that of the library, with what a
// distribution adds, or a warning.
func TestCheckPackage(t *testing.T) {
	for version, same := range map[string]bool{"2.36": true, "2.36-9": true, "2.36a": true, "2.36/1": true, "2.36:1": false, "1:2.36-9": true, "2.360": false, "2.369": false, "2.3": false, "2.35": false, "12.36": false} {
		for _, db := range []string{"var/lib/dpkg/status", "var/lib/dpkg/status.d/libc6", "lib/apk/db/installed"} {
			text := "Package: bash\nVersion: 1\n\nPackage: libc6\nVersion: " + version + "\n\nPackage: zsh\nVersion: 9\n"
			if strings.HasPrefix(db, "lib/apk") {
				text = "P:zsh\nV:9\n\nV:" + version + "\nP:glibc\n\nP:bash\nV:9\n"
			}
			r := reader{System: &System{root: newTree(fstest.MapFS{db: {Data: []byte(text)}}, defaultLimits())}}
			var l Libc
			l.set("2.36", "x")
			l.Path = "/lib/libc.so.6"
			r.checkPackage(l, "libc6", "glibc")
			if n := len(r.root.warnings); n != 0 != !same || n > 0 && (r.root.warnings[0].Code != CodeDisagree || !strings.Contains(r.root.warnings[0].Message, "/"+db+" lists version ")) {
				t.Errorf("%s in %s: %v", version, db, r.root.warnings)
			}
			if r.checkPackage(Libc{}, "libc6", "glibc"); !same && len(r.root.warnings) != 1 {
				t.Errorf("a library of no version is compared: %v", r.root.warnings)
			}
		}
	}
}

// TestPresentLoaders: the loaders of both C libraries, each file once, and no other
// libraries or directories.
func TestPresentLoaders(t *testing.T) {
	tree := newTree(root(t, map[string]string{
		"lib/ld-linux.so.2": "x", "lib64/ld-linux-x86-64.so.2": "-> ../lib/ld-linux.so.2", "lib64/ld64.so.2": "x", "lib/x86_64-linux-gnu/ld-2.31.so": "x", "lib/ld-musl-x86_64.so.1": "x",
		"lib/ld-other.so": "x", "lib64/ldap.so": "x", "usr/lib/ld-linux-dir.so": "dir", "lib/ld-linux-gone.so.1": "-> gone", "usr/glibc-compat/lib/ld-linux-x86-64.so.2": "x", "usr/lib64/ld64.so.1": "x", "usr/lib/ld-linux-y.so.1": "x",
	}), defaultLimits())
	found := (&reader{System: &System{root: tree}}).presentLoaders()
	if got := strings.Join(found[tags.Glibc], " "); got != "/lib/ld-linux.so.2 /lib64/ld64.so.2 /usr/lib/ld-linux-y.so.1 /usr/lib64/ld64.so.1 /lib/x86_64-linux-gnu/ld-2.31.so /usr/glibc-compat/lib/ld-linux-x86-64.so.2" {
		t.Errorf("glibc: %s", got)
	}
	if got := strings.Join(found[tags.Musl], " "); got != "/lib/ld-musl-x86_64.so.1" || len(found) != 2 {
		t.Errorf("musl: %s, %v", got, found)
	}
}

// TestGlob: a star is for whole names of directories and links below the top; at the
// top links and what holds no programs are left out.
func TestGlob(t *testing.T) {
	tree := newTree(root(t, map[string]string{
		"a/x/bin/p": "x", "a/y/bin/p": "x", "a/file": "x", "a/link": "-> x", "l": "-> a", "proc/x/bin/p": "x", "b/x/bin": "x", "c/x/other/p": "x",
	}), defaultLimits())
	for pattern, want := range map[string]string{
		"a/*/bin": "a/link/bin a/x/bin a/y/bin", "/a/*/": "a/file a/link a/x a/y", "*/x/bin": "a/x/bin b/x/bin c/x/bin", "*/x/bin/p": "a/x/bin/p", "a/none": "a/none", "none/x": "", "a/?": "a/x a/y", "a/[xz]/bin": "a/x/bin", "a/file/x": "",
	} {
		if got := strings.Join(tree.glob(pattern), " "); got != want {
			t.Errorf("%s: %q, want %q", pattern, got, want)
		}
	}
	var visited []string
	tree.walk(func(dir string) { visited = append(visited, dir) })
	if got := strings.Join(visited, " "); got != ". a b c a/x a/y b/x c/x a/x/bin a/y/bin c/x/other" {
		t.Errorf("%s", got)
	}
	tree.listed = maxListed - 3
	if got := len(tree.list("a")); got != 0 || len(tree.warnings) != 1 || tree.warnings[0] != (Warning{CodeLimit, "/", "leads to more than 52428800 names to look at; the others are skipped"}) {
		t.Errorf("%d names, %v", got, tree.warnings)
	}
	tree.listed, tree.warnings = maxListed-4, nil
	if got := len(tree.list("a")); got != 4 || len(tree.warnings) != 0 {
		t.Errorf("%d names, %v", got, tree.warnings)
	}
}

// TestManyLoaders: programs may name many loaders, of which some are looked at.
func TestManyLoaders(t *testing.T) {
	r := reader{System: &System{root: newTree(fstest.MapFS{}, defaultLimits()), loaders: map[string]*loader.Loader{}}}
	for i := range maxLoaders + 1 {
		f := &elfaudit.File{Class: 64, Machine: elf.EM_X86_64, Order: binary.LittleEndian, Interpreter: fmt.Sprintf("/lib/ld-linux-%d.so", i)}
		l := r.loaderFor(f)
		if again := r.loaderFor(f); again != l || (l.Path != "") != (i < maxLoaders) {
			t.Errorf("%d: %q", i, l.Path)
		}
	}
	if want := (Warning{CodeLimit, "/lib/ld-linux-64.so", "is one of more than 64 loaders; libraries are not looked up for the others"}); len(r.root.warnings) != 1 || r.root.warnings[0] != want {
		t.Errorf("%v", r.root.warnings)
	}
}

// TestSplitPath: absolute directories, with either separator.
func TestSplitPath(t *testing.T) {
	if got := strings.Join(splitPath("/a:/b;/c::relative:;/d"), " "); got != "/a /b /c /d" {
		t.Errorf("%q", got)
	}
	if got := splitPath("a:b"); got != nil {
		t.Errorf("%q", got)
	}
}

// TestPlatformOf: what the kernel says counts for programs in 32 bits of ARM alone.
func TestPlatformOf(t *testing.T) {
	hard := &elfaudit.ARM{EABI: 5, Float: elfaudit.FloatDouble, Attributes: &elfaudit.ARMAttributes{HasCPUArch: true, CPUArch: 10}}
	soft := &elfaudit.ARM{EABI: 5, Float: elfaudit.FloatSoft}
	for _, c := range []struct {
		machine      elf.Machine
		class        int
		arm          *elfaudit.ARM
		kernel, want string
	}{
		{elf.EM_ARM, 32, hard, "", "armv7l"}, {elf.EM_ARM, 32, hard, "aarch64", "armv8l"}, {elf.EM_ARM, 32, hard, "armv6l", "armv7l"},
		{elf.EM_ARM, 32, soft, "", "armv5tel, no manylinux"}, {elf.EM_ARM, 32, soft, "armv6l", "armv6l, no manylinux"}, {elf.EM_ARM, 32, soft, "armv7l", "armv7l, no manylinux"},
		{elf.EM_AARCH64, 64, nil, "armv8l", "aarch64"}, {elf.EM_X86_64, 64, nil, "aarch64", "x86_64"}, {elf.EM_MIPS, 32, nil, "armv7l", "mips, no manylinux"},
	} {
		f := &elfaudit.File{Machine: c.machine, Class: c.class, ARM: c.arm, Order: binary.LittleEndian}
		var l Libc
		l.Family = tags.Glibc
		p := platformOf(f, l, c.kernel)
		got := p.Arch
		if p.NoManylinux {
			got += ", no manylinux"
		}
		if got != c.want || p.Libc.Family != tags.NoLibc {
			t.Errorf("%v %+v on %q: %s, want %s", c.machine, c.arm, c.kernel, got, c.want)
		}
		l.set("2.36", "x")
		if p := platformOf(f, l, ""); p.Libc.Minor != 36 {
			t.Errorf("%+v", p)
		}
	}
}

// TestBuildParts: what single sources say of an interpreter.
func TestBuildParts(t *testing.T) {
	for _, c := range []struct {
		vars map[string]string
		want string
	}{
		{nil, ""}, {map[string]string{"Py_DEBUG": "1"}, "d"}, {map[string]string{"Py_GIL_DISABLED": "1", "Py_DEBUG": "1"}, "td"}, {map[string]string{"ABIFLAGS": "td"}, "td"}, {map[string]string{"ABIFLAGS": "m", "Py_DEBUG": "0"}, ""},
	} {
		if got := buildFlags(c.vars); got != c.want {
			t.Errorf("%v: %q", c.vars, got)
		}
	}
	for name, want := range map[string]build{
		"python3.9": {implementation: "", major: 3, minor: 9}, "pypy3.10": {implementation: "pypy", major: 3, minor: 10}, "python3.13t": {major: 3, minor: 13, flags: "t", flagsKnown: true}, "other": {minor: -1},
	} {
		b := build{minor: -1}
		if b.fromLibrary(name); b.implementation != want.implementation || b.major != want.major || b.minor != want.minor || b.flags != want.flags || b.flagsKnown != want.flagsKnown {
			t.Errorf("%s: %+v", name, b)
		}
		b = build{major: 3, minor: 0, flags: "d", flagsKnown: true}
		if b.fromLibrary(name); b.minor != 0 || b.flags != "d" {
			t.Errorf("%s replaces what is known: %+v", name, b)
		}
	}
	b := build{minor: -1}
	b.takeFlags("d", "x")
	b.takeFlags("t", "y")
	b.takeSOABI("", "x")
	b.takeSOABI("a", "x")
	b.takeSOABI("b", "y")
	if b.flags != "d" || b.soabi != "a" || len(b.facts) != 2 || !b.is("9.9") {
		t.Errorf("%+v", b)
	}
	if b.major, b.minor = 3, 0; b.is("3.1") || !b.is("3.0") {
		t.Errorf("%+v", b)
	}
	x86 := &elfaudit.File{Machine: elf.EM_X86_64, Class: 64, Order: binary.LittleEndian}
	for soabi, want := range map[string]bool{"cpython-311-x86_64-linux-gnu": true, "cpython-311-aarch64-linux-gnu": false, "cpython-311": true, "": true, "cpython-311-arm-linux-gnueabihf": false} {
		if machineMatches(soabi, x86) != want {
			t.Errorf("%s: %v", soabi, !want)
		}
	}
	if !machineMatches("cpython-311-x86_64-linux-gnu", &elfaudit.File{Machine: elf.EM_SPARC, Order: binary.BigEndian}) {
		t.Error("a machine that is not known")
	}
}

// TestUnquote: quotes that enclose a value are taken off, with the backslashes of a shell.
func TestUnquote(t *testing.T) {
	for text, want := range map[string]string{
		`"a b"`: "a b", `'a\$'`: `a\$`, `"a\$\"\\\x"`: `a$"\\x`, `"a\"`: `a\`, `""`: "", `"`: `"`, "": "", "aba": "aba", `"a`: `"a`, `a"`: `a"`, `'a"`: `'a"`,
	} {
		if got := unquote(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	for want, r := range map[string]Release{"debian:12": {ID: "debian", VersionID: "12"}, "arch": {ID: "arch"}, "": {VersionID: "12"}} {
		if r.Word() != want {
			t.Errorf("%+v: %s", r, r.Word())
		}
	}
	s := System{root: newTree(fstest.MapFS{"usr/lib/os-release": {Data: []byte("ID=Fedora\nVERSION_ID=41\n")}}, defaultLimits())}
	if s.readRelease(); s.Release != (Release{ID: "fedora", VersionID: "41", Path: "/usr/lib/os-release"}) {
		t.Errorf("%+v", s.Release)
	}
}

// TestSearchEnds: a search reads no further than it has to, and not at all behind its
// limit.
func TestSearchEnds(t *testing.T) {
	tree := newTree(fstest.MapFS{"a": {Data: make([]byte, 3*window)}}, defaultLimits())
	for enough, want := range map[int]int{1: 1, 2: 2, 9: 4} {
		calls, bytes := 0, 0
		tree.search("a", func(part []byte) bool { calls++; bytes += len(part); return calls == enough })
		if calls != want || want == 4 && bytes != 3*window+3*overlap {
			t.Errorf("%d calls, %d bytes, want %d", calls, bytes, want)
		}
	}
	tree.searched = maxSearch - 3*window
	calls := 0
	tree.search("a", func([]byte) bool { calls++; return true })
	tree.search("a", func([]byte) bool { calls++; return true })
	if calls != 1 || len(tree.warnings) != 1 || tree.warnings[0] != (Warning{CodeLimit, "/", "leads to more than 4294967296 bytes of programs to look at; the others are skipped"}) {
		t.Errorf("%d calls, %v", calls, tree.warnings)
	}
}

// TestDirClose: the system of a directory is closed with it, and an error names the
// directory.
func TestDirClose(t *testing.T) {
	dir := t.TempDir()
	if _, err := Dir(dir, Options{}); !errors.Is(err, ErrNoSystem) || !strings.HasPrefix(err.Error(), dir+": ") {
		t.Errorf("an empty directory: %v", err)
	}
	if _, err := Dir(filepath.Join(dir, "none"), Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no directory: %v", err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "bin/sh"), root(t, glibcBase)["bin/sh"].Data, 0o755); err != nil {
		t.Fatal(err)
	}
	s, err := Dir(dir, Options{})
	if err != nil || s.Machine != "x86_64" {
		t.Fatal(s, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, _, err := s.Tree().Resolve("bin/other"); !errors.Is(err, os.ErrClosed) {
		t.Errorf("after it was closed: %v", err)
	}
	s, err = Root(root(t, glibcBase), Options{})
	if err != nil || s.Close() != nil {
		t.Errorf("%v", err)
	}
}

// TestDefaultDecides: the machine of a root is that of the Python that python3 starts,
// by whatever name that was read, and else that of its shell.
func TestDefaultDecides(t *testing.T) {
	files := with(with(glibcBase, python311[:4]...), "bin/sh", "elf:exe-armv7l-dynamic", "usr/lib/python3.11/os.py", "#")
	for interpreter, c := range map[string]struct {
		files         map[string]string
		machine, path string
	}{
		"":                     {files, "x86_64", "/usr/bin/python3.11"},
		"/usr/bin/python3.11":  {files, "x86_64", "/usr/bin/python3.11"},
		"//usr/bin/python3.11": {with(files, "usr/bin/python3", ""), "armv7l", "/usr/bin/python3.11"},
	} {
		s, err := Root(root(t, c.files), Options{Interpreter: interpreter})
		if err != nil || s.Machine != c.machine || s.Default() == nil || s.Default().Path != c.path || s.Pythons[0].Names[0] == "" {
			t.Errorf("%q: %+v, %v", interpreter, s, err)
		}
	}
	two := with(files, "usr/bin/python3", "", "usr/bin/python3.12", "elf:exe-x86_64-dynamic", "opt/a/bin/python3.9", "elf:exe-x86_64-dynamic")
	for _, path := range []string{"", "/opt/a/bin"} {
		if s, err := Root(root(t, two), Options{Path: path}); err != nil || s.Default() != nil || s.Machine != "armv7l" {
			t.Errorf("%q: %v", path, s.Default())
		}
	}
	s, err := Root(root(t, with(two, "opt/a/bin/python", "-> python3.9")), Options{Path: "/opt/a/bin:/usr/bin"})
	if err != nil || s.Default() == nil || s.Default().Version != "3.9" || s.Machine != "x86_64" {
		t.Errorf("%+v, %v", s.Default(), err)
	}
}
