package audit

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// faultyDisk fails at one read, or at all from that one on.
type faultyDisk struct {
	io.ReaderAt
	at    int64 // the read that fails, counted from 1
	stays bool
	reads atomic.Int64
}

func (d *faultyDisk) ReadAt(p []byte, off int64) (int, error) {
	n := d.reads.Add(1)
	if n == d.at || d.stays && n > d.at {
		return 0, syscall.EIO
	}
	return d.ReaderAt.ReadAt(p, off)
}

// TestReadFaults: a disk that fails says nothing about the wheel. The answer is an error,
// unknown, or the one that the whole file gets; it is never a fault of the wheel.
func TestReadFaults(t *testing.T) {
	folder := filepath.Join("..", "..", "testdata", "wheels")
	names, err := filepath.Glob(filepath.Join(folder, "*.whl"))
	if err != nil || len(names) < 5 {
		t.Fatalf("%d wheels, error %v", len(names), err)
	}
	if testing.Short() {
		names = names[:5]
	}
	for _, path := range names {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, verify := range []bool{false, true} {
			a := New(Options{Jobs: 1, Verify: verify})
			whole := &faultyDisk{ReaderAt: bytes.NewReader(content)}
			want, err := a.Wheel(t.Context(), whole, int64(len(content)), filepath.Base(path))
			if err != nil {
				t.Fatal(err)
			}
			for at := int64(1); at <= whole.reads.Load(); at++ {
				for _, stays := range []bool{false, true} {
					disk := &faultyDisk{ReaderAt: bytes.NewReader(content), at: at, stays: stays}
					got, err := a.Wheel(t.Context(), disk, int64(len(content)), filepath.Base(path))
					if err != nil {
						if !errors.Is(err, syscall.EIO) {
							t.Errorf("%s: read %d of %d: %v", path, at, whole.reads.Load(), err)
						}
						continue
					}
					if got.Verdict != finding.Unknown {
						t.Errorf("%s, verify %v: read %d of %d fails, stays %v: %v, want unknown\n%s", filepath.Base(path), verify, at, whole.reads.Load(), stays, got.Verdict, faults(got, want))
					}
				}
			}
		}
	}
}

// faults lists the findings that only one report has.
func faults(got, want *Report) string {
	known := map[string]bool{}
	for i := range want.Findings {
		known[want.Findings[i].Rule] = true
	}
	var b strings.Builder
	for i := range got.Findings {
		if f := &got.Findings[i]; !known[f.Rule] {
			b.WriteString(f.Rule + " " + f.File + ": " + f.Message + "\n")
		}
	}
	return b.String()
}
