package cli

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// indexFlags makes a folder with a finding of each shape and gives what index
// takes to fill every field.
func indexFlags(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	pool := filepath.Join(dir, "pool")
	if err := os.Mkdir(pool, 0o755); err != nil {
		t.Fatal(err)
	}
	linux, err := os.ReadFile(filepath.Join(fixtureFolder, "wheels", "demo_new-1.0-cp311-cp311-manylinux_2_28_aarch64.whl"))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("pure-1.0.dist-info/METADATA")
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Write([]byte("Metadata-Version: 2.1\nName: pure\nVersion: 1.0\nRequires-Python: >=3.8\n"))
	for name, data := range map[string][]byte{
		"pure-1.0-py3-none-any.whl":                    nil,
		"demo_new-1.0-cp311-cp311-linux_aarch64.whl":   linux,
		"demo_new-1.0-1-cp311-cp311-linux_aarch64.whl": linux,
	} {
		if data == nil {
			err = errors.Join(err, z.Close())
			data = b.Bytes()
		}
		err = errors.Join(err, os.WriteFile(filepath.Join(pool, name), data, 0o644))
	}
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join([]string{"--out", filepath.Join(dir, "site"), "--views", "-t", "3.11@debian:12/arm64", pool}, " ")
}

// TestIndexCancelled: after an interrupt nothing is written.
func TestIndexCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	site := filepath.Join(t.TempDir(), "site")
	var errs bytes.Buffer
	status := run(ctx, []string{"index", "--out", site, filepath.Join(fixtureFolder, "wheels")}, streams{in: strings.NewReader(""), out: io.Discard, err: &errs})
	if _, err := os.Stat(site); status != exitNoAnswer || err == nil || !strings.Contains(errs.String(), "interrupted") {
		t.Errorf("exit %d, says %s", status, errs.String())
	}
}
