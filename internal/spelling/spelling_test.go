package spelling

import (
	"slices"
	"strings"
	"testing"
)

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0}, {"abc", "abd", 1},
		{"debain", "debian", 1}, {"bulseye", "bullseye", 1}, {"kitten", "sitting", 3}, {"ca", "abc", 3},
	} {
		if got := distance(test.a, test.b); got != test.want {
			t.Errorf("distance(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

func TestClosest(t *testing.T) {
	many := []string{"aab", "aac", "aad", "aae", "aaf", "aag"}
	for _, test := range []struct {
		word  string
		known []string
		want  []string
	}{
		{"bulseye", []string{"buster", "bullseye"}, []string{"bullseye"}},
		{"plat", []string{"stats", "jobs"}, nil}, // three edits in four letters
		{"select", []string{"strict"}, nil},
		{"ab", []string{"ac", "abc"}, []string{"ac", "abc"}},
		{"ab", []string{"xy"}, nil},
		{"a", []string{"b"}, nil}, // nothing in common
		{"aaa", many, many[:5]},
		{"aab", []string{"aac", "aab"}, []string{"aab"}}, // the nearest alone
		{"aac", []string{"aab", "aab"}, []string{"aab"}},
		{"", []string{"a"}, nil},
		{strings.Repeat("a", maxLength+1), []string{strings.Repeat("a", maxLength)}, nil},
	} {
		if got := Closest(test.word, test.known); !slices.Equal(got, test.want) {
			t.Errorf("Closest(%q, %q) = %q, want %q", test.word, test.known, got, test.want)
		}
	}
}

func TestSuggest(t *testing.T) {
	flags := []string{"format", "policy", "policy-file", "require", "stats", "strict", "memory"}
	for word, want := range map[string]string{
		"strickt": "strict",
		"req":     "require",
		"st":      "", // two begin so
		"m":       "", // says too little
		"":        "",
		"plat":    "",
		"select":  "",
	} {
		if got := Suggest(word, flags); got != want {
			t.Errorf("Suggest(%q) = %q, want %q", word, got, want)
		}
	}
}
