package audit

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/tags/detect"
	"github.com/wheeltag/wheeltag/wheel"
)

// TestLoadsIn asks about wheels in small roots made of fixtures.
func TestLoadsIn(t *testing.T) {
	fixture := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(fixtures, "elf", name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	file := func(name string) *fstest.MapFile { return &fstest.MapFile{Data: fixture(name), Mode: 0o755} }
	libc := file("ext-x86_64-gnu2.17.so")
	libc.Data = append(libc.Data, "GNU C Library (X) stable release version 2.36.\n"...)
	root := fstest.MapFS{
		"lib64/ld-linux-x86-64.so.2": file("ext-x86_64-gnu2.17.so"),
		"lib/libc.so.6":              libc,
		"usr/bin/python3.11":         file("exe-x86_64-dynamic"),
		"usr/lib/python3.11/os.py":   {Data: []byte("#")},
	}
	plus := func(more map[string]string) fstest.MapFS {
		m := fstest.MapFS{}
		for name, f := range root {
			m[name] = f
		}
		for name, f := range more {
			m[name] = file(f)
		}
		return m
	}
	one := func(fixture string) map[string]string { return map[string]string{"demo.so": fixture} }
	needy := one("bundle-x86_64-nopath.so")
	versions := one("bundle-x86_64-versions.so")
	for _, c := range []struct {
		name  string
		root  fstest.MapFS
		files map[string]string
		want  string
	}{
		{"a library that is not there", root, needy, "no: libbundled-abc123.so.1"},
		{"a library that is there", plus(map[string]string{"usr/lib/libbundled-abc123.so.1": "libbundled-abc123.so.1"}), needy, "symbols"},
		{"a library for another machine", plus(map[string]string{"usr/lib/libbundled-abc123.so.1": "libbundled-aarch64.so.1"}), needy, "no: libbundled-abc123.so.1"},
		{"its versions", plus(map[string]string{"usr/lib/libdemoxx-abc123.so.6": "libdemoxx-abc123.so.6"}), versions, "symbols"},
		{"an older one", plus(map[string]string{"usr/lib/libdemoxx-abc123.so.6": "libdemoxx-older.so.6"}), versions, "no: GLIBCXX_3.4.99 in libdemoxx-abc123.so.6"},
		{"a library that needs another", plus(map[string]string{"usr/lib/libbundled-abc123.so.1": "lib-x86_64-foo.so"}), needy,
			"no: libfoo.so.1, which /usr/lib/libbundled-abc123.so.1 needs"},
		{"a wheel for another machine", root, one("ext-aarch64-gnu2.17.so"), "no: a machine that runs aarch64"},
		{"a wheel for musl", root, one("musl-x86_64-alpine.so"), "no: musl"},
		{"a static program", root, map[string]string{"demo-1.0.data/scripts/demo": "exe-x86_64-static"}, "yes"},
		{"a level of the processor", root, one("isa-x86_64-v3.so"), "untold"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := detect.Root(c.root, detect.Options{})
			if err != nil {
				t.Fatal(err)
			}
			w := pack(t, c.files)
			archive, err := wheel.Open(bytes.NewReader(w), int64(len(w)))
			if err != nil {
				t.Fatal(err)
			}
			subject, err := New(Options{}).subject(t.Context(), archive, int64(len(w)), "demo-1.0-cp311-cp311-linux_x86_64.whl")
			if err != nil {
				t.Fatal(err)
			}
			a := subject.LoadsIn(subject.Report(), s, s.Default())
			got := string(a.Loads)
			// The small C library has none of the symbols, so that files
			// which need no more than those come this far.
			symbols := len(a.Missing) > 0 && strings.HasPrefix(a.Missing[0], "the symbol ")
			switch {
			case symbols && len(a.NoData) > 0:
				got = "untold"
			case symbols:
				got = "symbols"
			case a.Loads == loads.No:
				got += ": " + strings.Join(a.Missing, "; ")
			}
			if got != c.want {
				t.Errorf("got %s, want %s: %+v", got, c.want, a)
			}
		})
	}
}
