package audit

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// collect runs a check and gives the rules and messages of what it reports.
func collect(check func(reporter)) []string {
	var list []string
	check(func(rule string, f finding.Finding) { list = append(list, rule+" "+f.File+" "+f.Message) })
	return list
}

// TestContents: sizes, copies and paths, and what is just within the limits.
func TestContents(t *testing.T) {
	const anywhere, linux = "demo-1.0-py3-none-any.whl", "demo-1.0-py3-none-manylinux_2_17_x86_64.whl"
	long := strings.Repeat("d/", 87)
	text := strings.Repeat("x", trivialSize+1)
	path := func(n int) string { return "demo/" + long[:2*((n-9)/2)] + strings.Repeat("m", (n-9)%2+1) + ".py" }
	if len(path(180)) != 180 || len(path(181)) != 181 {
		t.Fatal(len(path(180)), len(path(181)))
	}
	for _, c := range []struct {
		what, filename string
		files          map[string]string
		want           string
	}{
		{"two equal files", anywhere, map[string]string{"demo/a.txt": text, "demo/b.txt": text}, "WT481 note demo/b.txt has the same content as demo/a.txt"},
		{"five equal files, two and three", anywhere, map[string]string{"demo/a.txt": text, "demo/b.txt": text, "demo/c.txt": text + "y", "demo/d.txt": text + "y", "demo/e.txt": text}, "WT481 note demo/b.txt has the same content as demo/a.txt (and 2 more like this)"},
		{"equal files of no weight", anywhere, map[string]string{"demo/a.txt": text[1:], "demo/b.txt": text[1:], "demo/c.txt": "", "demo/d.txt": ""}, ""},
		{"files of one size", anywhere, map[string]string{"demo/a.txt": text, "demo/b.txt": "y" + text[1:]}, ""},

		{"a file of Git", anywhere, map[string]string{"demo/.gitignore": "x"}, "WT494 note demo/.gitignore belongs to a source tree"},
		{"a directory of Git", anywhere, map[string]string{"demo/.git/a/config": "x"}, "WT494 note demo/.git/a/config belongs to a source tree"},
		{"nearly a directory of Git", anywhere, map[string]string{"demo/git/config": "x", "demo/.gitx/.git": "x", "demo/x.git/gitignore": "x"}, ""},

		{"a long path", anywhere, map[string]string{path(181): "x"}, "WT495 warning " + path(181) + " has a path of 181 characters; more than 180 may not fit on Windows"},
		{"a path as long as may be", anywhere, map[string]string{path(180): "x", "demo-1.0.data/platlib/" + path(180)[:176] + "n.py": "x"}, ""},
		{"a long path on Linux", linux, map[string]string{path(181): "x"}, ""},
		{"a long name", linux, map[string]string{"demo/" + strings.Repeat("x", 256): "x"}, "WT496 error demo/" + strings.Repeat("x", 256) + " has a name of 256 bytes; file systems allow 255"},
		{"a name as long as may be", linux, map[string]string{"demo/" + strings.Repeat("x", 255): "x"}, ""},
		{"a space", anywhere, map[string]string{"demo/a b.txt": "x"}, "WT497 note demo/a b.txt has a space in its path"},
		{"other characters", anywhere, map[string]string{"demo/\u00e9.txt": "x"}, "WT497 note demo/\u00e9.txt has characters outside ASCII in its path"},
		{"plain characters", anywhere, map[string]string{"demo/a-b_c.1+2~@.txt": "x"}, ""},
	} {
		if got := layoutFindings(t, c.filename, c.files); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.what, got, c.want)
		}
	}
}

// TestWindowsPaths: a wheel that Windows may install by its name.
func TestWindowsPaths(t *testing.T) {
	path := "demo/" + strings.Repeat("d/", 90) + "m.py"
	for _, platform := range []string{"win_amd64", "any", "manylinux_2_17_x86_64.win32"} {
		if got := layoutFindings(t, "demo-1.0-py3-none-"+platform+".whl", map[string]string{path: "x"}); !strings.Contains(got, "WT495") {
			t.Errorf("%s: %s", platform, got)
		}
	}
}

// TestDataLibrary: files below *.data that are installed where those at the top are.
func TestDataLibrary(t *testing.T) {
	for _, c := range []struct{ root, file, want string }{
		{"true", "purelib/demo/a.py", "WT490 warning demo-1.0.data/purelib/demo/a.py is below purelib, and by Root-Is-Purelib the files at the top are installed there too"},
		{"False", "platlib/demo/a.py", "WT490 warning demo-1.0.data/platlib/demo/a.py is below platlib, and by Root-Is-Purelib the files at the top are installed there too"},
		{"true", "platlib/demo/a.py", ""}, {"false", "purelib/demo/a.py", ""}, {"true", "data/purelib/a.py", ""}, {"maybe", "platlib/demo/a.py", ""},
	} {
		got := layoutFindings(t, "demo-1.0-py3-none-any.whl", map[string]string{
			"demo-1.0.data/" + c.file:  "x",
			"demo-1.0.dist-info/WHEEL": strings.Replace(demoWheel, "Purelib: true", "Purelib: "+c.root, 1),
		})
		if got != c.want {
			t.Errorf("%s, %s: %s", c.root, c.file, got)
		}
	}
}

// TestLargeWheel: each of the limits by itself.
func TestLargeWheel(t *testing.T) {
	sized := func(count int, packed, size uint32) archive {
		var a archive
		for i := range count {
			e := plainEntry(fmt.Sprintf("demo/f%d", i), "", false)
			e.both(func(h *header) { h.packed, h.size = packed, size })
			a.entries = append(a.entries, e)
		}
		return a
	}
	for _, c := range []struct {
		archive archive
		want    string
	}{
		{sized(manyFiles, 0, 0), ""}, {sized(manyFiles+1, 0, 0), "large-wheel  has 2001 files"},
		{sized(50, 1<<20, 1<<20), ""}, {sized(50, 1<<20, 3<<19), ""}, {sized(51, 1<<20, 1<<20), "large-wheel  has 51 MiB to download"}, {sized(50, 1<<20, 3<<19+1), "large-wheel  has 75 MiB to unpack"},
		{sized(2001, 1<<20, 2<<20), "large-wheel  has 2001 files, 2001 MiB to download, 4002 MiB to unpack"},
	} {
		data := c.archive.bytes()
		s := &Subject{archiveOf: openArchive(t, data)}
		if got := strings.Join(collect(func(r reporter) { checkSize(s, r) }), "\n"); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}
