package index

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestWalk: a walk visits the files in order and directories that cannot be read, and
// ends where a visit says so, also in a directory below.
func TestWalk(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a", "b/c", "b/d", "e", "skipped/x"} {
		putRaw(t, dir, name, nil)
	}
	skip := func(path string) bool { return filepath.Base(path) == "skipped" }
	for last, want := range map[string]string{"": "a b/c b/d e", "a": "a", "b/c": "a b/c", "e": "a b/c b/d e"} {
		var got []string
		whole := walk(dir, skip, func(path string, d fs.DirEntry, err error) bool {
			name, _ := filepath.Rel(dir, path)
			got = append(got, filepath.ToSlash(name))
			return name != filepath.FromSlash(last)
		})
		if strings.Join(got, " ") != want || whole != (last == "") {
			t.Errorf("to %q: %q, %v", last, got, whole)
		}
	}
	for _, on := range []bool{false, true} {
		visits := 0
		whole := walk(filepath.Join(dir, "none"), nil, func(path string, d fs.DirEntry, err error) bool {
			if visits++; !errors.Is(err, fs.ErrNotExist) || d != nil || filepath.Base(path) != "none" {
				t.Errorf("%s, %v, %v", path, d, err)
			}
			return on
		})
		if visits != 1 || whole != on {
			t.Errorf("a directory that is not there: %d visits, %v", visits, whole)
		}
	}
}

// TestDirVariants: the files of variants below a directory, with why one cannot be read,
// and no others.
func TestDirVariants(t *testing.T) {
	dir := t.TempDir()
	whole := `{"$schema": "https://variants-schema.wheelnext.dev/peps/825/v0.1.1.json", "default-priorities": {"namespace": ["x86_64"]}, "variants": {"v3": {"x86_64": {"level": ["v3"]}}}}`
	putRaw(t, dir, "demo-1.0-variants.json", []byte(whole))
	putRaw(t, dir, "demo-variants.json", []byte(whole))
	putRaw(t, dir, "sub/demo-2.0-variants.json", []byte("{"))
	putRaw(t, dir, "sub/demo-3.0-variants.txt", []byte(whole))
	putRaw(t, dir, "sub/demo-4.0-variants.json", []byte(whole))
	var got []string
	for f := range ReadDirVariants(dir) {
		if (f.Metadata == nil) != (f.Err != nil) {
			t.Errorf("%s: %v, %v", f.Path, f.Metadata, f.Err)
		}
		name, _ := filepath.Rel(dir, f.Path)
		got = append(got, filepath.ToSlash(name)+" "+f.Version.String())
		if f.Err != nil {
			got[len(got)-1] += " " + f.Err.Error()
		}
	}
	if want := []string{"demo-1.0-variants.json 1.0", "sub/demo-2.0-variants.json 2.0 unexpected EOF", "sub/demo-4.0-variants.json 4.0"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for range ReadDirVariants(dir) {
		if got = append(got, ""); len(got) > 4 {
			t.Error("goes on behind the last one that was wanted")
		}
		break
	}
	for name, want := range map[string]error{"none": fs.ErrNotExist, "sub": errNotRegular} {
		if m, err := ReadVariants(filepath.Join(dir, name)); !errors.Is(err, want) || m != nil {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
}

// TestStoppable: reads end when the context does, with its error and no bytes.
func TestStoppable(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := strings.NewReader("text")
	b := make([]byte, 2)
	if n, err := (&stoppable{ctx, r}).Read(b); n != 2 || err != nil || string(b) != "te" {
		t.Errorf("%d, %v, %q", n, err, b)
	}
	if n, err := (&stoppableAt{ctx, r}).ReadAt(b, 1); n != 2 || err != nil || string(b) != "ex" {
		t.Errorf("%d, %v, %q", n, err, b)
	}
	cancel()
	if n, err := (&stoppable{ctx, r}).Read(b); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d, %v", n, err)
	}
	if n, err := (&stoppableAt{ctx, r}).ReadAt(b, 1); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d, %v", n, err)
	}
}

// TestYankedSize: a reason is read from a small file; a large one withdraws as well.
func TestYankedSize(t *testing.T) {
	dir := t.TempDir()
	path := putWheel(t, dir, "demo-1.0-py3-none-any.whl")
	for size, want := range map[int]string{4096: "x", 4097: ""} {
		putRaw(t, dir, "demo-1.0-py3-none-any.whl.yanked", []byte("x"+strings.Repeat("\n", size-1)))
		i := &Item{File: File{Path: path}}
		if i.readYanked(); !i.Yanked || i.YankedReason != want {
			t.Errorf("%d bytes: %v, %q", size, i.Yanked, i.YankedReason)
		}
	}
}

// TestRequiresPython: the field of a file, nothing where there is no metadata, and an
// error where it cannot be read.
func TestRequiresPython(t *testing.T) {
	dir := t.TempDir()
	sdist := sdistBytes(t, "demo-1.0.tar.gz", nil, "Requires-Python: >=3.9")
	for name, c := range map[string]struct {
		data        []byte
		want, error string
	}{
		"demo-1.0.tar.gz":           {sdist, ">=3.9", ""},
		"cut-1.0.tar.gz":            {sdist[:len(sdist)/2], "", "not a source distribution: unexpected EOF"},
		"demo-1.0.tar.xz":           {[]byte("x"), "", ""},
		"bare-1.0.zip":              {zipBytes(t, nil), "", ""},
		"demo-1.0-py3-none-any.whl": {wheelBytes(t, "demo-1.0-py3-none-any.whl", "Requires-Python: >=3.8"), ">=3.8", ""},
		"cut-1.0-py3-none-any.whl":  {[]byte("PK"), "", "not a zip archive, or one that was cut short"},
		"bare-1.0-py3-none-any.whl": {zipBytes(t, map[string]string{"x": ""}), "", "no .dist-info directory"},
	} {
		read := requiresPythonOfSdist
		if strings.HasSuffix(name, ".whl") {
			read = requiresPython
		}
		got, err := read(putRaw(t, dir, name, c.data))
		text := ""
		if err != nil {
			text = err.Error()
		}
		if got != c.want || c.error == "" && err != nil || !strings.Contains(text, c.error) {
			t.Errorf("%s: %q, %v; want %q, %s", name, got, err, c.want, c.error)
		}
		if got, err := read(filepath.Join(dir, "none")); got != "" || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q, %v", got, err)
		}
	}
}

