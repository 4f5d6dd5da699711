package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// TestRulesPage: docs/rules.md is what the command prints; with -u it is written anew.
// Every rule has its section there, at the address that reports link to, with what it
// is about, what it means and how to fix it.
func TestRulesPage(t *testing.T) {
	var out, messages bytes.Buffer
	if status := run(context.Background(), []string{"rules", "--format", "markdown"}, streams{out: &out, err: &messages}); status != exitYes {
		t.Fatal(status, messages.String())
	}
	path := filepath.Join("..", "..", "docs", "rules.md")
	page, err := os.ReadFile(path)
	if err != nil && !*update {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(page), "\r\n", "\n"), out.String()); diff != "" {
		if !*update {
			t.Errorf("docs/rules.md is out of date (run with -u):\n%s", diff)
		} else if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sections := map[string]string{}
	for section := range strings.SplitSeq(out.String(), "\n## ") {
		heading, text, _ := strings.Cut(section, "\n")
		sections[strings.ReplaceAll(strings.ToLower(heading), " ", "-")] = text // as code hosts make addresses
	}
	for r := range finding.Rules() {
		_, anchor, _ := strings.Cut(report.RuleURL(r), "#")
		text := sections[anchor]
		for _, part := range []string{"Reports ", "Severity: " + r.Severity.String(), "\n\n**What it means:** ", "\n\n**How to fix:** "} {
			if _, after, ok := strings.Cut(text, part); !ok || strings.TrimSpace(after) == "" {
				t.Errorf("%s: %q is missing in %q", r.ID, part, text)
			}
		}
		if !strings.Contains(out.String(), "| ["+r.ID+"](#"+anchor+") | ") {
			t.Errorf("%s is not in a table", r.ID)
		}
	}
}
