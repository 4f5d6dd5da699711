package report

import (
	"bufio"
	"fmt"
	"io"
	"time"

	"github.com/wheeltag/wheeltag/wheel/coverage"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// text writes results for people.
type text struct {
	Config
	out      *bufio.Writer
	messages io.Writer
	line     *Line
	started  time.Time
	shown    int // results so far
	count    map[finding.Verdict]int
	rows     []*coverage.Row // of coverage, shown together at the end
}

func newText(out, messages io.Writer, c Config) Handler {
	line := &Line{w: messages}
	return &text{
		Config: c, out: bufio.NewWriterSize(line.over(out), 1<<16), messages: line.over(messages),
		line: line, started: time.Now(), count: map[finding.Verdict]int{},
	}
}

// Report writes one result, or keeps it for the end.
func (t *text) Report(r Record) error {
	switch r := r.(type) {
	case *Audit:
		t.audit(r)
	case *Explain:
		t.explain(r)
	case *Tree:
		t.tree(r)
	case *Index:
		t.index(r)
	case *Release:
		t.release(r)
	case *Retag:
		t.retag(r)
	case *Coverage:
		if !t.Matrix.Explain {
			t.rows = append(t.rows, r.Row)
			break
		}
		for target := range t.Targets {
			t.candidates(r.Row, target)
		}
	default:
		return unsupported("text", r)
	}
	return nil
}

// say writes a message after the results so far.
func (t *text) say(message string) error {
	if err := t.out.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(t.messages, "wheeltag: "+Plain(message))
	return err
}

func (t *text) Problem(p *Problem) error { return sayProblem(t.out, t.messages, p) }

// progressAfter is how long a run takes before there is a progress line.
const progressAfter = time.Second

func (t *text) Progress(p Progress) error {
	if err := t.out.Flush(); err != nil {
		return err
	}
	if t.Config.Progress && time.Since(t.started) > progressAfter && p.Done > 0 {
		t.line.Draw(fmt.Sprintf("%d audited, the last %s", p.Done, p.Last))
	}
	return nil
}

// Close counts the results, when there was more than one.
func (t *text) Close() error {
	t.line.Hide()
	if t.rows != nil {
		m := t.matrix()
		if t.BuildList {
			m.buildList()
		} else {
			m.show()
		}
		return t.out.Flush()
	}
	n := t.count[finding.Pass] + t.count[finding.Fail] + t.count[finding.Unknown]
	if n < 2 || t.Quiet {
		return t.out.Flush()
	}
	summary := fmt.Sprintf("%d files: %d pass, %d fail", n, t.count[finding.Pass], t.count[finding.Fail])
	if n := t.count[finding.Unknown]; n > 0 {
		summary += fmt.Sprintf(", %d unknown", n)
	}
	return t.say(summary)
}

// print writes a paragraph after an indentation.
func (t *text) print(indent, paragraph string) {
	fmt.Fprintln(t.out, t.Wrap(paragraph, indent))
}

// hang writes text after a prefix, further lines below its start.
func (t *text) hang(prefix, paragraph string) {
	fmt.Fprintln(t.out, t.Hang(prefix, paragraph))
}
