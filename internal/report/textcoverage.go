package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/coverage"
)

// show writes the matrix for people: a letter for each target, packages
// with the same letters on one line, the worst first.
func (m *matrix) show() {
	width := 0
	for _, t := range m.Targets {
		width = max(width, min(len(t.Name()), 36))
	}
	for t := range m.Targets {
		fmt.Fprintln(m.out, m.Hang(fmt.Sprintf("%3s  %-*s  ", columnName(t), width, m.Targets[t].Name()), m.count(t)))
	}
	if !slices.ContainsFunc(m.rows, func(row *coverage.Row) bool { return !refused(row) }) {
		return // the lines above say it all
	}
	fmt.Fprintf(m.out, "\n%s\n\n", m.legend())
	m.heading()
	for _, group := range m.groups() {
		m.showGroup(group)
	}
	if m.Nearest {
		m.showNearest()
	}
}

// columnName is a, b ... z, aa, ab for the first, second target.
func columnName(t int) string {
	if t < 26 {
		return string(rune('a' + t))
	}
	return columnName(t/26-1) + string(rune('a'+t%26))
}

// count sums up a target in words, worst first.
func (m *matrix) count(t int) string {
	counts := map[coverage.State]int{}
	var parts []string
	for i := range m.rows {
		if m.rows[i].Cells[t].State == coverage.Unsupported {
			if text := refusal(m.rows[i], t); !slices.Contains(parts, text) {
				parts = append(parts, text)
			}
			continue
		}
		counts[m.rows[i].Cells[t].State]++
	}
	refusals := strings.Join(parts, "; ")
	parts = nil
	for _, s := range coverage.States() {
		if n := counts[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	if refusals != "" && len(parts) > 0 {
		refusals += "; "
	}
	return refusals + strings.Join(parts, ", ")
}

// heading writes the names of the columns above their letters.
func (m *matrix) heading() {
	last := columnName(len(m.Targets) - 1)
	for level := range len(last) {
		var line strings.Builder
		for t := range m.Targets {
			name := columnName(t)
			at := level - (len(last) - len(name))
			if at < 0 {
				line.WriteByte(' ')
			} else {
				line.WriteByte(name[at])
			}
		}
		fmt.Fprintln(m.out, "  "+line.String())
	}
}

// legend explains the letters that occur, the worst states first.
func (m *matrix) legend() string {
	var parts []string
	for _, s := range coverage.States() {
		has := func(row *coverage.Row) bool {
			return slices.ContainsFunc(row.Cells, func(c coverage.Cell) bool { return c.State == s })
		}
		if slices.ContainsFunc(m.rows, has) {
			parts = append(parts, s.Letter()+" "+s.String())
		}
	}
	return strings.Join(parts, "  ")
}

// letters are the states of a row.
func (m *matrix) letters(row *coverage.Row) string {
	var letters strings.Builder
	for _, cell := range row.Cells {
		letters.WriteString(cell.State.Letter())
	}
	return letters.String()
}

// rowGroup is packages with the same letters.
type rowGroup struct {
	letters string
	names   []string
	worst   coverage.State
}

// groups folds equal rows, so that a large lock file still fits a screen.
func (m *matrix) groups() []rowGroup {
	index := map[string]int{}
	var groups []rowGroup
	for i := range m.rows {
		row := m.rows[i]
		letters := m.letters(row)
		at, ok := index[letters]
		if !ok {
			at = len(groups)
			index[letters] = at
			groups = append(groups, rowGroup{letters: letters, worst: row.Worst()})
		}
		groups[at].names = append(groups[at].names, strings.TrimSpace(row.Package+" "+row.Version))
	}
	slices.SortStableFunc(groups, func(a, b rowGroup) int { return int(b.worst) - int(a.worst) })
	return groups
}

func (m *matrix) showGroup(g rowGroup) {
	const most = 12 // of packages without a hole
	names := slices.Clone(g.names)
	if !m.Fails(g.worst) && len(names) > most+1 {
		names = append(names[:most], fmt.Sprintf("and %d more", len(g.names)-most))
	}
	letters := g.letters
	if m.Colour {
		letters = m.paintLetters(letters)
	}
	text := m.Wrap(strings.Join(names, ", "), strings.Repeat(" ", len(g.letters)+4))
	if len(g.letters) > 44 { // names need room: below the letters
		fmt.Fprintf(m.out, "  %s\n%s\n", letters, m.Wrap(strings.Join(names, ", "), "      "))
		return
	}
	fmt.Fprintf(m.out, "  %s  %s\n", letters, strings.TrimLeft(text, " "))
}

// paintLetters gives each letter the colour of its state's name.
func (m *matrix) paintLetters(letters string) string {
	names := map[string]string{}
	for _, s := range coverage.States() {
		names[s.Letter()] = s.String()
	}
	var b strings.Builder
	for i := range len(letters) {
		b.WriteString(m.Paint(names[letters[i:i+1]], letters[i:i+1], 0))
	}
	return b.String()
}

// showNearest writes, for each package with a hole, what would cover it where.
func (m *matrix) showNearest() {
	fmt.Fprintln(m.out, "\nWhat would fill the holes:")
	var without []string
	for i := range m.rows {
		row := m.rows[i]
		where := map[string][]string{}
		var order []string
		for t := range m.Targets {
			if !m.Fails(row.Cells[t].State) {
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
			where[text] = append(where[text], m.Targets[t].Name())
		}
		for _, text := range order {
			if text == "" {
				without = append(without, row.Package+" ("+Some(where[text])+")")
				continue
			}
			fmt.Fprintln(m.out, m.Hang("  ", fmt.Sprintf("%s on %s: %s", row.Package, Some(where[text]), text)))
		}
	}
	if len(without) > 0 {
		fmt.Fprintln(m.out, m.Hang("  ", "no single change: "+strings.Join(without, ", ")))
	}
}

// candidates writes one cell with every file and why it is not taken.
func (t *text) candidates(row *coverage.Row, target int) {
	title := strings.TrimSpace(row.Package + " " + row.Version)
	fmt.Fprintf(t.out, "%s on %s: %s\n", title, t.Targets[target].Name(), row.Cells[target].State)
	if reason := row.Reason(target); reason.Code != "" {
		fmt.Fprintln(t.out, t.Wrap(fmt.Sprintf("%s (%s)", reason.Message, reason.Code), "       "))
	}
	if row.Cells[target].State <= coverage.Unsupported {
		return // no file is considered
	}
	candidates, rest := nearestFirst(row.Candidates(target))
	for _, c := range candidates {
		switch {
		case c.Taken && c.Tag.Interpreter != "":
			fmt.Fprintf(t.out, "  take %s\n       by %s\n", c.Name, c.Tag)
		case c.Taken:
			fmt.Fprintf(t.out, "  take %s, to build\n", c.Name)
		default:
			fmt.Fprintf(t.out, "  not  %s\n%s\n", c.Name, t.Wrap(fmt.Sprintf("%s (%s)", c.Reason.Message, c.Reason.Code), "       "))
		}
	}
	if rest != "" {
		fmt.Fprintln(t.out, t.Hang("  and  ", rest))
	}
	for _, change := range row.Nearest(target) {
		fmt.Fprintln(t.out, t.Hang("  near ", change.String()))
	}
}

// mostCandidates is how many files of a package are explained. The others are counted.
const mostCandidates = 8

// nearestFirst returns the files that matter most: the one that is taken, then those
// that come nearest to fitting. rest counts the others by reason.
func nearestFirst(list []coverage.Candidate) (first []coverage.Candidate, rest string) {
	if len(list) <= mostCandidates+1 { // one more takes no more room than its count
		return list, ""
	}
	weight := func(c coverage.Candidate) int {
		if c.Taken {
			return math.MaxInt
		}
		return coverage.Nearness(c.Reason.Code)
	}
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b coverage.Candidate) int { return cmp.Compare(weight(b), weight(a)) })
	count := map[string]int{}
	var codes []string
	for _, c := range sorted[mostCandidates:] {
		code := string(c.Reason.Code)
		if count[code]++; count[code] == 1 {
			codes = append(codes, code)
		}
	}
	for i, code := range codes {
		codes[i] = fmt.Sprintf("%d for %s", count[code], code)
	}
	return sorted[:mostCandidates], fmt.Sprintf("%d more: %s; --format json lists all", len(sorted)-mostCandidates, strings.Join(codes, ", "))
}

// buildList writes what must be built, as requirements: a list for all targets with the
// same Python, libc and machine, as a wheel that is built for the oldest of them serves
// the others.
func (m *matrix) buildList() {
	type kind struct {
		python, libc, machine string
	}
	targets := map[kind][]int{}
	var order []kind
	for t := range m.Targets {
		p := m.Targets[t].Platform()
		k := kind{m.Targets[t].Python().String(), p.OS.String(), p.Arch}
		if p.Libc.Family != tags.NoLibc {
			k.libc = p.Libc.Family.String()
		}
		if targets[k] == nil {
			order = append(order, k)
		}
		targets[k] = append(targets[k], t)
	}
	for _, k := range order {
		var names, lines []string
		for _, t := range targets[k] {
			names = append(names, m.Targets[t].Name())
			lines = append(lines, m.buildLines(t)...)
		}
		if len(m.Targets) > 1 {
			fmt.Fprintf(m.out, "# %s, %s, %s: %s\n", k.python, k.libc, k.machine, strings.Join(names, ", "))
		}
		slices.Sort(lines)
		for _, line := range slices.Compact(lines) {
			fmt.Fprintln(m.out, line)
		}
	}
}
