package arrows

import (
	"bytes"
	"go/scanner"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// changes are the kinds of additions that the architecture page has a table for,
// each with a sample that is in the code already. The files that name the sample
// are those that the next one of its kind touches.
var changes = []struct {
	kind   string         // as in the table
	sample *regexp.Regexp // in a line of data, or in a Go name or string
	most   int            // existing files that are edited by hand
	where  string         // to keep to that
}{
	{"a rule about ELF files", regexp.MustCompile(`\bexecutable-stack\b`), 3, "report it from one check; others ask the Subject or the Needs, not for the rule"},
	{"a rule about the archive", regexp.MustCompile(`\bdamaged-member\b`), 3, "report it from one check; others ask the Subject, not for the rule"},
	{"a report format", regexp.MustCompile(`(?i)junit`), 1, "take the names from report.Formats"},
	{"a lock format", regexp.MustCompile(`(?i)(^|[^l])pdm`), 2, "add what is special about the format as a field of rules in wheel/lockfile/format.go"},
	{"a machine", regexp.MustCompile(`(?i)riscv64`), 3, "add a column to internal/machine/data/machines.tsv"},
	{"a release of a distribution", regexp.MustCompile(`(^|[^@])\bdebian[:\t]11\b|"debian", "release": "11"`), 1, "take the fact from the tables of tags/distro"},
}

// TestChanges: an addition touches the files that the architecture page lists, and
// no others.
func TestChanges(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	lines := vocabulary(t)
	for _, c := range changes {
		row := rowOf(string(page), c.kind)
		if row == nil {
			t.Errorf("docs/architecture.md has no row for %s", c.kind)
			continue
		}
		edited, all := row[0], slices.Concat(row...)
		if len(edited) > c.most {
			t.Errorf("%s: %d files are to be edited, and %d should be enough: %s", c.kind, len(edited), c.most, c.where)
		}
		for _, file := range slices.Sorted(maps.Keys(lines)) {
			named, listed := slices.ContainsFunc(lines[file], c.sample.MatchString), slices.Contains(all, file)
			switch {
			case named && !listed:
				t.Errorf("%s: %s names %s, so the next one must be added there too; %s. If there is no other way, list the file in docs/architecture.md",
					c.kind, file, c.sample, c.where)
			case listed && !named:
				t.Errorf("%s: docs/architecture.md lists %s, which does not name %s", c.kind, file, c.sample)
			}
		}
		for _, file := range all {
			if lines[file] == nil {
				t.Errorf("%s: docs/architecture.md lists %s, which does not exist", c.kind, file)
			}
		}
	}
}

// rowOf returns the files of each column of a row of the table: those to edit, that
// of the sample alone, and data. nil means that there is no such row.
func rowOf(page, kind string) [][]string {
	_, page, _ = strings.Cut(page, "\n## What a change touches\n")
	page, _, _ = strings.Cut(page, "\n## ")
	quoted := regexp.MustCompile("`([^`]+)`")
	for line := range strings.Lines(page) {
		cells := strings.Split(line, "|")
		if len(cells) != 6 || strings.TrimSpace(cells[1]) != kind {
			continue
		}
		columns := make([][]string, 3)
		for i := range columns {
			for _, m := range quoted.FindAllStringSubmatch(cells[i+2], -1) {
				columns[i] = append(columns[i], m[1])
			}
		}
		return columns
	}
	return nil
}

// vocabulary returns, for each file of the module, the lines of data or the names
// and strings of Go code. Comments and strings with spaces are left out: they
// explain with examples.
func vocabulary(t *testing.T) map[string][]string {
	t.Helper()
	words := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		lists := filepath.Join(root, "wheel", "metadata", "data") // licenses and classifiers, with names of everything
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "docs" || path == lists) {
			return filepath.SkipDir
		}
		read := dataLines
		switch filepath.Ext(path) {
		case ".go":
			read = goWords
		case ".tsv", ".txt", ".json", ".toml":
		default:
			return nil
		}
		if d.IsDir() || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		words[filepath.ToSlash(name)] = append(read(text), "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(words) < 100 {
		t.Fatalf("only %d files found", len(words))
	}
	return words
}

func dataLines(text []byte) []string {
	var list []string
	for line := range bytes.Lines(text) {
		if line[0] != '#' {
			list = append(list, string(line))
		}
	}
	return list
}

func goWords(text []byte) []string {
	var list []string
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	s.Init(file, text, nil, 0)
	for {
		_, kind, literal := s.Scan()
		switch {
		case kind == token.EOF:
			return list
		case kind == token.IDENT, kind == token.STRING && !strings.Contains(literal, " "):
			list = append(list, literal)
		}
	}
}

// TestVocabulary: what counts as a mention, and how the table is read.
func TestVocabulary(t *testing.T) {
	got := goWords([]byte("package p // riscv64\nvar x = `riscv64` + \"for riscv64\" + archRISCV64"))
	if want := []string{"p", "x", "`riscv64`", "archRISCV64"}; !slices.Equal(got, want) {
		t.Errorf("words of Go are %q, want %q", got, want)
	}
	if got := dataLines([]byte("# riscv64\nlinux riscv64\n")); len(got) != 1 || got[0] != "linux riscv64\n" {
		t.Errorf("lines of data are %q", got)
	}
	page := "| a machine | `no` | | |\n## What a change touches\n| a | b | c | d |\n| a machine | a row in `x`, `y` | | such as `z` |\n\n## Next\n| a format | `no` | | |\n"
	row := rowOf("\n"+page, "a machine")
	if len(row) != 3 || !slices.Equal(row[0], []string{"x", "y"}) || row[1] != nil || !slices.Equal(row[2], []string{"z"}) {
		t.Errorf("the row is %q", row)
	}
	if row := rowOf("\n"+page, "a format"); row != nil {
		t.Errorf("a row of another section is found: %q", row)
	}
}
