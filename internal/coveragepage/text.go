package coveragepage

import (
	"fmt"
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible returns s as valid UTF-8 with hidden characters as escapes: controls, and
// the format characters (category Cf) that change the direction of writing, join
// or have no width. Tab and newline are kept.
func visible(s string) string {
	if !strings.ContainsFunc(s, hidden) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == utf8.RuneError || !hidden(r):
			b.WriteRune(r) // a byte that is not UTF-8 becomes U+FFFD
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// hidden reports whether visible has to check r. RuneError counts, because bytes
// that are not UTF-8 decode to it.
func hidden(r rune) bool {
	if r < 0x7f {
		return r < ' ' && r != '\t' && r != '\n'
	}
	return r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// escape returns s as HTML text, also for an attribute value in quotes.
func escape(s string) string { return template.HTMLEscapeString(visible(s)) }
