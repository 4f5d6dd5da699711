package yamltree

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/internal/tomltree"
)

// show writes a node as text, with the line of each value.
func show(n *tomltree.Node) string {
	switch n.Kind {
	case tomltree.List:
		var parts []string
		for _, item := range n.List {
			parts = append(parts, show(item))
		}
		return fmt.Sprintf("%d:[%s]", n.Line, strings.Join(parts, " "))
	case tomltree.TableKind:
		var parts []string
		for _, e := range n.Table.Entries {
			parts = append(parts, e.Key+"="+show(e.Value))
		}
		return fmt.Sprintf("%d:{%s}", n.Line, strings.Join(parts, " "))
	}
	return fmt.Sprintf("%d:%s%s", n.Line, map[tomltree.Kind]string{tomltree.Integer: "i", tomltree.Bool: "b", tomltree.String: "s"}[n.Kind], n.Text)
}

// TestParse: values with their types and lines.
func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"a: 1\nb: [x, 'y', 2]\nc:\n- d: true\n  e: False\n":          "1:{a=1:i1 b=2:[2:sx 2:sy 2:i2] c=4:[4:{d=4:btrue e=5:bfalse}]}",
		"a: 1.10\nb: 2024-01-02\nc: yes\nd: \"3\"\ne: 1e3\nf: 0.1\n": "1:{a=1:s1.10 b=2:s2024-01-02 c=3:syes d=4:s3 e=5:s1e3 f=6:s0.1}",
		"a: null\nb: ~\nc:\nd: [~, x]\n":                             "1:{d=4:[4:sx]}",
		"a: &x\n  b: 1\nc: *x\nd: &y z\ne: *y\n":                     "1:{a=1:{b=2:i1} c=1:{b=2:i1} d=4:sz e=4:sz}",
		"a: !!bool 'x'\nb: !!int 'y'\nc: !own z\nd: !!str 5\n":       "1:{a=1:bfalse b=2:iy c=3:sz d=4:s5}",
		"{}":                               "1:{}",
		"\ufeff---\na: |\n  x\n  y\n...\n": "2:{a=2:sx\ny\n}",
		"<<: {a: 1}\nb: 2\n":               "1:{<<=1:{a=1:i1} b=2:i2}",
	} {
		table, err := Parse([]byte(text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, show(&tomltree.Node{Kind: tomltree.TableKind, Line: table.Line, Table: table})); diff != "" {
			t.Errorf("%q: (-want +got):\n%s", text, diff)
		}
	}
	var many strings.Builder
	for i := range 100 {
		fmt.Fprintf(&many, "key%d: %d\n", i, i)
	}
	table, err := Parse([]byte(many.String()))
	if err != nil || table.Get("key77").Text != "77" || table.Get("key100") != nil {
		t.Errorf("error %v", err)
	}
}

// bomb doubles a list with each of n aliases.
func bomb(n int) string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x]\n")
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
	}
	return b.String()
}

// TestRefused: what is no document, and what would cost too much.
func TestRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                   "line 1: no YAML document",
		"# nothing\n":        "line 1: no YAML document",
		"- a\n":              "line 1: not a YAML mapping",
		"null\n":             "line 1: not a YAML mapping",
		"x\n":                "line 1: not a YAML mapping",
		"a: 1\n---\nb: 2\n":  "line 2: more than one YAML document",
		"a: 1\nb: 2\na: 3\n": `line 3: invalid YAML: "a" is defined twice`,
		"x: 1\n? [a]\n: 1\n": "line 2: a key that is not a string",
		"x: &a y\n*a : 1\n":  "line 2: a key that is not a string",
		"a: [\n":             "line 1: invalid YAML",
		"a: *x\n":            "line 1: invalid YAML",
		"a: \x01":            "line 1: invalid YAML",
		bomb(40):             "too many values",
		"a: &a [*a]\n":       "too deep",
		"a: " + strings.Repeat("[", 101) + strings.Repeat("]", 101): "too deep",
		"a: " + strings.Repeat("[", 100000):                         "invalid YAML",
		strings.Repeat("\n", maxMarks+1):                            `line 1: too many '\n': 524289`,
		"[" + strings.Repeat(",", maxMarks+1):                       `line 1: too many ',': 524289`,
		"a: " + strings.Repeat("x", MaxSize):                        "line 1: larger than 33554432 bytes",
	} {
		table, err := Parse([]byte(text))
		if err == nil || table != nil || !strings.Contains(err.Error(), want) || err.Line < 1 {
			t.Errorf("%.30q: error %v; want %s", text, err, want)
		}
	}
	if _, err := Parse([]byte("a: " + strings.Repeat("[", 99) + strings.Repeat("]", 99))); err != nil {
		t.Error(err)
	}
	if _, err := Parse([]byte(bomb(10))); err != nil {
		t.Error(err)
	}
}

// FuzzParse: no text makes it panic or hang, and each value has a line of the text.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"a: 1\nb: [x, {y: z}]\n", bomb(5), "? a\n: b\n", "a: !!bool ''\n", "a: |\n x\n---\n", "%YAML 1.2\n---\na: \"\\x41\"\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := Parse(data)
		if (err == nil) == (table == nil) {
			t.Errorf("a table %v, error %v", table != nil, err)
		}
		if err != nil && err.Line < 1 {
			t.Errorf("line %d of %v", err.Line, err)
		}
		var check func(n *tomltree.Node)
		check = func(n *tomltree.Node) {
			if n.Line < 1 {
				t.Errorf("line %d", n.Line)
			}
			for _, item := range n.List {
				check(item)
			}
			if n.Table != nil {
				for _, e := range n.Table.Entries {
					check(e.Value)
				}
			}
		}
		if table != nil {
			check(&tomltree.Node{Kind: tomltree.TableKind, Line: table.Line, Table: table})
		}
	})
}
