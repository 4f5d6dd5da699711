package pep440

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestSetString(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"", ""},
		{" , ", ""},
		{" >= 1.0 ", ">=1.0"},
		{">=1.0,!=1.0.1", "!=1.0.1,>=1.0"},
		{"<v1,<=1", "<=1,<v1"},     // sorted as text, not by operator
		{"==1.0,==1", "==1"},       // the same condition twice
		{"==1+A,==1.0+a", "==1+A"}, // the first in text order remains
		{"==0.0,==0", "==0"},
		{"~=1.0,~=1.0.0", "~=1.0,~=1.0.0"}, // here the zero matters
		{"~=1.0,~=v1.0", "~=1.0"},
		{"==1.*,==1.0.*,==1.*", "==1.*,==1.0.*"},
		{"===A,===a", "===A,===a"}, // text is kept as it is
		{">=1,<=1", "<=1,>=1"},
	} {
		set, err := ParseSpecifierSet(tc.in)
		if err != nil || set.String() != tc.want {
			t.Errorf("ParseSpecifierSet(%q) = %q, %v; want %q", tc.in, set, err, tc.want)
		}
	}
	set, _ := ParseSpecifierSet(" >=1, ,<2,<2.0")
	var got []string
	for sp := range set.All() {
		got = append(got, sp.String())
	}
	if set.Len() != 3 || strings.Join(got, " ") != ">=1 <2 <2.0" {
		t.Errorf("%d specifiers: %q", set.Len(), got)
	}
}

func TestFilter(t *testing.T) {
	for _, tc := range []struct {
		set, in string
		pre     Prereleases
		want    string
	}{
		{">=1.2", "1.1 1.3 1.5a1", PrereleasesDefault, "1.3"},
		{">=1.2", "1.1 1.5a1 1.6.dev1", PrereleasesDefault, "1.5a1 1.6.dev1"}, // nothing else is left
		{">=1.2", "1.3 1.5a1", PrereleasesAllowed, "1.3 1.5a1"},
		{">=1.2", "1.5a1", PrereleasesExcluded, ""},
		{">=1.2a1", "1.3 1.5a1", PrereleasesDefault, "1.3 1.5a1"}, // named one
		{"<2.0.dev0", "1.3 1.5a1", PrereleasesDefault, "1.3 1.5a1"},
		{"===1.5a1", "1.5a1", PrereleasesDefault, "1.5a1"},
		{"!=1.2a1", "1.3 1.5a1", PrereleasesDefault, "1.3"}, // != does not ask for one
		{"==1.*", "1.3 1.5a1", PrereleasesDefault, "1.3"},
		{"", "1.5a1 1.3 1.2", PrereleasesDefault, "1.3 1.2"},
		{"", "1.5a1", PrereleasesDefault, "1.5a1"},
		{"", "", PrereleasesDefault, ""},
	} {
		set, err := ParseSpecifierSet(tc.set)
		if err != nil {
			t.Fatal(err)
		}
		texts := strings.Fields(tc.in)
		versions := []Version{{}} // the zero Version is dropped
		for _, text := range texts {
			versions = append(versions, mustParse(t, text))
		}
		var got []string
		for _, v := range set.Filter(versions, tc.pre) {
			got = append(got, v.Source())
		}
		want := strings.Fields(tc.want)
		if !slices.Equal(got, want) || !slices.Equal(set.FilterStrings(texts, tc.pre), want) {
			t.Errorf("%q filters %q in mode %d: %q and %q, want %q", tc.set, tc.in, tc.pre, got, set.FilterStrings(texts, tc.pre), want)
		}
	}
}

func TestFilterStringsThatAreNoVersions(t *testing.T) {
	texts := []string{"foo", "1.0a1", "1.0"}
	for set, want := range map[string][]string{
		"":       {"foo", "1.0"},
		">=0":    {"1.0"},
		"===foo": {"foo"},
	} {
		s, err := ParseSpecifierSet(set)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.FilterStrings(texts, PrereleasesDefault); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", set, got, want)
		}
	}
	// Text that is no version is no final release, so it hides nothing.
	if got := (SpecifierSet{}).FilterStrings(texts[:2], PrereleasesDefault); !slices.Equal(got, texts[:2]) {
		t.Errorf("without a final release: %q", got)
	}
}

