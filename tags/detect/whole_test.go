package detect

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("u", false, "write what is found into the expected texts")

// compareGolden compares with a file in testdata.
func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	name = filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), got); diff != "" {
		t.Error(diff)
	}
}

// whole is everything that a root was found to be. What is not known is left out.
func whole(s *System) string {
	var b strings.Builder
	line := func(indent, what string, values ...any) {
		if text := strings.Join(strings.Fields(strings.Trim(fmt.Sprintln(values...), "[]\n")), " "); text != "" {
			fmt.Fprintf(&b, "%s%s: %s\n", indent, what, text)
		}
	}
	libc := func(indent string, l Libc) {
		line(indent, "libc", l.Family, l.Version, l.Path, l.From)
		if l.Version != "" && l.Version != fmt.Sprintf("%d.%d", l.Major, l.Minor) {
			line(indent+"  ", "numbers", l.Major, l.Minor)
		}
	}
	r := s.Release
	line("", "release", r.ID, r.VersionID, r.Codename, r.Name, r.Path)
	line("", "machine", s.Machine)
	libc("", s.Libc)
	if d := s.Default(); d != nil {
		line("", "default", d.Path)
	}
	line("", "searched", s.Searched)
	if s.Walked > 0 {
		line("", "walked", s.Walked)
	}
	if l, ok := s.Loader(nil); ok {
		line("", "loader", l.Path, l.Configured, l.LibraryPath)
	}
	for _, h := range s.Hints {
		line("", h.What, h.Value, h.From)
	}
	for i := range s.Pythons {
		p := &s.Pythons[i]
		line("", "python", p.Path, p.Version, p.Python, p.Python.FullVersion)
		line("  ", "names", p.Names)
		line("  ", "program", p.Program)
		line("  ", "prefix", p.Prefix)
		line("  ", "environment", p.Venv)
		line("  ", "ABIs", p.Python.ABIs)
		line("  ", "platform", p.Platform.Arch, p.Platform.Libc.Family, p.Platform.Libc.Major, p.Platform.Libc.Minor)
		if p.Platform.NoManylinux {
			line("  ", "manylinux", "none")
		}
		if p.Libc != s.Libc {
			libc("  ", p.Libc)
		}
		line("  ", "managed", p.ExternallyManaged)
		line("  ", "modules", p.Manylinux)
		if l, ok := s.Loader(p); ok {
			line("  ", "loader", l.Path)
		}
		for _, f := range p.Facts {
			line("  ", f.What, f.Value, "("+f.From+")")
		}
	}
	for _, w := range s.Warnings {
		line("", "warning "+w.Code, w.Path, w.Message)
	}
	return b.String()
}
