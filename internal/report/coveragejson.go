package report

import (
	"slices"

	"github.com/wheeltag/wheeltag/wheel/coverage"
)

// cellRecord is the JSON object of coverage.
type cellRecord struct {
	Schema     string            `json:"schema"`
	Package    string            `json:"package"`
	Version    string            `json:"version,omitempty"`
	Target     string            `json:"target"`
	State      string            `json:"state"`
	File       string            `json:"file,omitempty"`
	Reason     *reasonRecord     `json:"reason,omitempty"`
	Nearest    []changeRecord    `json:"nearest,omitempty"`
	Candidates []candidateRecord `json:"candidates,omitempty"`
}

type changeRecord struct {
	Kind string `json:"kind"`
	Need string `json:"need"`
	File string `json:"file"`
}

type candidateRecord struct {
	File   string        `json:"file"`
	Taken  bool          `json:"taken"`
	Tag    string        `json:"tag,omitempty"`
	Reason *reasonRecord `json:"reason,omitempty"`
}

// reasonRecord says why a file is not taken.
type reasonRecord struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Need    string `json:"need,omitempty"`
	Have    string `json:"have,omitempty"`
}

// cell returns the record of a package on a target.
func (m *Matrix) cell(row *coverage.Row, t int) cellRecord {
	cell := cellRecord{
		Schema: CoverageSchema, Package: row.Package, Version: row.Version, Target: m.Targets[t].Name(),
		State: row.Cells[t].State.String(), File: row.File(t),
	}
	if reason := row.Reason(t); reason.Code != "" {
		cell.Reason = &reasonRecord{string(reason.Code), reason.Message, reason.Need, reason.Have}
	}
	if m.Nearest {
		for _, change := range row.Nearest(t) {
			cell.Nearest = append(cell.Nearest, changeRecord(change))
		}
	}
	if m.Explain {
		for _, c := range row.Candidates(t) {
			cell.Candidates = append(cell.Candidates, candidateOf(c))
		}
	}
	return cell
}

func candidateOf(c coverage.Candidate) candidateRecord {
	r := candidateRecord{File: c.Name, Taken: c.Taken}
	if c.Tag.Interpreter != "" {
		r.Tag = c.Tag.String()
	}
	if c.Reason.Code != "" {
		r.Reason = &reasonRecord{string(c.Reason.Code), c.Reason.Message, c.Reason.Need, c.Reason.Have}
	}
	return r
}

// buildLines lists what must be built or is missing for a target, as requirements.
func (m *matrix) buildLines(t int) []string {
	lines := []string{}
	for _, row := range m.rows {
		if row.Cells[t].State < coverage.Build {
			continue
		}
		line := row.Package
		if row.Version != "" {
			line += "==" + row.Version
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// buildListRecord is the JSON object of a build list.
type buildListRecord struct {
	Schema       string   `json:"schema"`
	Target       string   `json:"target"`
	Requirements []string `json:"requirements"`
}
