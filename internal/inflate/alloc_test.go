package inflate

import (
	"bytes"
	"io"
	"testing"
)

func TestNoAllocations(t *testing.T) {
	data, raw := sampleStream()
	small := deflate(data[:300], 9, 300) // the fixed codes
	dst := make([]byte, len(data))
	var d Decoder
	if n := testing.AllocsPerRun(10, func() {
		for _, src := range [][]byte{raw, small} {
			if _, _, err := d.Decode(dst, src); err != nil {
				t.Fatal(err)
			}
		}
	}); n != 0 {
		t.Errorf("Decode: %v allocations", n)
	}
	if d.e.in != nil || d.e.out != nil {
		t.Error("Decode keeps its arguments from being freed")
	}

	var r Reader
	src := bytes.NewReader(nil)
	if n := testing.AllocsPerRun(10, func() {
		src.Reset(raw)
		r.Reset(src)
		if _, err := io.ReadFull(&r, dst); err != nil {
			t.Fatal(err)
		}
		r.ResetAt(src, 0, int64(len(raw)))
		if _, err := r.Discard(int64(len(data))); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("Reader: %v allocations", n)
	}
}
