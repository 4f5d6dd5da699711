package audit

import (
	"bytes"
	"io"
	"slices"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// afterZeros is an archive after so many zero bytes, which take no memory.
type afterZeros struct {
	io.ReaderAt
	zeros int64
}

func (p afterZeros) ReadAt(b []byte, at int64) (int, error) {
	n := int(max(0, min(int64(len(b)), p.zeros-at)))
	clear(b[:n])
	if n == len(b) {
		return n, nil
	}
	more, err := p.ReaderAt.ReadAt(b[n:], at+int64(n)-p.zeros)
	return n + more, err
}

// TestUploadPairs has for rules about uploads a wheel that breaks each one, and a
// neighbour that does not, in the whole of the checks.
func TestUploadPairs(t *testing.T) {
	data := demoArchive().bytes()
	limit := pypi().fileSize - int64(len(data))
	for _, c := range []struct {
		rule, breaks, near      string
		zerosBreak, zerosNearly int64
	}{
		{"upload-local-version", "demo-1.0+local-py3-none-any.whl", "demo-1.0-py3-none-any.whl", 0, 0},
		{"upload-name", "Demo-1.0-py3-none-any.whl", "demo-1.0-py3-none-any.whl", 0, 0},
		{"upload-stdlib-name", "json-1.0-py3-none-any.whl", "jsonx-1.0-py3-none-any.whl", 0, 0},
		{"upload-size", "demo-1.0-py3-none-any.whl", "demo-1.0-py3-none-any.whl", limit + 1, limit},
	} {
		has := func(name string, zeros int64) bool {
			r, err := New(Options{}).Wheel(t.Context(), afterZeros{bytes.NewReader(data), zeros}, zeros+int64(len(data)), name)
			if err != nil {
				t.Fatal(err)
			}
			return slices.ContainsFunc(r.Findings, func(f finding.Finding) bool { r, _ := finding.Lookup(f.Rule); return r.Name == c.rule })
		}
		if !has(c.breaks, c.zerosBreak) {
			t.Errorf("%s: %s does not break it", c.rule, c.breaks)
		}
		if has(c.near, c.zerosNearly) {
			t.Errorf("%s: %s breaks it", c.rule, c.near)
		}
	}
}
