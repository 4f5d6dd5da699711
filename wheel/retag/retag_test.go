package retag

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/wheel"
)

var epoch = time.Date(2026, 11, 1, 12, 30, 42, 0, time.UTC)

const (
	pure = "demo-1.0-py3-none-any.whl"
	dir  = "demo-1.0.dist-info"
)

// file is a member of a wheel of a test.
type file struct{ name, content string }

// demo are the files of a small wheel in which nothing is wrong.
func demo() []file {
	return []file{
		{"demo/__init__.py", strings.Repeat("x = 1\n", 99)},
		{"demo/data.txt", "abc"},
		{dir + "/METADATA", "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"},
		{dir + "/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"},
		{dir + "/RECORD", ""},
	}
}

// row is the row of a file in RECORD.
func row(f file) string {
	sum := sha256.Sum256([]byte(f.content))
	return fmt.Sprintf("%s,sha256=%s,%d\n", f.name, base64.RawURLEncoding.EncodeToString(sum[:]), len(f.content))
}

// record gives the text of RECORD for files.
func record(files []file) string {
	var b strings.Builder
	for _, f := range files {
		if f.name != dir+"/RECORD" {
			b.WriteString(row(f))
		}
	}
	return b.String() + dir + "/RECORD,,\n"
}

// pack writes an archive of the files, with a RECORD where that is empty. Change may change
// the header of a member.
func pack(t testing.TB, files []file, change func(*zip.FileHeader), comment string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := wheel.NewWriter(&b, "x-1.dist-info", epoch)
	for _, f := range files {
		if f.name == dir+"/RECORD" && f.content == "" {
			f.content = record(files)
		}
		if err := w.Add(f.name, 0o644, []byte(f.content)); err != nil {
			t.Fatal(err)
		}
	}
	w.Add("x-1.dist-info/METADATA", 0o644, nil)
	w.Add("x-1.dist-info/WHEEL", 0o644, nil)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	// The same members without the second *.dist-info directory.
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	o := zip.NewWriter(&out)
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "x-1.dist-info/") {
			continue
		}
		raw, err := f.OpenRaw()
		if err != nil {
			t.Fatal(err)
		}
		h := f.FileHeader
		if change != nil {
			change(&h)
		}
		member, err := o.CreateRaw(&h)
		if err == nil {
			_, err = io.Copy(member, raw)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(o.SetComment(comment), o.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// retagged makes a wheel of another one and checks what holds for all: the files keep
// their compressed bytes, the audit accepts the result, and making it again of itself
// changes nothing.
func retagged(t *testing.T, data []byte, filename string, o Options) (*Result, []byte, error) {
	t.Helper()
	r, err := New(t.Context(), bytes.NewReader(data), int64(len(data)), filename, o)
	if err != nil {
		return nil, nil, err
	}
	out := content(t, r)
	if _, err := r.Audit(t.Context(), bytes.NewReader(out), o); err != nil {
		return r, out, err
	}
	checkPayload(t, data, out)
	same := o
	same.Python, same.ABI, same.Platform = "", "", ""
	again, err := New(t.Context(), bytes.NewReader(out), int64(len(out)), r.Filename, same)
	if err != nil || len(again.Changes) > 0 || !bytes.Equal(content(t, again), out) {
		t.Errorf("%s: again: %v, %v", r.Filename, err, again)
	}
	return r, out, nil
}

func content(t testing.TB, r *Result) []byte {
	t.Helper()
	out, err := io.ReadAll(io.NewSectionReader(r, 0, r.Size()))
	if err != nil || int64(len(out)) != r.Size() {
		t.Fatalf("%d of %d bytes: %v", len(out), r.Size(), err)
	}
	return out
}

// packed gives the compressed bytes of each file but WHEEL, RECORD and its signatures, with
// what the header says of them.
func packed(t testing.TB, data []byte) map[string]string {
	t.Helper()
	a, err := wheel.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for m := range a.Entries() {
		base := m.Name()[strings.LastIndexByte(m.Name(), '/')+1:]
		if strings.Contains(m.Name(), ".dist-info/") && (base == "WHEEL" || strings.HasPrefix(base, "RECORD")) {
			continue
		}
		raw, err := m.Raw()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(raw)
		if err != nil {
			t.Fatal(err)
		}
		mode := m.Mode().Perm()
		if m.Mode() == 0 {
			mode = 0o644
		}
		files[m.Name()] = fmt.Sprintf("%v %v %d %x %d\n%s", mode, m.Modified(), m.Method(), m.CRC32(), m.ClaimedSize(), text)
	}
	return files
}

func checkPayload(t testing.TB, before, after []byte) {
	t.Helper()
	if d := cmp.Diff(packed(t, before), packed(t, after)); d != "" {
		t.Errorf("other files:\n%.2000s", d)
	}
}

// lines gives the changes in short.
func lines(changes []Change) []string {
	list := []string{}
	for _, c := range changes {
		list = append(list, strings.Join(strings.Fields(string(c.Kind)+" "+c.File+" "+c.Message), " "))
	}
	return list
}

// TestTags: words for tags, and what they make of the file name and of WHEEL.
func TestTags(t *testing.T) {
	one, none := "1", ""
	for _, c := range []struct {
		from string
		o    Options
		want string   // file name, or what the error says
		tags []string // of WHEEL
	}{
		{pure, Options{}, pure, []string{"py3-none-any"}},
		{pure, Options{Python: "py2.py3"}, "demo-1.0-py2.py3-none-any.whl", []string{"py2-none-any", "py3-none-any"}},
		{pure, Options{Python: "py3.py2.py3"}, "demo-1.0-py2.py3-none-any.whl", []string{"py2-none-any", "py3-none-any"}},
		{pure, Options{Python: "+py2"}, "demo-1.0-py2.py3-none-any.whl", []string{"py2-none-any", "py3-none-any"}},
		{pure, Options{Python: "PY312"}, "demo-1.0-py312-none-any.whl", []string{"py312-none-any"}},
		{"demo-1.0-py3.py2-none-any.whl", Options{Python: "-py2"}, pure, []string{"py3-none-any"}},
		{"demo-1.0-py3.py2-none-any.whl", Options{Python: "-py4"}, "demo-1.0-py2.py3-none-any.whl", []string{"py2-none-any", "py3-none-any"}},
		{"demo-1.0-7-py3-none-any.whl", Options{}, "demo-1.0-7-py3-none-any.whl", []string{"py3-none-any", "7"}},
		{"demo-1.0-7-py3-none-any.whl", Options{Build: &one}, "demo-1.0-1-py3-none-any.whl", []string{"py3-none-any", "1"}},
		{"demo-1.0-7-py3-none-any.whl", Options{Build: &none}, pure, []string{"py3-none-any"}},
		{pure, Options{Build: &one, ABI: "none", Python: "cp311"}, "demo-1.0-1-cp311-none-any.whl", []string{"cp311-none-any", "1"}},
		{pure, Options{Platform: "linux_x86_64.win32"}, "demo-1.0-py3-none-linux_x86_64.win32.whl", []string{"py3-none-linux_x86_64", "py3-none-win32"}},
		{"demo-1.0-py3-none-linux_x86_64.whl", Options{Platform: Auto}, pure, []string{"py3-none-any"}},
		{pure, Options{Platform: "-any"}, "-any takes the last platform tag away", nil},
		{pure, Options{Platform: "a-b"}, `"a-b" is not a platform tag`, nil},
		{pure, Options{Python: "+"}, `"" is not an interpreter tag`, nil},
		{pure, Options{ABI: "a..b"}, `"" is not an ABI tag`, nil},
		{pure, Options{Python: "py3\n"}, `is not an interpreter tag`, nil},
		{pure, Options{Python: strings.Repeat("py3x.", 20_000) + "py3"}, "", []string{}},
	} {
		r, out, err := retagged(t, pack(t, demo(), nil, ""), c.from, c.o)
		if c.tags == nil {
			var refusal *Refusal
			if !errors.As(err, &refusal) || refusal.Code != CodeTags || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%+v: %v; want %s", c.o, err, c.want)
			}
			continue
		}
		if c.want == "" {
			if err == nil && r.Filename != "demo-1.0-py3.py3x-none-any.whl" {
				t.Error(r.Filename)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s %+v: %v", c.from, c.o, err)
			continue
		}
		if r.Filename != c.want || r.Source != c.from {
			t.Errorf("%s %+v: %s; want %s", c.from, c.o, r.Filename, c.want)
		}
		info := infoOf(t, out)
		got := info.Tags
		if info.Build != "" {
			got = append(got, info.Build)
		}
		if d := cmp.Diff(c.tags, got); d != "" || info.Generator != "test" {
			t.Errorf("%s %+v: %s", c.from, c.o, d)
		}
	}
}

func infoOf(t testing.TB, data []byte) *wheel.Info {
	t.Helper()
	a, err := wheel.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	d, err := a.DistInfo()
	if err != nil {
		t.Fatal(err)
	}
	info, err := d.Info()
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// TestManyTags: more combinations than are written out.
func TestManyTags(t *testing.T) {
	list := func(prefix string, n int) string {
		var tags []string
		for i := range n {
			tags = append(tags, fmt.Sprintf("%s%d", prefix, i))
		}
		return strings.Join(tags, ".")
	}
	data := pack(t, demo(), nil, "")
	for n, want := range map[int]bool{100: true, 101: false} {
		_, err := New(t.Context(), bytes.NewReader(data), int64(len(data)), pure, Options{Python: list("py3", 100), Platform: list("linux_x", n)})
		if (err == nil) != want {
			t.Errorf("%d: %v", n, err)
		}
	}
}

// TestTimes: WHEEL and RECORD keep the time of RECORD, or get the one that is asked for.
func TestTimes(t *testing.T) {
	data := pack(t, demo(), func(h *zip.FileHeader) {
		//lint:ignore SA1019 CreateRaw writes these fields
		h.ModifiedTime, h.ModifiedDate = 1, 50<<9|2<<5|3
		if h.Name == dir+"/RECORD" {
			//lint:ignore SA1019 CreateRaw writes these fields
			h.ModifiedTime = 9
		}
	}, "")
	kept := time.Date(2030, 2, 3, 0, 0, 18, 0, time.UTC)
	for _, want := range []time.Time{kept, epoch} {
		o := Options{Python: "py312"}
		if want == epoch {
			o.Modified = epoch
		}
		_, out, err := retagged(t, data, pure, o)
		if err != nil {
			t.Fatal(err)
		}
		a, err := wheel.Open(bytes.NewReader(out), int64(len(out)))
		if err != nil {
			t.Fatal(err)
		}
		for m := range a.Members() {
			mine := want
			if m.Name() != dir+"/RECORD" && m.Name() != dir+"/WHEEL" {
				mine = kept.Add(-16 * time.Second)
			}
			if !m.Modified().Equal(mine) {
				t.Errorf("%s: %v; want %v", m.Name(), m.Modified(), mine)
			}
		}
	}
}

// TestFixtures: the wheels of this repository with the tags that their code qualifies for.
func TestFixtures(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("..", "..", "testdata", "wheels*", "*.whl"))
	if err != nil || len(paths) < 50 {
		t.Fatal(len(paths), err)
	}
	changed, refused := 0, 0
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		filename := filepath.Base(path)
		r, out, err := retagged(t, data, filename, Options{Platform: Auto})
		var refusal *Refusal
		switch {
		case errors.As(err, &refusal) && strings.Contains(path, "wheels-bad"):
			if refused++; refusal.Code != CodeAudit && refusal.Code != CodeTags {
				t.Errorf("%s: %v", filename, err)
			}
		case err != nil:
			t.Errorf("%s: %v", filename, err)
		case len(r.Changes) == 0:
			if !bytes.Equal(out, data) || r.Filename != filename {
				t.Errorf("%s: no changes, but %s is different", filename, r.Filename)
			}
		default:
			changed++
		}
	}
	if changed < 15 || refused < 20 {
		t.Errorf("%d changed, %d refused", changed, refused)
	}
}

// published are real wheels next to the checkout, if they are there.
var published = filepath.Join("..", "..", "..", "shared", "wheels")

// TestPublishedWheels: with their own tags, they keep every byte of their files.
func TestPublishedWheels(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join(published, "*.whl"))
	if len(paths) == 0 {
		t.Skip("the directory of real wheels is not there")
	}
	for i, path := range paths {
		if testing.Short() && i%25 != 0 {
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		filename := filepath.Base(path)
		name, err := wheel.ParseName(filename)
		if err != nil {
			t.Fatal(err)
		}
		one := "1"
		for _, o := range []Options{{Platform: name.Tags.Part(2), Force: true}, {Build: &one, Force: true}} {
			r, out, err := retagged(t, data, filename, o)
			if err != nil {
				t.Errorf("%s: %v", filename, err)
				continue
			}
			if kinds := lines(r.Changes); o.Build == nil && (len(kinds) > 1 || len(kinds) == 1 && r.Changes[0].Kind != KindName || !bytes.Equal(out, data)) {
				t.Errorf("%s: %v", filename, kinds)
			}
			if again, err := New(t.Context(), bytes.NewReader(data), int64(len(data)), filename, o); err != nil || !bytes.Equal(content(t, again), out) {
				t.Errorf("%s: another time it is different: %v", filename, err)
			}
		}
	}
}

// TestCancelled: an end of the context is the error.
func TestCancelled(t *testing.T) {
	data := pack(t, demo(), nil, "")
	ctx, cancel := cancelled(t)
	cancel()
	if _, err := New(ctx, bytes.NewReader(data), int64(len(data)), pure, Options{}); err == nil || errors.As(err, new(*Refusal)) {
		t.Error(err)
	}
}

// failing is a reader that fails from an offset on.
type failing struct {
	*bytes.Reader
	from int64
}

var errDisk = errors.New("disk on fire")

func (f *failing) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > f.from {
		return 0, errDisk
	}
	return f.Reader.ReadAt(p, off)
}

