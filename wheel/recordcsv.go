package wheel

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// lines cuts text into lines as Python's str.splitlines does.
type lines struct {
	text  string
	at    int // where the next line starts
	count int // lines so far
}

// next gives the next line without its end.
func (l *lines) next() (string, bool) {
	if l.at == len(l.text) {
		return "", false
	}
	l.count++
	rest := l.text[l.at:]
	for i := 0; i < len(rest); i++ {
		n := 1
		switch c := rest[i]; {
		case c == '\r' && strings.HasPrefix(rest[i:], "\r\n"):
			n = 2
		case c >= '\n' && c <= '\r', c >= 0x1c && c <= 0x1e:
		case c == 0xc2 && strings.HasPrefix(rest[i:], "\u0085"):
			n = 2
		case c == 0xe2 && (strings.HasPrefix(rest[i:], "\u2028") || strings.HasPrefix(rest[i:], "\u2029")):
			n = 3
		default:
			continue
		}
		l.at += i + n
		return rest[:i], true
	}
	l.at = len(l.text)
	return rest, true
}

// csvReader reads rows as Python's csv module does with its default dialect: a quote
// begins a quoted field only at the start of a field, what follows a closing quote
// belongs to the field, and the end of the text closes an open one.
type csvReader struct {
	lines  lines
	line   int // where the last row starts
	fields []string
	buf    strings.Builder
}

// maxFieldSize is the longest field that Python's csv module reads, in characters.
const maxFieldSize = 131_072

var errFieldSize = errors.New("a field of more than 131072 characters")

// next gives the next row, which is valid until the next call. An empty line is a row
// without fields.
func (r *csvReader) next() (fields []string, ok bool, err error) {
	line, ok := r.lines.next()
	if !ok {
		return nil, false, nil
	}
	r.line = r.lines.count
	r.fields = r.fields[:0]
	for more := line != ""; more; {
		var field string
		if field, line, more = r.field(line); len(field) > maxFieldSize && utf8.RuneCountInString(field) > maxFieldSize {
			return nil, false, errFieldSize
		}
		r.fields = append(r.fields, field)
	}
	return r.fields, true, nil
}

// field takes a field off the front of a line, or off several if it is quoted. More
// reports whether a comma ended it.
func (r *csvReader) field(line string) (field, rest string, more bool) {
	if !strings.HasPrefix(line, `"`) {
		return strings.Cut(line, ",")
	}
	r.buf = strings.Builder{}
	line = line[1:]
	for {
		part, after, closed := strings.Cut(line, `"`)
		r.buf.WriteString(part)
		switch {
		case !closed: // goes on in the next line, without the end of this one
			next, ok := r.lines.next()
			if !ok || r.buf.Len() > 4*maxFieldSize {
				return r.buf.String(), "", false
			}
			line = next
		case strings.HasPrefix(after, `"`):
			r.buf.WriteByte('"')
			line = after[1:]
		default:
			part, rest, more = strings.Cut(after, ",")
			r.buf.WriteString(part)
			return r.buf.String(), rest, more
		}
	}
}
