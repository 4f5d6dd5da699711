package cli

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "",
		"demo 1.0 caf\u00e9 \"x\" \\": "demo 1.0 caf\u00e9 \"x\" \\",
		"a\x1b[31mb":                  `a\x1b[31mb`,
		"a\nwheeltag: pass\r":         `a\nwheeltag: pass\r`,
		"caf\xe9":                     `caf\xe9`,
		"\u202etxt":                   `\u202etxt`,
	} {
		if got := plain(text); got != want {
			t.Errorf("plain(%q) = %q; want %q", text, got, want)
		}
	}
}

// The line never stays beside something else, and never goes on in the next row.
func TestProgressLine(t *testing.T) {
	var terminal bytes.Buffer
	line := &progressLine{w: &terminal}
	out := line.over(&terminal)
	fmt.Fprint(out, "one\n")
	line.draw("1 audited, at " + strings.Repeat("x", 200) + "\n")
	fmt.Fprint(out, "two\n")
	fmt.Fprint(out, "three\n")
	line.hide()
	want := "one\n\r\x1b[K\x1b[?7l1 audited, at " + strings.Repeat("x", 200) + `\n` + "\x1b[?7h\r\x1b[Ktwo\nthree\n"
	if got := terminal.String(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
