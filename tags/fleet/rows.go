package fleet

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// readTOML reads the rows of a TOML file and the line of each.
func readTOML(name string, text []byte) ([]row, error) {
	var doc struct {
		Targets []row `toml:"targets"`
	}
	d := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields()
	if err := d.Decode(&doc); err != nil {
		return nil, tomlError(name, err)
	}
	lines := rowLines(text)
	for i := range doc.Targets {
		if i < len(lines) {
			doc.Targets[i].line = lines[i]
		}
	}
	return doc.Targets, nil
}

func tomlError(name string, err error) error {
	e := &Error{File: name, Code: CodeSyntax, Message: strings.TrimPrefix(err.Error(), "toml: "), Cause: err}
	var unknown *toml.StrictMissingError
	var syntax *toml.DecodeError
	switch {
	case errors.As(err, &unknown) && len(unknown.Errors) > 0:
		var all []error
		for _, u := range unknown.Errors {
			line, _ := u.Position()
			all = append(all, &Error{name, line, CodeKey, fmt.Sprintf("unknown key %q; a row of [[targets]] has %s", strings.Join(u.Key(), "."), rowKeys), nil})
		}
		return errors.Join(all...)
	case errors.As(err, &syntax):
		e.Line, _ = syntax.Position()
		e.Message = strings.TrimPrefix(syntax.Error(), "toml: ")
	}
	return e
}

// rowLines finds where each row starts: a [[targets]] header, or a table in the
// list of targets = [...].
func rowLines(text []byte) []int {
	var p unstable.Parser
	p.Reset(text)
	var lines []int
	for p.NextExpression() {
		e := p.Expression()
		key := e.Key()
		if !key.Next() || string(key.Node().Data) != "targets" {
			continue
		}
		switch e.Kind {
		case unstable.ArrayTable:
			lines = append(lines, p.Shape(key.Node().Raw).Start.Line)
		case unstable.KeyValue:
			at := p.Shape(key.Node().Raw).Start.Line
			elements := e.Value().Children()
			for elements.Next() {
				inner := elements.Node().Children()
				if inner.Next() && inner.Node().Kind == unstable.KeyValue {
					if k := inner.Node().Key(); k.Next() {
						at = p.Shape(k.Node().Raw).Start.Line
					}
				}
				lines = append(lines, at)
			}
		}
	}
	return lines
}

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
