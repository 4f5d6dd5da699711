package fleet

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/tomltree"
)

// readTOML reads the rows of a TOML file: the tables of targets, in pyproject.toml
// those below tool.wheeltag. Other keys belong to others.
func readTOML(name string, text []byte) ([]row, error) {
	doc, err := tomltree.Parse(text)
	if err != nil {
		return nil, &Error{name, err.Line, CodeSyntax, err.Message, err.Err}
	}
	if path.Base(filepath.ToSlash(name)) == "pyproject.toml" {
		for _, key := range []string{"tool", "wheeltag"} {
			n := doc.Get(key)
			if n == nil || n.Kind != tomltree.TableKind {
				return nil, nil
			}
			doc = n.Table
		}
	}
	list := doc.Get("targets")
	switch {
	case list == nil:
		return nil, nil
	case list.Kind != tomltree.List:
		return nil, &Error{name, list.Line, CodeKey, "targets is not a list of tables; write rows of [[targets]]", nil}
	}
	var rows []row
	var faults []error
	for _, item := range list.List {
		r, bad := tomlRow(name, item)
		rows, faults = append(rows, r), append(faults, bad...)
	}
	return rows, errors.Join(faults...)
}

// tomlRow reads one row.
func tomlRow(name string, item *tomltree.Node) (row, []error) {
	r := row{line: item.Line}
	if item.Kind != tomltree.TableKind {
		return r, []error{&Error{name, item.Line, CodeKey, "an element of targets is not a table", nil}}
	}
	one := map[string]*string{
		"name": &r.Name, "platform": &r.Platform, "arch": &r.Arch, "cpu_architecture": &r.CPUArchitecture,
		"python": &r.Python, "glibc": &r.Glibc, "musl": &r.Musl,
	}
	many := map[string]*[]string{"platforms": &r.Platforms, "arches": &r.Arches, "pythons": &r.Pythons}
	var faults []error
	for _, e := range item.Table.Entries {
		text, list := one[e.Key], many[e.Key]
		switch {
		case text != nil && e.Value.Kind == tomltree.String:
			*text = e.Value.Text
		case text != nil:
			faults = append(faults, &Error{name, e.Value.Line, CodeKey, fmt.Sprintf("%s is not a string; put it in quotes", e.Key), nil})
		case list != nil && e.Value.Kind == tomltree.List && !slices.ContainsFunc(e.Value.List, notString):
			*list = []string{}
			for _, item := range e.Value.List {
				*list = append(*list, item.Text)
			}
		case list != nil:
			faults = append(faults, &Error{name, e.Value.Line, CodeKey, e.Key + " is not a list of strings", nil})
		default:
			faults = append(faults, &Error{name, e.Value.Line, CodeKey, fmt.Sprintf("unknown key %q; a row of [[targets]] has %s", e.Key, rowKeys), nil})
		}
	}
	return r, faults
}

func notString(n *tomltree.Node) bool { return n.Kind != tomltree.String }

// isJSON tells the two forms apart: by the name, else by the first character.
func isJSON(name string, text []byte) bool {
	if strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".toml") {
		return strings.HasSuffix(name, ".json")
	}
	first := bytes.TrimLeft(text, " \t\r\n")
	// A TOML file may start with [table] or [[table]], JSON with [ and then {.
	if len(first) > 0 && first[0] == '[' {
		next := bytes.TrimLeft(first[1:], " \t\r\n")
		return len(next) > 0 && (next[0] == '{' || next[0] == ']')
	}
	return len(first) > 0 && first[0] == '{'
}

// readJSON reads the rows of a JSON file and the line of each.
func readJSON(name string, text []byte) ([]row, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	line := func(offset int64) int {
		at := min(int(offset), len(text))
		// The decoder stands before the white space in front of a value.
		at += len(text[at:]) - len(bytes.TrimLeft(text[at:], " \t\r\n,:"))
		return 1 + bytes.Count(text[:at], []byte("\n"))
	}
	bad := func(err error) error {
		at := d.InputOffset()
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			at = syntax.Offset + 1 // what was peeked at is not counted
		}
		if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("ends in the middle")
		}
		return &Error{name, 1 + bytes.Count(text[:min(int(at), len(text))], []byte("\n")), CodeSyntax, err.Error(), err}
	}
	shape := &Error{name, 1, CodeSyntax, `want an array of rows, or an object with the key "targets"`, nil}
	if err := toArray(d, shape); err != nil {
		return nil, orBad(err, shape, bad)
	}
	var rows []row
	for d.More() {
		at := line(d.InputOffset())
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, bad(err)
		}
		strict := json.NewDecoder(bytes.NewReader(raw))
		strict.DisallowUnknownFields()
		r := row{line: at}
		if err := strict.Decode(&r); err != nil {
			return nil, &Error{name, at, CodeKey, fmt.Sprintf("%s; a row has %s", strings.TrimPrefix(err.Error(), "json: "), rowKeys), err}
		}
		rows = append(rows, r)
	}
	if _, err := d.Token(); err != nil {
		return nil, bad(err)
	}
	return rows, nil
}

func orBad(err error, shape *Error, bad func(error) error) error {
	if err == error(shape) {
		return err
	}
	return bad(err)
}

// toArray moves to the first row: past "[", or past {"targets": [.
func toArray(d *json.Decoder, shape error) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	if t == json.Delim('{') {
		key, err := d.Token()
		if err != nil {
			return err
		}
		if key != "targets" {
			return shape
		}
		if t, err = d.Token(); err != nil {
			return err
		}
	}
	if t != json.Delim('[') {
		return shape
	}
	return nil
}
