package report

import (
	"io"
	"slices"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/coverage"
)

// TestFormats: a handler takes the kinds of results that its format is listed for,
// and refuses the others.
func TestFormats(t *testing.T) {
	records := []Record{&Audit{Report: &audit.Report{}}, &Explain{Explanation: &audit.Explanation{}}, &Index{}, &Coverage{Row: &coverage.Row{}}}
	all := Formats(&Coverage{})
	if want := []string{"text", "json", "markdown", "csv", "html"}; !slices.Equal(all, want) {
		t.Errorf("formats of coverage are %q, want %q", all, want)
	}
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
	if want := `unknown format "yaml"; want one of text, json, markdown, csv, html`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
