package report

import (
	"fmt"
	"testing"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/coverage"
)

// TestNearestFirst: the file that is taken comes first, then those that come nearest
// to fitting; the rest is counted by reason. Short lists stay as they are.
func TestNearestFirst(t *testing.T) {
	var list []coverage.Candidate
	add := func(n int, code tags.ReasonCode) {
		for range n {
			c := coverage.Candidate{Reason: tags.Reason{Code: code}}
			c.Name = fmt.Sprint(len(list))
			list = append(list, c)
		}
	}
	add(6, "os")
	add(1, "glibc-version")
	add(2, "machine")
	if first, rest := nearestFirst(list); len(first) != 9 || rest != "" || first[0].Name != "0" {
		t.Errorf("%d files, %q", len(first), rest)
	}
	add(3, "abi")
	list[11].Taken = true
	first, rest := nearestFirst(list)
	var names []string
	for _, c := range first {
		names = append(names, c.Name)
	}
	if fmt.Sprint(names) != "[11 6 7 8 0 1 2 3]" || rest != "4 more: 2 for os, 2 for abi; --format json lists all" || list[0].Name != "0" {
		t.Errorf("%v, %q", names, rest)
	}
}
