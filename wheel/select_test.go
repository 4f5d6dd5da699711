package wheel

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
)

func selectNames(t *testing.T, list ...string) []Name {
	t.Helper()
	names := make([]Name, len(list))
	for i, s := range list {
		var err error
		if names[i], err = ParseName(s); err != nil {
			t.Fatal(err)
		}
	}
	return names
}

func TestSelect(t *testing.T) {
	target := func(p tags.Profile) *tags.Target {
		tg, err := tags.New(tags.Python{Major: 3, Minor: 11}, tags.Platform{OS: tags.Linux, Arch: "x86_64", Libc: tags.Libc{Family: tags.Glibc, Major: 2, Minor: 31}}, p)
		if err != nil {
			t.Fatal(err)
		}
		return tg
	}
	for _, c := range []struct {
		what    string
		profile tags.Profile
		pre     bool
		names   []string
		chosen  string
		reasons []tags.ReasonCode
	}{
		{"newest version", tags.Packaging, false, []string{"a-1.9-py3-none-any.whl", "a-1.10-py3-none-any.whl"}, "a-1.10-py3-none-any.whl", []tags.ReasonCode{PassedVersion}},
		{
			"version before tag", tags.Packaging, false,
			[]string{"a-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", "a-1.1-py3-none-any.whl"}, "a-1.1-py3-none-any.whl", []tags.ReasonCode{PassedVersion},
		},
		{
			"tag before build", tags.Packaging, false,
			[]string{"a-1.0-9-py3-none-any.whl", "a-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"}, "a-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", []tags.ReasonCode{PassedRank},
		},
		{"higher build", tags.Packaging, false, []string{"a-1.0-2-py3-none-any.whl", "a-1.0-10-py3-none-any.whl", "a-1.0-py3-none-any.whl"}, "a-1.0-10-py3-none-any.whl", []tags.ReasonCode{PassedBuild, PassedBuild}},
		{"no pre-release", tags.Packaging, false, []string{"a-2.0rc1-py3-none-any.whl", "a-1.0-py3-none-any.whl"}, "a-1.0-py3-none-any.whl", []tags.ReasonCode{PassedPrerelease}},
		{"pre-release wanted", tags.Packaging, true, []string{"a-2.0rc1-py3-none-any.whl", "a-1.0-py3-none-any.whl"}, "a-2.0rc1-py3-none-any.whl", []tags.ReasonCode{PassedVersion}},
		{"pre-release alone", tags.Packaging, false, []string{"a-2.0rc1-py3-none-any.whl"}, "a-2.0rc1-py3-none-any.whl", nil},
		{
			"pre-release when the final one does not fit", tags.Packaging, false,
			[]string{"a-2.0rc1-py3-none-any.whl", "a-1.0-cp312-cp312-win_amd64.whl"}, "a-2.0rc1-py3-none-any.whl", []tags.ReasonCode{tags.ReasonPythonVersion},
		},
		{"nothing fits", tags.Packaging, false, []string{"a-1.0-cp311-cp311-win_amd64.whl"}, "", []tags.ReasonCode{tags.ReasonOS}},
		{"linux first", tags.Packaging, false, []string{"a-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", "a-1.0-cp311-cp311-linux_x86_64.whl"}, "a-1.0-cp311-cp311-linux_x86_64.whl", []tags.ReasonCode{PassedRank}},
		{"linux last", tags.UV, false, []string{"a-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", "a-1.0-cp311-cp311-linux_x86_64.whl"}, "a-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", []tags.ReasonCode{PassedRank}},
		{"full tie, pip", tags.Pip, false, []string{"a-1.0-py3-none-any.whl", "A-1.0-py3-none-any.whl"}, "A-1.0-py3-none-any.whl", []tags.ReasonCode{PassedOrder}},
		{"full tie, uv", tags.UV, false, []string{"a-1.0-py3-none-any.whl", "A-1.0-py3-none-any.whl"}, "a-1.0-py3-none-any.whl", []tags.ReasonCode{PassedOrder}},
	} {
		choices := Select(target(c.profile), selectNames(t, c.names...), c.pre)
		if len(choices) != 1 || choices[0].Project != "a" {
			t.Fatalf("%s: %+v", c.what, choices)
		}
		chosen := ""
		if choices[0].Chosen != nil {
			chosen = choices[0].Chosen.Filename
		}
		var reasons []tags.ReasonCode
		for _, r := range choices[0].Rejected {
			reasons = append(reasons, r.Reason.Code)
			if r.Reason.Message == "" || r.Name == nil {
				t.Errorf("%s: rejection %+v", c.what, r)
			}
		}
		if diff := cmp.Diff(c.reasons, reasons); chosen != c.chosen || diff != "" {
			t.Errorf("%s: chose %q, want %q; reasons %s", c.what, chosen, c.chosen, diff)
		}
	}
}

func TestSelectOrder(t *testing.T) {
	target, err := tags.New(tags.Python{Major: 3, Minor: 11}, tags.Platform{OS: tags.Windows, Arch: "amd64"}, tags.Packaging)
	if err != nil {
		t.Fatal(err)
	}
	var projects []string
	for _, c := range Select(target, selectNames(t, "Zope.X-1-py3-none-any.whl", "a-1-py3-none-any.whl", "zope_x-2-py3-none-any.whl"), false) {
		projects = append(projects, c.Project)
	}
	if diff := cmp.Diff([]string{"zope-x", "a"}, projects); diff != "" {
		t.Error(diff)
	}
}
