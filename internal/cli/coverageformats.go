package cli

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

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

func (r *coverageRun) record(row *coverage.Row, t int) cellRecord {
	cell := cellRecord{
		Schema: "wheeltag.coverage/v1", Package: row.Package, Version: row.Version, Target: r.targets[t].Name(),
		State: row.Cells[t].State.String(), File: row.File(t),
	}
	if reason := row.Reason(t); reason.Code != "" {
		cell.Reason = &reasonRecord{string(reason.Code), reason.Message, reason.Need, reason.Have}
	}
	if r.nearest {
		for _, change := range row.Nearest(t) {
			cell.Nearest = append(cell.Nearest, changeRecord(change))
		}
	}
	return cell
}

// showCells writes an object for each package and target.
func (r *coverageRun) showCells() error {
	for i := range r.rows {
		for t := range r.targets {
			if err := r.writeJSON(r.record(&r.rows[i], t)); err != nil {
				return err
			}
		}
	}
	return nil
}

// showCell writes one cell with all its candidates.
func (r *coverageRun) showCell(row *coverage.Row, t int) error {
	candidates := row.Candidates(t)
	if r.json {
		record := r.record(row, t)
		for _, c := range candidates {
			one := candidateRecord{File: c.Name, Taken: c.Taken}
			if c.Tag.Interpreter != "" {
				one.Tag = c.Tag.String()
			}
			if c.Reason.Code != "" {
				one.Reason = &reasonRecord{string(c.Reason.Code), c.Reason.Message, c.Reason.Need, c.Reason.Have}
			}
			record.Candidates = append(record.Candidates, one)
		}
		return r.writeJSON(record)
	}
	title := strings.TrimSpace(row.Package + " " + row.Version)
	fmt.Fprintf(r.out, "%s on %s: %s\n", title, r.targets[t].Name(), row.Cells[t].State)
	if reason := row.Reason(t); reason.Code != "" {
		fmt.Fprintln(r.out, r.style.Wrap(fmt.Sprintf("%s (%s)", reason.Message, reason.Code), "       "))
	}
	for _, c := range candidates {
		switch {
		case c.Taken && c.Tag.Interpreter != "":
			fmt.Fprintf(r.out, "  take %s\n       by %s\n", c.Name, c.Tag)
		case c.Taken:
			fmt.Fprintf(r.out, "  take %s, to build\n", c.Name)
		default:
			fmt.Fprintf(r.out, "  not  %s\n%s\n", c.Name, r.style.Wrap(fmt.Sprintf("%s (%s)", c.Reason.Message, c.Reason.Code), "       "))
		}
	}
	for _, change := range row.Nearest(t) {
		fmt.Fprintln(r.out, r.style.Hang("  near ", change.String()))
	}
	return nil
}

// showBuildList writes what must be built for each target, as requirements.
func (r *coverageRun) showBuildList() error {
	for t := range r.targets {
		var lines []string
		for i := range r.rows {
			row := &r.rows[i]
			if row.Cells[t].State < coverage.Build {
				continue
			}
			line := row.Package
			if row.Version != "" {
				line += "==" + row.Version
			}
			if !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
		slices.Sort(lines)
		if r.json {
			if lines == nil {
				lines = []string{}
			}
			err := r.writeJSON(struct {
				Schema       string   `json:"schema"`
				Target       string   `json:"target"`
				Requirements []string `json:"requirements"`
			}{"wheeltag.build-list/v1", r.targets[t].Name(), lines})
			if err != nil {
				return err
			}
			continue
		}
		if len(r.targets) > 1 {
			fmt.Fprintf(r.out, "# %s\n", r.targets[t].Name())
		}
		for _, line := range lines {
			fmt.Fprintln(r.out, line)
		}
	}
	return nil
}

// showCSV writes a table with a column for each target, and the state in each cell.
func (r *coverageRun) showCSV() error {
	w := csv.NewWriter(r.out)
	head := []string{"package", "version"}
	for _, t := range r.targets {
		head = append(head, t.Name())
	}
	if err := w.Write(head); err != nil {
		return err
	}
	for i := range r.rows {
		line := []string{r.rows[i].Package, r.rows[i].Version}
		for _, cell := range r.rows[i].Cells {
			line = append(line, cell.State.String())
		}
		if err := w.Write(line); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// showMarkdown writes a table for a pull request or a summary page. Rows without
// a hole are counted, not listed.
func (r *coverageRun) showMarkdown() error {
	cellText := strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;")
	fmt.Fprint(r.out, "| package | version |")
	for _, t := range r.targets {
		fmt.Fprintf(r.out, " %s |", cellText.Replace(t.Name()))
	}
	fmt.Fprintf(r.out, "\n|---|---|%s\n", strings.Repeat("---|", len(r.targets)))
	covered := 0
	for i := range r.rows {
		row := &r.rows[i]
		if !r.hole(row.Worst()) {
			covered++
			continue
		}
		fmt.Fprintf(r.out, "| %s | %s |", cellText.Replace(row.Package), cellText.Replace(row.Version))
		for _, cell := range row.Cells {
			text := cell.State.String()
			if r.hole(cell.State) {
				text = "**" + text + "**"
			}
			fmt.Fprintf(r.out, " %s |", text)
		}
		fmt.Fprintln(r.out)
	}
	fmt.Fprintf(r.out, "\n%d of %d packages have no hole.\n", covered, len(r.rows))
	return nil
}
