package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestFresh: the drawing is that of the imports as they are.
func TestFresh(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	g, err := read(root)
	if err != nil {
		t.Fatal(err)
	}
	want := draw(g)
	got, err := os.ReadFile(filepath.Join(root, place))
	if err != nil || string(got) != want {
		t.Errorf("docs/architecture.svg is not of the imports as they are: go run ./internal/tools/drawing (%v)", err)
	}
	for d := xml.NewDecoder(strings.NewReader(want)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestLayers(t *testing.T) {
	g := &graph{
		nodes:   []string{"a", "b", "c", "d"},
		imports: map[string][]string{"a": {"b", "c", "d"}, "b": {"c"}},
	}
	if got, want := g.layers(), [][]string{{"a"}, {"b", "d"}, {"c"}}; !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("layers %v, want %v", got, want)
	}
	if got, want := g.shown("a"), []string{"b", "d"}; !slices.Equal(got, want) {
		t.Errorf("arrows from a to %v, want %v", got, want)
	}
	rows, arrows := g.route()
	if len(rows) != 3 || len(arrows) != 3 {
		t.Errorf("%d rows, %d arrows; want 3 and 3", len(rows), len(arrows))
	}
	for _, r := range rows {
		for i := 1; i < len(r); i++ {
			if r[i].x-r[i].width/2 < r[i-1].x+r[i-1].width/2 {
				t.Errorf("%q and %q overlap", r[i-1].node, r[i].node)
			}
		}
	}
}
