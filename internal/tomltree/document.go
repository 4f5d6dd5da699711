package tomltree

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"sort"
	"strconv"

	"github.com/pelletier/go-toml/v2/unstable"
)

// Kind is the type of a TOML value.
type Kind uint8

const (
	String Kind = iota
	Integer
	Bool
	Time  // with or without date and offset
	Other // a float
	List
	TableKind
)

// Node is a value of a document.
type Node struct {
	Kind   Kind
	static bool   // written as a value, so that headers must not add to it
	Line   int    // 1-based
	Text   string // of a scalar: a string's content, or the source text
	List   []*Node
	Table  *Table
}

// Table is a TOML Table. Its keys keep their order.
type Table struct {
	Line    int
	opened  bool // by its own header
	Entries []Entry
	index   map[string]*Node // when there are many keys
}

// NewTable makes a table of entries with different keys.
func NewTable(line int, entries []Entry) *Table {
	t := &Table{Line: line, Entries: entries}
	if len(entries) > manyKeys {
		t.buildIndex()
	}
	return t
}

// buildIndex makes the map of the keys.
func (t *Table) buildIndex() {
	t.index = make(map[string]*Node, len(t.Entries))
	for _, e := range t.Entries {
		t.index[e.Key] = e.Value
	}
}

// Entry is a key of a table and its value.
type Entry struct {
	Key   string
	Value *Node
}

// manyKeys is the number of keys from which a map is faster than a linear search.
const manyKeys = 16

// Get returns the value of a key, nil if there is none. A nil table is empty.
func (t *Table) Get(key string) *Node {
	if t == nil {
		return nil
	}
	if t.index != nil {
		return t.index[key]
	}
	for i := range t.Entries {
		if t.Entries[i].Key == key {
			return t.Entries[i].Value
		}
	}
	return nil
}

// set adds a key that the table does not have.
func (t *Table) set(key string, value *Node) {
	if t.Entries == nil {
		t.Entries = make([]Entry, 0, 4)
	}
	t.Entries = append(t.Entries, Entry{key, value})
	if t.index != nil {
		t.index[key] = value
	} else if len(t.Entries) > manyKeys {
		t.buildIndex()
	}
}

// document turns the expressions of the TOML parser into a tree. Texts are parts
// of the source, so the tree needs little more memory.
type document struct {
	source  string
	parser  unstable.Parser
	lines   []uint32 // offsets at which lines begin
	current int      // index of the line found last; offsets mostly ascend
	slab    []Node   // nodes are allocated in pieces
}

// Parse reads a document.
func Parse(data []byte) (*Table, *Error) {
	d := document{source: string(data), lines: make([]uint32, 1, 64+len(data)/64)}
	for i := 0; ; {
		n := bytes.IndexByte(data[i:], '\n')
		if n < 0 {
			break
		}
		i += n + 1
		d.lines = append(d.lines, uint32(i))
	}
	root := &Table{Line: 1, opened: true}
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
	return &Error{d.line(uint32(offset)), "invalid or truncated TOML", errors.New(err.Error())}
}

// twice is the error for a key or table that is defined again, which TOML forbids.
func (d *document) twice(key string, line int) *Error {
	return &Error{line, "invalid TOML: " + strconv.Quote(key) + " is defined twice", nil}
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
func (d *document) node(n Node) *Node {
	if len(d.slab) == cap(d.slab) {
		d.slab = make([]Node, 0, min(max(64, 2*cap(d.slab)), 1024))
	}
	d.slab = append(d.slab, n)
	return &d.slab[len(d.slab)-1]
}

// header opens the table that [a.b] or [[a.b]] names.
func (d *document) header(root *Table, e *unstable.Node) (*Table, *Error) {
	at := root
	for keys := e.Key(); keys.Next(); {
		key, line := d.text(keys.Node()), d.line(keys.Node().Raw.Offset)
		value := at.Get(key)
		switch last := keys.IsLast(); {
		case value == nil && last && e.Kind == unstable.ArrayTable:
			value = d.node(Node{Kind: List, Line: line})
			at.set(key, value)
			fallthrough
		case last && e.Kind == unstable.ArrayTable:
			if value.Kind != List || value.static {
				return nil, d.twice(key, line)
			}
			at = &Table{Line: line, opened: true}
			value.List = append(value.List, d.node(Node{Kind: TableKind, Line: line, Table: at}))
		case value == nil:
			next := &Table{Line: line, opened: last}
			at.set(key, d.node(Node{Kind: TableKind, Line: line, Table: next}))
			at = next
		case value.static:
			return nil, d.twice(key, line)
		case value.Kind == TableKind:
			if at = value.Table; last {
				if at.opened {
					return nil, d.twice(key, line)
				}
				at.opened, at.Line, value.Line = true, line, line
			}
		case value.Kind == List && !last:
			at = value.List[len(value.List)-1].Table
		default:
			return nil, d.twice(key, line)
		}
	}
	return at, nil
}

// assign stores the value of "a.b = value" in a table. Tables that a dotted key
// creates are closed to headers.
func (d *document) assign(at *Table, e *unstable.Node, inline bool) *Error {
	for keys := e.Key(); keys.Next(); {
		key, line := d.text(keys.Node()), d.line(keys.Node().Raw.Offset)
		old := at.Get(key)
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
			next := &Table{Line: line, opened: true}
			at.set(key, d.node(Node{Kind: TableKind, Line: line, Table: next}))
			at = next
		case old.Kind == TableKind && !old.static && (old.Table.opened || inline):
			at = old.Table
		default:
			return d.twice(key, line)
		}
	}
	return nil
}
