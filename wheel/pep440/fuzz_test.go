package pep440

import "testing"

var fuzzSeeds = []string{
	"", "1", "2.31.0", "1!2.0.post1.dev3+local.7", " v1.0-ALPHA_01 ", "1.0a-.post", "1.0rc--1", "1.0-1", "1.0+A.01-b_2",
	"0.dev0", "1.0.*", "1.0.poſt1", "\u00a01\u3000", "\xff", "1..2", "99999999999999999999999.0", "1.0.0.0", "1.0r", "1.0c",
}

// FuzzParse checks that the normal form is a fixed point and an equal version,
// and that errors point into the input.
func FuzzParse(f *testing.F) {
	for _, s := range fuzzSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := Parse(s)
		if err != nil {
			e := err.(*Error)
			if !v.IsZero() || e.Offset < 0 || e.Offset > len(s) || e.Reason == "" || e.Error() == "" {
				t.Fatalf("%q: value %v, error %+v", s, v, e)
			}
			return
		}
		normal := v.String()
		w, err := Parse(normal)
		if err != nil {
			t.Fatalf("%q gives %q: %v", s, normal, err)
		}
		if !v.Equal(w) || w.String() != normal || assemble(v) != normal || v.IsPrerelease() != w.IsPrerelease() {
			t.Fatalf("%q gives %q gives %q, parts %q", s, normal, w, assemble(v))
		}
		if a, b := string(v.appendTrimmed(nil)), mustParse(t, normal); !mustParse(t, a).Equal(b) {
			t.Fatalf("%q without trailing zeros is %q", s, a)
		}
	})
}

// FuzzCompare checks that Compare is a total order on three versions and that
// equal versions have the same key.
func FuzzCompare(f *testing.F) {
	for i := range fuzzSeeds {
		f.Add(fuzzSeeds[i], fuzzSeeds[(i+1)%len(fuzzSeeds)], fuzzSeeds[(i+2)%len(fuzzSeeds)])
	}
	f.Add("1.0.dev1", "1.0a1.dev1", "1.0.post1.dev1")
	f.Add("1.0+a", "1.0+1", "1+a.1")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		var v [3]Version
		for i, s := range []string{a, b, c} {
			var err error
			if v[i], err = Parse(s); err != nil {
				return
			}
		}
		for _, x := range v {
			for _, y := range v {
				if x.Compare(y) != -y.Compare(x) {
					t.Fatalf("%q and %q: %d and %d", x, y, x.Compare(y), y.Compare(x))
				}
				if same := string(x.appendTrimmed(nil)) == string(y.appendTrimmed(nil)); x.Equal(y) != same {
					t.Fatalf("%q and %q: Equal %t, same key %t", x, y, x.Equal(y), same)
				}
				for _, z := range v {
					if x.Compare(y) <= 0 && y.Compare(z) <= 0 && x.Compare(z) > 0 {
						t.Fatalf("%q <= %q <= %q, yet the first is greater than the last", x, y, z)
					}
				}
			}
		}
	})
}

// FuzzSpecifierSet checks that a set round-trips, and that its answers fit
// together.
func FuzzSpecifierSet(f *testing.F) {
	for _, s := range []string{"", ",", ">=1,<2", "~=1.2.0", "==1.*", "!=1.0.*,<1.5.post1", ">1.0rc1", "===foo", "===", "== 1+a", "<0", ">=3.6.*"} {
		for _, v := range []string{"1.0", "1.0.post1", "foo", "1.0a1+x"} {
			f.Add(s, v)
		}
	}
	f.Fuzz(func(t *testing.T, s, text string) {
		set, err := ParseSpecifierSet(s)
		if err != nil {
			if e := err.(*Error); e.Offset < 0 || e.Offset > len(s) || e.Reason == "" || e.Error() == "" {
				t.Fatalf("%q: error %+v", s, e)
			}
			return
		}
		again, err := ParseSpecifierSet(set.String())
		if err != nil || again.String() != set.String() {
			t.Fatalf("%q gives %q gives %q: %v", s, set, again, err)
		}
		for _, pre := range allPrereleases {
			got := set.ContainsString(text, pre)
			if got != again.ContainsString(text, pre) {
				t.Fatalf("%q and its normal form %q differ on %q", s, set, text)
			}
			if single := set.FilterStrings([]string{text}, pre); (len(single) == 1) != got {
				t.Fatalf("%q on %q: contains %t, filters to %q", s, text, got, single)
			}
			if v, err := Parse(text); err == nil && got && pre == PrereleasesExcluded && v.IsPrerelease() {
				t.Fatalf("%q contains %q although pre-releases are excluded", s, text)
			}
		}
	})
}
