package wheel

import (
	"fmt"
	"strings"
)

// Field is a line "Name: value" of METADATA or WHEEL, with the lines that continue it.
type Field struct {
	Name   string // as written
	Value  string // without white space around it; lines stay as they are
	Offset int    // in the file
}

// headers are the fields at the beginning of METADATA or WHEEL and the text behind
// them.
type headers struct {
	fields   []Field
	body     string
	problems problems
}

// What can be wrong with METADATA and WHEEL.
const (
	CodeFieldLine   Code = "field-line"     // a line that is no field ends the fields or is ignored
	CodeFieldRepeat Code = "field-repeated" // a field that may be there once is there again
	CodeFieldLength Code = "field-length"   // a field is longer than any installer or index takes
	CodeFieldCount  Code = "field-count"    // more fields than any installer needs
	CodeText        Code = "text"           // not UTF-8
)

// maxFields bounds the fields of one file. Generated metadata have a few thousand.
const maxFields = 1 << 16

// parseHeaders reads fields as Python's email.parser does, by which pip and importlib
// read them: up to an empty line, or to a line that is no field, which then begins the
// body.
func parseHeaders(path, text string) (headers, error) {
	var h headers
	var first, last, count int // of the value of the last field, and lines
	open := false
	done := func() {
		if open {
			h.fields[len(h.fields)-1].Value = strings.Trim(text[first:last], " \t\r\n\v\f")
		}
		open = false
	}
	for at := 0; at < len(text); count++ {
		line, next := cutLine(text, at)
		colon := fieldName(line)
		switch {
		case line == "":
			h.body = text[next:]
			done()
			return h, nil
		case line[0] == ' ' || line[0] == '\t':
			if open {
				last = next
			} else {
				h.problems.add(path, int64(at), CodeFieldLine, "a line continues a field, and there is none before it")
			}
		case strings.HasPrefix(line, "From "): // of a mailbox
			done()
			if !isHeader(text, next) && count > 0 {
				h.body = text[at:next] + text[skipEmpty(text, next):]
				return h, nil
			}
			h.problems.add(path, int64(at), CodeFieldLine, "a line is no field: %q", clip(line))
		case colon < 0:
			h.problems.add(path, int64(at), CodeFieldLine, "a line is no field and ends them: %q", clip(line))
			h.body = text[at:]
			done()
			return h, nil
		case colon == 0:
			done()
			h.problems.add(path, int64(at), CodeFieldLine, "a field has no name: %q", clip(line))
		default:
			done()
			if len(h.fields) == maxFields {
				return h, &Error{path, int64(at), CodeFieldCount, fmt.Errorf("has more than %d fields", maxFields)}
			}
			h.fields = append(h.fields, Field{Name: line[:colon], Offset: at})
			open, first, last = true, at+colon+1, next
		}
		at = next
	}
	done()
	return h, nil
}

// cutLine gives the line at an offset without its end, which is \n, \r or both, and
// where the next one starts.
func cutLine(text string, at int) (line string, next int) {
	i := strings.IndexAny(text[at:], "\r\n")
	if i < 0 {
		return text[at:], len(text)
	}
	line, next = text[at:at+i], at+i+1
	if text[at+i] == '\r' && next < len(text) && text[next] == '\n' {
		next++
	}
	return line, next
}

// fieldName gives where the colon behind a field's name is, and -1 if there is none. A
// name is printable ASCII without spaces.
func fieldName(line string) int {
	for i := range len(line) {
		switch c := line[i]; {
		case c == ':':
			return i
		case c <= ' ' || c > '~':
			return -1
		}
	}
	return -1
}

// isHeader reports whether the line at an offset belongs to the fields.
func isHeader(text string, at int) bool {
	line, _ := cutLine(text, at)
	return line != "" && (line[0] == ' ' || line[0] == '\t' || strings.HasPrefix(line, "From ") || fieldName(line) >= 0)
}

// skipEmpty gives where the line behind an empty one starts, or at if the line there is
// not empty.
func skipEmpty(text string, at int) int {
	if line, next := cutLine(text, at); line == "" {
		return next
	}
	return at
}
