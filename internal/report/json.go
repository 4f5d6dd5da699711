package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// jsonLines writes an object on a line for each result.
type jsonLines struct {
	out      *bufio.Writer
	encoder  *json.Encoder
	messages io.Writer
	matrix   matrix // with rows for a build list only
}

func newJSON(out, messages io.Writer, c Config) Handler {
	w := bufio.NewWriterSize(out, 1<<16)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return &jsonLines{w, e, messages, matrix{Config: c}}
}

// Report writes an object for each result, and for a package one for each target.
func (j *jsonLines) Report(r Record) error {
	c, ok := r.(*Coverage)
	if !ok {
		return j.encoder.Encode(r)
	}
	if j.matrix.BuildList {
		j.matrix.rows = append(j.matrix.rows, c.Row) // its lines are those of all packages
		return nil
	}
	for t := range j.matrix.Targets {
		if err := j.encoder.Encode(j.matrix.cell(c.Row, t)); err != nil {
			return err
		}
	}
	return nil
}

// Problem says on the way that there is no answer: each input has a line, also
// where nobody reads the messages.
func (j *jsonLines) Problem(p *Problem) error {
	if err := sayProblem(j.out, j.messages, p); err != nil {
		return err
	}
	return j.encoder.Encode(p)
}

func (j *jsonLines) Progress(Progress) error { return j.out.Flush() }

// Close writes the build list, which no package has alone.
func (j *jsonLines) Close() error {
	if j.matrix.BuildList {
		for t := range j.matrix.Targets {
			r := buildListRecord{"wheeltag.build-list/v1", j.matrix.Targets[t].Name(), j.matrix.buildLines(t)}
			if err := j.encoder.Encode(r); err != nil {
				return err
			}
		}
	}
	return j.out.Flush()
}

// sayProblem writes the message of a problem after the results so far.
func sayProblem(out *bufio.Writer, messages io.Writer, p *Problem) error {
	if err := out.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(messages, "wheeltag: "+Plain(p.Error.Message))
	return err
}
