package cli

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// plain makes text fit to be shown: names come from wheels and file systems of
// strangers, and what is not printable in them could command a terminal or pass
// for a line of ours. It becomes an escape as in a Go string.
func plain(text string) string {
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
// nearly always is so and is quick to see.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// unprintable holds for U+FFFD as well, which is what bytes that are no UTF-8
// decode to.
func unprintable(r rune) bool { return !strconv.IsPrint(r) || r == utf8.RuneError }
