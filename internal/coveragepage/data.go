package coveragepage

import (
	"encoding/json"
	"strconv"
)

// The data is one JSON object:
//
//	{"states":  [[name, letter, about], ...]   worst first
//	 "targets": [[name, about], ...]
//	 "rows":    [row, ...]}
//	row  = [package, version, states, texts, files, details, cells]
//
// states has a digit a target, the place in "states". texts are the reasons that
// no earlier row has; all rows together make one table, numbered from 1, and 0 is
// the empty text. files is the row's own table, numbered from 1 likewise. details
// is a list of
//
//	[file, text, order, verdicts]
//
// with order a run list of the candidates' files and verdicts a run list of twice
// the text, plus 1 when the candidate is taken; both are left out where there are
// no candidates. cells is a run list with the place in
// details for each target.
//
// A run list is a list of numbers from 0 on, in which -n repeats the number before
// it n more times; in order it counts on instead, so that 4,-2 means 4,5,6.

// maxTexts and maxTextBytes limit what the encoder remembers. A page with more
// distinct reasons is still correct, but repeats some of them.
const (
	maxTexts     = 1 << 16
	maxTextBytes = 8 << 20
)

// encoder turns rows into data, one at a time.
type encoder struct {
	texts     map[string]int // reasons that were written, with their numbers
	textBytes int
	lastText  int
	fresh     []string // new reasons of the current row

	// The rest is of the current row, cleared and used again.
	files    table
	details  table
	cells    []int
	order    []int // files of a cell's candidates
	verdicts []int
	key      []byte
}

func newEncoder() *encoder {
	return &encoder{texts: map[string]int{}, files: newTable(), details: newTable()}
}

// table numbers strings from 0 in order of first use.
type table struct {
	index map[string]int
	list  []string
}

func newTable() table { return table{index: map[string]int{}} }

func (t *table) clear() {
	clear(t.index)
	t.list = t.list[:0]
}

func (t *table) add(s string) int {
	if n, ok := t.index[s]; ok {
		return n
	}
	n := len(t.list)
	t.index[s] = n
	t.list = append(t.list, s)
	return n
}

// text returns the number of a reason, new or known.
func (e *encoder) text(s string) int {
	if s == "" {
		return 0
	}
	if n, ok := e.texts[s]; ok {
		return n
	}
	if len(e.texts) >= maxTexts || e.textBytes+len(s) > maxTextBytes {
		clear(e.texts)
		e.textBytes = 0
	}
	e.lastText++
	e.texts[s] = e.lastText
	e.textBytes += len(s)
	e.fresh = append(e.fresh, s)
	return e.lastText
}

// file returns the number of a file in the current row.
func (e *encoder) file(s string) int {
	if s == "" {
		return 0
	}
	return e.files.add(s) + 1
}

// appendRow appends the data of a row whose states are digits.
func (e *encoder) appendRow(dst []byte, r *Row, digits []byte) []byte {
	e.fresh = e.fresh[:0]
	e.files.clear()
	e.details.clear()
	e.cells = e.cells[:0]
	for i := range r.Cells {
		e.cells = append(e.cells, e.detail(&r.Cells[i]))
	}
	dst = append(dst, '[')
	dst = append(appendString(dst, r.Package), ',')
	dst = append(appendString(dst, r.Version), ',', '"')
	dst = append(append(dst, digits...), '"', ',')
	dst = append(appendStrings(dst, e.fresh), ',')
	dst = append(appendStrings(dst, e.files.list), ',', '[')
	for i, d := range e.details.list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, d...)
	}
	dst = append(dst, ']', ',')
	return append(appendRuns(dst, e.cells, 0), ']')
}

// detail returns the number of a cell's details among those of the row. Targets
// with equal details share one.
func (e *encoder) detail(c *Cell) int {
	e.order, e.verdicts = e.order[:0], e.verdicts[:0]
	for i := range c.Candidates {
		verdict := 2 * e.text(c.Candidates[i].Reason)
		if c.Candidates[i].Taken {
			verdict++
		}
		e.order = append(e.order, e.file(c.Candidates[i].File))
		e.verdicts = append(e.verdicts, verdict)
	}
	e.key = append(e.key[:0], '[')
	e.key = strconv.AppendInt(e.key, int64(e.file(c.File)), 10)
	e.key = append(e.key, ',')
	e.key = strconv.AppendInt(e.key, int64(e.text(c.Reason)), 10)
	if len(e.order) > 0 {
		e.key = appendRuns(append(e.key, ','), e.order, 1)
		e.key = appendRuns(append(e.key, ','), e.verdicts, 0)
	}
	e.key = append(e.key, ']')
	if n, ok := e.details.index[string(e.key)]; ok { // looks up without a copy
		return n
	}
	return e.details.add(string(e.key))
}

// appendRuns appends a run list in which neighbours of a run differ by step.
func appendRuns(dst []byte, numbers []int, step int) []byte {
	dst = append(dst, '[')
	for i := 0; i < len(numbers); {
		n := 1
		for i+n < len(numbers) && numbers[i+n] == numbers[i]+n*step {
			n++
		}
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = strconv.AppendInt(dst, int64(numbers[i]), 10)
		if n > 1 {
			dst = strconv.AppendInt(append(dst, ','), int64(1-n), 10)
		}
		i += n
	}
	return append(dst, ']')
}

func appendStrings(dst []byte, list []string) []byte {
	dst = append(dst, '[')
	for i, s := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, s)
	}
	return append(dst, ']')
}

// appendString appends a JSON string that is safe inside a script element: the
// encoder of the standard library writes <, >, &, U+2028 and U+2029 as escapes.
func appendString(dst []byte, s string) []byte {
	quoted, err := json.Marshal(visible(s))
	if err != nil {
		panic(err) // a string always has a JSON form
	}
	return append(dst, quoted...)
}

// appendHead appends the data up to the first row.
func appendHead(dst []byte, targets []Target) []byte {
	dst = append(dst, `{"states":[`...)
	for i, s := range states {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendStrings(dst, []string{s.String(), s.Letter(), s.about})
	}
	dst = append(dst, "],\n\"targets\":["...)
	for i, t := range targets {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendStrings(dst, []string{t.Name, t.About})
	}
	return append(dst, "],\n\"rows\":[\n"...)
}
