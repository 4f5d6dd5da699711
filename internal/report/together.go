package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/coverage"
)

// together is a format that shows a whole run at its end.
type together struct {
	Config
	format   format
	out      *bufio.Writer
	messages io.Writer
	rows     []*coverage.Row // of coverage
	files    []audited       // of an audit
}

// newTogether makes a handler of a format that has no handler of its own.
func newTogether(f format, out, messages io.Writer, c Config) Handler {
	return &together{Config: c, format: f, out: bufio.NewWriterSize(out, 1<<16), messages: messages}
}

func (t *together) Report(r Record) error {
	switch r := r.(type) {
	case *Coverage:
		if t.format.coverage != nil {
			t.rows = append(t.rows, r.Row)
			return nil
		}
	case *Audit:
		if t.format.audit != nil {
			t.files = append(t.files, auditedOf(r))
			return nil
		}
	case *Release:
		if t.format.audit != nil {
			t.files = append(t.files, auditedRelease(r))
			return nil
		}
	}
	return unsupported(t.format.name, r)
}

// Problem says at once that there is no answer. In a report of an audit it has a place
// as well.
func (t *together) Problem(p *Problem) error {
	if t.format.audit != nil {
		t.files = append(t.files, auditedProblem(p))
	}
	said := *p
	if t.format.name == "github" {
		// GitHub reads messages too, and takes this for a command anywhere in a line.
		said.Error.Message = strings.ReplaceAll(said.Error.Message, "##[", "# #[")
	}
	return sayProblem(t.out, t.messages, &said)
}

func (t *together) Progress(Progress) error { return nil }

func (t *together) Close() error {
	var err error
	if t.format.coverage != nil && (t.Targets != nil || t.format.audit == nil) {
		err = t.format.coverage(&matrix{t.Config, t.out, t.rows})
	} else {
		err = t.format.audit(t)
	}
	if err != nil {
		return err
	}
	return t.out.Flush()
}

// note writes a message about the report itself.
func (t *together) note(text string) error {
	_, err := fmt.Fprintln(t.messages, "wheeltag: "+Plain(text))
	return err
}

// place is where reviewers see an entry about a file: the file, or the file of the
// repository that was named for that.
func (t *together) place(f *audited) string {
	if t.At != "" {
		return t.At
	}
	return f.path
}

// subject is the sentence of an entry, after the name of the file where that is not
// its place.
func (t *together) subject(f *audited, e *entry) string {
	if t.At != "" {
		return f.path + ": " + e.sentence()
	}
	return e.sentence()
}

// all lists the entries of all files, with fingerprints that differ: equal ones are
// numbered.
func (t *together) all() []located {
	var list []located
	seen := map[string]int{}
	for i := range t.files {
		f := &t.files[i]
		for _, e := range f.entries {
			seen[e.fingerprint]++
			if n := seen[e.fingerprint]; n > 1 {
				e.fingerprint += fmt.Sprintf("-%d", n)
			}
			list = append(list, located{f, e})
		}
	}
	return list
}

// located is an entry with its file.
type located struct {
	in *audited
	entry
}