// TestManifestFacts: facts of an earlier run count where they are complete.
func TestManifestFacts(t *testing.T) {
	sum := strings.Repeat("0a", 32)
	m := &manifest{Schema: manifestSchema, SuggestNameBy: "wheeltag 1", Files: []manifestEntry{
		{"a-1-py3-none-any.whl", "", facts{SHA256: sum, Metadata: sum}},
		{"b-1-py3-none-any.whl", "", facts{SHA256: sum}},
		{"c-1.tar.gz", "", facts{SHA256: sum, Project: "c"}},
		{"d-1.tar.gz", "", facts{SHA256: sum}},
		{"e-1-py3-none-Linux_x86_64.whl", "", facts{SHA256: sum, Metadata: sum}},
		{"f-1-py3-none-any.linux_x86_64.whl", "", facts{SHA256: sum, Metadata: sum}},
		{"g-1-py3-none-any-v3.whl", "", facts{SHA256: sum, Metadata: sum}},
		{"h-1-py3-none-any-v3.whl", "", facts{SHA256: sum, Metadata: sum, Variant: "{}"}},
		{"i-1-py3-none-any-v3.whl", "", facts{SHA256: sum, Metadata: sum, VariantError: "x"}},
		{"j-1-py3-none-any.whl", "", facts{SHA256: sum + "0", Metadata: sum}},
	}}
	for helper, want := range map[string]string{"wheeltag 1": "a c e f h i", "wheeltag 2": "a c h i"} {
		var got []string
		for name := range m.facts(helper) {
			got = append(got, name[:1])
		}
		if slices.Sort(got); strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %s", helper, got, want)
		}
	}
}

// TestCollectProblems: what is wrong with a directory itself.
func TestCollectProblems(t *testing.T) {
	dir := t.TempDir()
	file := putRaw(t, dir, "x", nil)
	if err := os.Mkdir(filepath.Join(dir, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		file: file + ": not a directory; name the directory that contains it", filepath.Join(dir, "none"): "no such file",
	} {
		c := collect(t, path)
		if len(c.Problems) != 1 || c.Problems[0].Line != 0 || !strings.Contains(c.Problems[0].Error(), want) || len(c.Items) != 0 {
			t.Errorf("%s: %v", path, c.Problems)
		}
	}
	i := &Item{File: File{Path: filepath.Join(dir, "gone"), Name: "gone"}}
	if i.locate(dir); len(i.Findings) != 1 || !strings.Contains(i.Findings[0].Message, "gone") || i.near != "" {
		t.Errorf("%+v", i.Findings)
	}
	if err := servable("a-1.zip", "-"); err == nil || err.Error() != `cannot be offered: "-" is not a valid project name` {
		t.Error(err)
	}
	long := ">=3" + strings.Repeat(" ", 997)
	if got, err := cleanRequires(long); got != ">=3" || err != nil {
		t.Errorf("1000 bytes: %q, %v", got, err)
	}
	if got, err := cleanRequires(long + " "); got != "" || err == nil || err.Error() != "longer than 1000 bytes" {
		t.Errorf("1001 bytes: %q, %v", got, err)
	}
}

// TestReleaseOrder: the releases with variants are in the order of their file names,
// whatever the order of the directories.
func TestReleaseOrder(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	variantWheel(t, first, "b-1-py3-none-any-v3.whl", v3)
	variantWheel(t, second, "a-1-py3-none-any-v3.whl", v3)
	var got []string
	for _, r := range collect(t, first, second).releases {
		got = append(got, r.name)
	}
	if !slices.Equal(got, []string{"a-1-variants.json", "b-1-variants.json"}) {
		t.Errorf("%q", got)
	}
}
