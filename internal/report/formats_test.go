package report

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/coverage"
)

// TestFormats: a handler takes the kinds of results that its format is listed for,
// and refuses the others.
func TestFormats(t *testing.T) {
	records := []Record{&Audit{Report: &audit.Report{}}, &Explain{Explanation: &audit.Explanation{}}, &Index{}, &Coverage{Row: &coverage.Row{}}}
	for want, r := range map[string]Record{
		"text json markdown csv html": &Coverage{}, "text json sarif junit gitlab github zuul markdown html": &Audit{},
		"text json": &Explain{},
	} {
		if got := strings.Join(Formats(r), " "); got != want {
			t.Errorf("formats of a %T are %s, want %s", r, got, want)
		}
	}
	all := strings.Fields("text json sarif junit gitlab github zuul markdown csv html")
	for _, r := range records {
		for _, format := range all {
			h, err := New(format, io.Discard, io.Discard, Config{Style: Style{Width: 80}})
			if err != nil {
				t.Fatal(err)
			}
			if listed := slices.Contains(Formats(r), format); (h.Report(r) == nil) != listed {
				t.Errorf("%s and a %T: listed %v, but Report differs", format, r, listed)
			}
		}
	}
	_, err := New("yaml", io.Discard, io.Discard, Config{})
	if want := `unknown format "yaml"; want one of text, json, sarif, junit, gitlab, github, zuul, markdown, csv, html`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
