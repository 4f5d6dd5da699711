package pep440

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/wheeltag/wheeltag/internal/pystr"
)

// The vectors hold what Python's packaging 26.3 answers. They are written by
// internal/tools/oracle/pep440/generate.py, which also explains how to make a larger
// set from another seed; WHEELTAG_PEP440_VECTORS names its directory.

// records yields the lines of one vector file, split into JSON values.
func records(t *testing.T, name string) iter.Seq[[]json.RawMessage] {
	t.Helper()
	dir := os.Getenv("WHEELTAG_PEP440_VECTORS")
	if dir == "" {
		dir = "testdata"
	}
	return func(yield func([]json.RawMessage) bool) {
		f, err := os.Open(filepath.Join(dir, name+".jsonl.gz"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(z)
		lines.Buffer(nil, 1<<20)
		n := 0
		for ; lines.Scan(); n++ {
			if !yield(decode[[]json.RawMessage](t, lines.Bytes())) {
				return
			}
		}
		if lines.Err() != nil || n == 0 {
			t.Fatalf("%s: %d lines read, error %v", name, n, lines.Err())
		}
	}
}

func decode[T any](t *testing.T, data []byte) T {
	t.Helper()
	var x T
	if err := json.Unmarshal(data, &x); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return x
}

func TestVectorVersions(t *testing.T) {
	valid, invalid := 0, 0
	for rec := range records(t, "versions") {
		text := decode[string](t, rec[0])
		v, err := Parse(text)
		if (err == nil) != (len(rec) > 1) {
			t.Errorf("Parse(%q): error %v, the reference accepts: %t", text, err, len(rec) > 1)
			continue
		}
		if err != nil {
			invalid++
			continue
		}
		valid++
		want := decode[string](t, rec[1])
		public, local, _ := strings.Cut(want, "+")
		if v.String() != want || v.Public() != public || v.Local() != local || local != decode[string](t, rec[4]) {
			t.Errorf("Parse(%q) = %q, public %q, local %q; want %q", text, v, v.Public(), v.Local(), want)
		}
		if base := decode[string](t, rec[3]); v.Base() != base {
			t.Errorf("Parse(%q).Base() = %q, want %q", text, v.Base(), base)
		}
		if got := assemble(v); got != want {
			t.Errorf("the parts of %q give %q, want %q", text, got, want)
		}
		flags := decode[int](t, rec[2])
		if v.IsPrerelease() != (flags&1 > 0) || v.IsPostrelease() != (flags&2 > 0) || v.IsDevrelease() != (flags&4 > 0) {
			t.Errorf("%q: pre %t post %t dev %t, want bits %03b", text, v.IsPrerelease(), v.IsPostrelease(), v.IsDevrelease(), flags)
		}
		if v.Source() != text {
			t.Errorf("Parse(%q).Source() = %q", text, v.Source())
		}
	}
	t.Logf("%d valid and %d invalid versions", valid, invalid)
}

// assemble writes the normal form by means of the accessors of the parts.
func assemble(v Version) string {
	s := strings.Join(slices.Collect(v.Release()), ".")
	if v.Epoch() != "0" {
		s = v.Epoch() + "!" + s
	}
	if kind, num, ok := v.Pre(); ok {
		s += kind + num
	}
	if num, ok := v.Post(); ok {
		s += ".post" + num
	}
	if num, ok := v.Dev(); ok {
		s += ".dev" + num
	}
	if l := v.Local(); l != "" {
		s += "+" + l
	}
	return s
}

func TestVectorOrder(t *testing.T) {
	pairs := 0
	for rec := range records(t, "order") {
		var group []Version
		for _, text := range decode[[]string](t, rec[0]) {
			group = append(group, mustParse(t, text))
		}
		for i, row := range decode[[]string](t, rec[1]) {
			for j := range row {
				pairs++
				if got := "<=>"[1+group[i].Compare(group[j])]; got != row[j] {
					t.Errorf("%q %c %q, want %c", group[i].Source(), got, group[j].Source(), row[j])
				}
			}
		}
	}
	t.Logf("%d ordered pairs", pairs)
}

func mustParse(t testing.TB, s string) Version {
	t.Helper()
	v, err := Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var allPrereleases = []Prereleases{PrereleasesDefault, PrereleasesAllowed, PrereleasesExcluded}

func TestVectorSpecifiers(t *testing.T) {
	checks, invalid := 0, 0
	for rec := range records(t, "specifiers") {
		text := decode[string](t, rec[0])
		set, err := ParseSpecifierSet(text)
		if (err == nil) != (len(rec) > 1) {
			t.Errorf("ParseSpecifierSet(%q): error %v, the reference accepts: %t", text, err, len(rec) > 1)
			continue
		}
		if err != nil {
			invalid++
			continue
		}
		if want := decode[string](t, rec[1]); set.String() != want {
			t.Errorf("ParseSpecifierSet(%q).String() = %q, want %q", text, set, want)
		}
		items := decode[[]string](t, rec[2])
		for i, want := range decode[[]int](t, rec[3]) {
			checks++
			if got := answers(set, items[i]); got != want {
				t.Errorf("%q contains %q: %07b, want %07b", text, items[i], got, want)
			}
		}
		for i, want := range decode[[]int](t, rec[4]) {
			checkFilter(t, set, items, allPrereleases[i], want)
		}
	}
	t.Logf("%d versions against sets in three modes, %d invalid sets", checks, invalid)
}

// answers packs the results for one candidate like the function of the same
// name in generate.py.
func answers(set SpecifierSet, text string) (bits int) {
	v, err := Parse(text)
	for i, pre := range allPrereleases {
		if set.ContainsString(text, pre) {
			bits |= 1 << i
		}
		got := set.Contains(v, pre)
		if got {
			bits |= 8 << i
		}
		for sp := range set.All() {
			if set.Len() == 1 && sp.Contains(v, pre) != got {
				return -1
			}
		}
	}
	if err == nil {
		bits |= 64
	}
	return bits
}

// checkFilter compares with a bit mask of the items that the reference keeps.
func checkFilter(t *testing.T, set SpecifierSet, items []string, pre Prereleases, mask int) {
	t.Helper()
	var want []string
	for i, item := range items {
		if mask>>i&1 > 0 {
			want = append(want, item)
		}
	}
	if got := set.FilterStrings(items, pre); !slices.Equal(got, want) {
		t.Errorf("%q filters %q in mode %d: %q, want %q", set, items, pre, got, want)
	}
}

func TestVectorRequiresPython(t *testing.T) {
	var grid [][3]int
	for rec := range records(t, "requires_python") {
		if grid == nil {
			for _, v := range rec {
				grid = append(grid, decode[[3]int](t, v))
			}
			continue
		}
		spec := decode[string](t, rec[0])
		set, err := ParseSpecifierSet(spec) // installers ignore the invalid ones
		for i, want := range decode[string](t, rec[1]) {
			v := grid[i]
			if got := err != nil || set.AllowsPython(v[0], v[1], v[2]); got != (want == '1') {
				t.Errorf("%q allows %v: %t", spec, v, got)
			}
		}
	}
}

// TestVectorCodePoints puts the code points into every template: all of the
// planes that have characters, and samples of the empty planes 4 to 13. The
// inner scanners are called, because building millions of errors takes long.
func TestVectorCodePoints(t *testing.T) {
	for rec := range records(t, "code_points") {
		template := decode[string](t, rec[0])
		ranges := decode[[][2]rune](t, rec[1])
		before, after, _ := strings.Cut(template, "@")
		accepts := func(s string) bool { return scan(s, new(Version)).reason == "" }
		if strings.Contains(template, "=") {
			accepts = func(s string) bool { _, err := ParseSpecifierSet(s); return err == nil }
		}
		for r := rune(0); r <= utf8.MaxRune; r++ {
			if !utf8.ValidRune(r) || r >= 0x40000 && r < 0xe0000 && r%251 != 0 {
				continue
			}
			for len(ranges) > 0 && ranges[0][1] < r {
				ranges = ranges[1:]
			}
			want := len(ranges) > 0 && ranges[0][0] <= r
			if s := before + string(r) + after; accepts(s) != want {
				t.Fatalf("%q accepted: %t, want %t", s, !want, want)
			}
		}
	}
}

func TestVectorLowered(t *testing.T) {
	for rec := range records(t, "lowered") {
		text, want := decode[string](t, rec[0]), decode[string](t, rec[1])
		if got := pystr.Lower(text); got != want {
			t.Errorf("%+q in lower case: %+q, want %+q", text, got, want)
		}
	}
}
