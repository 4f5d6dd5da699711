package pystr

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestGlobEqualsPython asks about patterns and texts with the recorded answers of
// fnmatch; see internal/tools/oracle/names.
func TestGlobEqualsPython(t *testing.T) {
	f, err := os.Open(filepath.Join("testdata", "globs.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	count := map[bool]int{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var pattern, text string
		var want bool
		if err := json.Unmarshal(lines.Bytes(), &[]any{&pattern, &text, &want}); err != nil {
			t.Fatal(err)
		}
		if got := ParseGlob(pattern).Match(text); got != want {
			t.Errorf("%q and %q: %v, Python says %v", pattern, text, got, want)
		}
		count[want]++
	}
	if count[true] < 400 || count[false] < 400 {
		t.Errorf("%v recorded answers", count)
	}
}

// TestGlobSteps: many stars take no longer than the product of the lengths.
func TestGlobSteps(t *testing.T) {
	if ParseGlob(strings.Repeat("*a", 1000) + "b").Match(strings.Repeat("a", 100_000)) {
		t.Error("a text without b fits")
	}
}

func FuzzGlob(f *testing.F) {
	f.Add("lib[!a-c]*.so.?", "libd.so.1")
	f.Add("[", "[")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		got := ParseGlob(pattern).Match(text)
		if !strings.ContainsAny(pattern, "*?[") && got != (strings.ToValidUTF8(pattern, "\ufffd") == strings.ToValidUTF8(text, "\ufffd")) {
			t.Errorf("%q and %q: %v", pattern, text, got)
		}
	})
}
