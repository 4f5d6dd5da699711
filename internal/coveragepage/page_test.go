package coveragepage

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRoundTrip(t *testing.T) {
	for _, size := range [][2]int{{0, 1}, {1, 1}, {250, 37}, {staticRows, 3}, {staticRows + 1, 3}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			p := samplePage(size[0], size[1])
			data := decodePage(t, render(t, p))
			if len(data.Targets) != size[1] || data.Targets[0] != [2]string{p.Targets[0].Name, p.Targets[0].About} {
				t.Errorf("targets: %v", data.Targets)
			}
			n := 0
			for want := range p.Rows {
				if diff := cmp.Diff(shownRow(want), data.Rows[n]); diff != "" {
					t.Fatalf("row %d (-want +got):\n%s", n, diff)
				}
				n++
			}
			if n != len(data.Rows) {
				t.Errorf("%d rows for %d", len(data.Rows), n)
			}
		})
	}
}

func TestNilRows(t *testing.T) {
	data := decodePage(t, render(t, &Page{Title: "empty", Targets: sampleTargets(2)}))
	if len(data.Rows) != 0 || len(data.States) != len(states) {
		t.Errorf("%+v", data)
	}
}

// TestCandidateOrder has candidates whose files do not count up, one without a
// file, and one that comes twice.
func TestCandidateOrder(t *testing.T) {
	row := Row{Package: "p", Cells: []Cell{
		{State: "wheel", File: "b", Candidates: []Candidate{{"a", false, "x"}, {"b", true, ""}, {"c", false, "x"}}},
		{State: "wheel", File: "c", Candidates: []Candidate{{"c", true, "kept"}, {"b", false, "y"}, {"", false, "x"}, {"a", false, "x"}, {"a", false, "x"}}},
		{State: "missing"},
	}}
	data := decodePage(t, render(t, &Page{Targets: sampleTargets(3), Rows: oneRow(row)}))
	if diff := cmp.Diff([]Row{row}, data.Rows); diff != "" {
		t.Error(diff)
	}
}

func oneRow(r Row) iter.Seq[Row] { return slices.Values([]Row{r}) }

func TestSameBytes(t *testing.T) {
	first := render(t, samplePage(1200, 5))
	if second := render(t, samplePage(1200, 5)); !bytes.Equal(first, second) {
		t.Error("two runs differ")
	}
}

// TestStaticTable counts rows and cells of the table without scripts.
func TestStaticTable(t *testing.T) {
	for _, rows := range []int{3, staticRows, staticRows + 5} {
		table, _, _ := bytes.Cut(render(t, samplePage(rows, 2)), []byte("</noscript>"))
		want := min(rows, staticRows)
		if got := bytes.Count(table, []byte("<tr><th scope=row>")); got != want {
			t.Errorf("%d rows in the static table for %d", got, want)
		}
		if got := bytes.Count(table, []byte("<td class=s")); got != 2*want {
			t.Errorf("%d cells in the static table for %d", got, 2*want)
		}
	}
}

// TestStaticCounts compares the counts for each target, which are of all rows.
func TestStaticCounts(t *testing.T) {
	p := samplePage(1500, 7)
	want := make([][len(states)]int, 7)
	for r := range p.Rows {
		for i, c := range r.Cells {
			want[i][stateIndex(c.State)]++
		}
	}
	_, table, found := bytes.Cut(render(t, p), []byte(`id="counts"`))
	if !found {
		t.Fatal("there are no counts")
	}
	lines := regexp.MustCompile(`(?m)^<tr><th scope=row>.*?((?:<td>\d+){7})$`).FindAllSubmatch(table, -1)
	if len(lines) != 7 {
		t.Fatalf("%d lines", len(lines))
	}
	for i, line := range lines {
		var text strings.Builder
		for _, n := range want[i] {
			fmt.Fprintf(&text, "<td>%d", n)
		}
		if string(line[1]) != text.String() {
			t.Errorf("target %d: %s, want %s", i, line[1], text.String())
		}
	}
}

