package auditwheel

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/elftest"
)

// TestLibraries resolves what the first file needs by auditwheel's rules.
// internal/tools/oracle/auditwheel compares whole answers with auditwheel itself.
func TestLibraries(t *testing.T) {
	for _, c := range []struct {
		what, files, want string
	}{
		{"by RPATH", "p/m.so: a; $ORIGIN/../libs | libs/a:", "a=libs/a"},
		{"by RUNPATH", "p/m.so: a;; ${ORIGIN}/../libs | libs/a:", "a=libs/a"},
		{"no run path", "p/m.so: a | p/a:", "a="},
		{"RPATH of the file at the top serves all", "p/m.so: a; $ORIGIN/../libs | libs/a: b | libs/b:", "a=libs/a b=libs/b"},
		{"its RUNPATH too", "p/m.so: a;; $ORIGIN/../libs | libs/a: b | libs/b:", "a=libs/a b=libs/b"},
		{"its RPATH comes first", "m.so: a; $ORIGIN/x | x/a: b; $ORIGIN/../y | x/b: | y/b:", "a=x/a b=x/b"},
		{"its RUNPATH comes last", "m.so: a;; $ORIGIN/x | x/a: b;; $ORIGIN/../y | x/b: | y/b:", "a=x/a b=y/b"},
		{"RUNPATH replaces RPATH", "m.so: a; $ORIGIN/x; $ORIGIN/y | x/a: | y/b:", "a="},
		{"but not when it leads nowhere", "m.so: a; $ORIGIN/x; $ORIGIN/z | x/a: | y/b:", "a=x/a"},
		{"a name is tried once", "m.so: a b;; $ORIGIN | b: a;; $ORIGIN/x | x/a:", "a= b=b"},
		{"and found where it comes first", "m.so: b a;; $ORIGIN | b: a;; $ORIGIN/x | x/a:", "a=x/a b=b"},
		{"libpython is never looked for", "m.so: libpython3.12.so.1.0 libpython3.13t.so;; $ORIGIN | libpython3.12.so.1.0: | libpython3.13t.so:", "libpython3.12.so.1.0= libpython3.13t.so=libpython3.13t.so"},
		{"an empty entry is the root", "p/m.so: a;; /nowhere: | a:", "a=a"},
		{"an empty run path is none", "p/m.so: a;; ! | a:", "a="},
		{"a folder of the machine", "p/m.so: a;; /p | p/a:", "a="},
		{"out of the wheel and in again", "p/m.so: a;; $ORIGIN/../../wheel/p | p/a:", "a="},
		{"far out of the wheel", "m.so: a;; $ORIGIN/../../../../../../../../../../../../p | p/a:", "a="},
		{"$LIB stays as it is", "m.so: a;; $ORIGIN/$LIB | lib/a:", "a="},
		{"another machine's is passed over", "m.so: a;; $ORIGIN/arm:$ORIGIN/x | arm/a: | x/a:", "a=x/a"},
		{"in a circle", "m.so: a;; $ORIGIN | a: m.so a", "a=a m.so=m.so"},
	} {
		objects := elftest.Files(c.files)
		tree, err := newUnpacked(objects, Options{}).libraries(objects[0])
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for name, o := range tree.libs {
			found := ""
			if o != nil {
				found = o.Path
			}
			got = append(got, name+"="+found)
		}
		slices.Sort(got)
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: %s; want %s", c.what, text, c.want)
		}
	}
}

// TestSteps: files that need each other in every order cost no more than a
// bounded number of steps.
func TestSteps(t *testing.T) {
	var objects []*linkset.File
	var all strings.Builder
	for i := range 100 {
		fmt.Fprintf(&all, " l%d", i)
	}
	for i := range 100 {
		objects = append(objects, elftest.File(fmt.Sprintf("l%d:%s;; $ORIGIN", i, all.String())))
	}
	u := newUnpacked(objects, Options{})
	if _, err := u.libraries(objects[0]); err != nil {
		t.Error(err)
	}
	u.left = 1000
	if _, err := u.libraries(objects[0]); !errors.Is(err, errSteps) {
		t.Errorf("%v", err)
	}
	im := model{all: objects, top: objects}
	if found, err := im.external([]func(string) bool{func(string) bool { return false }}); err != nil || len(found[0]) != 0 {
		t.Errorf("%v %v", found, err)
	}
}
