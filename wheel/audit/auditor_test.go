package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wheeltag/wheeltag/internal/elftest"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// TestMemory: what is kept of a member is bounded by the memory that a job has. An
// archive in the wheel that is longer is unpacked twice.
func TestMemory(t *testing.T) {
	noise := randomBytes(2 << 20)
	inner := wheelOf(t, map[string][]byte{"0": noise, "1.so": elftest.Spec{}.Bytes(), "2": noise})
	w := wheelOf(t, map[string][]byte{"x.jar": inner})
	for _, c := range []struct {
		memory int64
		jobs   int
		again  int64
	}{
		{0, 1, 0}, {0, 4, 0}, {1 << 20, 1, 1}, {8 << 20, 1, 0}, {6 << 20, 6, 1}, {32 << 20, 4, 0}, {-1, 1, 0}, {1, 1, 1},
	} {
		r, err := New(Options{Memory: c.memory, Jobs: c.jobs, Selection: withoutInfo}).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), fuzzName)
		if err != nil {
			t.Fatal(err)
		}
		if int64(r.Read.Again) != c.again || len(r.Findings) != 1 || r.Findings[0].Rule != "WT219" {
			t.Errorf("%d bytes for %d jobs: %d members unpacked twice, want %d; %+v", c.memory, c.jobs, r.Read.Again, c.again, r.Findings)
		}
	}
}

// TestToday: the zero time is now.
func TestToday(t *testing.T) {
	if got := New(Options{}).today; time.Since(got) > time.Hour || time.Since(got) < 0 {
		t.Errorf("today is %s", got)
	}
	day := time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC)
	if got := New(Options{Today: day}).today; !got.Equal(day) {
		t.Errorf("today is %s", got)
	}
}

// TestByName: files with the names of text are counted and not looked at, but where
// every file is verified.
func TestByName(t *testing.T) {
	code := elftest.Spec{Needed: []string{"libc.so.6"}}.Bytes()
	files := map[string][]byte{"a.txt": code, "b.so": code, "c.py": code, "d.so": code}
	const metadata = 2 // WHEEL and RECORD
	for _, c := range []struct {
		o      Options
		elf    string
		unseen int
	}{
		{Options{ByName: true}, "b.so d.so", 2 + metadata}, {Options{}, "a.txt b.so c.py d.so", 0}, {Options{ByName: true, Verify: true}, "a.txt b.so c.py d.so", 0},
	} {
		r := audited(t, "linux_x86_64", c.o, files)
		var paths []string
		for _, e := range r.ELF {
			paths = append(paths, e.Path)
		}
		if got := strings.Join(paths, " "); got != c.elf || r.Unseen != c.unseen {
			t.Errorf("by name %v, verify %v: %s, %d unseen", c.o.ByName, c.o.Verify, got, r.Unseen)
		}
	}
}

// TestStatistics: a report says what was read for it alone, also the second one of a
// worker.
func TestStatistics(t *testing.T) {
	noise := randomBytes(2 << 20)
	inner := wheelOf(t, map[string][]byte{"0": noise, "1.so": elftest.Spec{}.Bytes(), "2": noise})
	w := wheelOf(t, map[string][]byte{"x.jar": inner, "y": append(elftest.Spec{}.Bytes(), noise...)})
	a := New(Options{Memory: 1 << 20})
	var first *Report
	for range 3 {
		r, err := a.Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), fuzzName)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = r
		}
		if *r.Read != *first.Read {
			t.Errorf("%+v, then %+v", *first.Read, *r.Read)
		}
	}
	if s := *first.Read; s.Unpacked < 4<<20 || s.Packed < 4<<20 || s.Skipped < 1<<20 || s.Again != 1 {
		t.Errorf("%+v", s)
	}
}

// recorder notes where it is read.
type recorder struct {
	*bytes.Reader
	mu    sync.Mutex
	reads []int64
}

func (r *recorder) ReadAt(p []byte, off int64) (int, error) {
	r.mu.Lock()
	r.reads = append(r.reads, off)
	r.mu.Unlock()
	return r.Reader.ReadAt(p, off)
}

