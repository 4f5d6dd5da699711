package pep440

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestSpecifierParts(t *testing.T) {
	for _, tc := range []struct {
		in   string
		op   Operator
		text string
	}{
		{"~=1.0", OpCompatible, "1.0"},
		{"==1.*", OpEqual, "1.*"},
		{" != V1.0-Alpha ", OpNotEqual, "V1.0-Alpha"},
		{"<=1", OpLessEqual, "1"},
		{">=\u30001", OpGreaterEqual, "1"},
		{"<1", OpLess, "1"},
		{">1", OpGreater, "1"},
		{"===1", OpArbitrary, "1"},
		{"====1", OpArbitrary, "=1"},
		{"===", OpArbitrary, ""},
		{"===a,b", OpArbitrary, "a,b"},
	} {
		sp, err := ParseSpecifier(tc.in)
		if err != nil || sp.Operator() != tc.op || sp.VersionText() != tc.text || sp.String() != string(tc.op)+tc.text {
			t.Errorf("ParseSpecifier(%q) = %q %q, %v", tc.in, sp.Operator(), sp.VersionText(), err)
		}
	}
}

// Text after === that only begins like a pre-release does not name one.
func TestArbitraryMentionsPrerelease(t *testing.T) {
	for text, want := range map[string]bool{"===1.0a1": true, "===1.0a1!": false, "===1.0": false, "===a1": false} {
		sp, err := ParseSpecifier(text)
		if err != nil || sp.mentionsPrerelease() != want {
			t.Errorf("%q names a pre-release: %t, error %v", text, sp.mentionsPrerelease(), err)
		}
	}
}

func TestSpecifierErrors(t *testing.T) {
	for _, tc := range []struct {
		in     string
		reason Reason
		off    int
	}{
		{"1.0", ReasonOperator, 0},
		{"=1.0", ReasonOperator, 0},
		{"=<1.0", ReasonOperator, 0},
		{"!1", ReasonOperator, 0},
		{">", ReasonRelease, 1},
		{"== ", ReasonRelease, 2},
		{"== =1", ReasonRelease, 3},
		{"==.*", ReasonRelease, 2},
		{">=1.*", ReasonWildcard, 4},
		{"~=1.*", ReasonWildcard, 4},
		{"==1.0a.*", ReasonWildcard, 6},
		{"==1.0.post1.*", ReasonWildcard, 11},
		{"!=1.0+x.*", ReasonWildcard, 7},
		{"==1.*.*", ReasonWildcard, 4},
		{"==1 .*", ReasonSpace, 3},
		{">=1.0+x", ReasonNoLocal, 5},
		{"~=1.0+x", ReasonNoLocal, 5},
		{"~=1", ReasonShort, 2},
		{"~=1!1.dev1", ReasonShort, 4},
		{"~=1.0.poſt1", ReasonWord, 6},
		{"===a b", ReasonSpace, 4},
		{"===a\u2003b", ReasonSpace, 4},
		{"===a;b", ReasonCharacter, 4},
		{"===a)", ReasonCharacter, 4},
		{">=1 <2", ReasonSpace, 3},
		{">=1, ,<2x", ReasonWord, 8}, // offsets count from the start of the set
	} {
		_, err := ParseSpecifierSet(tc.in)
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, ErrInvalidSpecifier) || errors.Is(err, ErrInvalidVersion) {
			t.Errorf("ParseSpecifierSet(%q): error %v", tc.in, err)
			continue
		}
		if e.Reason != tc.reason || e.Offset != tc.off || e.Input != tc.in {
			t.Errorf("ParseSpecifierSet(%q): %s at %d, want %s at %d", tc.in, e.Reason, e.Offset, tc.reason, tc.off)
		}
		if _, err := ParseSpecifier(tc.in); err == nil {
			t.Errorf("ParseSpecifier(%q) accepts", tc.in)
		}
	}
	var e *Error
	if _, err := ParseSpecifier(" "); !errors.As(err, &e) || e.Reason != ReasonEmpty {
		t.Errorf("ParseSpecifier of white space: %v", err)
	}
}

