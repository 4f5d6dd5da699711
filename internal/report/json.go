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
}

func newJSON(out, messages io.Writer) *jsonLines {
	w := bufio.NewWriterSize(out, 1<<16)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return &jsonLines{w, e, messages}
}

func (j *jsonLines) Audit(a *Audit) error     { return j.encoder.Encode(a) }
func (j *jsonLines) Explain(e *Explain) error { return j.encoder.Encode(e) }

// Problem says on the way that there is no answer: each input has a line, also
// where nobody reads the messages.
func (j *jsonLines) Problem(p *Problem) error {
	if err := j.out.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(j.messages, "wheeltag: "+Plain(p.Error.Message))
	return j.encoder.Encode(p)
}

func (j *jsonLines) Progress(Progress) error { return j.out.Flush() }
func (j *jsonLines) Close() error            { return j.out.Flush() }
