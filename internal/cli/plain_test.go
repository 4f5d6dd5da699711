package cli

import (
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
