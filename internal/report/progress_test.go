package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// The line never stays next to something else, and never goes on in the next row.
func TestProgressLine(t *testing.T) {
	var terminal bytes.Buffer
	line := NewLine(&terminal)
	out := line.over(&terminal)
	fmt.Fprint(out, "one\n")
	line.Draw("1 audited, at " + strings.Repeat("x", 200) + "\n")
	fmt.Fprint(out, "two\n")
	fmt.Fprint(out, "three\n")
	line.Hide()
	want := "one\n\r\x1b[K\x1b[?7l1 audited, at " + strings.Repeat("x", 200) + `\n` + "\x1b[?7h\r\x1b[Ktwo\nthree\n"
	if got := terminal.String(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
