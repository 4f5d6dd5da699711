package coveragepage

import (
	"bufio"
	"fmt"
	"io"
	"iter"
)

// Page is a matrix to write.
type Page struct {
	Title   string        // the subject, such as "web/uv.lock"
	Targets []Target      // the columns, at least one
	Rows    iter.Seq[Row] // the rows, read once; nil for none
}

// Target is a column.
type Target struct {
	Name  string // as in "python:3.11-bullseye/aarch64"
	About string // as in "CPython 3.11, Linux aarch64, glibc 2.31"
}

// Row is a package. Write does not keep its slices, so the sequence may reuse them.
type Row struct {
	Package string
	Version string // or ""
	Cells   []Cell // one for each target, in their order
}

// Cell is the result for one package and target.
type Cell struct {
	State      string      // missing, unknown, build, wheel, pure, unsupported or excluded
	File       string      // the file that is taken, or ""
	Reason     string      // a sentence: why it is not better, or ""
	Candidates []Candidate // the files that were considered, may be nil
}

// Candidate is a file that was considered for a cell.
type Candidate struct {
	File   string
	Taken  bool
	Reason string // why it is not taken, or ""
}

// staticRows is how many rows the table without scripts has. More would make the
// file large for few readers.
const staticRows = 1000

// Write writes the page as UTF-8 HTML. Without scripts the page shows the rows in
// the order of the input; with scripts the worst come first.
//
// Every error is an [*Error]. Part of the page may be written by then, so write to a
// temporary file and rename it when Write returns nil.
func Write(w io.Writer, p *Page) error {
	if len(p.Targets) == 0 {
		return &Error{Code: CodeTargets, What: "no targets; at least one is needed"}
	}
	pw := &pageWriter{
		out:    bufio.NewWriterSize(w, 64<<10),
		page:   p,
		enc:    newEncoder(),
		counts: make([][len(states)]int, len(p.Targets)),
	}
	if err := pw.write(); err != nil {
		return err
	}
	if err := pw.out.Flush(); err != nil {
		return writeError(err)
	}
	return nil
}

func writeError(err error) error {
	return &Error{Code: CodeWrite, What: "cannot write the page", Cause: err}
}

// pageWriter writes one page. The table without scripts comes before the data, so
// the data of its rows is kept until that table is complete.
type pageWriter struct {
	out    *bufio.Writer
	page   *Page
	enc    *encoder
	rows   int
	counts [][len(states)]int // by target: rows of each state
	digits []byte             // the states of the current row
	line   []byte             // the current row, reused
	held   []byte             // data of the rows in the static table
}

func (pw *pageWriter) write() error {
	if err := writeTop(pw.out, pw.page); err != nil {
		return writeError(err)
	}
	pw.startStatic()
	if pw.page.Rows != nil {
		for r := range pw.page.Rows {
			if err := pw.row(&r); err != nil {
				return err
			}
		}
	}
	if pw.rows <= staticRows {
		pw.startData()
	}
	pw.out.WriteString("]}\n</script>\n")
	pw.staticCounts()
	if err := writeEnd(pw.out); err != nil {
		return writeError(err)
	}
	return nil
}

// row checks a row and sends it to the static table and the data.
func (pw *pageWriter) row(r *Row) error {
	if err := pw.check(r); err != nil {
		return err
	}
	if pw.rows == staticRows {
		pw.startData()
	}
	pw.line = pw.line[:0]
	if pw.rows > 0 {
		pw.line = append(pw.line, ",\n"...)
	}
	pw.line = pw.enc.appendRow(pw.line, r, pw.digits)
	var err error
	if pw.rows < staticRows {
		pw.held = append(pw.held, pw.line...)
		err = pw.staticRow(r)
	} else {
		_, err = pw.out.Write(pw.line)
	}
	pw.rows++
	if err != nil {
		return writeError(err) // a failed writer ends the reading of rows too
	}
	return nil
}

// check turns the states of a row into digits and counts them.
func (pw *pageWriter) check(r *Row) error {
	if len(r.Cells) != len(pw.page.Targets) {
		return &Error{
			Code:  CodeCells,
			What:  fmt.Sprintf("%d cells for %d targets; each target needs one", len(r.Cells), len(pw.page.Targets)),
			Where: whereRow(pw.rows, r),
		}
	}
	pw.digits = pw.digits[:0]
	for i := range r.Cells {
		n := stateIndex(r.Cells[i].State)
		if n < 0 {
			return &Error{
				Code:  CodeState,
				What:  fmt.Sprintf("unknown state %q for target %q", r.Cells[i].State, pw.page.Targets[i].Name),
				Where: whereRow(pw.rows, r),
			}
		}
		pw.digits = append(pw.digits, byte('0'+n))
	}
	for i, d := range pw.digits {
		pw.counts[i][d-'0']++
	}
	return nil
}

// startData ends the static table and begins the data.
func (pw *pageWriter) startData() {
	pw.endStatic()
	pw.out.WriteString(`<script type="application/json" id="data">` + "\n")
	pw.line = appendHead(pw.line[:0], pw.page.Targets)
	pw.out.Write(pw.line)
	pw.out.Write(pw.held)
	pw.held = nil
}
