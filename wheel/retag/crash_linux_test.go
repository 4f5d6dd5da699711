package retag

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The variables of the environment by which a test runs this program again as one that
// changes a wheel: its path, and how large a file may become.
const (
	childPath  = "WHEELTAG_TEST_RETAG"
	childLimit = "WHEELTAG_TEST_LIMIT"
)

func TestMain(m *testing.M) {
	path := os.Getenv(childPath)
	if path == "" {
		os.Exit(m.Run())
	}
	if limit, err := strconv.ParseUint(os.Getenv(childLimit), 10, 64); err == nil {
		if err := syscall.Setrlimit(1, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil { // RLIMIT_FSIZE
			panic(err)
		}
	}
	one := "1"
	if _, err := File(context.Background(), path, "", Options{Build: &one}); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}

// large is a wheel that takes a while to write.
func large(t *testing.T) []byte {
	content := make([]byte, 16<<20)
	seed := uint32(1)
	for i := range content {
		seed = seed*1664525 + 1013904223
		content[i] = byte(seed >> 24)
	}
	return pack(t, append([]file{{"demo/large.bin", string(content)}}, demo()...), nil, "")
}

// child runs this program on a wheel.
func child(t *testing.T, path string, limit int) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childPath+"="+path, fmt.Sprintf("%s=%d", childLimit, limit))
	if limit == 0 {
		cmd.Env = cmd.Env[:len(cmd.Env)-1]
	}
	return cmd
}

// TestKilled: whenever the program is killed, there is the whole wheel or none.
func TestKilled(t *testing.T) {
	path := place(t, pure, large(t))
	target := filepath.Join(filepath.Dir(path), "demo-1.0-1-py3-none-any.whl")
	start := time.Now()
	if out, err := child(t, path, 0).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	takes := time.Since(start)
	want, err := os.ReadFile(target)
	if err != nil {
		t.Fatal(err)
	}
	runs := 24
	if testing.Short() {
		runs = 6
	}
	none, partial := 0, 0
	for i := range runs {
		if err := os.Remove(target); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		cmd := child(t, path, 0)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(takes * time.Duration(i) / time.Duration(runs))
		cmd.Process.Kill()
		cmd.Wait()
		got, err := os.ReadFile(target)
		switch {
		case errors.Is(err, os.ErrNotExist):
			none++
		case err != nil || !bytes.Equal(got, want):
			t.Fatalf("%d bytes of %d, %v", len(got), len(want), err)
		}
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".wheeltag-*.tmp"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range left {
		if info, err := os.Stat(path); err == nil && info.Size() > 0 && info.Size() < int64(len(want)) {
			partial++
		}
	}
	t.Logf("%d of %d without a result, %d temporary files, %d of them incomplete", none, runs, len(left), partial)
	if none == 0 {
		t.Error("no run was killed early enough")
	}
}

// TestFull: a file that may not become large enough is an error that names it, and nothing
// is left.
func TestFull(t *testing.T) {
	path := place(t, pure, large(t))
	for _, limit := range []int{1, 4096, 1 << 20, 16 << 20} {
		out, err := child(t, path, limit).CombinedOutput()
		if want := "write " + filepath.Join(filepath.Dir(path), "demo-1.0-1-py3-none-any.whl") + ": file too large"; err == nil || !strings.Contains(string(out), want) {
			t.Errorf("%d: %v: %s", limit, err, out)
		}
		if got := names(t, filepath.Dir(path)); got != pure {
			t.Errorf("%d: %s", limit, got)
		}
	}
}
