package report

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Wrap breaks text at spaces into lines of at most width columns, each after the
// indentation. Paragraphs, separated by an empty line, stay separate.
func Wrap(text string, width int, indent string) string {
	var b strings.Builder
	for i, paragraph := range strings.Split(text, "\n\n") {
		if i > 0 {
			b.WriteString("\n\n")
		}
		column := 0
		for _, word := range strings.Fields(paragraph) {
			word = Plain(word)
			switch {
			case column == 0:
				b.WriteString(indent)
				column = len(indent)
			case column+1+utf8.RuneCountInString(word) > width:
				b.WriteString("\n" + indent)
				column = len(indent)
			default:
				b.WriteByte(' ')
				column++
			}
			b.WriteString(word)
			column += utf8.RuneCountInString(word)
		}
	}
	return b.String()
}

// Hang writes text after a prefix, further lines below its start.
func Hang(prefix, text string, width int) string {
	prefix = Plain(prefix)
	return prefix + strings.TrimLeft(Wrap(text, width, strings.Repeat(" ", utf8.RuneCountInString(prefix))), " ")
}

// Plain makes text safe to show: names come from strangers' wheels and file
// systems, and what is not printable in them could command a terminal or look like
// a line of ours. It becomes an escape as in a Go string.
func Plain(text string) string {
	if isPlain(text) {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		if unprintable(r) {
			quoted := strconv.Quote(text[:size])
			b.WriteString(quoted[1 : len(quoted)-1])
		} else {
			b.WriteString(text[:size])
		}
		text = text[size:]
	}
	return b.String()
}

// isPlain reports whether there are only letters, digits and signs of ASCII, which
// is nearly always so and quick to see.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// unprintable holds for U+FFFD as well, which bytes that are not UTF-8 decode to.
func unprintable(r rune) bool { return !strconv.IsPrint(r) || r == utf8.RuneError }

// Some joins the first few of a list.
func Some(list []string) string {
	const most = 3
	text := strings.Join(list[:min(most, len(list))], ", ")
	if n := len(list) - most; n > 0 {
		text += " and " + strconv.Itoa(n) + " more"
	}
	return text
}
