package tomltree

import "github.com/pelletier/go-toml/v2/unstable"

// value converts a value of the TOML parser. The parser limits how deep values
// nest.
func (d *document) value(v *unstable.Node, line int) (*Node, *Error) {
	if v.Raw.Length > 0 {
		line = d.line(v.Raw.Offset)
	}
	n := d.node(Node{static: true, Line: line})
	switch v.Kind {
	case unstable.Array:
		n.Kind = List
		for items := v.Children(); items.Next(); {
			item, err := d.value(items.Node(), line)
			if err != nil {
				return nil, err
			}
			n.List = append(n.List, item)
			line = item.Line
		}
	case unstable.InlineTable:
		n.Kind = TableKind
		n.Table = &Table{Line: line, opened: true}
		for items := v.Children(); items.Next(); {
			if err := d.assign(n.Table, items.Node(), true); err != nil {
				return nil, err
			}
		}
	default:
		n.Kind = scalarKind(v.Kind)
		n.Text = d.text(v)
	}
	return n, nil
}

// scalarKind maps the kinds of the TOML parser. All kinds of dates and times are
// one, because files mix them.
func scalarKind(k unstable.Kind) Kind {
	switch k {
	case unstable.String:
		return String
	case unstable.Integer:
		return Integer
	case unstable.Bool:
		return Bool
	case unstable.DateTime, unstable.LocalDateTime, unstable.LocalDate, unstable.LocalTime:
		return Time
	}
	return Other
}

// text returns the content of a scalar or a key, as a part of the source if it is
// there unchanged, which it nearly always is.
func (d *document) text(v *unstable.Node) string {
	lo, hi := int(v.Raw.Offset), int(v.Raw.Offset)+int(v.Raw.Length)
	if hi-lo == len(v.Data)+2 {
		lo, hi = lo+1, hi-1 // the quotes
	}
	if lo <= hi && hi <= len(d.source) && d.source[lo:hi] == string(v.Data) {
		return d.source[lo:hi]
	}
	return string(v.Data)
}
