package report

import (
	"strings"
	"text/tabwriter"
	"unicode/utf8"
)

// The widths of text output, in columns.
const (
	DefaultWidth = 80 // when the output is not a terminal
	MinWidth     = 40
	MaxWidth     = 160
)

// Style is how results look to people.
type Style struct {
	Width    int  // of a line, in columns
	Colour   bool // words in colour
	Terminal bool // results go to a terminal
	Progress bool // messages go to a terminal, where a line may show the progress
}

// Wrap breaks text into lines of the width, each after the indentation; see [Wrap].
func (s Style) Wrap(text, indent string) string { return Wrap(text, s.Width, indent) }

// Hang writes text after a prefix, further lines below its start; see [Hang].
func (s Style) Hang(prefix, text string) string { return Hang(prefix, text, s.Width) }

// HangWord is Hang with a prefix that ends in a word in its colour, with spaces up
// to a width.
func (s Style) HangWord(before, word string, width int, text string) string {
	prefix := before + word + strings.Repeat(" ", max(0, width-len(word)))
	return before + s.Word(word, width) + strings.TrimPrefix(s.Hang(prefix, text), prefix)
}

// The colours of terminals, as their control sequences number them.
const (
	red    = "31"
	green  = "32"
	yellow = "33"
)

// colours are those of the words that say how something went. Each has one meaning
// in every command.
var colours = map[string]string{
	"pass": green, "yes": green, "wheel": green, "pure": green,
	"fail": red, "no": red, "error": red, "missing": red,
	"unknown": yellow, "warning": yellow, "build": yellow,
}

// Word returns a word in its colour, if it has one, with spaces up to a width.
func (s Style) Word(word string, width int) string { return s.Paint(word, word, width) }

// Paint returns text in the colour of a word, with spaces up to a width.
func (s Style) Paint(word, text string, width int) string {
	space := strings.Repeat(" ", max(0, width-len(text)))
	if colour := colours[word]; s.Colour && colour != "" {
		return "\x1b[" + colour + "m" + text + "\x1b[0m" + space
	}
	return text + space
}

// Link returns text that leads to an address, where the output is a terminal that is
// not to be spared such things. Terminals without links show the text alone.
func (s Style) Link(text, address string) string {
	if !s.Colour || !s.Terminal {
		return text
	}
	const begin, end = "\x1b]8;;", "\x1b\\"
	return begin + address + end + text + begin + end
}

// Table writes rows of cells as aligned columns after an indentation. The last
// cell of a row is wrapped within the width, below its start. Rows that would leave
// little room for that have it on a line below and do not widen the columns.
func (s Style) Table(indent string, rows [][]string) string {
	cells := make([]string, len(rows)) // of a row but the last, each ended by a tab
	widest := 0
	for i, row := range rows {
		cells[i] = indent
		for _, cell := range row[:len(row)-1] {
			cells[i] += Plain(cell) + "\t"
		}
		widest = max(widest, utf8.RuneCountInString(cells[i]))
	}
	columns := align(cells, widest)
	for ; columns != nil && utf8.RuneCountInString(columns[0]) > s.Width*3/4; widest-- {
		columns = align(cells, widest-1)
	}
	var b strings.Builder
	for i, row := range rows {
		last := row[len(row)-1]
		if utf8.RuneCountInString(cells[i]) > widest {
			begin := strings.ReplaceAll(cells[i], "\t", "  ")
			b.WriteString(strings.TrimRight(begin, " ") + "\n" + s.Wrap(last, indent+"    ") + "\n")
			continue
		}
		b.WriteString(strings.TrimRight(s.Hang(columns[0], last), " ") + "\n")
		columns = columns[1:]
	}
	return b.String()
}

// align puts spaces for the tabs of the lines up to a length.
func align(lines []string, longest int) []string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, line := range lines {
		if utf8.RuneCountInString(line) <= longest {
			w.Write([]byte(line + "\n"))
		}
	}
	w.Flush() // a builder takes everything
	if b.Len() == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}