func TestContains(t *testing.T) {
	for _, tc := range []struct{ set, in, out string }{
		{"==1.0", "1.0 1 1.0.0 1.0+x", "1.0.post1 1.0a1 1.0.1 1!1.0"},
		{"==1.0+x", "1.0+x 1+X", "1.0 1.0+y 1.0+x.1"},
		{"!=1.0", "1.1 1.0.post1 1.0a1", "1.0 1 1.0+x"},
		{"!=1.0+x", "1.0 1.0+y", "1.0+x"},
		{"==1.0.*", "1 1.0 1.0.9 1.0a1 1.0.dev1 1.0.post1 1.0+x", "1.1.dev0 1.10 0.9 1!1.0"},
		{"!=1.0.*", "1.1.dev0 1.10 0.9 1!1.0", "1 1.0 1.0.9 1.0a1 1.0+x"},
		{"~=1.2.0", "1.2 1.2.0 1.2.9 1.2.0+x 1.2.0.post1", "1.2.0a1 1.3 1.3.dev0 2 1!1.2.0"},
		{"~=1.2", "1.2 1.9 1.10+x", "1.1.9 2 2.dev0"},
		{"~=1.2rc1.post1", "1.2 1.2rc1.post1 1.9", "1.2rc1 2"},
		{"<=1.0", "1.0 1.0+x 1.0a1 0.9", "1.0.post1 1.0.1"},
		{">=1.0", "1.0 1.0+x 1.0.post1 1!0", "1.0rc1 1.0.dev1"},
		{"<1.0", "0.9 0.9.post1", "1.0 1.0a1 1.0.dev0 1.0a1.post1 1.0+x 1.1"},
		{"<1.0rc1", "1.0a1 1.0.dev0 1.0rc1.dev1 0.9", "1.0rc1 1.0rc1+x 1.0"},
		{"<1.0.post1", "1.0 1.0+x 1.0a1 1.0.post0 1.0.post0.dev1", "1.0.post1.dev0 1.0.post1 1.0.post1.dev2+x"},
		{"<1.0.post1.dev1", "1.0.post1.dev0 1.0.post0", "1.0.post1.dev1 1.0.post1"},
		{"<0", "", "0 0.dev0 0a1"},
		{">1.0", "1.0.1 1.1.dev0 1!0", "1.0 1.0+x 1.0.post1 1.0.post1+x 1.0.post1.dev2 1.0rc1"},
		{">1.0rc1", "1.0 1.0rc2.dev0 1.0.post1", "1.0rc1 1.0rc1.post1 1.0rc1+x"},
		{">1.0.post1", "1.0.post2 1.0.post2.dev0 1.0.1", "1.0.post1 1.0.post1+x 1.0.post1.dev1"},
		{">1.0.dev1", "1.0.dev2 1.0a1 1.0 1.0.post1", "1.0.dev1 1.0.dev1+x 1.0.dev0"},
		{"===1.0", "1.0", "1.0.0 1 1.0+x"},
		{"===1.0RC1", "1.0rc1 1.0c1", "1.0"},
		{">=1,<2,!=1.5.*", "1 1.4 1.6", "0.9 1.5 1.5.1 2"},
		{"", "1.0 1.0a1", ""},
		{" , ", "1.0", ""},
	} {
		set, err := ParseSpecifierSet(tc.set)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range strings.Fields(tc.in + " " + tc.out) {
			want := slices.Contains(strings.Fields(tc.in), text)
			if got := set.Contains(mustParse(t, text), PrereleasesDefault); got != want {
				t.Errorf("%q contains %s: %t", tc.set, text, got)
			}
		}
	}
}

func TestContainsString(t *testing.T) {
	for _, tc := range []struct {
		set, text string
		pre       Prereleases
		want      bool
	}{
		{">=1", " 1.0 ", PrereleasesDefault, true},
		{">=1", "foobar", PrereleasesAllowed, false},
		{"", "foobar", PrereleasesExcluded, true}, // nothing speaks against it
		{"===FooBar", "foobar", PrereleasesExcluded, true},
		{"===foobar", "foobar2", PrereleasesAllowed, false},
		{"===foobar,>=1", "foobar", PrereleasesAllowed, false},
		{"===1.0", "1.0.0", PrereleasesDefault, false},
		{"===1.0", " 1.0", PrereleasesDefault, false},
		{"===1.0,>=1", "1.0", PrereleasesDefault, true},
		{"===1.0rc1", "1.0rc1", PrereleasesExcluded, false},
		{"===1.0-rc1", "1.0-RC1", PrereleasesDefault, true},
		{"===ΑΣ", "ας", PrereleasesDefault, true},
		{"===\xff", "\xff", PrereleasesDefault, true},
		{"===\xff", "\xfe", PrereleasesDefault, false},
		{"===K", "\u212a", PrereleasesDefault, true}, // the Kelvin sign lower-cases to k
		{"", "1.0a1", PrereleasesDefault, true},
		{"", "1.0a1", PrereleasesExcluded, false},
	} {
		set, err := ParseSpecifierSet(tc.set)
		if err != nil {
			t.Fatal(err)
		}
		if got := set.ContainsString(tc.text, tc.pre); got != tc.want {
			t.Errorf("%q contains %q in mode %d: %t", tc.set, tc.text, tc.pre, got)
		}
	}
}

func TestZeroContains(t *testing.T) {
	set, _ := ParseSpecifierSet("!=1.0")
	if (SpecifierSet{}).Contains(Version{}, PrereleasesDefault) || set.Contains(Version{}, PrereleasesDefault) {
		t.Error("the zero Version satisfies a set")
	}
	v := mustParse(t, "1.0")
	if (Specifier{}).Contains(v, PrereleasesDefault) || !(SpecifierSet{}).Contains(v, PrereleasesDefault) {
		t.Error("the zero Specifier must refuse and the zero SpecifierSet accept")
	}
}
