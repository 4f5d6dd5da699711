package index

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// when is the time of all files that tests write.
var when = time.Date(2024, 5, 6, 7, 8, 9, 123456789, time.UTC)

// wheelBytes makes a wheel of the project and version in its file name; fields
// are further lines of METADATA, or other values for Name and Version.
func wheelBytes(t testing.TB, filename string, fields ...string) []byte {
	t.Helper()
	parts := strings.Split(filename, "-")
	head := map[string]string{"Name": parts[0], "Version": parts[1]}
	rest := ""
	for _, f := range fields {
		name, value, _ := strings.Cut(f, ": ")
		if _, replace := head[name]; replace {
			head[name] = value
		} else {
			rest += f + "\n"
		}
	}
	metadata := "Metadata-Version: 2.1\nName: " + head["Name"] + "\nVersion: " + head["Version"] + "\n" + rest
	return zipBytes(t, map[string]string{parts[0] + "-" + parts[1] + ".dist-info/METADATA": metadata, "module.py": filename})
}

func zipBytes(t testing.TB, members map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(members[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// put writes a file with its folder and gives its path.
func put(t testing.TB, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, data, 0o644), os.Chtimes(path, when, when))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// putWheel writes a wheel under its own name.
func putWheel(t testing.TB, dir, name string, fields ...string) string {
	t.Helper()
	return put(t, dir, name, wheelBytes(t, filepath.Base(name), fields...))
}

// collect reads folders as a first run does.
func collect(t testing.TB, dirs ...string) *Collection {
	t.Helper()
	c, err := Collect(t.Context(), dirs, CollectOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// codes lists the findings of a collection as "base name: severity code".
func codes(c *Collection) []string {
	list := []string{}
	for _, i := range c.Items {
		for _, f := range i.Findings {
			rule, _ := finding.Lookup(f.Rule)
			list = append(list, i.Name+": "+f.Severity.String()+" "+rule.Name)
		}
	}
	return list
}

// linuxTarget is CPython 3.minor on x86_64 with a glibc.
func linuxTarget(t testing.TB, name string, minor, glibc int) *tags.Target {
	t.Helper()
	ready, err := tags.New(tags.Python{Major: 3, Minor: minor}, tags.Platform{OS: tags.Linux, Arch: "x86_64", Libc: tags.Libc{Family: tags.Glibc, Major: 2, Minor: glibc}}, tags.Packaging)
	if err != nil {
		t.Fatal(err)
	}
	return ready.WithName(name)
}

// tree reads all files below a folder.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
