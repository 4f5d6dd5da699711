package index

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
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

// sdistBytes is a source distribution with PKG-INFO for its name, and data in a file.
func sdistBytes(t testing.TB, name string, data []byte, fields ...string) []byte {
	t.Helper()
	stem, _ := wheel.SdistStem(name)
	n, err := wheel.ParseSdistName(name, "")
	if err != nil {
		return data
	}
	info := fmt.Sprintf("Metadata-Version: 2.1\nName: %s\nVersion: %s\n%s\n", n.Name, n.Version, strings.Join(fields, "\n"))
	var b bytes.Buffer
	if strings.HasSuffix(name, ".zip") {
		w := zip.NewWriter(&b)
		f, err := w.CreateHeader(&zip.FileHeader{Name: stem + "/PKG-INFO"})
		if err == nil {
			_, err = f.Write([]byte(info + string(data)))
		}
		if err = errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for path, content := range map[string]string{stem + "/PKG-INFO": info + string(data)} {
		err = errors.Join(err, w.WriteHeader(&tar.Header{Name: path, Mode: 0o644, Size: int64(len(content)), Typeflag: tar.TypeReg}))
		_, err2 := w.Write([]byte(content))
		err = errors.Join(err, err2)
	}
	if err = errors.Join(err, w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// put writes a file with its folder and gives its path. A source distribution gets
// PKG-INFO, before the data.
func put(t testing.TB, dir, name string, data []byte) string {
	t.Helper()
	if _, ok := wheel.SdistStem(name); ok {
		data = sdistBytes(t, filepath.Base(name), data)
	}
	return putRaw(t, dir, name, data)
}

// putRaw writes a file as it is.
func putRaw(t testing.TB, dir, name string, data []byte) string {
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

// stamps are what differs between the manifests of two runs.
var stamps = regexp.MustCompile(` *"(ctime_ns|inode)": [0-9]+,\n`)

// tree reads all files below a folder, of a manifest all but the stamps.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		if name == ManifestName {
			data = stamps.ReplaceAll(data, nil)
		}
		files[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
