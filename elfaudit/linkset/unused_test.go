package linkset_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/elftest"
)

// TestUnused: a library is unused only if nothing can depend on it.
func TestUnused(t *testing.T) {
	module := elftest.Spec{Needed: []string{"liba.so", "libc.so.6"}, Undefined: []string{"f", "puts"}}
	for _, c := range []struct {
		what   string
		module elftest.Spec
		files  map[string]elftest.Spec
		change func(*elfaudit.File) // of liba.so
		want   string
	}{
		{"nothing is used", module, map[string]elftest.Spec{"liba.so": {Exported: []string{"g"}}}, nil, "liba.so"},
		{"a symbol is", module, map[string]elftest.Spec{"liba.so": {Exported: []string{"f"}}}, nil, ""},
		{"not in the wheel", module, map[string]elftest.Spec{"libb.so": {}}, nil, ""},
		{"start files alone", module, map[string]elftest.Spec{"liba.so": {}}, func(f *elfaudit.File) { f.Init, f.InitArray = true, 1 }, "liba.so"},
		{"a constructor", module, map[string]elftest.Spec{"liba.so": {}}, func(f *elfaudit.File) { f.Init, f.InitArray = true, 2 }, ""},
		{"a constructor without start files", module, map[string]elftest.Spec{"liba.so": {}}, func(f *elfaudit.File) { f.InitArray = 1 }, ""},
		{"constructors of old compilers", module, map[string]elftest.Spec{"liba.so": {}}, func(f *elfaudit.File) { f.Init = true }, ""},
		{"a library that leads to a used one", module, map[string]elftest.Spec{"liba.so": {Needed: []string{"libb.so"}}, "libb.so": {Exported: []string{"f"}}}, nil, ""},
		{"one that the file needs too", elftest.Spec{Needed: []string{"liba.so", "libb.so"}, Undefined: []string{"f"}}, map[string]elftest.Spec{"liba.so": {Needed: []string{"libb.so"}}, "libb.so": {Exported: []string{"f"}}}, nil, "liba.so"},
		{"a library that leads out of the wheel", module, map[string]elftest.Spec{"liba.so": {Needed: []string{"libstdc++.so.6"}}}, nil, ""},
		{"where the file leads too", module, map[string]elftest.Spec{"liba.so": {Needed: []string{"libc.so.6"}}}, nil, "liba.so"},
		{"another allocator", module, map[string]elftest.Spec{"liba.so": {Exported: []string{"malloc"}}}, nil, ""},
		{"no symbols", module, map[string]elftest.Spec{"liba.so": {}}, func(f *elfaudit.File) { f.SymbolsFrom = elfaudit.SymbolsNone }, ""},
	} {
		var files []*linkset.File
		read := func(name string, s elftest.Spec) *linkset.File {
			data := s.Bytes()
			f, err := elfaudit.Read(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				t.Fatal(err)
			}
			if name == "liba.so" && c.change != nil {
				c.change(f)
			}
			one := linkset.NewFile(name, f, nil)
			files = append(files, one)
			return one
		}
		m := read("m.so", c.module)
		for name, s := range c.files {
			read(name, s)
		}
		if got := strings.Join(linkset.New(files).Unused(m), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// TestUnusedReal compares with "ldd -u", which does not look at constructors.
func TestUnusedReal(t *testing.T) {
	cc, err := exec.LookPath("gcc")
	if err != nil || runtime.GOOS != "linux" || testing.Short() {
		t.Skip("no gcc for Linux, or -short")
	}
	dir := t.TempDir()
	sources := map[string]string{
		"a": "int a(void) { return 1; }", "b": "int b(void) { return 2; }",
		"ctor": "int ran; __attribute__((constructor)) static void run(void) { ran = 1; }",
		"m":    "int a(void); int f(void) { return a(); }",
	}
	compile := func(name string, libraries ...string) *linkset.File {
		source, out := filepath.Join(dir, name+".c"), filepath.Join(dir, "lib"+name+".so")
		if err := os.WriteFile(source, []byte(sources[name]), 0o644); err != nil {
			t.Fatal(err)
		}
		args := append([]string{"-shared", "-fPIC", "-o", out, source, "-L" + dir, "-Wl,-rpath,$ORIGIN", "-Wl,--no-as-needed"}, libraries...)
		if text, err := exec.Command(cc, args...).CombinedOutput(); err != nil {
			t.Skipf("%v: %s", err, text)
		}
		f, err := elfaudit.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		return linkset.NewFile("lib"+name+".so", f, nil)
	}
	files := []*linkset.File{compile("a"), compile("b"), compile("ctor"), compile("m", "-la", "-lb", "-lctor")}
	ours := linkset.New(files).Unused(files[3])
	out, _ := exec.Command("ldd", "-u", filepath.Join(dir, "libm.so")).Output() // its status says that there are some
	var theirs []string
	for line := range strings.Lines(string(out)) {
		if name := strings.TrimSpace(line); strings.HasPrefix(name, dir) {
			theirs = append(theirs, filepath.Base(name))
		}
	}
	if !slices.Equal(ours, []string{"libb.so"}) || !slices.Equal(theirs, []string{"libb.so", "libctor.so"}) {
		t.Errorf("ours %q, ldd -u %q: %s", ours, theirs, out)
	}
}
