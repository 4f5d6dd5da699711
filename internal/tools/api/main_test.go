package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestFresh: the list is that of the packages as they are.
func TestFresh(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	want, err := describe(root)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(root, place))
	if err != nil {
		t.Fatal(err)
	}
	old, now := strings.Split(string(got), "\n"), strings.Split(want, "\n")
	for _, line := range old {
		if !slices.Contains(now, line) {
			t.Errorf("gone: %s", line)
		}
	}
	for _, line := range now {
		if !slices.Contains(old, line) {
			t.Errorf("new: %s", line)
		}
	}
	if t.Failed() || string(got) != want {
		t.Error("docs/api.txt is not of the packages as they are: go run ./internal/tools/api")
	}
}

func TestLines(t *testing.T) {
	_, exports, err := packages(".")
	if err != nil {
		t.Fatal(err)
	}
	imports := importFrom(exports)
	p, err := imports.Import("errors")
	if err != nil {
		t.Fatal(err)
	}
	if got := lines(p); !slices.Contains(got, "func Is(err error, target error) bool") || !slices.Contains(got, "var ErrUnsupported error") {
		t.Errorf("got %q", got)
	}
	if p, err = imports.Import("io/fs"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"const ModeDir FileMode = 2147483648", "type FileMode uint32", "method (FileMode) Perm() FileMode",
		"type FS interface", "type FS interface, Open(name string) (File, error)",
	} {
		if got := lines(p); !slices.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
}
