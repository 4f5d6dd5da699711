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
