package index

import (
	"fmt"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// TestManyNamesakes compares very many files of one name. A list of all of them
// for each would take terabytes.
func TestManyNamesakes(t *testing.T) {
	const n = 50_000
	c := &Collection{}
	for at := range n {
		c.Items = append(c.Items, &Item{File: File{Name: "a", Path: fmt.Sprintf("%05d/a", at)}, rules: &finding.Selection{}, checked: true, facts: facts{SHA256: fmt.Sprintf("%064d", at)}})
	}
	c.compare()
	for at, i := range c.Items {
		if i.Offered || len(i.Findings) != 1 || len(i.Findings[0].Others) != 20 || len(i.Findings[0].Message) > 2000 {
			t.Fatalf("file %d: offered %t, %.2000v", at, i.Offered, i.Findings)
		}
	}
}
