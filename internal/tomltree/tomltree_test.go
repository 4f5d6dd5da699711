package tomltree

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestManyKeys passes the point where a table gets an index.
func TestManyKeys(t *testing.T) {
	var b strings.Builder
	for c := 'a'; c <= 'z'; c++ {
		b.WriteString(string(c) + " = 1\n")
	}
	doc, err := Parse([]byte(b.String()))
	if err != nil || doc.Get("z") == nil || doc.Get("a") == nil || doc.Get("zz") != nil {
		t.Errorf("%v, %v", doc, err)
	}
	if _, err := Parse([]byte(b.String() + "c = 2")); err == nil || err.Line != 27 {
		t.Errorf("error %v", err)
	}
}

// TestLines: nodes far apart, and back.
func TestLines(t *testing.T) {
	doc, err := Parse([]byte("a = [\n" + strings.Repeat("\n", 500) + " 1,\n 2 ]\n\nb = '''" + strings.Repeat("\n", 100) + "'''\nc = {\n d = 1 }"))
	if err != nil {
		t.Fatal(err)
	}
	c := doc.Get("c")
	got := []int{doc.Get("a").List[0].Line, doc.Get("a").List[1].Line, doc.Get("b").Line, c.Line, c.Table.Get("d").Line}
	if diff := cmp.Diff([]int{502, 503, 505, 606, 607}, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("a = 1\n[b.c]\nd = [1, { e = 'x' }]\n[[f]]\n[[f]]\ng.h = 2026-01-01\n")
	f.Fuzz(func(t *testing.T, text string) {
		doc, err := Parse([]byte(text))
		if (doc == nil) == (err == nil) {
			t.Fatalf("%v and %v", doc, err)
		}
	})
}
