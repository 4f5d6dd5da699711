package audit

import (
	"bytes"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/internal/elftest"
)

// TestComparedFacts: which changes of a wheel change which of the facts that are compared.
func TestComparedFacts(t *testing.T) {
	const lib = "demo.libs/libown-0123abcd.so.1"
	base := map[string][]byte{
		"demo/__init__.py": []byte("x = 1\n"), "demo/m.cpython-311-x86_64-linux-gnu.so": needing("libown-0123abcd.so.1"),
		lib:                           elftest.Spec{Soname: "libown-0123abcd.so.1", Exported: []string{"b", "a", "b"}}.Bytes(),
		"demo-1.0.dist-info/METADATA": metadataOf("demo", "extra fast", "a>=1", "b ; extra == 'fast'"),
	}
	facts := func(o Options, changes map[string][]byte) *Contents {
		files := maps.Clone(base)
		for name, content := range changes {
			if content == nil {
				delete(files, name)
			} else {
				files[name] = content
			}
		}
		w := wheelOf(t, files)
		r, err := New(o).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), "demo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl")
		if err != nil {
			t.Fatal(err)
		}
		if r.Contents.Size != int64(len(w)) {
			t.Errorf("size %d, want %d", r.Contents.Size, len(w))
		}
		r.Contents.Size = 0
		return r.Contents
	}
	want := facts(Options{}, nil)
	if len(want.Libraries) != 1 || want.Libraries[0].Name != "libown.so.1" || want.Libraries[0].Path != lib || want.Libraries[0].Machine != "x86_64" || want.Libraries[0].Exports != nil {
		t.Errorf("%+v", want.Libraries)
	}
	if got := facts(Options{Exports: true}, nil).Libraries[0].Exports; cmp.Diff([]string{"a", "b"}, got) != "" {
		t.Errorf("exports %q", got)
	}
	for _, c := range []struct {
		what                     string
		changes                  map[string][]byte
		requirements, code, libs bool // are others
	}{
		{"nothing", nil, false, false, false},
		{"requirements in another order and form", map[string][]byte{"demo-1.0.dist-info/METADATA": metadataOf("demo", "extra Fast", "B; extra=='fast'", "a >= 1")}, false, false, false},
		{"another requirement", map[string][]byte{"demo-1.0.dist-info/METADATA": metadataOf("demo", "extra fast", "a>=2", "b ; extra == 'fast'")}, true, false, false},
		{"an extra", map[string][]byte{"demo-1.0.dist-info/METADATA": metadataOf("demo", "extra fast", "extra slow", "a>=1", "b ; extra == 'fast'")}, true, false, false},
		{"a description", map[string][]byte{"demo-1.0.dist-info/METADATA": append(metadataOf("demo", "extra fast", "a>=1", "b ; extra == 'fast'"), "text"...)}, false, false, false},
		{"Python code", map[string][]byte{"demo/__init__.py": []byte("x = 2\n")}, false, true, false},
		{"another Python file", map[string][]byte{"demo/b.py": []byte("\n")}, false, true, false},
		{"another text", map[string][]byte{"demo/b.txt": []byte("\n")}, false, false, false},
		{"a library", map[string][]byte{lib: elftest.Spec{Soname: "libown-0123abcd.so.1"}.Bytes()}, false, false, true},
		{"no library", map[string][]byte{lib: nil}, false, false, true},
	} {
		got := facts(Options{}, c.changes)
		if (got.Requirements != want.Requirements) != c.requirements || (got.Code != want.Code) != c.code || (cmp.Diff(got.Libraries, want.Libraries) != "") != c.libs {
			t.Errorf("%s: %s", c.what, cmp.Diff(want, got))
		}
	}
	if strings.Contains(want.Requirements, want.Code) {
		t.Error("one digest is the other")
	}
}
