package report

import (
	"bufio"
	"io"

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

// coverageOnly is a format that shows a whole matrix and nothing else.
type coverageOnly struct {
	matrix
	messages io.Writer
	write    func(*matrix) error
}

// coverageFormat makes the handlers of a format that write writes.
func coverageFormat(write func(*matrix) error) func(out, messages io.Writer, c Config) Handler {
	return func(out, messages io.Writer, c Config) Handler {
		return &coverageOnly{matrix{Config: c, out: bufio.NewWriterSize(out, 1<<16)}, messages, write}
	}
}

func (c *coverageOnly) Report(r Record) error {
	row, ok := r.(*Coverage)
	if !ok {
		return unsupported("this format", r)
	}
	c.rows = append(c.rows, row.Row)
	return nil
}

func (c *coverageOnly) Problem(p *Problem) error { return sayProblem(c.out, c.messages, p) }

func (c *coverageOnly) Progress(Progress) error { return nil }

func (c *coverageOnly) Close() error {
	if err := c.write(&c.matrix); err != nil {
		return err
	}
	return c.out.Flush()
}
