package report

import (
	"github.com/wheeltag/wheeltag/internal/coveragepage"
	"github.com/wheeltag/wheeltag/wheel/coverage"
)

// html writes one HTML page with all of it, for a browser without a network.
func (m *matrix) html() error {
	page := coveragepage.Page{Title: m.Title}
	for _, t := range m.Targets {
		page.Targets = append(page.Targets, coveragepage.Target{Name: t.Name(), About: t.Python().String() + ", " + t.Platform().String()})
	}
	page.Rows = func(yield func(coveragepage.Row) bool) {
		for i := range m.rows {
			if !yield(m.pageRow(m.rows[i])) {
				return
			}
		}
	}
	return coveragepage.Write(m.out, &page)
}

// pageRow explains the holes of a row in full, and of its other cells only what
// is taken: the page would grow beyond use otherwise.
func (m *matrix) pageRow(row *coverage.Row) coveragepage.Row {
	out := coveragepage.Row{Package: row.Package, Version: row.Version}
	for t, cell := range row.Cells {
		one := coveragepage.Cell{State: cell.State.String(), File: row.File(t), Reason: row.Reason(t).Message}
		if m.Fails(cell.State) {
			for _, c := range row.Candidates(t) {
				one.Candidates = append(one.Candidates, coveragepage.Candidate{File: c.Name, Taken: c.Taken, Reason: c.Reason.Message})
			}
		}
		out.Cells = append(out.Cells, one)
	}
	return out
}
