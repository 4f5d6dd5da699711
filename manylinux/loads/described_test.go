package loads

import (
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/elftest"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
)

// TestDescribedTree: what is not the wheel's is installed on a named release, missing
// there or not on record; without a release nothing is known.
func TestDescribedTree(t *testing.T) {
	set := wheelSet(t, map[string]elftest.Spec{
		"m.so":           {Needed: []string{"libown.so", "libc.so.6", "libgone.so.9"}, RunPath: "$ORIGIN/libs", Undefined: []string{"puts@GLIBC_2.17"}, Needs: []elftest.Need{{Library: "libc.so.6", Versions: []string{"GLIBC_2.17"}}}},
		"libs/libown.so": {},
	})
	code := Code{Needs: manylinux.Known().Needs(set, nil), Files: 2, Readable: true}
	target, err := distro.Parse("debian:12/x86_64", distro.Options{})
	if err != nil {
		t.Fatal(err)
	}
	glibc := target.Platform
	musl := tags.Platform{OS: tags.Linux, Arch: "x86_64", Libc: tags.Libc{Family: tags.Musl, Major: 1, Minor: 2}}
	for _, c := range []struct {
		what  string
		place Place
		want  [3]State // of the needs of m.so
		other string
	}{
		{"nowhere", Place{IsMusl: func(*linkset.File) bool { return false }}, [3]State{StateFound, StateOutside, StateOutside}, ""},
		{"a platform without a release", Place{Platform: &glibc}, [3]State{StateFound, StateOutside, StateOutside}, ""},
		{"a release", Place{Platform: &glibc, Release: target.Release}, [3]State{StateFound, StateInstalled, StateMissing}, ""},
		{"another libc", Place{Platform: &musl}, [3]State{}, "glibc"},
	} {
		tree, err := TreeOf(code, set, c.place)
		if err != nil {
			t.Fatal(err)
		}
		if tree.Other != c.other {
			t.Errorf("%s: other %q", c.what, tree.Other)
		}
		if c.other != "" {
			continue
		}
		for i, n := range tree.Processes[0].Objects[0].Needs {
			if n.State != c.want[i] {
				t.Errorf("%s: %s is %s, want %s", c.what, n.Name, n.State, c.want[i])
			}
		}
		if lost := len(tree.Missing); (lost > 0) != (c.want[2] == StateMissing) {
			t.Errorf("%s: %d missing", c.what, lost)
		}
	}
}
