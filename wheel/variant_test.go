package wheel

import (
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/tags"
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
