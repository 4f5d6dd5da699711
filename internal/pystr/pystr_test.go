package pystr

import "testing"

func TestLower(t *testing.T) {
	for in, want := range map[string]string{
		"":                 "",
		"abc_1":            "abc_1",
		"CP311":            "cp311",
		"F\u00d6\u00d6":    "f\u00f6\u00f6",
		"\u0130x":          "i\u0307x",
		"A\u03a3":          "a\u03c2",           // a capital sigma that ends a word
		"A\u03a3B":         "a\u03c3b",          // inside a word
		"\u03a3":           "\u03c3",            // alone
		"A\u03a3.B":        "a\u03c3.b",         // the dot is passed over
		"A\u03a3-B":        "a\u03c2-b",         // the dash is not
		"A\u03a3.'":        "a\u03c2.'",         // nothing cased after it
		"\u00c9\xff\u0130": "\u00e9\xffi\u0307", // what is not UTF-8 is kept
		"\u1e9e\u0118":     "\u00df\u0119",      // capital sharp s
		"\U00010400\u01c5": "\U00010428\u01c6",  // Deseret; title case
	} {
		if got := Lower(in); got != want {
			t.Errorf("Lower(%+q) = %+q, want %+q", in, got, want)
		}
	}
}

func TestIdentifier(t *testing.T) {
	for in, want := range map[string]bool{
		"py3": true, "_": true, "_9": true, "f\u00f6": true, "\u2118": true, "x\u00b7": true, "x\u0e33": true,
		"": false, "3py": false, "py+3": false, "py 3": false, "\u0e33": false, "\u037a": false, "x\u309b": false, "a\xff": false, "\u00b7": false,
	} {
		if got := IsIdentifier(in); got != want {
			t.Errorf("IsIdentifier(%+q) = %v", in, got)
		}
	}
}

func TestWord(t *testing.T) {
	for r, want := range map[rune]bool{'a': true, '_': true, '9': true, '\u00bd': true, '\u2167': true, '\u4e00': true, '-': false, '.': false, ' ': false, '\u0301': false} {
		if IsWord(r) != want {
			t.Errorf("IsWord(%+q) = %v", r, !want)
		}
	}
}
