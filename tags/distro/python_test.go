package distro

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
)

func TestPythons(t *testing.T) {
	cpython := func(minor int) tags.Python { return tags.Python{Implementation: "cpython", Major: 3, Minor: minor} }
	threaded, debug, both := cpython(13), cpython(13), cpython(13)
	threaded.Threaded, debug.Debug, both.Threaded, both.Debug = true, true, true, true
	for _, test := range []struct {
		word, name, full string
		want             tags.Python
	}{
		{"3.11", "3.11", "", cpython(11)},
		{"3.11.4", "3.11.4", "3.11.4", cpython(11)},
		{"3.15.0rc1", "3.15.0rc1", "3.15.0rc1", cpython(15)},
		{"cp311", "3.11", "", cpython(11)},
		{"cpython3.11", "3.11", "", cpython(11)},
		{"cpython-3.11", "3.11", "", cpython(11)},
		{"python3.11", "3.11", "", cpython(11)},
		{"python311", "3.11", "", cpython(11)},
		{"cp39", "3.9", "", cpython(9)},
		{"3.13t", "3.13t", "", threaded},
		{"cp313t", "3.13t", "", threaded},
		{"3.13.1t", "3.13.1t", "3.13.1", threaded},
		{"3.13d", "3.13d", "", debug},
		{"cp313td", "3.13td", "", both},
		{"2.7", "2.7", "", tags.Python{Implementation: "cpython", Major: 2, Minor: 7}},
		{"cp27mu", "2.7mu", "", tags.Python{Implementation: "cpython", Major: 2, Minor: 7, ABIs: []string{"cp27mu"}}},
		{"cp27m", "2.7m", "", tags.Python{Implementation: "cpython", Major: 2, Minor: 7, ABIs: []string{"cp27m"}}},
		{"cp37dm", "3.7dm", "", tags.Python{Implementation: "cpython", Major: 3, Minor: 7, Debug: true, ABIs: []string{"cp37dm"}}},
		{"pp310", "pypy3.10", "", tags.Python{Implementation: "pypy", Major: 3, Minor: 10}},
		{"pypy3.10", "pypy3.10", "", tags.Python{Implementation: "pypy", Major: 3, Minor: 10}},
		{"pypy310_pp73", "pypy310_pp73", "", tags.Python{Implementation: "pypy", Major: 3, Minor: 10, ABIs: []string{"pypy310_pp73"}}},
		{"graalpy3.11", "graalpy3.11", "", tags.Python{Implementation: "graalpy", Major: 3, Minor: 11}},
		{"graalpy311", "graalpy3.11", "", tags.Python{Implementation: "graalpy", Major: 3, Minor: 11}},
		{"graalpy242_311_native", "graalpy242_311_native", "", tags.Python{Implementation: "graalpy", Major: 3, Minor: 11, ABIs: []string{"graalpy242_311_native"}}},
		{"graalpy_38_native", "graalpy_38_native", "", tags.Python{Implementation: "graalpy", Major: 3, Minor: 8, ABIs: []string{"graalpy_38_native"}}},
	} {
		d, err := Parse(test.word+"@debian:11/arm64", none)
		if err != nil {
			t.Errorf("%s: %v", test.word, err)
			continue
		}
		test.want.FullVersion = test.full
		if diff := cmp.Diff(test.want, d.Python); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.word, diff)
		}
		if want := test.name + "@debian:11/aarch64"; d.Name != want {
			t.Errorf("%s: name %s; want %s", test.word, d.Name, want)
		}
		sameAgain(t, d)
	}
}

func TestNoSuchPython(t *testing.T) {
	for word, want := range map[string]Code{
		"3.12t":     CodePython, // free-threading begins with 3.13
		"3.8m":      CodePython, // m ended with 3.7
		"3.3u":      CodePython, // u ended with 3.2
		"pypy3.10t": CodePython,
		"4.0":       CodePython,
		"1.5":       CodePython,
		"2.8":       CodePython,
		"cp28":      CodePython,

		"3":              CodeUnknown,
		"311":            CodeUnknown, // bare digits may be anything
		"3.":             CodeUnknown,
		"3.011":          CodeUnknown,
		"3.100":          CodeUnknown,
		"3.11.":          CodeUnknown,
		"3.11.4.5":       CodeUnknown,
		"3.15.0rc":       CodeUnknown,
		"3.11tt":         CodeUnknown,
		"3.13dt":         CodeUnknown, // flags have one order
		"cp3":            CodeUnknown,
		"cp":             CodeUnknown,
		"jython2.7":      CodeUnknown,
		"pypy310_pp":     CodeUnknown,
		"pypy_73":        CodeUnknown, // says no version
		"graalpy242_311": CodeUnknown,
		"-3.11":          CodeUnknown,
	} {
		for _, parse := range []func() (Description, error){
			func() (Description, error) { return Parse(word+"@debian:11", none) },
			func() (Description, error) { return Parse("debian:11", Options{Python: word}) },
		} {
			d, err := parse()
			if got := codeOf(err); got != want {
				t.Errorf("%s: %+v, error %v (%s); want %s", word, d, err, got, want)
			}
		}
	}
}

// codeOf is the code of either error of Parse.
func codeOf(err error) Code {
	var known *Error
	if errors.As(err, &known) {
		return known.Code
	}
	var unknown *UnknownError
	if errors.As(err, &unknown) {
		return unknown.Code()
	}
	return ""
}

func TestParsePython(t *testing.T) {
	for _, c := range []struct{ word, again, full, says string }{
		{"3.12", "3.12", "", ""},
		{"3.12.7", "3.12", "3.12.7", ""},
		{"3.12.12345678", "3.12", "3.12.12345678", ""},
		{"3.12.123456789", "", "", "unknown Python"},
		{"CP313T", "3.13t", "", ""},
		{"PyPy3.10", "pypy3.10", "", ""},
		{"graalpy242_311_native", "graalpy3.11", "", ""},
		{"3.12t", "", "", "3.12t: free-threaded builds (t) begin with 3.13"},
		{"3.x", "", "", `unknown Python "3.x"; `},
		{"", "", "", "it names no Python; write it like 3.11"},
	} {
		p, err := ParsePython(c.word)
		if c.says != "" {
			if err == nil || !strings.HasPrefix(err.Error(), c.says) {
				t.Errorf("%s: %v, want %s", c.word, err, c.says)
			}
			continue
		}
		if err != nil || FormatPython(p) != c.again || p.FullVersion != c.full {
			t.Errorf("%s: %+v, %v", c.word, p, err)
			continue
		}
		again, err := ParsePython(FormatPython(p))
		if err != nil || again.String() != p.String() {
			t.Errorf("%s becomes %s: %v, %v", c.word, FormatPython(p), again, err)
		}
	}
	if FormatPython(tags.Python{Major: 3, Minor: 11}) != "3.11" {
		t.Error("a CPython without its name")
	}
}
