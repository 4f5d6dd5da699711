package coveragepage

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestAppendRuns(t *testing.T) {
	for _, tt := range []struct {
		list []int
		step int
		want string
	}{
		{nil, 0, "[]"},
		{[]int{4}, 0, "[4]"},
		{[]int{4, 4}, 0, "[4,-1]"},
		{[]int{4, 4, 4, 0, 7, 7}, 0, "[4,-2,0,7,-1]"},
		{[]int{4, 5, 6}, 0, "[4,5,6]"},
		{[]int{4, 5, 6}, 1, "[4,-2]"},
		{[]int{6, 5, 4, 4}, 1, "[6,5,4,4]"},
		{[]int{0, 1, 3, 0, 0}, 1, "[0,-1,3,0,0]"},
	} {
		if got := string(appendRuns(nil, tt.list, tt.step)); got != tt.want {
			t.Errorf("appendRuns(%v, %d) = %s, want %s", tt.list, tt.step, got, tt.want)
		}
	}
}

// TestTextsAreBounded gives more reasons than the encoder remembers, by number and
// by size. Every number must lead to its reason all the same.
func TestTextsAreBounded(t *testing.T) {
	for name, reason := range map[string]func(int) string{
		"number": func(i int) string { return fmt.Sprint("reason ", i%(maxTexts+10)) },
		"size":   func(i int) string { return fmt.Sprint(i%300, strings.Repeat("x", 64<<10)) },
	} {
		t.Run(name, func(t *testing.T) {
			e := newEncoder()
			all := []string{""}
			for i := range 2 * maxTexts {
				if name == "size" && i > 600 {
					break
				}
				e.fresh = e.fresh[:0]
				n := e.text(reason(i))
				all = append(all, e.fresh...)
				if all[n] != reason(i) {
					t.Fatalf("reason %d has number %d, which is another", i, n)
				}
				if len(e.texts) > maxTexts || e.textBytes > maxTextBytes {
					t.Fatalf("%d reasons of %d bytes are remembered", len(e.texts), e.textBytes)
				}
			}
		})
	}
}

// TestSharedDetails says that targets with equal details share them, and that a
// reason goes out once.
func TestSharedDetails(t *testing.T) {
	cells := slices.Repeat([]Cell{{State: "build", File: "a.tar.gz", Reason: "only source"}}, 50)
	e := newEncoder()
	digits := []byte(strings.Repeat("2", 50))
	first := string(e.appendRow(nil, &Row{Package: "a", Version: "1", Cells: cells}, digits))
	want := `["a","1","` + string(digits) + `",["only source"],["a.tar.gz"],[[1,1]],[0,-49]]`
	if first != want {
		t.Errorf("got  %s\nwant %s", first, want)
	}
	second := string(e.appendRow(nil, &Row{Package: "a", Version: "1", Cells: cells}, digits))
	if want := strings.Replace(want, `["only source"]`, `[]`, 1); second != want {
		t.Errorf("got  %s\nwant %s", second, want)
	}
}
