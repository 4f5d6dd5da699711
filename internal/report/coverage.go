package report

import (
	"bufio"

	"github.com/wheeltag/wheeltag/wheel/coverage"
)

// Coverage is the answers for one package, one for each target of the run.
type Coverage struct{ Row *coverage.Row }

// CoverageSchema is that of one package on one target.
const CoverageSchema = "wheeltag.coverage/v1"

// Matrix is what a report of coverage needs to know of its run.
type Matrix struct {
	Title   string // the sources
	Targets []coverage.Target
	// Fails reports whether a state makes the run fail.
	Fails func(coverage.State) bool
	// Nearest adds the smallest change that would cover a hole, Explain every
	// file and why it is not taken. BuildList shows what must be built alone.
	Nearest, Explain, BuildList bool
}

// matrix is all rows of a run, for the formats that show them together.
type matrix struct {
	Config
	out  *bufio.Writer
	rows []*coverage.Row
}

func (t *text) matrix() *matrix { return &matrix{t.Config, t.out, t.rows} }
