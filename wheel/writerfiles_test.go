package wheel_test

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/metadata"
)

var epoch = time.Date(2026, 11, 1, 12, 30, 42, 0, time.UTC)

const dir = "demo-1.0.dist-info"

// archiveOf writes a wheel of what add gives it, with METADATA and WHEEL, and opens it.
func archiveOf(t testing.TB, add func(*wheel.Writer)) *wheel.Archive {
	t.Helper()
	var b bytes.Buffer
	w := wheel.NewWriter(&b, dir, epoch)
	add(w)
	w.AddMetadata(&wheel.Metadata{MetadataVersion: "2.1", Name: "demo", Version: "1.0"})
	w.AddInfo(&wheel.Info{Generator: "test", RootIsPurelib: "true", Tags: []string{"py3-none-any"}})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	a, err := wheel.Open(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestAddFS: files of a directory with their permissions, in order; links are refused.
func TestAddFS(t *testing.T) {
	files := fstest.MapFS{
		"b.py": {Data: []byte("b"), Mode: 0o644}, "a/tool": {Data: []byte("#!"), Mode: 0o755}, "a/x.py": {Mode: 0o600},
		"empty": {Mode: fs.ModeDir | 0o755},
	}
	a := archiveOf(t, func(w *wheel.Writer) { w.AddFS(files, "demo") })
	var got []string
	for m := range a.Members() {
		if content, err := m.ReadAll(1 << 10); err != nil || !strings.HasPrefix(m.Name(), dir) && string(content) != string(files[strings.TrimPrefix(m.Name(), "demo/")].Data) {
			t.Errorf("%s: %q, %v", m.Name(), content, err)
		}
		got = append(got, m.Mode().String()+" "+m.Name())
	}
	want := []string{
		"-rwxr-xr-x demo/a/tool", "-rw------- demo/a/x.py", "-rw-r--r-- demo/b.py",
		"-rw-r--r-- " + dir + "/METADATA", "-rw-r--r-- " + dir + "/WHEEL", "-rw-r--r-- " + dir + "/RECORD",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	w := wheel.NewWriter(new(bytes.Buffer), dir, epoch)
	files["link"] = &fstest.MapFile{Data: []byte("b.py"), Mode: fs.ModeSymlink | 0o777}
	if err := w.AddFS(files, ""); err == nil || !strings.Contains(err.Error(), "link: is not a regular file") {
		t.Error(err)
	}
	if err := wheel.NewWriter(new(bytes.Buffer), dir, epoch).AddFS(fstest.MapFS{"a:": {}, "c:x": {}}, ""); err == nil {
		t.Error("a drive is written")
	}
}

// TestAddEntryPoints: what is written is read back, and what would be read as something
// else is refused.
func TestAddEntryPoints(t *testing.T) {
	groups := map[string]map[string]string{
		"gui_scripts":     {"demo-w": "demo.gui:main"},
		"console_scripts": {"demo": "demo.cli:main", "a b": "demo:x [extra]"},
		"empty":           {},
	}
	a := archiveOf(t, func(w *wheel.Writer) { w.AddEntryPoints(groups) })
	d, err := a.DistInfo()
	if err != nil {
		t.Fatal(err)
	}
	text, err := d.ReadFile("entry_points.txt")
	const want = "[console_scripts]\na b = demo:x [extra]\ndemo = demo.cli:main\n\n[empty]\n\n[gui_scripts]\ndemo-w = demo.gui:main\n"
	if err != nil || string(text) != want {
		t.Errorf("%v\n%s", err, text)
	}
	points, _ := metadata.ReadEntryPoints("entry_points.txt", text)
	for _, p := range points {
		if object := groups[p.Group][p.Name]; !strings.HasPrefix(object, p.Module+":"+p.Object) {
			t.Errorf("%+v", p)
		}
	}
	for _, bad := range []map[string]map[string]string{
		{"": {}}, {"a]": {}}, {"a\n": {}}, {"g": {"": "a:b"}}, {"g": {"a": ""}}, {"g": {"a=b": "c:d"}}, {"g": {"a": "b\n[x]"}},
		{"g": {"[x]": "a"}}, {"g": {"#x": "a"}}, {"g": {";x": "a"}}, {"g": {" x": "a"}}, {"g": {"x": "a\u2028b"}},
	} {
		if err := wheel.NewWriter(new(bytes.Buffer), dir, epoch).AddEntryPoints(bad); err == nil {
			t.Errorf("%q is written", bad)
		}
	}
}

// TestConflicts: a path is a file or a directory, not both, and none is there twice.
func TestConflicts(t *testing.T) {
	for _, c := range []struct {
		first, second, message string
	}{
		{"a", "a/b", "a/b: a is a file"},
		{"a", "a/b/c", "a/b/c: a is a file"},
		{"a/b/c", "a", "a: is a directory with other files"},
		{"a/b/c", "a/b", "a/b: is a directory with other files"},
		{"a/b", "a/b", "a/b: written twice"},
		{"a/b", "a/bc", ""},
		{"ab", "a/b", ""},
		{"a/b", "c;1", "not a name"},
		{"a/b", "c;1a", ""},
		{"a/b", strings.Repeat("x/", 2047) + "x", ""},
		{"a/b", strings.Repeat("x/", 2048) + "x", "not a name"},
	} {
		w := wheel.NewWriter(new(bytes.Buffer), dir, epoch)
		if err := w.Add(c.first, 0o644, nil); err != nil {
			t.Fatal(err)
		}
		err := w.Add(c.second, 0o644, nil)
		if (err == nil) != (c.message == "") || err != nil && !strings.Contains(err.Error(), c.message) {
			t.Errorf("%.20s, %.20s: %v; want %q", c.first, c.second, err, c.message)
		}
	}
}

// TestCopyKinds: directories are copied, modes that are missing get a usual one, and
// links are refused.
func TestCopyKinds(t *testing.T) {
	copied := func(set func(*zip.FileHeader)) (wheel.Member, error) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		h := &zip.FileHeader{Name: "x", Modified: epoch}
		set(h)
		if _, err := z.CreateHeader(h); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		source, err := wheel.Open(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		for m := range all(source) {
			err = wheel.NewWriter(new(bytes.Buffer), dir, epoch).Copy(m)
			if err != nil {
				return m, err
			}
			for out := range all(archiveOf(t, func(w *wheel.Writer) { w.Copy(m) })) {
				return out, nil
			}
		}
		t.Fatal("no member")
		return wheel.Member{}, nil
	}
	for _, c := range []struct {
		name string
		mode fs.FileMode // 0 for none at all
		want string      // "" for an error
	}{
		{"x", 0o755, "-rwxr-xr-x"}, {"x", 0o400, "-r--------"}, {"x", 0, "-rw-r--r--"}, {"x", fs.ModeSetuid | 0o755, "-rwxr-xr-x"},
		{"x", fs.ModeSymlink | 0o777, ""}, {"x", fs.ModeNamedPipe | 0o777, ""},
		{"x/", 0, "drwxr-xr-x"}, {"x/y/", fs.ModeDir | 0o700, "drwx------"}, {"x/", fs.ModeSymlink | 0o777, ""}, {"../", 0, ""},
	} {
		m, err := copied(func(h *zip.FileHeader) {
			h.Name = c.name
			if c.mode != 0 {
				h.SetMode(c.mode)
			}
		})
		switch {
		case (err == nil) != (c.want != ""):
			t.Errorf("%s %v: %v", c.name, c.mode, err)
		case err == nil && (m.Mode().String() != c.want || m.Name() != c.name || m.Flags() != 0):
			t.Errorf("%s %v: %v %s, flags %#x", c.name, c.mode, m.Mode(), m.Name(), m.Flags())
		}
	}
}

// all yields the files and directories of an archive.
func all(a *wheel.Archive) func(func(wheel.Member) bool) {
	return func(yield func(wheel.Member) bool) {
		for m := range a.Directories() {
			if !yield(m) {
				return
			}
		}
		a.Members()(yield)
	}
}

// TestDirectoryOnce: the entry of a directory may come before or after its files.
func TestDirectoryOnce(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"d/", "d/a", "e/a", "e/"} {
		if _, err := z.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	source, err := wheel.Open(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	a := archiveOf(t, func(w *wheel.Writer) {
		directories := slices.Collect(source.Directories())
		w.Copy(directories[0])
		for m := range source.Members() {
			w.Copy(m)
		}
		w.Copy(directories[1])
	})
	d, err := a.DistInfo()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(slices.Collect(a.Directories())); n != 2 || d.Record().Has("d/") || !d.Record().Has("e/a") || len(a.Problems()) > 0 {
		t.Errorf("%d directories; %v", n, a.Problems())
	}
}

// TestReplaceTags: the fields are replaced in place, everything else stays.
func TestReplaceTags(t *testing.T) {
	for _, c := range []struct{ text, build, want string }{
		{"Wheel-Version: 1.0\nTag: a-b-c\nGenerator: x\n", "", "Wheel-Version: 1.0\nTag: n-n-n\nTag: m-m-m\nGenerator: x\n"},
		{"Build: 2\r\nGenerator: x\r\n y\r\ntag: a\r\nTAG:b\r\n\r\nbody\nTag: z", "", "Tag: n-n-n\nTag: m-m-m\nGenerator: x\r\n y\r\n\r\nbody\nTag: z"},
		{"Generator: x", "3a", "Generator: x\nTag: n-n-n\nTag: m-m-m\nBuild: 3a\n"},
		{"Tag: a", "1", "Tag: n-n-n\nTag: m-m-m\nBuild: 1\n"},
		{"Generator: x\n\n", "", "Generator: x\nTag: n-n-n\nTag: m-m-m\n\n"},
		{"", "", "Tag: n-n-n\nTag: m-m-m\n"},
	} {
		got, err := wheel.ReplaceTags("WHEEL", []byte(c.text), []string{"n-n-n", "m-m-m"}, c.build)
		if err != nil || string(got) != c.want {
			t.Errorf("%q: %q, %v", c.text, got, err)
			continue
		}
		again, err := wheel.ReplaceTags("WHEEL", got, []string{"n-n-n", "m-m-m"}, c.build)
		if err != nil || !bytes.Equal(got, again) {
			t.Errorf("%q: %q, %v", got, again, err)
		}
	}
	for _, text := range []string{"no field\nTag: x\n", " folded\nTag: x\n", ": x\n", "From x\nTag: a\n", "Tag: a\nFrom x\n"} {
		if got, err := wheel.ReplaceTags("WHEEL", []byte(text), nil, ""); err == nil {
			t.Errorf("%q: %q", text, got)
		}
	}
	if _, err := wheel.ReplaceTags("WHEEL", nil, []string{"a\nb"}, ""); err == nil {
		t.Error("a tag of two lines is written")
	}
}

// FuzzWriter: what is written reads back as asked, without a problem that any reader of
// archives has, and the same bytes again.
func FuzzWriter(f *testing.F) {
	f.Add("demo/a.py", "x = 1\n", "tool", "#!", uint16(0o755))
	f.Add("a", "", "a/b", strings.Repeat("x", 5000), uint16(0))
	f.Add("\u00e9/\u4e2d", "\x00", "a,\"b\"", "c", uint16(0o7777))
	f.Add("a;1", "", "CON", "", uint16(1))
	f.Fuzz(func(t *testing.T, first, text, second, other string, mode uint16) {
		files := map[string]string{first: text, second: other}
		write := func() ([]byte, error) {
			var b bytes.Buffer
			w := wheel.NewWriter(&b, dir, epoch)
			for _, name := range slices.Sorted(maps.Keys(files)) {
				w.AddFrom(name, fs.FileMode(mode), strings.NewReader(files[name]))
			}
			w.AddMetadata(&wheel.Metadata{Name: "demo", Version: "1.0"})
			w.AddInfo(&wheel.Info{Tags: []string{"py3-none-any"}})
			err := w.Close()
			return b.Bytes(), err
		}
		data, err := write()
		if err != nil {
			return
		}
		a, err := wheel.Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		framing, err := a.CheckFraming(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range append(framing, a.Problems()...) {
			if p.Code != wheel.CodePathWindows && p.Code != wheel.CodePathCase {
				t.Errorf("%q: %s: %v", p.Path, p.Code, p)
			}
		}
		d, err := a.DistInfo()
		if err != nil {
			t.Skip(err) // a second *.dist-info directory, which the gate refuses
		}
		record := d.Record()
		n := 0
		for m := range a.Members() {
			if len(record.Lookup(m.Name())) != 1 || record.Err != nil {
				t.Errorf("%q: rows %v, %v", m.Name(), record.Lookup(m.Name()), record.Err)
			}
			want, ok := files[m.Name()]
			if !ok {
				continue
			}
			content, err := m.ReadAll(1 << 20)
			if n++; err != nil || string(content) != want || m.Mode() != fs.FileMode(mode).Perm() {
				t.Errorf("%q: %q, %v, %v", m.Name(), content, m.Mode(), err)
			}
		}
		if again, err := write(); n != len(files) || err != nil || !bytes.Equal(again, data) {
			t.Errorf("%d files, %v", n, err)
		}
	})
}
