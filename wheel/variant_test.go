package wheel

import (
	"errors"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/variant"
)

// TestVariantNames reads names of five to seven parts as uv 0.13.9 does.
func TestVariantNames(t *testing.T) {
	for _, c := range []struct{ name, build, tags, variant string }{
		{"demo-1.0-py3-none-any.whl", "", "py3-none-any", ""},
		{"demo-1.0-1-py3-none-any.whl", "1", "py3-none-any", ""},
		{"demo-1.0-py3-none-any-null.whl", "", "py3-none-any", "null"},
		{"demo-1.0-1-py3-none-any-null.whl", "1", "py3-none-any", "null"},
		{"demo-1.0-cp312-cp312-manylinux_2_28_x86_64-x86_64_v3.whl", "", "cp312-cp312-manylinux_2_28_x86_64", "x86_64_v3"},
		{"demo-1.0-0a-py3-none-any-0.9_z.whl", "0a", "py3-none-any", "0.9_z"},
		{"demo-1.0-x1-py3-none-any.whl", "", "x1-py3-none", "any"},
		{"demo-1.0-9-py3-none-any.whl", "9", "py3-none-any", ""},
	} {
		n, err := ParseName(c.name)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		tag := ""
		for one := range n.Tags.Tags() {
			tag += one.String()
		}
		if n.Build.String() != c.build || tag != c.tags || n.Variant != c.variant || n.Filename != c.name {
			t.Errorf("%s: build %q, tags %s, variant %q", c.name, n.Build, tag, n.Variant)
		}
		for _, p := range []tags.Profile{tags.Packaging, tags.Packaging262, tags.Pip, tags.UV, tags.UVVariants} {
			err := n.ReadableBy(p)
			if (err != nil) != (c.variant != "" && p.Tool() != tags.UV) {
				t.Errorf("%s: %s reads it: %v", c.name, p, err)
			}
			if e, ok := err.(*NameError); ok && (e.Code != CodeVariant || e.Part != c.variant || !strings.HasPrefix(c.name[e.Offset:], c.variant+".whl") || !strings.Contains(e.Error(), "packaging 26.4 and pip 26.3 cannot read")) {
				t.Errorf("%s: %#v, %v", c.name, e, e)
			}
		}
	}
}

// TestVariantFits: installers without variants ignore a variant wheel whatever its
// tags, and its tags still count where variants are known.
func TestVariantFits(t *testing.T) {
	for _, c := range []struct {
		profile tags.Profile
		name    string
		code    tags.ReasonCode
	}{
		{tags.Packaging, "demo-1.0-py3-none-any-null.whl", ReasonVariant},
		{tags.Pip, "demo-1.0-py3-none-any-null.whl", ReasonVariant},
		{tags.UV, "demo-1.0-py3-none-any-null.whl", ReasonVariant},
		{tags.UV, "demo-1.0-py3-none-any.whl", ""},
		{tags.UVVariants, "demo-1.0-py3-none-any-null.whl", ""},
		{tags.UVVariants, "demo-1.0-py3-none-any.whl", ""},
		{tags.UVVariants, "demo-1.0-py2-none-any-null.whl", tags.ReasonPythonVersion},
	} {
		target, err := tags.New(tags.Python{Major: 3, Minor: 11}, tags.Platform{OS: tags.Windows, Arch: "amd64"}, c.profile)
		if err != nil {
			t.Fatal(err)
		}
		n, err := ParseName(c.name)
		if err != nil {
			t.Fatal(err)
		}
		var code tags.ReasonCode
		if reason := Fit(target, &n, ""); reason != nil {
			code = reason.Code
		}
		_, fits := NewFitter(target).Rank(&n, "")
		if code != c.code || fits != (c.code == "") {
			t.Errorf("%s with %s: %q, a rank %t; want %q", c.name, c.profile, code, fits, c.code)
		}
	}
}