// TestLargestFirst: the largest members are read first, so that none is left for the
// end.
func TestLargestFirst(t *testing.T) {
	small, large := append(elftest.Spec{}.Bytes(), randomBytes(300<<10)...), append(elftest.Spec{}.Bytes(), randomBytes(900<<10)...)
	w := wheelOf(t, map[string][]byte{"a.so": small, "b.so": large})
	at := int64(bytes.Index(w, []byte("b.so"))) // its local header
	r := &recorder{Reader: bytes.NewReader(w)}
	if _, err := New(Options{Verify: true}).Wheel(t.Context(), r, r.Size(), fuzzName); err != nil {
		t.Fatal(err)
	}
	// Both are also looked at in turn, but not that far behind their headers.
	inSmall := slices.IndexFunc(r.reads, func(off int64) bool { return off > 200<<10 && off < at })
	inLarge := slices.IndexFunc(r.reads, func(off int64) bool { return off > at+(500<<10) })
	if inLarge < 0 || inSmall < inLarge {
		t.Errorf("the small member was read before the large one: %d", r.reads)
	}
}

// meeting lets reads of two places go on only when both have begun.
type meeting struct {
	*bytes.Reader
	places  [2]int64
	arrived [2]sync.Once
	both    sync.WaitGroup
	missed  bool
}

func (m *meeting) ReadAt(p []byte, off int64) (int, error) {
	for i, place := range m.places {
		if off <= place && place < off+int64(len(p)) {
			m.arrived[i].Do(m.both.Done)
			met := make(chan struct{})
			go func() { m.both.Wait(); close(met) }()
			select {
			case <-met:
			case <-time.After(30 * time.Second):
				m.missed = true
			}
		}
	}
	return m.Reader.ReadAt(p, off)
}

// TestTogether: two members are read at the same time where there are workers for both,
// and all workers are free afterwards.
func TestTogether(t *testing.T) {
	large := append(elftest.Spec{}.Bytes(), randomBytes(900<<10)...)
	w := wheelOf(t, map[string][]byte{"a.so": large, "b.so": large})
	m := &meeting{Reader: bytes.NewReader(w), places: [2]int64{500 << 10, 1400 << 10}}
	m.both.Add(2)
	a := New(Options{Jobs: 3, Verify: true})
	r, err := a.Wheel(t.Context(), m, m.Size(), fuzzName)
	if err != nil {
		t.Fatal(err)
	}
	if m.missed || len(a.workers) != 3 || len(r.ELF) != 2 {
		t.Errorf("missed each other: %v; %d workers free; %d files", m.missed, len(a.workers), len(r.ELF))
	}
}

// TestNoWorker: who waits for a worker stops when the context is done.
func TestNoWorker(t *testing.T) {
	w := wheelOf(t, nil)
	a := New(Options{})
	busy := <-a.workers
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if r, err := a.Wheel(ctx, bytes.NewReader(w), int64(len(w)), fuzzName); r != nil || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, %v", r, err)
	}
	a.workers <- busy
	if r, err := a.Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), fuzzName); r == nil || err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestCancelBetween: an audit stops between the beginnings of members.
func TestCancelBetween(t *testing.T) {
	files := map[string][]byte{}
	for i := range 50 {
		files[fmt.Sprintf("%02d", i)] = []byte("text")
	}
	w := wheelOf(t, files)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	const nameAt = 30 // in a local header
	header := bytes.Index(w, []byte("10")) - nameAt
	if header < 0 || !bytes.HasPrefix(w[header:], []byte("PK\x03\x04")) {
		t.Fatal("no header")
	}
	r := &cancelling{Reader: bytes.NewReader(w), place: int64(header), cancel: cancel}
	report, err := New(Options{}).Wheel(ctx, r, r.Size(), fuzzName)
	if report != nil || !errors.Is(err, context.Canceled) || r.after > 3 {
		t.Errorf("%v, %v, %d reads", report, err, r.after)
	}
}

