package audit

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/internal/auditwheel"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
)

// published is a folder of real wheels with auditwheel's answers, which lies
// beside the checkout when it is there at all.
var published = filepath.Join("..", "..", "..", "shared", "wheels")

// answer is what auditwheel 6.8.2 printed for a wheel on a neutral host.
type answer struct {
	Show struct {
		OverallTag   string              `json:"overall_tag"`
		SymTag       string              `json:"sym_tag"`
		ExternalLibs map[string]any      `json:"external_libs"`
		Versioned    map[string][]string `json:"versioned_symbols"`
		Error        string
	}
}

func answers(t testing.TB) map[string]answer {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(published, "auditwheel-6.8.2.json"))
	if err != nil {
		t.Skip("the folder of real wheels is not there")
	}
	var all map[string]answer
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestPublishedWheels holds reports against auditwheel's answers. Its part of
// the record must be equal throughout. Our own tags may differ only where a
// code says why, and for the reasons and in the numbers that are listed here.
func TestPublishedWheels(t *testing.T) {
	all := answers(t)
	reasons := map[string]int{}
	equal, equalSymbols := 0, 0
	for _, name := range slices.Sorted(maps.Keys(all)) {
		want := all[name].Show
		got, err := File(t.Context(), filepath.Join(published, name))
		if err != nil {
			t.Error(err)
			continue
		}
		says := got.Auditwheel
		external := slices.Sorted(maps.Keys(want.ExternalLibs))
		if says.OverallTag != want.OverallTag || says.SymTag != want.SymTag || !slices.Equal(says.External, external) || (says.Error == "") != (want.Error == "") {
			t.Errorf("%s: we take auditwheel to say %+v; it says %+v", name, says, want)
		}
		checkNeeds(t, got, want.Versioned)
		switch {
		case got.SymbolTag == want.SymTag:
			equalSymbols++
		case want.Error == "" && !slices.Contains(says.Differs, auditwheel.DiffersMuslFloor):
			t.Errorf("%s: symbol tag %s; auditwheel has %s", name, got.SymbolTag, want.SymTag)
		}
		if got.Libc == "glibc" && roundUp(got.FloorTag) != want.OverallTag {
			t.Errorf("%s: the floor %s is not right below auditwheel's %s", name, got.FloorTag, want.OverallTag)
		}
		if got.PlatformTag == want.OverallTag {
			equal++
			continue
		}
		if len(says.Differs) != 1 {
			t.Errorf("%s: we say %s, auditwheel %s, differing by %q; want one reason", name, got.PlatformTag, want.OverallTag, says.Differs)
		}
		reasons[strings.Join(says.Differs, " ")]++
	}
	if diff := cmp.Diff(differences, reasons); diff != "" {
		t.Errorf("reasons to differ (-listed +found):\n%s", diff)
	}
	t.Logf("%d wheels: auditwheel's part equal in all; platform tag in %d, symbol tag in %d", len(all), equal, equalSymbols)
	if equal < 143 || equalSymbols < 151 {
		t.Error("fewer are equal than were")
	}
}

// differences are the reasons for which our platform tag is not auditwheel's,
// and how many wheels each concerns.
var differences = map[string]int{
	auditwheel.DiffersMuslName:  8, // Rust's musl extensions need "libc.so"
	auditwheel.DiffersMuslFloor: 2, // bcrypt claims musllinux_1_1, and no symbol speaks against it
	auditwheel.DiffersNoCode:    1, // headers only, with a platform tag
}

// roundUp gives the next policy that auditwheel has, for a manylinux tag.
func roundUp(tag string) string {
	claim := tags.ParsePlatformTag(tag)
	if claim.Libc.Family != tags.Glibc {
		return tag
	}
	for _, p := range manylinux.Known().All() {
		if !p.Later && int(p.Minor) >= claim.Libc.Minor && slices.Contains(p.Machines, claim.Arch) {
			return manylinux.Known().ManylinuxTags(claim.Arch, p.Minor)[0]
		}
	}
	return "linux_" + claim.Arch
}

// checkNeeds: the versions we list are auditwheel's without those of bundled
// libraries, and with those of the loader.
func checkNeeds(t *testing.T, r *Report, versioned map[string][]string) {
	t.Helper()
	ours := map[string][]string{}
	for library, versions := range r.Needs {
		if len(versions) > 0 && !manylinux.IsLoader(library) {
			ours[library] = slices.Sorted(slices.Values(versions))
		}
	}
	theirs := map[string][]string{}
	for library, versions := range versioned {
		bundled := slices.ContainsFunc(r.ELF, func(e ELF) bool { return e.Soname == library || filepath.Base(e.Path) == library })
		if !bundled {
			theirs[library] = slices.Sorted(slices.Values(versions))
		}
	}
	if diff := cmp.Diff(theirs, ours); diff != "" {
		t.Errorf("%s: needs (-auditwheel +ours):\n%s", r.File, diff)
	}
}
