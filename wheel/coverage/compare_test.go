package coverage

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/index"
)

// TestCompare: a package is worse or better by what its state means for an
// installation; packages that one run lacks are not needed there.
func TestCompare(t *testing.T) {
	targets := described(t, tags.Packaging, "3.11@manylinux_2_28_x86_64", "3.11@win_amd64")
	rows := func(names ...string) []Row {
		var pool Pool
		for _, name := range names {
			project, _, _ := strings.Cut(name, "-")
			pool.Add(index.File{Name: name, Project: project})
		}
		return slices.Collect(pool.Rows(targets, nil))
	}
	first := rows("same-1-py3-none-any.whl", "gone-1.tar.gz", "broken-1-py3-none-any.whl", "built-1-py3-none-any.whl", "mended-1-cp311-cp311-win_amd64.whl")
	second := rows("same-1-cp311-cp311-win_amd64.whl", "same-1-cp311-cp311-manylinux_2_28_x86_64.whl", "broken-1-cp311-cp311-win_amd64.whl", "built-1.tar.gz", "mended-1-py3-none-any.whl", "new-1-cp310-cp310-win_amd64.whl")
	same := func(t int) int { return t }
	for _, tt := range []struct {
		builds bool
		want   []string
	}{
		{false, []string{"broken 0 pure missing true", "built 0 pure build true", "built 1 pure build true", "gone 0 build excluded false", "gone 1 build excluded false",
			"mended 0 missing pure false", "new 0 excluded missing true", "new 1 excluded missing true"}},
		{true, []string{"broken 0 pure missing true", "mended 0 missing pure false", "new 0 excluded missing true", "new 1 excluded missing true"}},
	} {
		var got []string
		for _, d := range Compare(first, second, len(targets), same, tt.builds) {
			got = append(got, d.Package+" "+string(rune('0'+d.Target))+" "+d.Was.String()+" "+d.Is.String()+map[bool]string{true: " true", false: " false"}[d.Worse])
			if d.Is == Missing && d.Reason.Code == "" {
				t.Errorf("%+v has no reason", d)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("builds %v: %s", tt.builds, diff)
		}
	}
	// Against another target of the same run.
	got := Compare(second, second, len(targets), func(int) int { return 1 }, false)
	if len(got) != 1 || got[0].Package != "broken" || got[0].Target != 0 || !got[0].Worse {
		t.Errorf("%+v", got)
	}
}
