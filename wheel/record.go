package wheel

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Record is RECORD, the list of the files that a wheel installs, with a hash and the
// size of each (PEP 376, PEP 427). It is never nil, so that what is wrong with it is
// not lost: no rows at all come with an Err.
type Record struct {
	Rows []RecordRow // in the order of the file, also two for one path

	// Err says why RECORD cannot be read, or not beyond the last row. It is nil or
	// an *[Error].
	Err error

	first map[string]int   // the first row of a path
	again map[string][]int // the others
}

// RecordRow is a row of RECORD.
type RecordRow struct {
	Path string // as written
	Hash Hash   // of the content; the zero Hash if the row has none
	Size int64  // of the content in bytes, -1 if the row has none
	Line int    // from 1

	// Err is nil or an *[Error] that says what is wrong with the row. The hash or the
	// size is then missing if it is at fault.
	Err error
}

// What can be wrong with RECORD and its rows.
const (
	CodeRecordText   Code = "record-text"   // not UTF-8, or beyond the limits of Python's csv module
	CodeRecordRows   Code = "record-rows"   // more rows than an archive can have files
	CodeRecordFields Code = "record-fields" // a row that has not three fields
	CodeRecordHash   Code = "record-hash"   // a hash that is not ALGORITHM=DIGEST
	CodeRecordSize   Code = "record-size"   // a size that is no number
)

// maxRows bounds the rows of RECORD: as many as an archive may have members.
const maxRows = 1 << 17

// ParseRecord reads RECORD as pip does: its lines end wherever Python's str.splitlines
// ends one, and Python's csv module reads the rows, which accepts quotes anywhere. Path
// is for messages.
func ParseRecord(path string, text []byte) *Record {
	r := &Record{first: map[string]int{}}
	if !utf8.Valid(text) {
		r.Err = &Error{path, 0, CodeRecordText, errors.New("is not UTF-8")}
		return r
	}
	rows := csvReader{lines: lines{text: string(text)}}
	for {
		at := rows.lines.at
		fields, ok, err := rows.next()
		switch {
		case err != nil:
			r.Err = &Error{path, int64(at), CodeRecordText, fmt.Errorf("line %d: %w", rows.lines.count, err)}
			return r
		case !ok:
			return r
		case len(r.Rows) == maxRows:
			r.Err = &Error{path, int64(at), CodeRecordRows, fmt.Errorf("has more than %d rows", maxRows)}
			return r
		}
		row := parseRow(fields, rows.line)
		if e, ok := row.Err.(*Error); ok {
			e.Path, e.Offset = path, int64(at)
		}
		r.add(row)
	}
}

func (r *Record) add(row RecordRow) {
	i := len(r.Rows)
	r.Rows = append(r.Rows, row)
	if _, ok := r.first[row.Path]; !ok {
		r.first[row.Path] = i
		return
	}
	if r.again == nil {
		r.again = map[string][]int{}
	}
	r.again[row.Path] = append(r.again[row.Path], i)
}

// Has reports whether a row has the path.
func (r *Record) Has(path string) bool {
	_, ok := r.first[path]
	return ok
}

// Lookup gives every row of a path.
func (r *Record) Lookup(path string) []RecordRow {
	i, ok := r.first[path]
	if !ok {
		return nil
	}
	rows := r.Rows[i : i+1 : i+1]
	for _, j := range r.again[path] {
		rows = append(rows, r.Rows[j])
	}
	return rows
}

// parseRow reads the fields of a row: path, hash and size, of which the last two may be
// empty.
func parseRow(fields []string, line int) RecordRow {
	row := RecordRow{Size: -1, Line: line}
	fail := func(code Code, format string, args ...any) {
		if row.Err == nil {
			row.Err = &Error{Code: code, Err: fmt.Errorf("line %d: "+format, append([]any{line}, args...)...)}
		}
	}
	if len(fields) > 0 {
		row.Path = fields[0]
	}
	if len(fields) != 3 {
		fail(CodeRecordFields, "%d fields; want path, hash and size", len(fields))
	}
	if len(fields) > 1 && fields[1] != "" {
		var err error
		if row.Hash, err = ParseHash(fields[1]); err == nil {
			err = row.Hash.checkLength()
		}
		if err != nil {
			row.Hash = Hash{}
			fail(CodeRecordHash, "%w", err)
		}
	}
	if len(fields) > 2 && fields[2] != "" {
		n, err := strconv.ParseInt(fields[2], 10, 64)
		if err != nil || n < 0 || strings.HasPrefix(fields[2], "+") {
			fail(CodeRecordSize, "%q is not a size", clip(fields[2]))
		} else {
			row.Size = n
		}
	}
	return row
}
