package inflate

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

// sampleStream is a stream of several windows, and the data in it.
func sampleStream() (data, raw []byte) {
	data = object(newRand(20), 400_000)
	return data, deflate(data, 6, len(data))
}

func TestReaderSources(t *testing.T) {
	data, raw := sampleStream()
	var r Reader
	for name, src := range map[string]io.Reader{
		"bytes":            bytes.NewReader(raw),
		"one byte a time":  iotest.OneByteReader(bytes.NewReader(raw)),
		"half of the room": iotest.HalfReader(bytes.NewReader(raw)),
		"error with data":  iotest.DataErrReader(bytes.NewReader(raw)),
		"more behind":      io.MultiReader(bytes.NewReader(raw), bytes.NewReader(make([]byte, 9))),
	} {
		r.Reset(src)
		got, err := io.ReadAll(&r)
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
		if r.Consumed() != int64(len(raw)) {
			t.Errorf("%s: consumed %d of %d", name, r.Consumed(), len(raw))
		}
	}
}

// badSource returns what an io.Reader must not.
type badSource struct {
	n   int
	err error
}

func (s badSource) Read([]byte) (int, error) { return s.n, s.err }

func TestReaderFailingSources(t *testing.T) {
	data, raw := sampleStream()
	broken := errors.New("broken")
	half := func() io.Reader { return bytes.NewReader(raw[:len(raw)/2]) }
	for name, c := range map[string]struct {
		src  io.Reader
		want error
	}{
		"cut":            {half(), io.ErrUnexpectedEOF},
		"own error":      {io.MultiReader(half(), iotest.ErrReader(broken)), broken},
		"timeout":        {iotest.TimeoutReader(iotest.HalfReader(bytes.NewReader(raw))), iotest.ErrTimeout},
		"no progress":    {io.MultiReader(half(), badSource{}), io.ErrNoProgress},
		"count too high": {badSource{n: 1 << 20}, errCount},
		"count negative": {badSource{n: -1}, errCount},
		"none":           {nil, io.ErrUnexpectedEOF},
	} {
		var r Reader
		r.Reset(c.src)
		got, err := io.ReadAll(&r)
		if !errors.Is(err, c.want) || !bytes.HasPrefix(data, got) {
			t.Errorf("%s: %d bytes, error %v, want %v", name, len(got), err, c.want)
		}
		if n, again := r.Read(make([]byte, 1)); n != 0 || again != err {
			t.Errorf("%s: after the end %d, %v", name, n, again)
		}
	}
}

// TestReaderErrorAfter has a source that fails when the Reader reads ahead: after
// a stream, and after a fault in it. Neither result depends on that.
func TestReaderErrorAfter(t *testing.T) {
	data, raw := sampleStream()
	failing := func(b []byte) io.Reader {
		return io.MultiReader(bytes.NewReader(b), iotest.ErrReader(errors.New("broken")))
	}
	var r Reader
	r.Reset(failing(raw))
	if got, err := io.ReadAll(&r); err != nil || !bytes.Equal(got, data) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	r.Reset(failing([]byte{0xff}))
	var corrupt *CorruptInputError
	if _, err := r.Read(make([]byte, 1)); !errors.As(err, &corrupt) || corrupt.Code != BadBlockType {
		t.Errorf("error %v, want %s", err, BadBlockType)
	}
}

func TestReaderZeroValue(t *testing.T) {
	var r Reader
	if n, err := r.Read(make([]byte, 1)); n != 0 || err != io.ErrUnexpectedEOF {
		t.Errorf("%d, %v", n, err)
	}
}

func TestResetAt(t *testing.T) {
	data, raw := sampleStream()
	archive := append(append([]byte("before"), raw...), "behind"...)
	var r Reader
	for _, c := range []struct {
		off, size int64
		want      error
	}{
		{6, int64(len(raw)), nil},
		{6, int64(len(raw)) + 6, nil},
		{6, int64(len(raw)) - 1, io.ErrUnexpectedEOF},
		{6, 0, io.ErrUnexpectedEOF},
		{6, -1, io.ErrUnexpectedEOF},
		{int64(len(archive)), 10, io.ErrUnexpectedEOF},
		{1 << 62, 1 << 62, io.ErrUnexpectedEOF},
	} {
		r.ResetAt(bytes.NewReader(archive), c.off, c.size)
		got, err := io.ReadAll(&r)
		if err != c.want || !bytes.HasPrefix(data, got) || err == nil && len(got) != len(data) {
			t.Errorf("at %d, %d: %d bytes, %v, want %v", c.off, c.size, len(got), err, c.want)
		}
	}
	r.ResetAt(bytes.NewReader(archive), -1, 10)
	if _, err := io.ReadAll(&r); err == nil {
		t.Error("no error at a negative offset")
	}
}

// TestDiscard alternates reads and discards of random sizes, and starts another
// stream at any time.
func TestDiscard(t *testing.T) {
	data, raw := sampleStream()
	rng := newRand(21)
	var r Reader
	for range 60 {
		r.ResetAt(bytes.NewReader(raw), 0, int64(len(raw)))
		for place := 0; place < len(data); {
			if n, err := r.Read(nil); n != 0 || err != nil {
				t.Fatalf("empty read: %d, %v", n, err)
			}
			n := rng.IntN(1 << rng.IntN(18))
			if rng.IntN(2) == 0 {
				want := min(n, len(data)-place)
				got, err := r.Discard(int64(n))
				if int(got) != want || (err == io.EOF) != (want < n) {
					t.Fatalf("at %d: discarded %d of %d, %v", place, got, n, err)
				}
				place += want
				continue
			}
			buf := make([]byte, n)
			k, err := io.ReadFull(&r, buf)
			if (err == nil) != (k == n) || !bytes.HasPrefix(data[place:], buf[:k]) {
				t.Fatalf("at %d: read %d of %d, %v", place, k, n, err)
			}
			if place += k; r.Consumed() > int64(len(raw)) {
				t.Fatalf("at %d: consumed %d", place, r.Consumed())
			}
			if rng.IntN(40) == 0 {
				break
			}
		}
	}
	if n, err := r.Discard(-1); n != 0 || err != nil {
		t.Errorf("discard of -1: %d, %v", n, err)
	}
}

// TestReaderStopsEarly checks that the beginning of a stream does not need the
// input of the rest.
func TestReaderStopsEarly(t *testing.T) {
	_, raw := sampleStream()
	var r Reader
	r.Reset(bytes.NewReader(raw))
	if _, err := r.Discard(1000); err != nil {
		t.Fatal(err)
	}
	if r.Consumed() > int64(len(raw)/5) {
		t.Errorf("consumed %d of %d bytes for 1000 bytes of output", r.Consumed(), len(raw))
	}
}