func TestAllowsPython(t *testing.T) {
	const unknown = -1
	for _, tc := range []struct {
		spec                string
		major, minor, micro int
		want                bool
	}{
		{"", 3, 11, 4, true},
		{">=3.9", 3, 9, 0, true},
		{">=3.9", 3, 8, 19, false},
		{">=3.9,<4", 4, 0, 0, false},
		{"~=3.9", 3, 14, 0, true},
		{"!=3.10.*", 3, 10, 1, false},
		{"==3.11", 3, 11, 4, false}, // three numbers are compared
		{"==3.11", 3, 11, 0, true},
		{">3.11", 3, 11, 1, true},
		{"===3.11.4", 3, 11, 4, true},
		{">=3.14.0rc1", 3, 14, 0, true},
		{"", -1, 0, 0, false},
		{"", 3, -1, 0, false},
		{"", -1, 0, unknown, false},
		{"", 0, 0, 0, true},

		{"", 3, 12, unknown, true},
		{">=3.12.2", 3, 12, unknown, true},
		{">=3.12.2", 3, 12, 1, false},
		{">=3.12.2", 3, 12, 2, true},
		{">=3.12.99", 3, 12, unknown, true},
		{">=3.12.100", 3, 12, unknown, false},
		{"<3.12.1", 3, 12, unknown, true},
		{"<3.12", 3, 12, unknown, false},
		{">3.12,<3.13", 3, 12, unknown, true},
		{"!=3.12.*", 3, 12, unknown, false},
		{"==3.12.7", 3, 12, unknown, true},
		{"==3.12.7", 3, 13, unknown, false},
		{"!=3.12.0,!=3.12.1", 3, 12, unknown, true},
		{"!=3.12.0,!=3.12.1", 3, 12, 1, false},
	} {
		set, err := ParseSpecifierSet(tc.spec)
		if err != nil {
			t.Fatal(err)
		}
		if got := set.AllowsPython(tc.major, tc.minor, tc.micro); got != tc.want {
			t.Errorf("%q allows %d.%d.%d: %t", tc.spec, tc.major, tc.minor, tc.micro, got)
		}
	}
}

func TestHostileSets(t *testing.T) {
	if set, err := ParseSpecifierSet(strings.Repeat(",", 1<<20)); err != nil || cap(set.specs) > 8 {
		t.Errorf("a megabyte of commas: room for %d specifiers, error %v", cap(set.specs), err)
	}
	set, err := ParseSpecifierSet(strings.Repeat("==1.0,", 1<<15))
	if err != nil || set.Len() != 1<<15 || set.String() != "==1.0" {
		t.Errorf("many equal specifiers: %d, %v", set.Len(), err)
	}
	long := mustParse(t, strings.Repeat("0.", MaxLength/2-1)+"1")
	if !long.Equal(mustParse(t, long.String())) || long.Compare(mustParse(t, "0")) != 1 {
		t.Error("a version with many components does not round-trip")
	}
	fill := strings.Repeat("1", MaxLength)
	for _, tc := range []struct {
		text string
		ok   bool
	}{{fill, true}, {fill + "1", false}, {" " + fill[1:], true}, {" " + fill, false}, {"1" + strings.Repeat(" ", MaxLength), false}} {
		if _, err := Parse(tc.text); (err == nil) != tc.ok {
			t.Errorf("a version of %d bytes: %v", len(tc.text), err)
		}
	}
	for _, op := range []string{">=", "==", "==="} {
		if _, err := ParseSpecifierSet("<9," + op + fill); err != nil {
			t.Errorf("%s with the longest version: %v", op, err)
		}
		_, err := ParseSpecifierSet("<9," + op + fill + "1")
		if e, ok := errors.AsType[*Error](err); !ok || e.Reason != ReasonTooLong || e.Offset != len("<9,"+op) {
			t.Errorf("%s with a longer one: %v", op, err)
		}
	}
}
