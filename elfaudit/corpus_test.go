package elfaudit

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sample is an ELF file to test with.
type sample struct {
	name string // of the wheel and the member, or a path
	data []byte
}

// wheelDir returns the directory of real wheels next to the repository, or
// skips the test.
func wheelDir(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Skip("no module root above the test")
		}
		dir = up
	}
	wheels := filepath.Join(dir, "..", "shared", "wheels")
	if _, err := os.Stat(wheels); err != nil {
		t.Skip("no directory of real wheels next to the repository")
	}
	return wheels
}

// wheelNames returns the paths of real wheels: with -everything of all, otherwise
// of every third, or of every eighth in short mode.
func wheelNames(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(wheelDir(t), "*.whl"))
	if err != nil {
		t.Fatal(err)
	}
	step := 3
	switch {
	case *everything:
		step = 1
	case testing.Short():
		step = 8
	}
	var some []string
	for i := 0; i < len(names); i += step {
		some = append(some, names[i])
	}
	return some
}

// elfMembers returns the members of an archive that start with the ELF magic.
func elfMembers(t testing.TB, name string) []sample {
	t.Helper()
	z, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var found []sample
	for _, m := range z.File {
		if m.UncompressedSize64 < 4 || strings.HasSuffix(m.Name, ".py") {
			continue
		}
		r, err := m.Open()
		if err != nil {
			t.Fatal(err)
		}
		magic := make([]byte, 4)
		if _, err := io.ReadFull(r, magic); err == nil && string(magic) == "\x7fELF" {
			b := bytes.NewBuffer(make([]byte, 0, m.UncompressedSize64+512))
			b.Write(magic)
			if _, err := io.Copy(b, r); err != nil {
				t.Fatal(err)
			}
			found = append(found, sample{filepath.Base(name) + ":" + m.Name, b.Bytes()})
		}
		r.Close()
	}
	return found
}

// systemSamples returns at most limit ELF files of this machine's libraries
// and programs, none larger than 8 MiB.
func systemSamples(t testing.TB, limit int) []sample {
	t.Helper()
	var found []sample
	for _, pattern := range []string{
		"/lib/*-linux-gnu*/*.so*", "/usr/lib/*/*/*.so*", "/usr/lib/*.so*", "/usr/*-linux-gnu*/lib/*.so*", "/bin/*", "/sbin/*",
	} {
		names, _ := filepath.Glob(pattern)
		for i, name := range names {
			if i >= limit/4 || len(found) >= limit {
				break
			}
			info, err := os.Stat(name)
			if err != nil || !info.Mode().IsRegular() || info.Size() > 8<<20 || info.Size() < 4 {
				continue
			}
			data, err := os.ReadFile(name)
			if err != nil || string(data[:4]) != "\x7fELF" {
				continue
			}
			found = append(found, sample{name, data})
		}
	}
	return found
}
