package report

import (
	"bytes"
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

// Table writes rows of cells as aligned columns after an indentation. The last
// cell of a row is wrapped within the width, below its start. A row with little room
// left for that has it on a line below and does not widen the columns.
func (s Style) Table(indent string, rows [][]string) string {
	var columns bytes.Buffer
	w := tabwriter.NewWriter(&columns, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		if !s.tooWide(indent, row) {
			w.Write([]byte(indent + tabbed(row) + "\n"))
		}
	}
	w.Flush() // a buffer takes everything
	var b strings.Builder
	for _, row := range rows {
		last := row[len(row)-1]
		if s.tooWide(indent, row) {
			begin := indent + strings.ReplaceAll(tabbed(row), "\t", "  ")
			b.WriteString(strings.TrimRight(begin, " ") + "\n" + s.Wrap(last, indent+"    ") + "\n")
			continue
		}
		line, _ := columns.ReadString('\n')
		b.WriteString(strings.TrimRight(s.Hang(strings.TrimSuffix(line, "\n"), last), " ") + "\n")
	}
	return b.String()
}

// tabbed is the cells of a row but the last, each ended by a tab.
func tabbed(row []string) string {
	var b strings.Builder
	for _, cell := range row[:len(row)-1] {
		b.WriteString(Plain(cell) + "\t")
	}
	return b.String()
}

// tooWide reports whether the cells before the last take most of a line.
func (s Style) tooWide(indent string, row []string) bool {
	return utf8.RuneCountInString(indent+tabbed(row)) > s.Width*3/4
}
