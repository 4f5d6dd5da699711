package wheel

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
)

func candidates(t *testing.T, files ...string) []Candidate {
	t.Helper()
	list := make([]Candidate, len(files))
	for i, f := range files {
		var err error
		if list[i].Name, err = ParseName(f); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

func taken(s Selection) string {
	if s.Wheel == nil {
		return ""
	}
	return s.Wheel.Name.Filename
}

func selectTarget(t *testing.T, p tags.Profile) *tags.Target {
	t.Helper()
	platform := tags.Platform{OS: tags.Linux, Arch: "x86_64", Libc: tags.Libc{Family: tags.Glibc, Major: 2, Minor: 31}}
	target, err := tags.New(tags.Python{Major: 3, Minor: 11}, platform, p)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

func TestSelect(t *testing.T) {
	type codes = []tags.ReasonCode
	const (
		pure      = "-py3-none-any.whl"
		manylinux = "-cp311-cp311-manylinux_2_17_x86_64.whl"
		linux     = "-cp311-cp311-linux_x86_64.whl"
		windows   = "-cp311-cp311-win_amd64.whl"
	)
	for _, c := range []struct {
		what     string
		profile  tags.Profile
		pre      bool
		files    []string
		taken    string
		rejected codes
	}{
		{"newest version, as a number", tags.Packaging, false, []string{"a-1.9" + pure, "a-1.10" + pure}, "a-1.10" + pure, codes{ReasonOlderVersion}},
		{"version before tag", tags.Packaging, false, []string{"a-1.0" + manylinux, "a-1.1" + pure}, "a-1.1" + pure, codes{ReasonOlderVersion}},
		{"newest version does not fit", tags.Packaging, false, []string{"a-1.0" + pure, "a-1.1" + windows}, "a-1.0" + pure, codes{tags.ReasonOS}},
		{"tag before build", tags.Packaging, false, []string{"a-1.0-9" + pure, "a-1.0" + manylinux}, "a-1.0" + manylinux, codes{ReasonTagRank}},
		{"equal versions, spelled in two ways", tags.Packaging, false, []string{"a-1.0.0" + pure, "a-1" + manylinux}, "a-1" + manylinux, codes{ReasonTagRank}},
		{"higher build, as a number", tags.Packaging, false, []string{"a-1.0-2" + pure, "a-1.0-10" + pure, "a-1.0" + pure}, "a-1.0-10" + pure, codes{ReasonBuildTag, ReasonBuildTag}},
		{"linux first", tags.Packaging, false, []string{"a-1.0" + manylinux, "a-1.0" + linux}, "a-1.0" + linux, codes{ReasonTagRank}},
		{"linux last", tags.Packaging262, false, []string{"a-1.0" + linux, "a-1.0" + manylinux}, "a-1.0" + manylinux, codes{ReasonTagRank}},
		{"no pre-release", tags.Packaging, false, []string{"a-2.0rc1" + pure, "a-2.0.dev1" + pure, "a-1.0" + pure}, "a-1.0" + pure, codes{ReasonPreRelease, ReasonPreRelease}},
		{"pre-release wanted", tags.Packaging, true, []string{"a-2.0rc1" + pure, "a-1.0" + pure}, "a-2.0rc1" + pure, codes{ReasonOlderVersion}},
		{"pre-releases alone", tags.Packaging, false, []string{"a-2.0rc1" + pure, "a-2.0b1" + pure}, "a-2.0rc1" + pure, codes{ReasonOlderVersion}},
		{"final release does not fit", tags.Packaging, false, []string{"a-2.0rc1" + pure, "a-1.0" + windows}, "a-2.0rc1" + pure, codes{tags.ReasonOS}},
		{"nothing fits", tags.Packaging, false, []string{"a-1.0" + windows, "a-2.0rc1" + windows}, "", codes{tags.ReasonOS, tags.ReasonOS}},
		{"rejected in the order given", tags.Packaging, false, []string{"a-1.0" + pure, "a-2.0" + windows, "a-1.1" + pure, "a-2.0rc1" + pure, "a-0.9" + pure}, "a-1.1" + pure, codes{ReasonOlderVersion, tags.ReasonOS, ReasonPreRelease, ReasonOlderVersion}},
		{"equal, pip", tags.Pip, false, []string{"a-1.0" + pure, "A-1.0" + pure}, "A-1.0" + pure, codes{ReasonListed}},
		{"equal, uv", tags.UV, false, []string{"a-1.0" + pure, "A-1.0" + pure}, "a-1.0" + pure, codes{ReasonListed}},
		{"equal, packaging", tags.Packaging, false, []string{"a-1.0" + pure, "A-1.0" + pure}, "a-1.0" + pure, codes{ReasonListed}},
	} {
		list := Select(selectTarget(t, c.profile), candidates(t, c.files...), SelectOptions{Pre: c.pre})
		if len(list) != 1 || list[0].Project != "a" {
			t.Fatalf("%s: %+v", c.what, list)
		}
		var got codes
		for _, r := range list[0].Rejected {
			got = append(got, r.Reason.Code)
			if r.Reason.Message == "" || r.Wheel == nil {
				t.Errorf("%s: rejected %+v", c.what, r)
			}
		}
		if diff := cmp.Diff(c.rejected, got); taken(list[0]) != c.taken || diff != "" {
			t.Errorf("%s: took %q, want %q; rejected %s", c.what, taken(list[0]), c.taken, diff)
		}
	}
}

// TestSelectTag checks that tag and rank are those of the wheel taken.
func TestSelectTag(t *testing.T) {
	target := selectTarget(t, tags.Packaging)
	list := Select(target, candidates(t, "a-1.0-py2.py3-none-any.whl", "a-2.0-py3-none-win32.whl"), SelectOptions{})
	set, err := tags.ParseSet("py2.py3-none-any")
	if err != nil {
		t.Fatal(err)
	}
	tag, rank, _ := target.Best(&set)
	if list[0].Tag != tag || list[0].Rank != rank || tag.String() != "py3-none-any" {
		t.Errorf("tag %s, rank %d; want %s, %d", list[0].Tag, list[0].Rank, tag, rank)
	}
}

func TestSelectRequiresPython(t *testing.T) {
	target := selectTarget(t, tags.Packaging)
	offer := candidates(t, "a-2.0-py3-none-any.whl", "a-1.0-py3-none-any.whl")
	for _, c := range []struct {
		requires, version, taken string
		code                     tags.ReasonCode
	}{
		{">=3.12", "", "a-1.0-py3-none-any.whl", tags.ReasonRequiresPython},
		{">=3.11", "", "a-2.0-py3-none-any.whl", ReasonOlderVersion},
		{">=3.11.4", "", "a-2.0-py3-none-any.whl", ReasonOlderVersion},
		{">=3.11.4", "3.11.3", "a-1.0-py3-none-any.whl", tags.ReasonRequiresPython},
	} {
		offer[0].RequiresPython = c.requires
		py := target.Python()
		py.FullVersion = c.version
		known, err := tags.New(py, target.Platform(), target.Profile())
		if err != nil {
			t.Fatal(err)
		}
		list := Select(known, offer, SelectOptions{})
		if taken(list[0]) != c.taken || list[0].Rejected[0].Reason.Code != c.code {
			t.Errorf("%s on %s: %+v", c.requires, c.version, list[0])
		}
	}
	// Tags are looked at first.
	offer = candidates(t, "a-2.0-cp311-cp311-win_amd64.whl")
	offer[0].RequiresPython = ">=3.12"
	if r := Select(target, offer, SelectOptions{})[0].Rejected; r[0].Reason.Code != tags.ReasonOS {
		t.Errorf("%+v", r)
	}
}

func TestSelectProjects(t *testing.T) {
	target := selectTarget(t, tags.Packaging)
	var projects []string
	for _, s := range Select(target, candidates(t, "Zope.X-1-py3-none-any.whl", "a-1-py3-none-any.whl", "zope_x-2-py3-none-any.whl"), SelectOptions{}) {
		projects = append(projects, s.Project+" "+taken(s))
	}
	want := []string{"zope-x zope_x-2-py3-none-any.whl", "a a-1-py3-none-any.whl"}
	if diff := cmp.Diff(want, projects); diff != "" {
		t.Error(diff)
	}
	if list := Select(target, nil, SelectOptions{}); len(list) != 0 {
		t.Errorf("%+v from nothing", list)
	}
	// A name that was not parsed has no tags, hence fits nothing.
	if list := Select(target, make([]Candidate, 1), SelectOptions{}); list[0].Wheel != nil || list[0].Rejected[0].Reason.Code != tags.ReasonNever {
		t.Errorf("%+v from the zero candidate", list)
	}
}
