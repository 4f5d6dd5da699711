package tags

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestSeparator(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 20_000 {
		b := make([]byte, rng.IntN(40))
		for i := range b {
			b[i] = "abcxyz0,-./\x80\xff\xad\xae"[rng.IntN(15)]
		}
		s := string(b)
		start := rng.IntN(len(s) + 1)
		want := len(s)
		if i := strings.IndexAny(s[start:], "-."); i >= 0 {
			want = start + i
		}
		if got := separator(s, start); got != want {
			t.Fatalf("separator(%q, %d) = %d, want %d", s, start, got, want)
		}
	}
}
