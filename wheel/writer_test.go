package wheel

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var epoch = time.Date(2026, 11, 1, 12, 30, 42, 0, time.UTC)

// demoFiles are the files of a small wheel, with RECORD for Writer to add.
var demoFiles = []struct {
	name    string
	mode    fs.FileMode
	content string
}{
	{"demo/__init__.py", 0o644, strings.Repeat("x = 1\n", 99)},
	{"demo/tool", 0o755, "#!/bin/sh\n"},
	{"demo/empty.py", 0o644, ""},
	{"demo/a,b \"c\".txt", 0o644, "quoted"},
	{"demo/\u00e9\u4e2d.txt", 0o644, "UTF-8"},
	{"demo-1.0.dist-info/WHEEL", 0o644, "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"},
	{"demo-1.0.dist-info/METADATA", 0o644, "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"},
}

func writeDemo(t testing.TB, modified time.Time) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b, "demo-1.0.dist-info", modified)
	for _, f := range demoFiles {
		if err := w.Add(f.name, f.mode, []byte(f.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// checkDemo reads the small wheel again, with RECORD and with archive/zip.
func checkDemo(t *testing.T, data []byte, modified time.Time) {
	t.Helper()
	a := open(t, data)
	if directory, between := framing(t, a); len(slices.DeleteFunc(directory, isWindows))+len(between) > 0 {
		t.Errorf("problems: %v %v", directory, between)
	}
	d, err := a.DistInfo()
	if err != nil {
		t.Fatal(err)
	}
	record := d.Record()
	if record.Err != nil || len(record.Rows) != len(demoFiles)+1 {
		t.Errorf("RECORD: %d rows, %v", len(record.Rows), record.Err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	for m := range a.Members() {
		if m.Name() == "demo-1.0.dist-info/RECORD" {
			if i != len(demoFiles) || !record.Has(m.Name()) {
				t.Error("RECORD is not the last file, or not listed")
			}
			continue
		}
		f := demoFiles[i]
		content, err := m.ReadAll(1 << 20)
		if err != nil || m.Name() != f.name || string(content) != f.content || m.Mode() != f.mode {
			t.Errorf("%s: %v, %v", m.Name(), m.Mode(), err)
		}
		if want := map[bool]uint16{true: 1 << 11}[strings.Contains(f.name, "\u00e9")]; m.Flags() != want || m.PackedSize() > m.ClaimedSize() {
			t.Errorf("%s: flags %#x, %d bytes packed to %d", m.Name(), m.Flags(), m.ClaimedSize(), m.PackedSize())
		}
		if theirs := z.File[i]; theirs.Name != f.name || theirs.Mode() != f.mode || !theirs.Modified.Equal(modified) {
			t.Errorf("archive/zip: %q, %v, %v", theirs.Name, theirs.Mode(), theirs.Modified)
		}
		rows := record.Lookup(m.Name())
		if len(rows) != 1 || rows[0].Err != nil || rows[0].Size != int64(len(f.content)) {
			t.Fatalf("%s: rows %+v", m.Name(), rows)
		}
		sum, err := rows[0].Hash.New()
		if err != nil {
			t.Fatal(err)
		}
		if sum.Write(content); !rows[0].Hash.Matches(sum.Sum(nil)) {
			t.Errorf("%s: another hash", m.Name())
		}
		i++
	}
}

// isWindows: a name of the demo has quotes, which RECORD must quote and Windows lacks.
func isWindows(c Code) bool { return c == CodePathWindows }

// TestWriter writes a wheel, twice the same bytes.
func TestWriter(t *testing.T) {
	data := writeDemo(t, epoch)
	checkDemo(t, data, epoch)
	if !bytes.Equal(data, writeDemo(t, epoch.In(time.FixedZone("", 3600)))) {
		t.Error("another time zone makes other bytes")
	}
	if bytes.Equal(data, writeDemo(t, epoch.Add(2*time.Second))) {
		t.Error("the time is ignored")
	}
	for modified, want := range map[time.Time]time.Time{
		time.Unix(0, 0): time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC): time.Date(2107, 12, 31, 23, 59, 58, 0, time.UTC),
	} {
		checkDemo(t, writeDemo(t, modified), want)
	}
}

// TestWriterCopy: copied members keep their packed bytes, whatever else the archive
// that they come from has.
func TestWriterCopy(t *testing.T) {
	plain := writeDemo(t, epoch)
	var b bytes.Buffer
	w := NewWriter(&b, "demo-1.0.dist-info", time.Unix(0, 0))
	for m := range open(t, plain).Members() {
		if m.Name() == "demo-1.0.dist-info/RECORD" {
			continue
		}
		if err := w.Copy(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	checkDemo(t, b.Bytes(), epoch)
	// All but the time of RECORD is as it was.
	if n := bytes.Index(plain, []byte("demo-1.0.dist-info/RECORD")); !bytes.Equal(b.Bytes()[:n-30], plain[:n-30]) {
		t.Error("other bytes")
	}
	bases := baseArchives(t)
	for _, name := range []string{"descriptors", "zip64", "comments", "prefix", "names"} {
		for m := range open(t, bases[name]).Members() {
			var b bytes.Buffer
			w := NewWriter(&b, "new-1.dist-info", epoch)
			if err := errors.Join(w.Add("new-1.dist-info/METADATA", 0o644, nil), w.Add("new-1.dist-info/WHEEL", 0o644, nil), w.Copy(m), w.Close()); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			a := open(t, b.Bytes())
			if directory, between := framing(t, a); len(slices.DeleteFunc(directory, isWindows))+len(between) > 0 {
				t.Errorf("%s: %v %v", name, directory, between)
			}
			copied := Member{&a.dir.Entries[2], a.r}
			got, err := copied.ReadAll(1 << 20)
			want, wantErr := m.ReadAll(1 << 20)
			if err != nil || wantErr != nil || !bytes.Equal(got, want) || copied.Name() != m.Name() {
				t.Errorf("%s: %q: %v, %v", name, copied.Name(), err, wantErr)
			}
		}
	}
}

// TestWriterErrors: names that installers refuse, and files that are missing.
func TestWriterErrors(t *testing.T) {
	for _, name := range []string{"", "/a", "../a", "a/../b", "a//b", "a/", "./a", "a\\b", "c:a", "a\x00b", "a\nb", "a\x7f", "a\u0085", "a\u2028", "\xff", strings.Repeat("a", 1<<16), "d-1.dist-info/RECORD", "twice"} {
		w := NewWriter(new(bytes.Buffer), "d-1.dist-info", epoch)
		if err := w.Add("twice", 0o644, nil); err != nil {
			t.Fatal(err)
		}
		if err := w.Add(name, 0o644, nil); err == nil {
			t.Errorf("%q: no error", name)
		}
		if err := w.Add("good", 0o644, nil); err == nil {
			t.Errorf("after %q a file is added", name)
		}
		if err := w.Close(); err == nil {
			t.Errorf("%q: closed", name)
		}
	}
	for _, names := range [][]string{{}, {"METADATA"}, {"WHEEL"}} {
		w := NewWriter(new(bytes.Buffer), "d-1.dist-info", epoch)
		for _, name := range names {
			if err := w.Add("d-1.dist-info/"+name, 0o644, nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); !errors.Is(err, ErrNoMember) {
			t.Errorf("%v: %v", names, err)
		}
	}
	w := NewWriter(new(bytes.Buffer), "d-1.dist-info", epoch)
	for m := range open(t, patch(writeDemo(t, epoch), sigCentral, 1, 16, 1, 2, 3, 4)).Members() {
		if err := w.Copy(m); (err == nil) != (m.Name() == "demo/__init__.py") {
			t.Errorf("%s: %v", m.Name(), err)
		}
	}
}

// full is a writer with room for some bytes.
type full struct{ room int }

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

var errFull = errors.New("no space left on device")

// TestWriterFull: an error of the underlying writer is one of Close too, whichever
// byte it is that finds no room.
func TestWriterFull(t *testing.T) {
	size := len(writeDemo(t, epoch))
	for room := size; room >= 0; room -= 1 + room%7 {
		w := NewWriter(&full{room}, "demo-1.0.dist-info", epoch)
		for _, f := range demoFiles {
			w.Add(f.name, f.mode, []byte(f.content))
		}
		if err := w.Close(); errors.Is(err, errFull) != (room < size) {
			t.Fatalf("room for %d of %d bytes: %v", room, size, err)
		}
	}
}

// TestText: what is written is read again.
func TestText(t *testing.T) {
	m := &Metadata{Description: "The text.\n"}
	for i, name := range fieldNames {
		if value := m.single(strings.ToLower(name)); value != nil {
			*value = name + " value"
		} else if i%2 == 0 {
			*m.multiple(strings.ToLower(name)) = []string{"one", "two\n  folded"}
		}
	}
	text, err := m.Text()
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseMetadata("METADATA", text)
	if err != nil || len(got.Problems) != 0 {
		t.Fatal(err, got.Problems)
	}
	again, err := got.Text()
	if err != nil || !bytes.Equal(text, again) || got.Name != "Name value" || got.Classifiers[1] != "two\n  folded" || got.Description != m.Description {
		t.Errorf("%v: %s", err, again)
	}
	info := &Info{Generator: "g", RootIsPurelib: "true", Tags: []string{"a", "b"}, Build: "1"}
	if text, err = info.Text(); err != nil || string(text) != "Wheel-Version: 1.0\nGenerator: g\nRoot-Is-Purelib: true\nTag: a\nTag: b\nBuild: 1\n" {
		t.Errorf("%v: %s", err, text)
	}
	if text, err = (&Info{WheelVersion: "2.0"}).Text(); err != nil || string(text) != "Wheel-Version: 2.0\n" {
		t.Errorf("%v: %s", err, text)
	}
	for _, value := range []string{"a\nName: b", "a\r\n\r\nb", "a\rb"} {
		if _, err := (&Metadata{Summary: value}).Text(); err == nil {
			t.Errorf("%q is written", value)
		}
	}
}

// TestWriterPython: Python's zipfile tests the wheel, and pip installs it.
func TestWriterPython(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no Python")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "demo-1.0-py3-none-any.whl")
	if err := os.WriteFile(path, writeDemo(t, epoch), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), python, args...)
		cmd.Env = append(os.Environ(), "PIP_NO_INDEX=1", "PIP_DISABLE_PIP_VERSION_CHECK=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
	run("-m", "zipfile", "-t", path)
	if exec.Command(python, "-m", "pip", "--version").Run() != nil {
		t.Skip("no pip")
	}
	target := filepath.Join(dir, "installed")
	run("-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--target", target, path)
	want := map[string]string{}
	for _, f := range demoFiles {
		want[f.name] = f.content
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if content, err := os.ReadFile(filepath.Join(target, name)); err != nil || string(content) != want[name] {
			t.Errorf("%s: %v", name, err)
		}
	}
}
