package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/internal/report"
)

// TestTerminalStyle: what goes to no terminal is plain and 80 columns wide.
func TestTerminalStyle(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	for _, test := range []struct {
		env  string
		want bool
	}{
		{"", false}, {"FORCE_COLOR=1", true}, {"FORCE_COLOR=0", false}, {"FORCE_COLOR=1 NO_COLOR=1", false}, {"FORCE_COLOR=1 TERM=dumb", true},
	} {
		env := func(name string) string {
			for _, entry := range strings.Fields(test.env) {
				if value, ok := strings.CutPrefix(entry, name+"="); ok {
					return value
				}
			}
			return ""
		}
		for _, out := range []*os.File{w, null} {
			want := report.Style{Width: 80, Colour: test.want}
			if got := terminalStyle(out, w, env); got != want {
				t.Errorf("%s: %+v, want %+v", test.env, got, want)
			}
		}
	}
}

// TestWidth: text fills the width of the terminal and stays within it.
func TestWidth(t *testing.T) {
	t.Chdir(fixtureFolder)
	for _, line := range []string{
		"help audit", "targets debian", "detect --root roots/debian", "rules", "rules WT201",
		"compat -t 3.11@debian:11/arm64 demo-1-cp37-cp37m-win32.whl",
	} {
		longest := map[int]int{}
		for _, width := range []int{report.MinWidth, report.DefaultWidth, report.MaxWidth} {
			var out bytes.Buffer
			run(context.Background(), strings.Fields(line), streams{in: strings.NewReader(""), out: &out, err: io.Discard, style: report.Style{Width: width}})
			for text := range strings.Lines(out.String()) {
				text = strings.TrimSuffix(text, "\n")
				fields := strings.Fields(text)
				if len(text) > width && width >= report.DefaultWidth && len(fields) > 1 && fields[0] != "wheeltag" {
					t.Errorf("%s, %d columns: a line of %d: %s", line, width, len(text), text)
				}
				longest[width] = max(longest[width], len(text))
			}
		}
		if longest[report.MaxWidth] <= report.DefaultWidth {
			t.Errorf("%s: in %d columns the longest line has %d", line, report.MaxWidth, longest[report.MaxWidth])
		}
	}
}