// TestTablesOfAll: where the tables of all files take too much, nothing is said about
// any of them, also those that were read before.
func TestTablesOfAll(t *testing.T) {
	w := wheelOf(t, map[string][]byte{"a.so": hugeELF(10, 10, 100), "b.so": hugeELF(10, 10, 10)})
	a := New(Options{})
	a.tables = 0
	r, err := a.Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), fuzzName)
	if err != nil {
		t.Fatal(err)
	}
	a.tables = 1 << 20
	whole, err := a.Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), fuzzName)
	if err != nil || whole.Verdict != finding.Fail {
		t.Fatal(whole.Verdict, err)
	}
	s, err := a.read(t.Context(), bytes.NewReader(w), int64(len(w)), fuzzName)
	if err != nil {
		t.Fatal(err)
	}
	a.tables = s.ELF.Files[0].Footprint() + s.ELF.Files[1].Footprint() - 1
	almost, err := a.Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), fuzzName)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []*Report{r, almost} {
		for _, e := range r.ELF {
			if e.Error != errTables.Error() {
				t.Errorf("%s: %q", e.Path, e.Error)
			}
		}
	}
}

// atEnd gives io.EOF together with the last bytes, as a ReaderAt may.
type atEnd struct{ *bytes.Reader }

func (r atEnd) ReadAt(p []byte, off int64) (int, error) {
	n, err := r.Reader.ReadAt(p, off)
	if off+int64(n) == r.Size() {
		err = io.EOF
	}
	return n, err
}

func TestEndOfInput(t *testing.T) {
	w := wheelOf(t, map[string][]byte{"a.so": elftest.Spec{}.Bytes()})
	if _, err := New(Options{}).Wheel(t.Context(), atEnd{bytes.NewReader(w)}, int64(len(w)), fuzzName); err != nil {
		t.Error(err)
	}
	_, err := New(Options{}).Wheel(t.Context(), strings.NewReader("text"), 4, "x.whl")
	if err == nil || !strings.HasPrefix(err.Error(), "x.whl: ") {
		t.Errorf("not an archive: %v", err)
	}
}

// TestOpen: what is opened as a wheel and as an ELF file, and what is an error.
func TestOpen(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	code := elftest.Spec{Needed: []string{"libc.so.6"}}.Bytes()
	a := New(Options{})
	for _, c := range []struct {
		path string
		bare bool
		elf  int
	}{
		{write("m.so", code), true, 1}, {write("demo-1.0-py3-none-any.whl", wheelOf(t, map[string][]byte{"m.so": code})), false, 1}, {write("cut.so", code[:100]), true, 1},
	} {
		s, err := a.Open(t.Context(), c.path)
		if err != nil {
			t.Errorf("%s: %v", c.path, err)
			continue
		}
		if s.Bare != c.bare || len(s.ELF.Files) != c.elf || s.Filename != filepath.Base(c.path) {
			t.Errorf("%s: %+v", c.path, s)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "dir.whl"), 0o755); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "dir.whl"):     "is a directory",
		write("text.whl", []byte("text")): "not a zip archive",
		write("text.so", []byte("text")):  "not an ELF file",
		filepath.Join(dir, "nowhere.whl"): "no such file or directory",
		filepath.Join(dir, "nowhere.so"):  "no such file or directory",
	} {
		s, err := a.Open(t.Context(), path)
		if s != nil || err == nil || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), path) != 1 {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
		if strings.Contains(path, "nowhere") && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v does not wrap the cause", path, err)
		}
		if r, err := a.File(t.Context(), path); r != nil || err == nil {
			t.Errorf("%s: a report, %v", path, err)
		}
	}
}

// TestFilesEnd: who needs no more reports gets none, and neither does who has given up.
func TestFilesEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "demo-1.0-py3-none-any.whl")
	if err := os.WriteFile(path, wheelOf(t, nil), 0o644); err != nil {
		t.Fatal(err)
	}
	paths := slices.Repeat([]string{path}, 20)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	got := 0
	for range New(Options{}).Files(ctx, slices.Values(paths)) {
		if got++; got == 3 {
			cancel()
		}
	}
	if got != 3 {
		t.Errorf("%d reports after the end of the context", got)
	}
	for range New(Options{}).Files(t.Context(), slices.Values(paths)) {
		if got++; got == 5 {
			break
		}
	}
}
