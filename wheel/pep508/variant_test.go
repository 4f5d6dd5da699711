package pep508

import (
	"errors"
	"testing"
)

// TestVariants has the examples of PEP 825, and what is no comparison.
func TestVariants(t *testing.T) {
	label := func(name string, properties ...string) *Environment {
		return &Environment{VariantLabel: name, VariantProperties: properties, PythonVersion: "3.12", Extra: "test"}
	}
	foobar := label("foobar", "foo :: bar :: baz", "foo :: other :: 1.5", "x86_64::level::v3")
	for _, c := range []struct {
		marker string
		env    *Environment
		want   bool
	}{
		{`variant_label == "foobar"`, foobar, true},
		{`variant_label == "foobar"`, label("foo"), false},
		{`variant_label != "null"`, label(""), true},
		{`variant_label != "null"`, label("null"), false},
		{`variant_label == ""`, label(""), true},
		{`"bar" in variant_label`, foobar, true},
		{`"foo" in variant_namespaces`, foobar, true},
		{`"fo" in variant_namespaces`, foobar, false},
		{`"foo" not in variant_namespaces`, label("null"), true},
		{`"foo :: bar" in variant_features`, foobar, true},
		{`"foo::bar" in variant_features`, foobar, true},
		{`"x86_64   ::level" in variant_features`, foobar, true},
		{`"x86-64 :: level" in variant_features`, foobar, false},
		{`"foo :: bar :: baz" in variant_features`, foobar, false},
		{`"foo :: bar :: baz" in variant_properties`, foobar, true},
		{`"foo::bar::baz" in variant_properties`, foobar, true},
		{`" foo::bar::baz" in variant_properties`, foobar, false},
		{`"FOO::bar::baz" in variant_properties`, foobar, false},
		{`"foo :: bar" in variant_properties`, foobar, false},
		{`"foo :: other :: 1.5" in variant_properties and python_version >= "3.10" and extra == "Test"`, foobar, true},
		{`"a::b::c" in variant_properties`, label("null"), false},
	} {
		m, err := ParseMarkerIn(Variants, c.marker)
		if err != nil {
			t.Errorf("%s: %v", c.marker, err)
			continue
		}
		if got, err := m.EvalIn(Variants, c.env); got != c.want || err != nil {
			t.Errorf("%s for %q: %t, %v", c.marker, c.env.VariantLabel, got, err)
		}
		var e *EvalError
		if _, err := m.EvalIn(Metadata, c.env); !errors.As(err, &e) || e.Code != CodeVariable {
			t.Errorf("%s in metadata: %v", c.marker, err)
		}
		if again, err := ParseMarkerIn(Variants, m.String()); err != nil || again.String() != m.String() {
			t.Errorf("%s is written as %s", c.marker, m)
		}
		if _, err := ParseMarker(c.marker); err == nil {
			t.Errorf("%s: packaging refuses it", c.marker)
		}
	}
	for _, text := range []string{`variant_properties == "a"`, `"a" == variant_features`, `variant_namespaces in "a"`, `variant_label ~= "a"`} {
		m, err := ParseMarkerIn(Variants, text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		got, err := m.EvalIn(Variants, foobar)
		var e *EvalError
		if text == `"a" == variant_features` {
			if got || err != nil { // as with the sets of lock files
				t.Errorf("%s: %t, %v", text, got, err)
			}
		} else if !errors.As(err, &e) || e.Code != CodeComparison {
			t.Errorf("%s: %t, %v", text, got, err)
		}
	}
	r, err := ParseRequirementIn(Variants, `dep>=1; "foo :: bar" in variant_features`)
	if err != nil || r.Name != "dep" || r.Marker.IsZero() {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := ParseRequirement(`dep>=1; "foo :: bar" in variant_features`); err == nil {
		t.Error("packaging refuses it")
	}
	if _, err := ParseMarkerIn(LockFile, `variant_label == "a"`); err == nil {
		t.Error("not in lock files")
	}
}
