//go:build unix

package cache

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestPipe: opening a named pipe would wait for somebody who writes to it.
func TestPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.whl")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	c := open(t, t.TempDir(), "1", 1<<20)
	done := make(chan bool)
	go func() {
		n, kept := ask(t, c, path, 1)
		done <- n == 1 && !kept
	}()
	select {
	case fresh := <-done:
		if !fresh {
			t.Error("the result of a pipe was kept")
		}
	case <-time.After(10 * time.Second):
		t.Fatal("waiting for the pipe")
	}
}
