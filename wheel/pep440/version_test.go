package pep440

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestParseNormalForm(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"1.0", "1.0"},
		{"v1.0", "1.0"},
		{"V01.00.0", "1.0.0"},
		{"0!1.0", "1.0"},
		{"007!1", "7!1"},
		{"1.0a", "1.0a0"},
		{"1.0.Alpha-1", "1.0a1"},
		{"1.0_BETA_02", "1.0b2"},
		{"1.0c3", "1.0rc3"},
		{"1.0rc3", "1.0rc3"},
		{"1.0pre", "1.0rc0"},
		{"1.0-preview.4", "1.0rc4"},
		{"1.0-5", "1.0.post5"},
		{"1.0r5", "1.0.post5"},
		{"1.0.rev-5", "1.0.post5"},
		{"1.0POST", "1.0.post0"},
		{"1.0a-5", "1.0a5"}, // the number belongs to the nearest segment
		{"1.0a1-5", "1.0a1.post5"},
		{"1.0rc--1", "1.0rc0.post1"},
		{"1.0a.", "1.0a0"}, // a separator may end a segment
		{"1.0a.-dev_+x", "1.0a0.dev0+x"},
		{"1.0dev", "1.0.dev0"},
		{"1.0.dev3", "1.0.dev3"},
		{"1.0+Ubuntu-1_01.00x", "1.0+ubuntu.1.1.00x"},
		{" \t\u3000\u00a0\x1f1.0\u0085\u2028", "1.0"},
		{strings.Repeat("9", 5000), strings.Repeat("9", 5000)}, // beyond Python's limit
	} {
		v, err := Parse(tc.in)
		if err != nil {
			t.Errorf("Parse(%q): %v", tc.in, err)
		} else if v.String() != tc.want || v.Source() != tc.in {
			t.Errorf("Parse(%q) = %q from %q, want %q", tc.in, v, v.Source(), tc.want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, tc := range []struct {
		in     string
		reason Reason
		off    int
	}{
		{"", ReasonEmpty, 0},
		{" \t", ReasonEmpty, 2},
		{"v", ReasonRelease, 1},
		{"latest", ReasonRelease, 0},
		{"!1", ReasonRelease, 0},
		{"1!", ReasonRelease, 2},
		{"1!!2", ReasonRelease, 2},
		{".1", ReasonRelease, 0},
		{"٣", ReasonRelease, 0}, // digits are ASCII digits
		{"1.", ReasonSeparator, 1},
		{"1..2", ReasonSeparator, 1},
		{"1.0_1", ReasonSeparator, 3},
		{"1.0-1-2", ReasonSeparator, 5},
		{"1.0.+x", ReasonSeparator, 3},
		{"1.0x", ReasonWord, 3},
		{"1.0.final", ReasonWord, 4},
		{"1.0rd", ReasonWord, 4},
		{"1.0previe", ReasonWord, 6},
		{"1.0.poſt1", ReasonWord, 4}, // letters are ASCII letters
		{"1.0dev1a1", ReasonWord, 7},
		{"1.0.*", ReasonWildcard, 4},
		{"1.0*", ReasonWildcard, 3},
		{"1 .0", ReasonSpace, 1},
		{"1.0\u3000a", ReasonSpace, 3},
		{"1.0!2", ReasonCharacter, 3},
		{"1.0.\u00e9", ReasonCharacter, 4},
		{"\xff1.0", ReasonRelease, 0},
		{"1.0\x85", ReasonCharacter, 3}, // a raw byte is not U+0085
		{"1.0+", ReasonLocal, 4},
		{"1.0+.a", ReasonLocal, 4},
		{"1.0+a.", ReasonLocal, 6},
		{"1.0+a..b", ReasonLocal, 6},
		{"1.0+a+b", ReasonLocal, 5},
		{"1.0+é", ReasonLocal, 4},
	} {
		v, err := Parse(tc.in)
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, ErrInvalidVersion) || errors.Is(err, ErrInvalidSpecifier) {
			t.Errorf("Parse(%q): error %v", tc.in, err)
			continue
		}
		if e.Reason != tc.reason || e.Offset != tc.off || e.Input != tc.in || !v.IsZero() {
			t.Errorf("Parse(%q): %s at %d, want %s at %d (%v)", tc.in, e.Reason, e.Offset, tc.reason, tc.off, v)
		}
	}
}

func TestCheckLength(t *testing.T) {
	if f := checkLength(1<<31 - 2); f.reason != "" {
		t.Errorf("2 GiB - 2 bytes: %s", f.reason)
	}
	if f := checkLength(1<<31 - 1); f.reason != ReasonTooLong {
		t.Errorf("2 GiB - 1 byte: %q, want %q", f.reason, ReasonTooLong)
	}
}

func TestErrorText(t *testing.T) {
	_, err := Parse("1.0-final")
	const want = `invalid version "1.0-final" at byte 4: unknown segment; after the numbers only a, b, rc, post, dev or +local may follow`
	if err.Error() != want {
		t.Errorf("got  %s\nwant %s", err, want)
	}
	// Every reason has its own advice.
	seen := map[string]Reason{Reason("?").advice(): "?"}
	for _, r := range []Reason{ReasonEmpty, ReasonTooLong, ReasonRelease, ReasonSeparator, ReasonWord, ReasonLocal,
		ReasonWildcard, ReasonSpace, ReasonCharacter, ReasonOperator, ReasonNoLocal, ReasonShort} {
		if other, ok := seen[r.advice()]; ok {
			t.Errorf("%s and %s give the same advice", r, other)
		}
		seen[r.advice()] = r
	}
}

func TestErrorExcerpt(t *testing.T) {
	for _, tc := range []struct {
		in, want string
		off      int
	}{
		{"1.0x", `"1.0x"`, 3},
		{strings.Repeat("1", 60) + "x", `..."` + strings.Repeat("1", 50) + `x"`, 60},
		{"x" + strings.Repeat("1", 60), `"x` + strings.Repeat("1", 29) + `"...`, 0},
		{"1" + strings.Repeat("é", 60), `..."` + strings.Repeat("é", 39) + `"...`, 60}, // both cuts fall inside a character
	} {
		if got := excerpt(tc.in, tc.off); got != tc.want {
			t.Errorf("excerpt(%q, %d)\n got %s\nwant %s", tc.in, tc.off, got, tc.want)
		}
	}
}

func TestAccessors(t *testing.T) {
	v := mustParse(t, "v01!02.0.ALPHA.post-4dev+Local.07")
	if got := slices.Collect(v.Release()); !slices.Equal(got, []string{"2", "0"}) {
		t.Errorf("Release: %q", got)
	}
	for range v.Release() {
		break // stopping early must be possible
	}
	kind, num, ok := v.Pre()
	post, hasPost := v.Post()
	dev, hasDev := v.Dev()
	if v.Epoch() != "1" || kind != "a" || num != "0" || !ok || post != "4" || !hasPost || dev != "0" || !hasDev {
		t.Errorf("epoch %q pre %q %q %t post %q %t dev %q %t", v.Epoch(), kind, num, ok, post, hasPost, dev, hasDev)
	}
	if v.Local() != "local.7" || v.Public() != "1!2.0a0.post4.dev0" || v.Base() != "1!2.0" {
		t.Errorf("local %q public %q base %q", v.Local(), v.Public(), v.Base())
	}
	plain := mustParse(t, "1.0")
	_, _, ok = plain.Pre()
	_, hasPost = plain.Post()
	_, hasDev = plain.Dev()
	if ok || hasPost || hasDev || plain.Epoch() != "0" || plain.Local() != "" || plain.Public() != "1.0" {
		t.Errorf("%q has parts it should not have", plain)
	}
}

func TestZeroVersion(t *testing.T) {
	var zero Version
	least := mustParse(t, "0.dev0")
	if !zero.IsZero() || least.IsZero() || zero.Compare(least) != -1 || least.Compare(zero) != 1 || !zero.Equal(Version{}) {
		t.Error("the zero Version does not sort before 0.dev0")
	}
	if s := zero.String() + zero.Public() + zero.Base() + zero.Local() + zero.Source(); s != "" {
		t.Errorf("the zero Version has text %q", s)
	}
	if zero.IsPrerelease() || zero.IsPostrelease() || zero.IsDevrelease() {
		t.Error("the zero Version has segments")
	}
}

func TestCompareOrder(t *testing.T) {
	// Each version sorts strictly before the next.
	sorted := []string{
		"0.dev0", "0", "1.dev0", "1.dev1+x", "1.0a1.dev1", "1a1", "1a1.post1.dev1", "1a1.post1", "1a2", "1a10", "1b0", "1rc0",
		"1", "1+a", "1+a.a", "1+a.1", "1+ab", "1+1", "1+1.a", "1+1.1", "1+2", "1+10", "1.post0.dev0", "1.post0", "1.post0+x", "1.post1",
		"1.0.1", "1.1", "1.2.0.dev1", "1.10", "9.99999999999999999999", "9.100000000000000000000", "10", "1!0.dev0", "2!0",
	}
	for i := range sorted {
		for j := range sorted {
			v, w := mustParse(t, sorted[i]), mustParse(t, sorted[j])
			want := min(max(i-j, -1), 1)
			if got := v.Compare(w); got != want || v.Equal(w) != (want == 0) {
				t.Errorf("Compare(%s, %s) = %d, want %d", v, w, got, want)
			}
		}
	}
	for _, same := range [][2]string{{"1", "1.0.0"}, {"0", "0.0"}, {"1.0a", "1-ALPHA.0"}, {"0!1", "v1"}, {"1+ABC.01", "1.0+abc-1"}, {"1.010", "1.10"}} {
		if v, w := mustParse(t, same[0]), mustParse(t, same[1]); !v.Equal(w) || v == w {
			t.Errorf("%s and %s: Equal %t, == %t", v, w, v.Equal(w), v == w)
		}
	}
}
