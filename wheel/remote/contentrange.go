package remote

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// contentRange is the value of a Content-Range header (RFC 9110, section 14.4).
type contentRange struct {
	first, last int64 // offsets of bytes; -1 for "*", of a range that cannot be given
	total       int64 // length of the file in bytes; -1 for "*", not known
}

func (c contentRange) span() Span { return Span{c.first, c.last - c.first + 1} }

func (c contentRange) String() string {
	part, total := "*", "*"
	if c.first >= 0 {
		part = fmt.Sprintf("%d-%d", c.first, c.last)
	}
	if c.total >= 0 {
		total = strconv.FormatInt(c.total, 10)
	}
	return "bytes " + part + "/" + total
}

// parseContentRange reads "bytes 0-99/1234", "bytes 0-99/*" or "bytes */1234". It
// accepts nothing that departs from the grammar or contradicts itself, because
// what is read by it ends up at these offsets.
func parseContentRange(value string) (c contentRange, ok bool) {
	unit, rest, _ := strings.Cut(value, " ")
	part, total, found := strings.Cut(rest, "/")
	if !found || !strings.EqualFold(unit, "bytes") {
		return contentRange{}, false
	}
	c = contentRange{-1, -1, -1}
	if total != "*" || part == "*" {
		if c.total, ok = parseOffset(total); !ok {
			return contentRange{}, false
		}
	}
	if part == "*" {
		return c, true
	}
	first, last, _ := strings.Cut(part, "-")
	var okFirst, okLast bool
	c.first, okFirst = parseOffset(first)
	c.last, okLast = parseOffset(last)
	if !okFirst || !okLast || c.first > c.last || c.total >= 0 && c.last >= c.total {
		return contentRange{}, false
	}
	return c, true
}

// parseOffset reads decimal digits, and no sign, space or underscore. Eighteen of
// them leave room for sums in an int64.
func parseOffset(s string) (int64, bool) {
	if len(s) == 0 || len(s) > 18 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// rangeOf reads the one Content-Range header of an answer.
func rangeOf(h http.Header) (contentRange, bool) {
	values := h.Values("Content-Range")
	if len(values) != 1 {
		return contentRange{}, false
	}
	return parseContentRange(values[0])
}
