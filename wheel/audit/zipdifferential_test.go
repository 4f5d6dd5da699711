package audit

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// TestReadersAgree makes wheels with one to three faults of their archive. From those
// about which nothing is found, Python's zipfile, unzip, a reader that goes by the local
// headers and package wheel must extract the same files.
func TestReadersAgree(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed")
	}
	unzip, err := exec.LookPath("unzip")
	if err != nil {
		t.Skip("unzip is not installed")
	}
	n := 1500
	if testing.Short() {
		n = 300
	}
	dir := t.TempDir()
	var clean [][]byte
	var paths []string
	found := 0
	for seed := range uint64(n) {
		data := faultyArchive(rand.New(rand.NewPCG(seed, 0)))
		if len(aboutArchive(t, data)) > 0 {
			found++
			continue
		}
		path := filepath.Join(dir, fmt.Sprintf("%d.zip", seed))
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		clean, paths = append(clean, data), append(paths, path)
	}
	if found < n/2 || len(clean) < n/20 {
		t.Errorf("%d archives with findings, %d without", found, len(clean))
	}
	for i, byPython := range pythonReader(t, python, paths) {
		name := filepath.Base(paths[i])
		own, err := ownReader(clean[i])
		if err != nil {
			t.Errorf("%s: we find nothing and cannot read it: %v", name, err)
			continue
		}
		if byPython == nil || !maps.Equal(own, byPython) {
			t.Errorf("%s: zipfile extracts %q, we %q", name, byPython, own)
		}
		if files, err := streamReader(clean[i]); err != nil || !maps.Equal(own, files) {
			t.Errorf("%s: a streaming reader extracts %q (%v), we %q", name, files, err, own)
		}
		if files, err := unzipReader(t, unzip, paths[i], filepath.Join(dir, "out", name)); err != nil || !maps.Equal(own, files) {
			t.Errorf("%s: unzip extracts %q (%v), we %q", name, files, err, own)
		}
	}
}

// aboutArchive gives the rules about the archive and its members that a wheel breaks.
func aboutArchive(t *testing.T, data []byte) []string {
	t.Helper()
	r, err := New(Options{Verify: true}).Wheel(t.Context(), bytes.NewReader(data), int64(len(data)), "demo-1.0-py3-none-any.whl")
	if err != nil {
		return []string{"unreadable"}
	}
	var names []string
	for _, f := range r.Findings {
		rule, _ := finding.Lookup(f.Rule)
		if rule.Name == "damaged-member" || rule.Name == "unreadable-binary" || rule.Name == "unreadable" || slices.Contains(archiveRules, rule.Name) {
			names = append(names, rule.Name)
		}
	}
	return names
}

// TestBehindDeflatedData: a member may have bytes, or another member, behind the end of
// its deflated data. Only --verify looks there.
func TestBehindDeflatedData(t *testing.T) {
	for _, c := range []struct{ more, want string }{
		{"x", "WT407 demo/__init__.py: has 1 bytes behind the end of its deflated data"},
		{hiddenMember(), "WT407 demo/__init__.py: has 50 bytes behind the end of its deflated data"},
		{"", ""},
	} {
		a := demoArchive()
		e := &a.entries[0]
		e.data = append(e.data, c.more...)
		e.both(func(h *header) { h.packed += uint32(len(c.more)) })
		if got := strings.Join(archiveFindings(t, a.bytes(), true), "\n"); got != c.want {
			t.Errorf("%q more: %q, want %q", c.more, got, c.want)
		}
		if got := archiveFindings(t, a.bytes(), false); got != nil {
			t.Errorf("%q more, not unpacked: %q", c.more, got)
		}
	}
}
