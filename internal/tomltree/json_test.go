package tomltree

import (
	"strings"
	"testing"
)

// TestParseJSON: values have their kinds and lines; null is no value, and of two
// equal keys the first counts.
func TestParseJSON(t *testing.T) {
	doc, err := ParseJSON([]byte("{\n\"s\": \"x\", \"n\": 1,\n\"f\": 1.5, \"b\": true, \"null\": null,\n\"l\": [\"a\", null,\n{\"k\": \"v\"}], \"s\": \"y\"}"))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]Node{
		"s": {Kind: String, Text: "x", Line: 2}, "n": {Kind: Integer, Text: "1", Line: 2}, "f": {Kind: Other, Text: "1.5", Line: 3}, "b": {Kind: Bool, Text: "true", Line: 3},
	} {
		if n := doc.Get(key); n == nil || n.Kind != want.Kind || n.Text != want.Text || n.Line != want.Line {
			t.Errorf("%s: %+v", key, n)
		}
	}
	if l := doc.Get("l"); doc.Get("null") != nil || l.Kind != List || len(l.List) != 2 || l.List[1].Line != 5 || l.List[1].Table.Get("k").Text != "v" {
		t.Errorf("%+v", l)
	}
	for text, line := range map[string]int{"": 1, "[]": 1, "null": 1, "{\n\n\"a\": x}": 3, "{} {}": 1, "{\"a\": [1}": 1, "{\"a\":" + strings.Repeat("[", 300): 1} {
		if doc, err := ParseJSON([]byte(text)); err == nil || doc != nil || err.Line != line {
			t.Errorf("%.20q: %v, %v", text, doc, err)
		}
	}
}

// FuzzParseJSON: any bytes are a table or an error with a line of the text.
func FuzzParseJSON(f *testing.F) {
	f.Add([]byte("{\"a\": [1, {\"b\": null}]}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := ParseJSON(data)
		if (doc == nil) == (err == nil) || err != nil && (err.Line < 1 || err.Line > strings.Count(string(data), "\n")+1) {
			t.Fatal(doc, err)
		}
	})
}
