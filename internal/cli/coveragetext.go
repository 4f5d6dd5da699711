package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/wheel/coverage"
)

// stateLetters stand for the states in the matrix.
var stateLetters = map[coverage.State]byte{
	coverage.Excluded: '-', coverage.Pure: '.', coverage.Wheel: 'w', coverage.Build: 'B', coverage.Unknown: '?', coverage.Missing: 'X',
}

// showMatrix writes the matrix for people: a letter for each target, packages
// with the same letters on one line, the worst first.
func (r *coverageRun) showMatrix() error {
	if len(r.rows) == 0 {
		r.reportError("%v", errNoRows)
		return nil
	}
	width := 0
	for _, t := range r.targets {
		width = max(width, min(len(t.Name()), 36))
	}
	for t := range r.targets {
		fmt.Fprintln(r.out, r.style.Hang(fmt.Sprintf("%3s  %-*s  ", columnName(t), width, r.targets[t].Name()), r.count(t)))
	}
	fmt.Fprintln(r.out, "\nw wheel  . pure wheel  B build  X nothing fits  - not needed  ? not known")
	fmt.Fprintln(r.out)
	r.heading()
	for _, group := range r.groups80() {
		r.showGroup(group)
	}
	if r.nearest {
		r.showNearest()
	}
	return nil
}

// columnName is a, b ... z, aa, ab for the first, second target.
func columnName(t int) string {
	if t < 26 {
		return string(rune('a' + t))
	}
	return columnName(t/26-1) + string(rune('a'+t%26))
}

// count sums up a target in words, worst first.
func (r *coverageRun) count(t int) string {
	counts := map[coverage.State]int{}
	for i := range r.rows {
		counts[r.rows[i].Cells[t].State]++
	}
	var parts []string
	for _, s := range []coverage.State{coverage.Missing, coverage.Unknown, coverage.Build, coverage.Wheel, coverage.Pure, coverage.Excluded} {
		if n := counts[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	return strings.Join(parts, ", ")
}

// heading writes the names of the columns above their letters.
func (r *coverageRun) heading() {
	last := columnName(len(r.targets) - 1)
	for level := range len(last) {
		var line strings.Builder
		for t := range r.targets {
			name := columnName(t)
			at := level - (len(last) - len(name))
			if at < 0 {
				line.WriteByte(' ')
			} else {
				line.WriteByte(name[at])
			}
		}
		fmt.Fprintln(r.out, "  "+line.String())
	}
}

// rowGroup is packages with the same letters.
type rowGroup struct {
	letters string
	names   []string
	worst   coverage.State
}

// groups80 folds equal rows, so that a large lock file still fits a screen.
func (r *coverageRun) groups80() []rowGroup {
	index := map[string]int{}
	var groups []rowGroup
	for i := range r.rows {
		row := &r.rows[i]
		letters := make([]byte, len(row.Cells))
		for t, cell := range row.Cells {
			letters[t] = stateLetters[cell.State]
		}
		at, ok := index[string(letters)]
		if !ok {
			at = len(groups)
			index[string(letters)] = at
			groups = append(groups, rowGroup{letters: string(letters), worst: row.Worst()})
		}
		groups[at].names = append(groups[at].names, strings.TrimSpace(row.Package+" "+row.Version))
	}
	slices.SortStableFunc(groups, func(a, b rowGroup) int { return int(b.worst) - int(a.worst) })
	return groups
}

func (r *coverageRun) showGroup(g rowGroup) {
	const most = 12 // of packages without a hole
	names := slices.Clone(g.names)
	if !r.hole(g.worst) && len(names) > most+1 {
		names = append(names[:most], fmt.Sprintf("and %d more", len(g.names)-most))
	}
	letters := g.letters
	if r.style.Colour {
		letters = r.paintLetters(letters)
	}
	text := r.style.Wrap(strings.Join(names, ", "), strings.Repeat(" ", len(g.letters)+4))
	if len(g.letters) > 44 { // names need room: below the letters
		fmt.Fprintf(r.out, "  %s\n%s\n", letters, r.style.Wrap(strings.Join(names, ", "), "      "))
		return
	}
	fmt.Fprintf(r.out, "  %s  %s\n", letters, strings.TrimLeft(text, " "))
}

// paintLetters gives each letter the colour of its state's name.
func (r *coverageRun) paintLetters(letters string) string {
	names := map[byte]string{}
	for state, letter := range stateLetters {
		names[letter] = state.String()
	}
	var b strings.Builder
	for i := range len(letters) {
		b.WriteString(r.style.Paint(names[letters[i]], letters[i:i+1], 0))
	}
	return b.String()
}

// showNearest writes, for each package with a hole, what would cover it where.
func (r *coverageRun) showNearest() {
	fmt.Fprintln(r.out, "\nWhat would cover the holes:")
	var without []string
	for i := range r.rows {
		row := &r.rows[i]
		where := map[string][]string{}
		var order []string
		for t := range r.targets {
			if !r.hole(row.Cells[t].State) {
				continue
			}
			var parts []string
			for _, c := range row.Nearest(t) {
				parts = append(parts, c.String())
			}
			text := strings.Join(parts, "; ")
			if where[text] == nil {
				order = append(order, text)
			}
			where[text] = append(where[text], r.targets[t].Name())
		}
		for _, text := range order {
			if text == "" {
				without = append(without, row.Package+" ("+report.Some(where[text])+")")
				continue
			}
			fmt.Fprintln(r.out, r.style.Hang("  ", fmt.Sprintf("%s on %s: %s", row.Package, report.Some(where[text]), text)))
		}
	}
	if len(without) > 0 {
		fmt.Fprintln(r.out, r.style.Hang("  ", "no single change: "+strings.Join(without, ", ")))
	}
}
