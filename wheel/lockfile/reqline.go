package lockfile

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// logicalLine is a line of a requirements file with its continuations,
// without comments and outer white space.
type logicalLine struct {
	text string
	line int // its first line number
}

// logicalLines splits a requirements file as pip does: a backslash at the end
// joins a line to the next, a comment begins with # at the start or after white
// space and ends at the end of the line. Empty lines are left out. At most
// limit lines are returned, 0 for all.
//
// Source: pip's documentation, Requirements File Format.
func logicalLines(text string, limit int) []logicalLine {
	var lines []logicalLine
	var pending []string
	start := 0
	for number := 1; text != ""; number++ {
		var raw string
		raw, text = cutLine(text)
		if len(pending) == 0 {
			start = number
		}
		comment := isComment(raw)
		if comment {
			raw = " " + raw // so that it stays one when joined
		}
		if goesOn := strings.HasSuffix(raw, `\`) && !comment; goesOn {
			pending = append(pending, strings.Trim(raw, `\`))
			if text != "" {
				continue
			}
		} else {
			pending = append(pending, raw)
		}
		joined := strings.TrimSpace(withoutComment(strings.Join(pending, "")))
		pending = pending[:0]
		if joined != "" {
			if lines = append(lines, logicalLine{joined, start}); len(lines) == limit {
				break
			}
		}
	}
	return lines
}

// cutLine splits off the first line, which ends in \n, \r\n or \r.
func cutLine(text string) (line, rest string) {
	i := strings.IndexAny(text, "\r\n")
	if i < 0 {
		return text, ""
	}
	if strings.HasPrefix(text[i:], "\r\n") {
		return text[:i], text[i+2:]
	}
	return text[:i], text[i+1:]
}

// isComment reports whether a line has nothing but a comment.
func isComment(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "#") }

// withoutComment cuts at the first # that begins the line or follows white
// space.
func withoutComment(line string) string {
	for i := 0; i < len(line); i++ {
		if line[i] != '#' {
			continue
		}
		if before, _ := utf8.DecodeLastRuneInString(line[:i]); i == 0 || unicode.IsSpace(before) {
			return line[:i]
		}
	}
	return line
}

// splitOptions separates a requirement from the options after it. Options begin at
// the first word that starts with a dash, and are split as a shell would; ok is
// false if a shell could not.
func splitOptions(line string) (requirement string, options []string, ok bool) {
	at := len(line)
	for i := 0; i < len(line); i++ {
		if line[i] == '-' && (i == 0 || line[i-1] == ' ') {
			at = i
			break
		}
	}
	options, ok = shellWords(line[at:])
	return strings.TrimSpace(line[:at]), options, ok
}

// shellWords splits text into words as a POSIX shell does, without expansions.
// It fails if a quote is not closed or the text ends with a backslash.
func shellWords(text string) ([]string, bool) {
	var words []string
	var word []byte
	inWord, quote := false, byte(0)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\\' && quote != '\'':
			if i+1 == len(text) {
				return nil, false
			}
			// In double quotes a backslash protects only itself and the quote.
			if i++; quote == '"' && text[i] != '"' && text[i] != '\\' {
				word = append(word, '\\')
			}
			word, inWord = append(word, text[i]), true
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, inWord = c, true
		case quote == 0 && (c == ' ' || c == '\t' || c == '\r' || c == '\n'):
			if inWord {
				words, word, inWord = append(words, string(word)), nil, false
			}
		default:
			word, inWord = append(word, c), true
		}
	}
	if inWord {
		words = append(words, string(word))
	}
	return words, quote == 0
}
