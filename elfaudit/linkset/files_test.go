package linkset_test

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/elftest"
)

// read makes a file of a set from what an ELF file has.
func read(t *testing.T, path string, s elftest.Spec) *linkset.File {
	t.Helper()
	data := s.Bytes()
	f, err := elfaudit.Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return linkset.NewFile(path, f, nil)
}

// TestNewFile: what is not an ELF file is no file of a set, and one that cannot be read
// keeps its error.
func TestNewFile(t *testing.T) {
	if f := linkset.NewFile("a.so", nil, fmt.Errorf("a.so: %w", elfaudit.ErrNotELF)); f != nil {
		t.Errorf("%+v", f)
	}
	bad := errors.New("cut off")
	f := linkset.NewFile("a.so", nil, bad)
	if f == nil || f.Err != bad || f.Path != "a.so" || f.ELF != nil || f.Loads() || f.Footprint() != 0 {
		t.Errorf("%+v", f)
	}
	var none *linkset.File
	if none.Footprint() != 0 {
		t.Error("no file has a footprint")
	}
	for path, want := range map[string]string{
		"m.cpython-311-x86_64-linux-musl.so": "musl the name of the module", "d/m.cpython-312-x86_64-linux-gnu.so": "glibc the name of the module", "m.cpython-313td-x86_64-linux-gnu.so": "glibc the name of the module",
		"m.cpython-310-x86_64-linux-musl.so": "none", "m.cpython-311-darwin.so": "none", "m.cpython-311.so": "none", "m.cpython-3x-x86_64-linux-gnu.so": "none", "m.cpython-399999999999999999999-x86_64-linux-gnu.so": "none", "m.abi3.so": "none", "m.cpython-311-x86_64-linux-gnu.so.1": "none", "m.pypy310-pp73-x86_64-linux-gnu.so": "none",
	} {
		f := read(t, path, elftest.Spec{})
		if got := strings.TrimSpace(fmt.Sprint(f.Libc, " ", f.Evidence)); !strings.HasPrefix(got, want) || f.Machine != "x86_64" || !f.Loads() || f.IsProgram() {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if f := read(t, "m.cpython-311-x86_64-linux-musl.so", elftest.Spec{Needed: []string{"libc.so.6"}}); f.Libc != elfaudit.LibcGlibc || f.Evidence != "needs libc.so.6" {
		t.Errorf("%v, %s", f.Libc, f.Evidence)
	}
}

// TestNeeds: each name counts once, whether a file has few or many.
func TestNeeds(t *testing.T) {
	for _, n := range []int{1, 16, 17, 40} {
		var names []string
		for i := range n {
			names = append(names, fmt.Sprint("lib", i), "lib0")
		}
		f := read(t, "a.so", elftest.Spec{Needed: names})
		if len(f.Needed) != n || !f.Needs("lib0") || !f.Needs(fmt.Sprint("lib", n-1)) || f.Needs("libx") || f.Needed[0] != "lib0" || f.Footprint() < f.ELF.Footprint() {
			t.Errorf("%d names: %q", n, f.Needed)
		}
	}
}

// TestKinds: run paths, programs, modules, and which files share a process.
func TestKinds(t *testing.T) {
	both := read(t, "a.so", elftest.Spec{RPath: "/a:/b", RunPath: "/c"})
	old := read(t, "a.so", elftest.Spec{RPath: "/a:/b"})
	if strings.Join(both.RunPaths(), " ") != "/c" || strings.Join(old.RunPaths(), " ") != "/a /b" || read(t, "a.so", elftest.Spec{}).RunPaths() != nil {
		t.Errorf("%q, %q", both.RunPaths(), old.RunPaths())
	}
	if program := read(t, "a", elftest.Spec{Loader: "/lib64/ld-linux-x86-64.so.2"}); !program.IsProgram() || !program.Loads() {
		t.Errorf("%+v", program)
	}
	module := elftest.Spec{Exported: []string{"PyInit_m"}}
	for path, want := range map[string]bool{"d/m.abi3.so": true, "m.so": true, "n.so": false, "m/x.so": false} {
		if read(t, path, module).IsModule() != want {
			t.Errorf("%s is a module: %v", path, !want)
		}
	}
	for path, want := range map[string]bool{
		"d/m.abi3.so": true, "m.abi3t.so": true, "m.cpython-311-x86_64-linux-gnu.so": true, "m.pypy310-pp73.so": true, "m.graalpy242-311-native.so": true,
		"m.so": false, "m.abi4.so": false, "m.cpython-311.so.1": false, "m.cpython-x.so": false, "m.cpython-311/x.so": false,
	} {
		if linkset.HasModuleName(path) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
	for _, c := range []struct {
		code, machine string
		runs, share   bool
	}{{"x86_64", "x86_64", true, true}, {"x86_64", "i686", false, false}, {"armv6l", "armv7l", true, true}, {"armv7l", "armv6l", false, true}, {"", "", false, false}, {"i686", "armv7l", false, false}, {"armv6l", "i686", false, false}} {
		a, b := &linkset.File{Machine: c.code}, &linkset.File{Machine: c.machine}
		if linkset.RunsOn(c.code, c.machine) != c.runs || linkset.Share(a, b) != c.share {
			t.Errorf("%s on %s: runs %v, shares %v", c.code, c.machine, !c.runs, !c.share)
		}
	}
}

// TestSet: what the libraries of a set are called, define and are taken from.
func TestSet(t *testing.T) {
	lib := read(t, "p.libs/libfile.so", elftest.Spec{Soname: "libname.so.1", Exported: []string{"f@V1", "g@V2"}, Defines: []string{"libname.so.1", "V1", "V2"}, Needed: []string{"libplain.so"}})
	plain := read(t, "p.libs/libplain.so", elftest.Spec{Exported: []string{"h"}, Soname: "libplain.so"})
	arm := read(t, "p.libs/libarm.so", elftest.Spec{Machine: elf.EM_AARCH64, Exported: []string{"i"}})
	module := read(t, "m.so", elftest.Spec{Needed: []string{"libname.so.1", "libarm.so", "libc.so.6"}, Undefined: []string{"f@V1", "puts@GLIBC_2.2.5", "read@GLIBC_2.2.5", "free"}, Needs: []elftest.Need{{Library: "libname.so.1", Versions: []string{"V1"}}, {Library: "libc.so.6", Versions: []string{"GLIBC_2.2.5"}}}})
	program := read(t, "bin/p", elftest.Spec{Loader: "/lib64/ld-linux-x86-64.so.2", Needed: []string{"libgone.so", "libname.so.1"}})
	broken := linkset.NewFile("x.so", nil, errors.New("cut off"))
	object := &linkset.File{Path: "o.o", ELF: &elfaudit.File{Kind: elfaudit.KindRelocatable}, Machine: "x86_64"}
	other := &linkset.File{Path: "sparc.so", ELF: &elfaudit.File{Kind: elfaudit.KindSharedObject}}
	twin := read(t, "q.libs/libtwin.so", elftest.Spec{Soname: "libplain.so", Exported: []string{"j"}})
	s := linkset.New([]*linkset.File{broken, object, other, lib, plain, arm, module, program, twin})
	for name, want := range map[string]string{
		"libfile.so": "p.libs/libfile.so", "libname.so.1": "p.libs/libfile.so", "libplain.so": "p.libs/libplain.so", "$ORIGIN/../x/libfile.so": "p.libs/libfile.so", "libarm.so": "", "o.o": "", "libc.so.6": "", "x.so": "", "x/libfile.so": "", "sparc.so": "",
	} {
		got := ""
		l := s.Library("x86_64", name)
		if l != nil {
			got = l.Files[0].Path
		}
		if got != want || s.Provides(module, name) != (want != "") || l != nil && len(l.Files) != map[bool]int{true: 2, false: 1}[name == "libplain.so"] {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	l, p := s.Library("x86_64", "libname.so.1"), s.Library("x86_64", "libplain.so")
	if !l.Defines("V2") || !l.Versioned() || l.Defines("V3") || p.Versioned() || p.Defines("V1") || !l.Exports("g") || l.Exports("h") || !p.Exports("h") || !p.Exports("j") || s.Library("", "sparc.so") != nil {
		t.Error("versions and symbols of the libraries")
	}
	for symbol, want := range map[string][2]bool{"f": {true, true}, "h": {false, true}, "i": {false, true}, "puts": {false, false}} {
		if s.Links(module, symbol) != want[0] || s.Exports(symbol) != want[1] {
			t.Errorf("%s: linked %v, exported %v", symbol, s.Links(module, symbol), s.Exports(symbol))
		}
	}
	for bound, want := range map[linkset.Bound]string{{Library: "libc.so.6", Version: "GLIBC_2.2.5"}: "puts read", {Library: "libname.so.1", Version: "V1"}: "f", {Library: "libname.so.1", Version: "V2"}: "", {}: ""} {
		for range 2 {
			if got := strings.Join(s.SymbolsOf(module, bound.Library, bound.Version), " "); got != want {
				t.Errorf("%v: %q, want %q", bound, got, want)
			}
		}
	}
	for f, want := range map[*linkset.File]bool{lib: true, plain: true, twin: true, arm: false, module: false, other: false} {
		if s.IsNeeded(f) != want {
			t.Errorf("%s is needed: %v", f.Path, !want)
		}
	}
	for f, want := range map[*linkset.File]bool{program: true, lib: true, plain: true, module: false, arm: false} {
		if s.InProgram(f) != want {
			t.Errorf("%s in a program: %v", f.Path, !want)
		}
	}
}
