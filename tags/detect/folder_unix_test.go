//go:build unix

package detect

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// TestFolder reads a directory on disk, with what an image may hold to do harm.
func TestFolder(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs links, pipes and permissions as Linux has them")
	}
	outside, dir := t.TempDir(), t.TempDir()
	write := func(name string, data []byte) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, file := range root(t, with(glibcBase, python311[:4]...)) {
		if file.Mode&os.ModeSymlink == 0 {
			write(filepath.Join(dir, name), file.Data)
		}
	}
	write(filepath.Join(outside, "os-release"), []byte("ID=outside\nVERSION_ID=1\n"))
	os.Remove(filepath.Join(dir, "etc/os-release"))
	for link, target := range map[string]string{
		"etc/os-release":    filepath.Join(outside, "os-release"),
		"opt/self":          ".",
		"usr/local":         "../../../../../..",
		"usr/bin/python3.8": "/dev/zero",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, link)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "usr/bin/python3.7"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "opt/locked"), 0); err != nil {
		t.Fatal(err)
	}
	s, err := Dir(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	want := "; x86_64 glibc 2.36; /usr/bin/python3.11 3.11.2 CPython 3.11"
	if os.Geteuid() != 0 { // root may read everything
		want += "; unreadable"
	}
	if got := summary(s); got != want {
		t.Errorf("got  %s\nwant %s\n%v", got, want, s.Warnings)
	}
	if _, err := Dir(filepath.Join(dir, "absent"), Options{}); err == nil {
		t.Error("no error for a directory that is not there")
	}
	if _, err := Dir(filepath.Join(outside, "os-release"), Options{}); err == nil {
		t.Error("no error for a file")
	}
}
