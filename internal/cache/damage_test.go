package cache

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/wheeltag/wheeltag/internal/filestamp"
)

// TestDamagedIndex: a line that was cut short or changed is no result.
func TestDamagedIndex(t *testing.T) {
	dir, files := t.TempDir(), t.TempDir()
	c := open(t, dir, "1", 1<<20)
	var stamps [3]filestamp.Stamp
	name := func(i int) string { return filepath.Join(files, fmt.Sprintf("a %d%%.whl", i)) }
	for i := range stamps {
		put(t, name(i), fmt.Sprint(i))
		info, err := os.Stat(name(i))
		if err != nil {
			t.Fatal(err)
		}
		stamps[i] = filestamp.Of(info)
		ask(t, c, name(i), 7)
	}
	closeCache(t, c)
	entry := c.entry(byDirectory, files, "1")
	whole, err := os.ReadFile(entry)
	if err != nil {
		t.Fatal(err)
	}
	var ends []int // of the lines
	for at, b := range whole {
		if b == '\n' {
			ends = append(ends, at+1)
		}
	}
	// check looks all files up. Those before the damaged line must be found, and
	// those after it, unless they were cut off.
	check := func(what string, text []byte, at int) {
		t.Helper()
		if err := os.WriteFile(entry, text, 0o644); err != nil {
			t.Fatal(err)
		}
		damaged := slices.IndexFunc(ends, func(end int) bool { return at < end })
		c := open(t, dir, "1", 1<<20)
		for i, s := range stamps {
			got := c.byPath(name(i), s)
			want := i < damaged || i > damaged && len(text) == len(whole)
			if (got != nil) != want || want && string(got) != `{"N":7,"Text":""}` {
				t.Fatalf("%s: %d: %q", what, i, got)
			}
		}
	}
	for cut := range whole {
		check(fmt.Sprintf("cut at %d", cut), whole[:cut], cut)
	}
	for at, b := range whole {
		if b == '\n' {
			continue // makes one line of two
		}
		text := slices.Clone(whole)
		text[at] ^= 1
		check(fmt.Sprintf("bit at %d", at), text, at)
	}
}

// TestDamagedContent: the same of an entry by content, and it is repaired.
func TestDamagedContent(t *testing.T) {
	dir, path := t.TempDir(), filepath.Join(t.TempDir(), "a.whl")
	put(t, path, "content")
	ask(t, open(t, dir, "1", 1<<20), path, 7) // not closed, so there is no index
	sum, err := archiveSum(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	entry := open(t, dir, "1", 1<<20).contentEntry(path, sum)
	whole, err := os.ReadFile(entry)
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, text []byte) {
		t.Helper()
		if err := os.WriteFile(entry, text, 0o644); err != nil {
			t.Fatal(err)
		}
		if n, kept := ask(t, open(t, dir, "1", 1<<20), path, 7); n != 7 || kept {
			t.Fatalf("%s: %d, kept %v", what, n, kept)
		}
		if n, kept := ask(t, open(t, dir, "1", 1<<20), path, 8); n != 7 || !kept {
			t.Fatalf("%s: %d, kept %v after the repair", what, n, kept)
		}
	}
	for at := range whole {
		check(fmt.Sprintf("cut at %d", at), whole[:at])
		text := slices.Clone(whole)
		text[at] ^= 1
		check(fmt.Sprintf("bit at %d", at), text)
	}
	// A sound line whose JSON is of another kind.
	check("another kind", appendChecked(nil, []byte(`[1]`)))
	check("no JSON", appendChecked(nil, []byte(`{"N":7`)))
}
