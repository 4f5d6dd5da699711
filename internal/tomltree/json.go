package tomltree

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// maxDepth is how deep the values of a JSON document may be in each other.
const maxDepth = 200

// ParseJSON reads a JSON document that is an object into the same tree. A null counts
// as a missing value. The first of two equal keys counts.
func ParseJSON(data []byte) (*Table, *Error) {
	d := jsonDocument{data: data, decoder: json.NewDecoder(bytes.NewReader(data))}
	d.decoder.UseNumber()
	n, err := d.value(0)
	if err == nil {
		if _, err = d.decoder.Token(); err == io.EOF {
			err = nil
		} else if err == nil {
			err = errors.New("something follows the document")
		}
	}
	switch {
	case err != nil:
		return nil, &Error{d.line(), "invalid JSON", err}
	case n == nil || n.Kind != TableKind:
		return nil, &Error{1, "not a JSON object", nil}
	}
	return n.Table, nil
}

type jsonDocument struct {
	data    []byte
	decoder *json.Decoder
	at      int // offset up to which lines were counted
	lines   int
}

// line is the line of what the decoder has read last. Offsets ascend.
func (d *jsonDocument) line() int {
	end := min(int(d.decoder.InputOffset()), len(d.data))
	if end > d.at {
		d.lines += bytes.Count(d.data[d.at:end], []byte("\n"))
		d.at = end
	}
	return d.lines + 1
}

// value reads a value; it is nil for null.
func (d *jsonDocument) value(depth int) (*Node, error) {
	token, err := d.decoder.Token()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	if depth > maxDepth {
		return nil, errors.New("values are too deep in each other")
	}
	n := &Node{Line: d.line()}
	switch v := token.(type) {
	case nil:
		return nil, nil
	case string:
		n.Kind, n.Text = String, v
	case json.Number:
		n.Kind, n.Text = Integer, v.String()
		if bytes.ContainsAny([]byte(n.Text), ".eE") {
			n.Kind = Other
		}
	case bool:
		n.Kind, n.Text = Bool, map[bool]string{true: "true", false: "false"}[v]
	case json.Delim:
		return n, d.container(n, v, depth)
	}
	return n, nil
}

// container reads the elements of a list or an object, and its end.
func (d *jsonDocument) container(n *Node, open json.Delim, depth int) error {
	n.Kind = List
	if open == '{' {
		n.Kind, n.Table = TableKind, &Table{Line: n.Line}
	}
	for d.decoder.More() {
		key := ""
		if open == '{' {
			token, err := d.decoder.Token()
			if err != nil {
				return err
			}
			key, _ = token.(string) // a key is nothing else
		}
		v, err := d.value(depth + 1)
		switch {
		case err != nil:
			return err
		case v == nil:
		case open == '[':
			n.List = append(n.List, v)
		case n.Table.Get(key) == nil:
			n.Table.set(key, v)
		}
	}
	_, err := d.decoder.Token()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}
