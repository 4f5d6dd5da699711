package pep508

import (
	"regexp"
	"testing"
	"unicode"
	"unicode/utf8"
)

// TestSpaces compares the white space inside specifiers, Python's \s, with the
// definition of package unicode and the four separators that Python adds.
func TestSpaces(t *testing.T) {
	for r := rune(0); r <= 0x10000; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		want := 0
		if unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f {
			want = utf8.RuneLen(r)
		}
		if got := spaceAt("x"+string(r)+"x", 1); got != want {
			t.Errorf("%U: %d bytes, want %d", r, got, want)
		}
	}
	if got := spaceAt("x", 1); got != 0 {
		t.Errorf("at the end: %d", got)
	}
}

// TestIdentifiers compares names of all ASCII characters with the reference's
// regular expression.
func TestIdentifiers(t *testing.T) {
	reference := regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9._-]*\b`)
	for c := range 128 {
		s := string(rune(c))
		for _, text := range []string{s, s + "a", "a" + s, "a" + s + "b", "9" + s, s + "9", s + s, "a" + s + s, "a.b" + s} {
			scan := &scanner{src: text}
			if got, want := scan.identifier(), reference.FindString(text); got != want || scan.pos != len(want) {
				t.Errorf("%q: %q, want %q", text, got, want)
			}
		}
	}
	// Letters of other scripts are word characters: a word boundary is before one only
	// after a character that is not.
	for text, want := range map[string]string{"aß": "", "a.ß": "a.", "ab-cß": "ab-", "a²": "", "a—": "a", "a-—": "a"} {
		scan := &scanner{src: text}
		if got := scan.identifier(); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestOften asks a set so often that it gets an index, which must not change the
// answers.
func TestOften(t *testing.T) {
	for _, n := range []int{1, few, few + 1, 3 * few} {
		s := &nameSet{normal: normalizeName}
		for i := range n {
			s.names = append(s.names, "Name_"+string(rune('a'+i%26))+string(rune('a'+i/26)))
		}
		for round := range 3 * few {
			if !s.has("name-aa") || !s.has("Name_aa") || s.has("name-zz") {
				t.Fatalf("%d names, round %d: other answers", n, round)
			}
		}
		if indexed := s.index != nil; indexed != (n > few) {
			t.Errorf("%d names: index %v", n, indexed)
		}
	}
}
