package report

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
)

// csv writes a table with a column for each target, and the state in each cell.
func (m *matrix) csv() error {
	w := csv.NewWriter(m.out)
	head := []string{"package", "version"}
	for _, t := range m.Targets {
		head = append(head, t.Name())
	}
	if err := w.Write(head); err != nil {
		return err
	}
	for i := range m.rows {
		line := []string{m.rows[i].Package, m.rows[i].Version}
		for _, cell := range m.rows[i].Cells {
			line = append(line, cell.State.String())
		}
		if err := w.Write(line); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// markdown writes a table for a pull request or a summary page. Rows without
// a hole are counted, not listed.
func (m *matrix) markdown() error {
	cellText := strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;")
	fmt.Fprint(m.out, "| package | version |")
	for _, t := range m.Targets {
		fmt.Fprintf(m.out, " %s |", cellText.Replace(t.Name()))
	}
	fmt.Fprintf(m.out, "\n|---|---|%s\n", strings.Repeat("---|", len(m.Targets)))
	covered := 0
	for i := range m.rows {
		row := m.rows[i]
		if !m.Fails(row.Worst()) { // targets that the lock is not for follow below
			if !refused(row) {
				covered++
			}
			continue
		}
		fmt.Fprintf(m.out, "| %s | %s |", cellText.Replace(row.Package), cellText.Replace(row.Version))
		for _, cell := range row.Cells {
			text := cell.State.String()
			if m.Fails(cell.State) {
				text = "**" + text + "**"
			}
			fmt.Fprintf(m.out, " %s |", text)
		}
		fmt.Fprintln(m.out)
	}
	fmt.Fprintf(m.out, "\n%d of %d packages have no hole.\n", covered, len(m.rows))
	for _, text := range Refusals(m.Targets, slices.Values(m.rows)) {
		fmt.Fprintf(m.out, "\n**%s**\n", cellText.Replace(text))
	}
	return nil
}
