package lockfile

import (
	"strings"
	"testing"
)

// TestBinary compares with what pip 26.3 took of projects a and b, of which each
// had a wheel and a source distribution: w for the wheel, s for the other.
func TestBinary(t *testing.T) {
	for text, want := range map[string]string{
		"a\nb\n":                                                 "ww",
		"--no-binary a\na\nb\n":                                  "sw",
		"a\nb\n--no-binary=:all:\n":                              "ss", // after the requirements too
		"a --no-binary a\nb\n":                                   "sw", // on the line of one too
		"-c c.txt\na\nb\n":                                       "sw", // in constraints too
		"--no-binary A\n--only-binary a\na\nb\n":                 "ww",
		"--no-binary :all:\n--only-binary a\na\nb\n":             "ws",
		"--only-binary :all:\n--no-binary a\na\nb\n":             "sw",
		"--only-binary=:all: --no-binary=a\na\nb\n":              "sw",
		"--only-binary :all:\n--no-binary :none:\na\nb\n":        "ww",
		"--no-binary a,:none:\na\nb\n":                           "ww",
		"--no-binary :none:,:all:\na\nb\n":                       "ss",
		"--no-binary :all:,:none:,b\na\nb\n":                     "ws",
		"--no-binary a,:all:,:none:\na\nb\n":                     "ww",
		"--no-binary :all:,b,:all:\na\nb\n":                      "ss",
		"--no-binary :all:,b\n--only-binary b\na\nb\n":           "sw",
		"--no-binary :all:,:none:,:all:,b\na\nb\n":               "ss",
		"--no-binary :all:,:none:,b,:all:,:none:\na\nb\n":        "ww",
		"--no-binary a\n--no-binary :all:\n--only-binary :none:": "ss",
	} {
		l, err := ReadOpen("r.txt", files(map[string]string{"r.txt": text, "c.txt": "--no-binary a\n"}))
		if err != nil {
			t.Fatal(err)
		}
		wantProblems(t, l.Problems)
		got := ""
		for _, name := range []string{"a", "b"} {
			// The wheel is preferred if both are allowed.
			if wheels, _ := l.Binary.For(name); wheels {
				got += "w"
			} else {
				got += "s"
			}
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// TestBinaryKinds: each option excludes one kind, and never both.
func TestBinaryKinds(t *testing.T) {
	for text, want := range map[string][2]bool{
		"":                                     {true, true},
		"--only-binary a":                      {true, false},
		"--only-binary :all:":                  {true, false},
		"--no-binary a":                        {false, true},
		"--no-binary :all:":                    {false, true},
		"--only-binary :all:\n--no-binary a":   {false, true},
		"--only-binary b":                      {true, true},
		"--no-binary :all:\n--only-binary a,b": {true, false},
		"--no-binary a\n--only-binary :all:,:none:": {true, true},
	} {
		l, err := Read(strings.NewReader(text), "r.txt")
		if err != nil {
			t.Fatal(err)
		}
		if wheels, sdists := l.Binary.For("a"); [2]bool{wheels, sdists} != want {
			t.Errorf("%q: %v %v, want %v", text, wheels, sdists, want)
		}
	}
}
