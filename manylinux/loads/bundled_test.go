package loads

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/elftest"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
)

// TestLoadEach loads files as glibc and as musl do. The first word of a result is
// the file and the library that it lacks, then comes who finds that, if anybody.
// (glibc's rules are those of its _dl_map_object, musl's of load_library.)
func TestLoadEach(t *testing.T) {
	for _, c := range []struct {
		what, files, glibc, musl string
	}{
		{"found by RUNPATH", "p/m.so: a;; $ORIGIN/../libs | libs/a:", "", ""},
		{"found by RPATH", "p/m.so: a; $ORIGIN/../libs | libs/a:", "", ""},
		{"no run path", "p/m.so: a | libs/a:", "p/m.so>a", "p/m.so>a"},
		{"RPATH serves what is loaded for the file", "m.so: a; $ORIGIN/libs | libs/a: b | libs/b: c | libs/c:", "", ""},
		{"RUNPATH does not in glibc", "m.so: a;; $ORIGIN/libs | libs/a: b | libs/b:", "libs/a>b", ""},
		{"but what is there is there", "m.so: a b;; $ORIGIN/libs | libs/a: b | libs/b:", "", ""},
		{"even if it comes later in the list", "m.so: a c b;; $ORIGIN/libs | libs/a: b | libs/b: | libs/c: b", "", ""},
		{"RUNPATH stops RPATH", "m.so: a; $ORIGIN/libs | libs/a: b;; $ORIGIN/x | libs/b:", "libs/a>b", ""},
		{"a file with RUNPATH has no RPATH", "m.so: a; $ORIGIN/libs; $ORIGIN/x | x/a: b | libs/b:", "x/a>b", "x/a>b"},
		{"the chain is that of the first need", "m.so: a b;; $ORIGIN/libs | libs/a: c; $ORIGIN | libs/b: c | libs/c:", "", ""},
		{"another module finds it", "m.so: a | n.so: a;; $ORIGIN/libs | libs/a:", "m.so>a(n.so)", "m.so>a(n.so)"},
		{"two others find it", "m.so: a | n.so: a;; $ORIGIN/libs | o.so: a;; $ORIGIN/libs | libs/a:", "m.so>a(n.so)", "m.so>a(n.so)"},
		{"a program of its own", "x/tool: a;; $ORIGIN/../libs | libs/a:", "", ""},
		{"a library that nothing needs", "m.so: | libs/a: b | libs/b:", "libs/a>b", "libs/a>b"},
		{"a circle that nothing needs", "m.so: | libs/a: b;; $ORIGIN | libs/b: a;; $ORIGIN", "", ""},
		{"not in the wheel", "m.so: libc.so.6;; $ORIGIN | libs/a:", "", ""},
		{"of another machine", "m.so: a;; $ORIGIN/arm | arm/a:", "", ""},
	} {
		for libc, want := range map[elfaudit.Libc]string{elfaudit.LibcGlibc: c.glibc, elfaudit.LibcMusl: c.musl} {
			musl := libc == elfaudit.LibcMusl
			b := NewBundled(linkset.New(elftest.Files(c.files)), func(*linkset.File) bool { return musl }, MaxSteps)
			var got []string
			for key := range b.missing {
				text := key.file.Path + ">" + key.library
				if finder := b.finders[key.library]; finder != "" {
					text += "(" + finder + ")"
				}
				got = append(got, text)
			}
			slices.Sort(got)
			if text := strings.Join(got, " "); text != want {
				t.Errorf("%s, %v: %q; want %q", c.what, libc, text, want)
			}
		}
	}
}

// TestPathDemands: what a library without a run path to it means depends on who loads
// the file: Python a module, the package anything else, the system a program.
func TestPathDemands(t *testing.T) {
	const module = "p/m.cpython-311-x86_64-linux-gnu.so"
	for _, c := range []struct{ what, files, want string }{
		{"a module", module + ": a | libs/a:", "no " + module + ">a"},
		{"a module that finds it", module + ": a;; $ORIGIN/../libs | libs/a:", ""},
		{"a library of a module", module + ": a;; $ORIGIN/../libs | libs/a: b | libs/b:", "no libs/a>b"},
		{"a library that nothing asks for", "p/plugin.so: a | libs/a:", "may p/plugin.so>a"},
		{"and what it asks for", "p/plugin.so: a;; $ORIGIN/../libs | libs/a: b | libs/b:", "may libs/a>b"},
		{"another module leads there", module + ": a | n.so: a;; $ORIGIN/libs | libs/a:", "may " + module + ">a (n.so)"},
		{"a program", "bin/tool: a | libs/a:", "no bin/tool>a"},
		{"a program, though a module leads there", "bin/tool: a | n.so: a;; $ORIGIN/libs | libs/a:", "no bin/tool>a"},
	} {
		files := elftest.Files(c.files)
		if strings.HasPrefix(c.files, "bin/") {
			files[0].ELF.Kind = elfaudit.KindExecutable
		}
		b := NewBundled(linkset.New(files), func(*linkset.File) bool { return false }, MaxSteps)
		n := manylinux.Needs{Machine: "x86_64", Libc: elfaudit.LibcGlibc}
		n.Demands = b.Demands(manylinux.Known(), n, files)
		var got []string
		for _, d := range n.Demands {
			text := "no "
			if d.Unsure {
				text = "may "
			}
			if text += d.File + ">" + d.Library; d.By != "" {
				text += " (" + d.By + ")"
			}
			got = append(got, text)
			if d.Unsure != (d.Floor < manylinux.NoPolicy) {
				t.Errorf("%s: %+v", c.what, d)
			}
		}
		if got := strings.Join(got, " "); got != c.want {
			t.Errorf("%s: %q; want %q", c.what, got, c.want)
		}
		want := Yes
		if c.want != "" {
			want = map[byte]Status{'n': No, 'm': Unknown}[c.want[0]]
		}
		libc := tags.Libc{Family: tags.Glibc, Major: 2, Minor: 36}
		r := OnRelease(Code{Needs: n, Files: len(files), Readable: true}, tags.Platform{OS: tags.Linux, Arch: "x86_64", Libc: libc}, nil)
		if r.Loads != want {
			t.Errorf("%s: loads %s %v %v; want %s", c.what, r.Loads, r.Missing, r.NoData, want)
		}
	}
}

// TestLoadSteps: a wheel in which everything needs everything is given up on.
func TestLoadSteps(t *testing.T) {
	var files []*linkset.File
	for i := range 30 {
		files = append(files, elftest.File(fmt.Sprintf("l%d: l0 l1 l2 l3 l4 l5 l6 l7 l8 l9;; $ORIGIN", i)))
	}
	for steps, want := range map[int]bool{1 << 20: false, 1000: true} {
		if b := NewBundled(linkset.New(files), func(*linkset.File) bool { return false }, steps); b.Incomplete != want {
			t.Errorf("%d steps: incomplete %v", steps, b.Incomplete)
		}
	}
}
