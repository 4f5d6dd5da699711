package pystr

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// TestCharactersEqualPython asks about every code point that the recorded
// Python knows; see internal/tools/oracle/names.
func TestCharactersEqualPython(t *testing.T) {
	f, err := os.Open(filepath.Join("testdata", "characters.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var python struct {
		Assigned, Start, Continue, Word [][2]rune
		Lower                           map[string]string
	}
	if err := json.NewDecoder(z).Decode(&python); err != nil {
		t.Fatal(err)
	}
	in := func(ranges [][2]rune, r rune) bool {
		lo, hi := 0, len(ranges)
		for lo < hi {
			if mid := (lo + hi) / 2; ranges[mid][1] < r {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		return lo < len(ranges) && ranges[lo][0] <= r
	}
	asked := 0
	for _, span := range python.Assigned {
		for r := span[0]; r <= span[1]; r++ {
			if 0xD800 <= r && r <= 0xDFFF {
				continue // surrogates are not text in Go
			}
			asked++
			s := string(r)
			if got, want := IsIdentifier(s), in(python.Start, r); got != want {
				t.Errorf("%U begins an identifier: %v, Python says %v", r, got, want)
			}
			if got, want := IsIdentifier("a"+s), in(python.Continue, r); got != want {
				t.Errorf("%U goes on an identifier: %v, Python says %v", r, got, want)
			}
			if got, want := IsWord(r), in(python.Word, r); got != want {
				t.Errorf("%U is a word character: %v, Python says %v", r, got, want)
			}
			want, ok := python.Lower[strconv.Itoa(int(r))]
			if !ok {
				want = s
			}
			if got := Lower(s); got != want {
				t.Errorf("Lower(%U) = %+q, Python says %+q", r, got, want)
			}
		}
	}
	if asked < 250_000 {
		t.Errorf("only %d code points asked", asked)
	}
}