// TestReadErrors: an error of the reader is never taken for a fault of the wheel.
func TestReadErrors(t *testing.T) {
	data := pack(t, demo(), nil, "")
	for from := int64(0); from < int64(len(data)); from += 1 + from%5 {
		var r *Result
		// The directory at the end can be read; then the rest cannot.
		f := &failing{bytes.NewReader(data), int64(len(data))}
		a, err := New(t.Context(), f, int64(len(data)), pure, Options{Python: "py312"})
		if err != nil {
			t.Fatal(err)
		}
		f.from = from
		if _, err := io.ReadAll(io.NewSectionReader(a, 0, a.Size())); err != nil && !errors.Is(err, errDisk) {
			t.Fatalf("%d: %v", from, err)
		}
		if r, err = New(t.Context(), f, int64(len(data)), pure, Options{}); r != nil || !errors.Is(err, errDisk) || errors.As(err, new(*Refusal)) {
			t.Fatalf("%d: %v", from, err)
		}
	}
}

// TestSplice reads every range of a splice.
func TestSplice(t *testing.T) {
	source := strings.NewReader("0123456789")
	s := &splice{source: source}
	io.WriteString(s, "ab")
	io.Copy(s, io.LimitReader(io.NewSectionReader(source, 3, 4), 4))
	io.WriteString(s, "c")
	io.WriteString(s, "d")
	io.Copy(s, io.LimitReader(io.NewSectionReader(source, 0, 10), 2))
	io.Copy(s, io.LimitReader(io.NewSectionReader(strings.NewReader("xyz"), 1, 2), 2))
	io.Copy(s, strings.NewReader("!"))
	const want = "ab3456cd01yz!"
	if s.size != int64(len(want)) {
		t.Fatal(s.size)
	}
	for from := range len(want) + 2 {
		for to := from; to <= len(want)+2; to++ {
			p := make([]byte, to-from)
			n, err := s.ReadAt(p, int64(from))
			short := to > len(want)
			if from > len(want) || to == from && from == len(want) {
				continue
			}
			if got := string(p[:n]); got != want[from:min(to, len(want))] || short != (err == io.EOF) && to > from {
				t.Errorf("%d to %d: %q, %v", from, to, got, err)
			}
		}
	}
	cut := &splice{source: strings.NewReader("0"), size: 5, parts: []part{{}}}
	if n, err := cut.ReadAt(make([]byte, 5), 0); n != 1 || err != io.ErrUnexpectedEOF {
		t.Error(n, err)
	}
	if !slices.IsSortedFunc(s.parts, func(a, b part) int { return int(a.at - b.at) }) {
		t.Error(s.parts)
	}
}
