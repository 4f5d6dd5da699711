package lockfile

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"sort"
	"strconv"

	"github.com/pelletier/go-toml/v2/unstable"
)

// kind is the type of a TOML value, as far as lock files need it.
type kind uint8

const (
	kindString kind = iota
	kindInteger
	kindBool
	kindTime  // with or without date and offset
	kindOther // a float
	kindList
	kindTable
)

// node is a value of a document.
type node struct {
	kind   kind
	static bool   // written as a value, so that headers must not add to it
	line   int    // 1-based
	text   string // of a scalar: a string's content, or the source text
	list   []*node
	table  *table
}

// table is a TOML table. Its keys keep their order.
type table struct {
	line    int
	opened  bool // by its own header
	entries []entry
	index   map[string]*node // when there are many keys
}

type entry struct {
	key   string
	value *node
}

// manyKeys is the number of keys from which a map is faster than a linear search.
const manyKeys = 16

// get returns the value of a key, nil if there is none. A nil table is empty.
func (t *table) get(key string) *node {
	if t == nil {
		return nil
	}
	if t.index != nil {
		return t.index[key]
	}
	for i := range t.entries {
		if t.entries[i].key == key {
			return t.entries[i].value
		}
	}
	return nil
}

// set adds a key that the table does not have.
func (t *table) set(key string, value *node) {
	if t.entries == nil {
		t.entries = make([]entry, 0, 4)
	}
	t.entries = append(t.entries, entry{key, value})
	if t.index != nil {
		t.index[key] = value
	} else if len(t.entries) > manyKeys {
		t.index = make(map[string]*node)
		for _, e := range t.entries {
			t.index[e.key] = e.value
		}
	}
}

// document turns the expressions of the TOML parser into a tree. Texts are parts
// of the source, so the tree needs little more memory.
type document struct {
	file    string
	source  string
	parser  unstable.Parser
	lines   []uint32 // offsets at which lines begin
	current int      // index of the line found last; offsets mostly ascend
	slab    []node   // nodes are allocated in pieces
}

// parseTOML reads a document. The error has code syntax.
func parseTOML(file string, data []byte) (*table, *Error) {
	d := document{file: file, source: string(data), lines: make([]uint32, 1, 64+len(data)/64)}
	for i := 0; ; {
		n := bytes.IndexByte(data[i:], '\n')
		if n < 0 {
			break
		}
		i += n + 1
		d.lines = append(d.lines, uint32(i))
	}
	root := &table{line: 1, opened: true}
	at := root
	d.parser.Reset(data)
	for d.parser.NextExpression() {
		e := d.parser.Expression()
		var err *Error
		if e.Kind == unstable.KeyValue {
			err = d.assign(at, e, false)
		} else {
			at, err = d.header(root, e)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := d.parser.Error(); err != nil {
		return nil, d.syntax(err)
	}
	return root, nil
}

// syntax adds the line to the parser's error.
func (d *document) syntax(err error) *Error {
	offset := len(d.source)
	if e, ok := errors.AsType[*unstable.ParserError](err); ok && e.Highlight != nil {
		offset = min(int(d.parser.Range(e.Highlight).Offset), offset)
	}
	// The parser's error must not outlive the parser, so only its text is kept.
	return &Error{CodeSyntax, d.file, d.line(uint32(offset)), "invalid or truncated TOML", errors.New(err.Error())}
}

// twice is the error for a key or table that is defined again, which TOML forbids.
func (d *document) twice(key string, line int) *Error {
	return &Error{CodeSyntax, d.file, line, "invalid TOML: " + strconv.Quote(key) + " is defined twice", nil}
}

// line finds the line of an offset.
func (d *document) line(offset uint32) int {
	i := d.current
	switch {
	case offset < d.lines[i]:
		i = sort.Search(len(d.lines), func(i int) bool { return d.lines[i] > offset }) - 1
	default:
		for n := 0; i+1 < len(d.lines) && d.lines[i+1] <= offset; n++ {
			if n == 32 { // far away
				j, found := slices.BinarySearchFunc(d.lines, offset, func(a, b uint32) int { return cmp.Compare(a, b) })
				if i = j; !found {
					i--
				}
				break
			}
			i++
		}
	}
	d.current = i
	return i + 1
}

// node allocates a node.
func (d *document) node(n node) *node {
	if len(d.slab) == cap(d.slab) {
		d.slab = make([]node, 0, min(max(64, 2*cap(d.slab)), 1024))
	}
	d.slab = append(d.slab, n)
	return &d.slab[len(d.slab)-1]
}

// header opens the table that [a.b] or [[a.b]] names.
func (d *document) header(root *table, e *unstable.Node) (*table, *Error) {
	at := root
	for keys := e.Key(); keys.Next(); {
		key, line := d.text(keys.Node()), d.line(keys.Node().Raw.Offset)
		value := at.get(key)
		switch last := keys.IsLast(); {
		case value == nil && last && e.Kind == unstable.ArrayTable:
			value = d.node(node{kind: kindList, line: line})
			at.set(key, value)
			fallthrough
		case last && e.Kind == unstable.ArrayTable:
			if value.kind != kindList || value.static {
				return nil, d.twice(key, line)
			}
			at = &table{line: line, opened: true}
			value.list = append(value.list, d.node(node{kind: kindTable, line: line, table: at}))
		case value == nil:
			next := &table{line: line, opened: last}
			at.set(key, d.node(node{kind: kindTable, line: line, table: next}))
			at = next
		case value.static:
			return nil, d.twice(key, line)
		case value.kind == kindTable:
			if at = value.table; last {
				if at.opened {
					return nil, d.twice(key, line)
				}
				at.opened, at.line, value.line = true, line, line
			}
		case value.kind == kindList && !last:
			at = value.list[len(value.list)-1].table
		default:
			return nil, d.twice(key, line)
		}
	}
	return at, nil
}

// assign stores the value of "a.b = value" in a table. Tables that a dotted key
// creates are closed to headers.
func (d *document) assign(at *table, e *unstable.Node, inline bool) *Error {
	for keys := e.Key(); keys.Next(); {
		key, line := d.text(keys.Node()), d.line(keys.Node().Raw.Offset)
		old := at.get(key)
		if keys.IsLast() {
			if old != nil {
				return d.twice(key, line)
			}
			value, err := d.value(e.Value(), line)
			if err != nil {
				return err
			}
			at.set(key, value)
			return nil
		}
		switch {
		case old == nil:
			next := &table{line: line, opened: true}
			at.set(key, d.node(node{kind: kindTable, line: line, table: next}))
			at = next
		case old.kind == kindTable && !old.static && (old.table.opened || inline):
			at = old.table
		default:
			return d.twice(key, line)
		}
	}
	return nil
}
