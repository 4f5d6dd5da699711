//go:build unix

package cli

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestPipeNamedLikeAWheel: a directory's pipes are not waited for.
func TestPipeNamedLikeAWheel(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "a-1-py3-none-any.whl"), 0o600); err != nil {
		t.Skip("no named pipes here")
	}
	var errs bytes.Buffer
	for _, args := range [][]string{{"audit", dir}, {"audit", filepath.Join(dir, "a-1-py3-none-any.whl")}} {
		if status := run(context.Background(), args, streams{in: strings.NewReader(""), out: io.Discard, err: &errs}); status != exitNoAnswer {
			t.Errorf("exit %d, says %s", status, errs.String())
		}
		if !strings.Contains(errs.String(), "a-1-py3-none-any.whl: not a regular file or directory") {
			t.Errorf("%q says %s", args, errs.String())
		}
		errs.Reset()
	}
}
