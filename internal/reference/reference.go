// Package reference says which versions of other tools the answers of this module
// follow. The scripts in internal/tools/oracle and .ci/run read the same table, so
// that what is stated is what was compared.
package reference

import (
	_ "embed"
	"iter"
	"strings"
)

//go:embed tools.tsv
var table string

// A Tool is a row of the table.
type Tool struct {
	Name      string // such as "packaging", with @ and the version where another one is followed too
	Follows   string // the version to name
	Installed string // the release that was asked
	For       string // what is compared
}

// Tools yields all tools, in the order of the table.
func Tools() iter.Seq[Tool] {
	return func(yield func(Tool) bool) {
		for line := range strings.Lines(table) {
			cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			if len(cells) == 4 && !yield(Tool{cells[0], cells[1], cells[2], cells[3]}) {
				return
			}
		}
	}
}

// Version is the version of a tool to name, empty for one that is not followed.
func Version(tool string) string {
	for t := range Tools() {
		if t.Name == tool {
			return t.Follows
		}
	}
	return ""
}
