package distro

import (
	"testing"

	"github.com/wheeltag/wheeltag/tags"
)

// FuzzParse: no word panics, every error has a code, and every description is a
// target whose name means the same again.
func FuzzParse(f *testing.F) {
	for _, g := range grammar {
		f.Add(g.word, g.opts.Python, g.opts.Arch, g.opts.Glibc, g.opts.Musl)
	}
	for _, c := range peoplesWords {
		f.Add(c.word, "", "", "", "")
	}
	for _, word := range []string{"a/b/c/d", "@@", "3.11@python:3.11@sha256:0", "debian-11-py3", "-py3-", "python:-", "ubi9:", "f:", "library/", "pypa/manylinux", "x-y", "manylinux_2_28_", "linux//"} {
		f.Add(word, "", "", "", "")
	}
	f.Fuzz(func(t *testing.T, word, python, arch, glibc, musl string) {
		d, err := Parse(word, Options{python, arch, glibc, musl})
		if err != nil {
			if codeOf(err) == "" || err.Error() == "" {
				t.Errorf("%q: an error without a code: %v", word, err)
			}
			return
		}
		if _, err := tags.New(d.Python, d.Platform, tags.Packaging); err != nil {
			t.Errorf("%q: %+v is no target: %v", word, d, err)
		}
		sameAgain(t, d)
	})
}

// FuzzParsePython: what is read makes a target, and its shortest word is read as the
// same version.
func FuzzParsePython(f *testing.F) {
	for _, word := range []string{"3.11", "3.12.7", "cp313t", "3.13td", "pypy3.10", "pypy310_pp73", "graalpy_38_native", "3.15.0rc1", "3.7dm", "cp27mu", "3.11.", "3..1", "cp", "3.11.99999999"} {
		f.Add(word)
	}
	f.Fuzz(func(t *testing.T, word string) {
		p, err := ParsePython(word)
		if err != nil {
			if codeOf(err) == "" || err.Error() == "" {
				t.Errorf("%q: an error without a code: %v", word, err)
			}
			return
		}
		if _, err := tags.New(p, tags.Platform{OS: tags.Windows, Arch: "amd64"}, tags.Pip); err != nil {
			t.Errorf("%q: %v", word, err)
		}
		again, err := ParsePython(FormatPython(p))
		if err != nil || again.String() != p.String() {
			t.Errorf("%q is %s, which is read as %s: %v", word, FormatPython(p), again, err)
		}
		if _, known := p.Patch(); known != (p.FullVersion != "") {
			t.Errorf("%q: full version %q", word, p.FullVersion)
		}
	})
}
