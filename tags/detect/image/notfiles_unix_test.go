//go:build unix

package image

import (
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"
)

func TestNotFiles(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	must(t, syscall.Mkfifo(pipe, 0o600))
	_, err := Open(pipe)
	wantCode(t, err, CodeFormat, pipe)
	_, err = Open(dir)
	wantCode(t, err, CodeFormat, "index.json")
	_, err = Open(filepath.Join(dir, "nothing"))
	wantCode(t, err, CodeRead, "does not exist")
	if !errors.Is(err, fs.ErrNotExist) {
		t.Error("not fs.ErrNotExist")
	}
	must(t, syscall.Mkfifo(filepath.Join(dir, "index.json"), 0o600))
	_, err = Open(dir)
	wantCode(t, err, CodeFormat)
}