func TestErrors(t *testing.T) {
	one := sampleTargets(1)
	for _, tt := range []struct {
		name string
		page Page
		code Code
		text string
	}{
		{"no target", Page{Rows: sampleRows(1, 0)}, CodeTargets, "coverage page: no targets; at least one is needed"},
		{"too few cells", Page{Targets: one, Rows: oneRow(Row{Package: "a"})}, CodeCells,
			`coverage page: row 1, package "a": 0 cells for 1 targets; each target needs one`},
		{"too many cells", Page{Targets: one, Rows: sampleRows(1, 2)}, CodeCells, "2 cells for 1 targets"},
		{"empty state", Page{Targets: one, Rows: oneRow(Row{Package: "a", Cells: []Cell{{}}})}, CodeState, `state ""`},
		{"upper-case state", Page{Targets: one, Rows: oneRow(Row{Package: "a", Cells: []Cell{{State: "Wheel"}}})}, CodeState,
			`unknown state "Wheel" for target "python:3.9-glibc2.17/x86_64"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := Write(io.Discard, &tt.page)
			var e *Error
			if !errors.As(err, &e) || e.Code != tt.code || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// brokenWriter fails once it has had so many bytes.
type brokenWriter int

var errBroken = errors.New("the disk is full")

func (w *brokenWriter) Write(p []byte) (int, error) {
	if *w -= brokenWriter(len(p)); *w < 0 {
		return 0, errBroken
	}
	return len(p), nil
}

// TestWriteError breaks the writer at many places; the rows must not be read on.
func TestWriteError(t *testing.T) {
	size := len(render(t, samplePage(1500, 4)))
	for part := range 10 {
		limit := size * part / 10
		read := 0
		p := samplePage(1500, 4)
		rows := p.Rows
		p.Rows = func(yield func(Row) bool) {
			for r := range rows {
				read++
				if !yield(r) {
					return
				}
			}
		}
		w := brokenWriter(limit)
		err := Write(&w, p)
		var e *Error
		if !errors.As(err, &e) || e.Code != CodeWrite || !errors.Is(err, errBroken) {
			t.Fatalf("limit %d: %v", limit, err)
		}
		if part == 0 && read > staticRows {
			t.Errorf("%d rows were read for a writer that failed at once", read)
		}
	}
	w := brokenWriter(size)
	if err := Write(&w, samplePage(1500, 4)); err != nil {
		t.Errorf("a writer with just enough room: %v", err)
	}
}

// countWriter keeps the number of bytes only.
type countWriter int

func (w *countWriter) Write(p []byte) (int, error) { *w += countWriter(len(p)); return len(p), nil }

// TestSizeAndMemory writes the largest page that is promised, and looks at the
// heap on the way.
func TestSizeAndMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	p := samplePage(5000, 100)
	rows := p.Rows
	var before, now runtime.MemStats
	var peak uint64
	runtime.GC()
	runtime.ReadMemStats(&before)
	p.Rows = func(yield func(Row) bool) {
		n := 0
		for r := range rows {
			if n++; n%500 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&now)
				peak = max(peak, now.HeapAlloc)
			}
			if !yield(r) {
				return
			}
		}
	}
	var size countWriter
	if err := Write(&size, p); err != nil {
		t.Fatal(err)
	}
	grown := int64(peak) - int64(before.HeapAlloc)
	t.Logf("page: %.1f MB, heap at most %.1f MB more", float64(size)/1e6, float64(grown)/1e6)
	if size > 25e6 {
		t.Errorf("the page has %d bytes", size)
	}
	if grown > 20e6 {
		t.Errorf("the heap grew by %d bytes", grown)
	}
}

func BenchmarkWrite(b *testing.B) {
	for b.Loop() {
		if err := Write(io.Discard, samplePage(5000, 100)); err != nil {
			b.Fatal(err)
		}
	}
}
