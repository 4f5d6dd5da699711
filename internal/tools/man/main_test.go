package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/internal/cli"
)

// TestPages: each command has a page with its flags and examples.
func TestPages(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "man")
	if err := write(dir); err != nil {
		t.Fatal(err)
	}
	names := []string{"wheeltag"}
	for _, cmd := range cli.Command().Commands() {
		if cmd.Name() != "help" { // which a reader of man pages has no use for
			names = append(names, "wheeltag-"+cmd.Name())
		}
	}
	if len(names) < 10 {
		t.Fatalf("only %q", names)
	}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(dir, name+".1"))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, want := range []string{".SH NAME", ".SH SYNOPSIS", ".SH OPTIONS", "--format"} {
			if !strings.Contains(string(text), want) && !strings.Contains(string(text), strings.ReplaceAll(want, "-", `\-`)) {
				t.Errorf("%s.1 has no %s", name, want)
			}
		}
	}
	audit, err := os.ReadFile(filepath.Join(dir, "wheeltag-audit.1"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(audit), ".SH EXAMPLE") {
		t.Error("wheeltag-audit.1 has no examples")
	}
	whole, err := os.ReadFile(filepath.Join(dir, "wheeltag.1"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(whole), "Exit status: 0 yes") {
		t.Error("wheeltag.1 does not say what the exit status means")
	}
}
