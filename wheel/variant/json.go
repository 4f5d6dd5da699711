package variant

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// MaxSize limits a file in bytes.
const MaxSize = 4 << 20

// maxDepth limits how deep values are nested; the format needs four.
const maxDepth = 8

// An object is a JSON object with the keys in their order. Values are *object, []any,
// string, bool, json.Number or nil.
type object struct {
	keys   []string
	values map[string]any
}

var errDepth = errors.New("values are nested too deep")

// readJSON reads one JSON object and nothing behind it.
func readJSON(data []byte) (*object, error) {
	switch {
	case len(data) > MaxSize:
		return nil, fmt.Errorf("longer than %d bytes", MaxSize)
	case !utf8.Valid(data):
		return nil, errors.New("not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	v, err := readValue(d, 0)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("text behind the JSON value")
	}
	o, ok := v.(*object)
	if !ok {
		return nil, errors.New("not a JSON object")
	}
	return o, nil
}

func readValue(d *json.Decoder, depth int) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	if depth > maxDepth {
		return nil, errDepth
	}
	switch token {
	case json.Delim('{'):
		o := &object{values: map[string]any{}}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			name := key.(string) // the decoder refuses other keys
			value, err := readValue(d, depth+1)
			if err != nil {
				return nil, err
			}
			if _, twice := o.values[name]; twice {
				return nil, fmt.Errorf("the key %s is there twice", quote(name))
			}
			o.keys = append(o.keys, name)
			o.values[name] = value
		}
		_, err := d.Token()
		return o, err
	case json.Delim('['):
		list := []any{}
		for d.More() {
			value, err := readValue(d, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err := d.Token()
		return list, err
	}
	return token, nil
}

// quote shortens text of a file for a message.
func quote(s string) string {
	const most = 100
	if len(s) > most {
		s = s[:most] + "..."
	}
	return fmt.Sprintf("%q", s)
}
