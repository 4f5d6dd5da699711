package index

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestManifestIsChecked: what a manifest says counts only where it can be what was
// written.
func TestManifestIsChecked(t *testing.T) {
	dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
	putWheel(t, dir, "demo-1.0-py3-none-any.whl")
	writeSite(t, site, nil, dir)
	whole, err := os.ReadFile(filepath.Join(site, ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		from, to string
		read     int
	}{
		{"", "", 0},
		{`"sha256": "`, `"sha256": "x`, 1},
		{`"sha256": "`, `"sha256x": "`, 1},
		{`"metadata_sha256"`, `"metadata"`, 1},
		{`"size": `, `"size": 1`, 1},
		{`"mtime_ns": `, `"mtime_ns": -`, 1},
		{`"name": "demo`, `"name": "other`, 1},
		{`"input": "`, `"input": "x`, 1},
		{manifestSchema, manifestFamily + "v2", 1},
	} {
		if !strings.Contains(string(whole), test.from) {
			t.Fatalf("no %s in %s", test.from, whole)
		}
		put(t, site, ManifestName, bytes.Replace(whole, []byte(test.from), []byte(test.to), 1))
		c, _ := writeSite(t, site, nil, dir)
		if c.Read != test.read {
			t.Errorf("%s for %s: %d files read", test.to, test.from, c.Read)
		}
		if again, err := os.ReadFile(filepath.Join(site, ManifestName)); err != nil || !bytes.Equal(stamps.ReplaceAll(again, nil), stamps.ReplaceAll(whole, nil)) {
			t.Errorf("%s for %s: written as %s", test.to, test.from, again)
		}
	}
}

// TestManifestOnce: a directory that is named twice is listed once, and files of
// one name in two directories twice.
func TestManifestOnce(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "a/demo-1.zip", nil)
	put(t, dir, "b/demo-1.zip", nil)
	put(t, dir, "b/demo-2.zip", nil)
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	var names []string
	for _, f := range newManifest(collect(t, a, b, a), nil).Files {
		names = append(names, f.Name)
	}
	if diff := cmp.Diff([]string{"demo-1.zip", "demo-1.zip", "demo-2.zip"}, names); diff != "" {
		t.Error(diff)
	}
}

// FuzzManifest: no manifest makes a run fail in another way than by an error.
func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"schema": "wheeltag.index-manifest/v1", "views": ["x"], "files": [{"name": "a-1.zip", "input": "00", "size": 1, "mtime_ns": 2, "sha256": "00"}]}`))
	f.Add([]byte(`{"schema": "wheeltag.index-manifest/v2", "files": null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		put(t, dir, ManifestName, text)
		s, err := OpenSite(dir)
		if err != nil {
			return
		}
		for key, known := range s.manifest.facts("") {
			if !isSHA256(known.SHA256) {
				t.Errorf("%q: %+v", key, known)
			}
		}
	})
}
