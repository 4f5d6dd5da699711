package audit

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestUnpacked: no more of a member is decoded than its tables take, whatever
// comes behind them.
func TestUnpacked(t *testing.T) {
	module, err := os.ReadFile(filepath.Join(fixtures, "elf", "nosections-x86_64-gnu2.34.so"))
	if err != nil {
		t.Fatal(err)
	}
	noise := randomBytes(8 << 20)
	w := wheelOf(t, map[string][]byte{"demo.so": append(module, noise...), "data.bin": noise})
	const name = "demo-1.0-cp311-cp311-manylinux_2_34_x86_64.whl"
	for _, c := range []struct {
		o     Options
		least int64
		most  int64
	}{
		{Options{}, int64(len(module)), 256 << 10},
		{Options{Verify: true}, 2 * int64(len(noise)), 2*int64(len(noise)) + 1<<20},
	} {
		r, err := New(c.o).Wheel(context.Background(), bytes.NewReader(w), int64(len(w)), name)
		if err != nil {
			t.Fatal(err)
		}
		if r.PlatformTag != "manylinux_2_34_x86_64" || r.Read.Unpacked < c.least || r.Read.Unpacked > c.most || r.Read.Again != 0 {
			t.Errorf("verify %v: %s, %+v", c.o.Verify, r.PlatformTag, *r.Read)
		}
	}
}

// TestCancel: a context that is done ends the audit.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	paths, err := filepath.Glob(filepath.Join(fixtures, "wheels", "demo-*.whl"))
	if err != nil || len(paths) == 0 {
		t.Fatal(err)
	}
	if r, err := New(Options{}).File(ctx, paths[0]); r != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%v %v", r, err)
	}
}

// cancelling cancels when a place is read, and counts what is read after it.
type cancelling struct {
	*bytes.Reader
	place  int64
	cancel func()
	after  int
}

func (r *cancelling) ReadAt(p []byte, off int64) (int, error) {
	if r.after > 0 {
		r.after++
	}
	if off <= r.place && r.place < off+int64(len(p)) {
		r.cancel()
		r.after++
	}
	return r.Reader.ReadAt(p, off)
}

// TestCancelWithin: an audit stops within a member as well.
func TestCancelWithin(t *testing.T) {
	static, err := os.ReadFile(filepath.Join(fixtures, "elf", "exe-x86_64-static"))
	if err != nil {
		t.Fatal(err)
	}
	w := wheelOf(t, map[string][]byte{"demo": append(static, randomBytes(4<<20)...)})
	ctx, cancel := context.WithCancel(t.Context())
	r := &cancelling{Reader: bytes.NewReader(w), place: int64(len(w) / 2), cancel: cancel}
	report, err := New(Options{Verify: true}).Wheel(ctx, r, r.Size(), fuzzName)
	if report != nil || !errors.Is(err, context.Canceled) || r.after != 1 {
		t.Errorf("%v, %v, %d reads", report, err, r.after)
	}
}

// TestMayContainCode holds the names that are passed over behind an address against
// every file of the published wheels that is machine code.
func TestMayContainCode(t *testing.T) {
	for name, want := range map[string]bool{
		"demo/__init__.py": false, "demo/a.SO": true, "demo/lib.so.1": true, "demo/tool": true, "demo/data.bin": true, "demo/x.json": false,
		"demo-1.0.dist-info/RECORD": false, "demo-1.0.dist-info/licenses/LICENSE": false, "demo-1.0.dist-info/a.so": true, "demo.libs/libx-1.2.py.so": true,
	} {
		if got := MayContainCode(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	paths, err := filepath.Glob(filepath.Join(published, "*.whl"))
	if err != nil || len(paths) == 0 {
		t.Skip("the folder of real wheels is not there")
	}
	a := New(Options{})
	for _, path := range paths {
		r, err := a.File(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range r.ELF {
			if !MayContainCode(e.Path) {
				t.Errorf("%s: %s would be passed over", r.File, e.Path)
			}
		}
	}
}