func TestVariantsNames(t *testing.T) {
	for name, want := range map[string]string{
		"demo-1.0-variants.json": "demo 1.0", "foo_bar-1.2.3+a.b-variants.json": "foo-bar 1.2.3+a.b", "Foo.Bar-01.0-variants.json": "foo-bar 1.0",
		"demo-variants.json": "", "demo-1.0-variant.json": "", "demo-1.0-x-variants.json": "", "-1.0-variants.json": "", "a b-1.0-variants.json": "", "demo-1.0-variants.json.asc": "",
	} {
		n, err := ParseVariantsName(name)
		got := ""
		if err == nil {
			got = n.Name + " " + n.Version.String()
		}
		if got != want || (err == nil) != (want != "") || err == nil && n.Filename != name {
			t.Errorf("%s: %q, %v; want %q", name, got, err, want)
		}
	}
	n, err := ParseName("Foo.Bar-01.0-py3-none-any-null.whl")
	if err != nil || n.VariantsFile() != "foo_bar-1.0-variants.json" {
		t.Errorf("%s, %v", n.VariantsFile(), err)
	}
}

// TestRankVariant: what there must be for a variant wheel to be taken.
func TestRankVariant(t *testing.T) {
	m, err := variant.Parse([]byte(`{"$schema": "s", "default-priorities": {"namespace": ["lib"]}, "providers": {"lib": {"static-properties": {"a": ["1"]}}},
		"variants": {"good": {"lib": {"a": ["1"]}}, "bad": {"lib": {"a": ["2"]}}, "null": {}}}`))
	if err != nil {
		t.Fatal(err)
	}
	read, broken := &ReleaseVariants{Metadata: m}, &ReleaseVariants{Err: errors.New("broken")}
	ranks := map[string]VariantRank{}
	for _, c := range []struct {
		profile tags.Profile
		end     string
		release *ReleaseVariants
		says    string // "" where it is taken
	}{
		{tags.Pip, "", nil, ""},
		{tags.UVVariants, "", broken, ""},
		{tags.UVVariants, "-good", read, ""},
		{tags.UVVariants, "-null", read, ""},
		{tags.UVVariants, "-bad", read, "needs lib :: a :: 2; the target has 1"},
		{tags.UVVariants, "-other", read, `do not include "other"`},
		{tags.UVVariants, "-null", nil, "demo-1.0-variants.json is not here"},
		{tags.UVVariants, "-null", broken, "demo-1.0-variants.json cannot be read: broken"},
		{tags.UV, "-null", read, "only with --preview-features wheel-variants"},
		{tags.Pip, "-null", read, "pip 26.3 cannot read its name"},
		{tags.Packaging262, "-null", read, "packaging 26.4 and pip 26.3 cannot read its name"},
	} {
		target, err := tags.New(tags.Python{Major: 3, Minor: 11}, tags.Platform{OS: tags.Windows, Arch: "amd64"}, c.profile)
		if err != nil {
			t.Fatal(err)
		}
		n, err := ParseName("demo-1.0-py3-none-any" + c.end + ".whl")
		if err != nil {
			t.Fatal(err)
		}
		rank, reason := RankVariant(target, &n, c.release)
		if (reason == nil) != (c.says == "") || reason != nil && (reason.Code != ReasonVariant || !strings.Contains(reason.Message, c.says)) {
			t.Errorf("%s with %s: %v, want %q", n, c.profile, reason, c.says)
		}
		if reason == nil {
			ranks[c.end] = rank
		}
	}
	for _, pair := range [][2]string{{"-good", "-null"}, {"-null", ""}, {"-good", ""}} {
		a, b := ranks[pair[0]], ranks[pair[1]]
		if a.Compare(b) >= 0 || b.Compare(a) <= 0 || a.Compare(a) != 0 || b.Compare(b) != 0 {
			t.Errorf("%q before %q: %d and %d", pair[0], pair[1], a.Compare(b), b.Compare(a))
		}
	}
}
