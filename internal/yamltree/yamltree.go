// Package yamltree reads the YAML that lock files of conda's tools are written in into
// the tree of package tomltree, which knows the line of every value.
//
// The parser is go.yaml.in/yaml/v3. Its memory is some 100 times the size of the densest
// files, so the size and the number of values are limited before and while they are read.
package yamltree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/wheeltag/wheeltag/internal/tomltree"
)

const (
	// MaxSize is the size in bytes up to which documents are read. The largest lock
	// files that are known have 10 MB.
	MaxSize  = 32 << 20
	maxMarks = 1 << 19 // how often each character that ends a value may occur
	maxDepth = 100
	maxNodes = 1 << 20 // values, with those of aliases each time that they are used
)

// Parse reads a document that is a mapping. A null counts as a missing value, and the
// values of aliases as if they were written where they are used. Numbers with a
// fraction, dates and anything else that is no boolean or whole number are strings, as
// they are written. Merge keys are not applied.
func Parse(data []byte) (*tomltree.Table, *tomltree.Error) {
	if len(data) > MaxSize {
		return nil, &tomltree.Error{Line: 1, Message: fmt.Sprintf("larger than %d bytes", MaxSize)}
	}
	for _, mark := range "\n,[{:" {
		if n := bytes.Count(data, []byte{byte(mark)}); n > maxMarks {
			return nil, &tomltree.Error{Line: 1, Message: fmt.Sprintf("too many %q: %d", mark, n)}
		}
	}
	var root yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&root); errors.Is(err, io.EOF) {
		return nil, &tomltree.Error{Line: 1, Message: "no YAML document"}
	} else if err != nil {
		return nil, &tomltree.Error{Line: 1, Message: "invalid YAML", Err: err}
	}
	var second yaml.Node
	if err := d.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, &tomltree.Error{Line: max(1, second.Line), Message: "more than one YAML document"}
	}
	c := converter{}
	n, err := c.value(root.Content[0], 0)
	switch {
	case err != nil:
		return nil, err
	case n == nil || n.Kind != tomltree.TableKind:
		return nil, &tomltree.Error{Line: 1, Message: "not a YAML mapping"}
	}
	return n.Table, nil
}

// converter turns the nodes of the parser into those of a tree.
type converter struct{ nodes int }

// value converts a value; it is nil for null.
func (c *converter) value(y *yaml.Node, depth int) (*tomltree.Node, *tomltree.Error) {
	if y.Kind == yaml.AliasNode {
		y = y.Alias
	}
	c.nodes++
	switch {
	case depth > maxDepth:
		return nil, &tomltree.Error{Line: y.Line, Message: "values are too deep in each other"}
	case c.nodes > maxNodes:
		return nil, &tomltree.Error{Line: y.Line, Message: "too many values"}
	case y.Kind == yaml.SequenceNode:
		n := &tomltree.Node{Kind: tomltree.List, Line: y.Line}
		for _, item := range y.Content {
			value, err := c.value(item, depth+1)
			if err != nil {
				return nil, err
			}
			if value != nil {
				n.List = append(n.List, value)
			}
		}
		return n, nil
	case y.Kind == yaml.MappingNode:
		return c.mapping(y, depth)
	}
	return scalar(y), nil
}

// mapping converts a mapping, whose keys are strings and occur once.
func (c *converter) mapping(y *yaml.Node, depth int) (*tomltree.Node, *tomltree.Error) {
	var entries []tomltree.Entry
	seen := make(map[string]bool, len(y.Content)/2)
	for i := 0; i+1 < len(y.Content); i += 2 {
		key := y.Content[i]
		if key.Kind != yaml.ScalarNode {
			return nil, &tomltree.Error{Line: key.Line, Message: "a key that is not a string"}
		}
		if seen[key.Value] {
			return nil, &tomltree.Error{Line: key.Line, Message: "invalid YAML: " + strconv.Quote(key.Value) + " is defined twice"}
		}
		seen[key.Value] = true
		value, err := c.value(y.Content[i+1], depth+1)
		if err != nil {
			return nil, err
		}
		if value != nil {
			entries = append(entries, tomltree.Entry{Key: key.Value, Value: value})
		}
	}
	return &tomltree.Node{Kind: tomltree.TableKind, Line: y.Line, Table: tomltree.NewTable(y.Line, entries)}, nil
}

// scalar converts a scalar by the tag that YAML's core schema gives it.
func scalar(y *yaml.Node) *tomltree.Node {
	n := &tomltree.Node{Kind: tomltree.String, Line: y.Line, Text: y.Value}
	switch y.ShortTag() {
	case "!!null":
		return nil
	case "!!int":
		n.Kind = tomltree.Integer
	case "!!bool":
		n.Kind, n.Text = tomltree.Bool, strconv.FormatBool(strings.EqualFold(y.Value, "true"))
	}
	return n
}
