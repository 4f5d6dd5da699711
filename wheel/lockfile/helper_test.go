package lockfile

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// sharedLock finds a real lock file in ../shared beside the repository. Those
// files belong to other people, so they are no part of it.
func sharedLock(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(dir, "..", "shared", "locks", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skip("the real lock files are not here: no ../shared/locks/" + name)
	}
	return path
}

// environment describes CPython of a version on a system: linux, darwin or win32.
func environment(version, system, machine string) *pep508.Environment {
	short := strings.Join(strings.Split(version, ".")[:2], ".")
	e := &pep508.Environment{
		ImplementationName: "cpython", ImplementationVersion: version, OSName: "posix", PlatformMachine: machine,
		PlatformSystem:    map[string]string{"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[system],
		PythonFullVersion: version, PlatformPythonImplementation: "CPython", PythonVersion: short, SysPlatform: system,
	}
	if system == "win32" {
		e.OSName = "nt"
	}
	return e
}

// must reads a lock from text and fails on problems other than those of the
// given codes.
func must(t *testing.T, name, text string, codes ...Code) *Lock {
	t.Helper()
	l, err := Read(strings.NewReader(text), name)
	if err != nil {
		t.Fatal(err)
	}
	wantProblems(t, l.Problems, codes...)
	return l
}

func wantProblems(t *testing.T, problems []Problem, codes ...Code) {
	t.Helper()
	var got []Code
	for _, p := range problems {
		got = append(got, p.Code)
		if p.File == "" || p.Line < 1 || p.Message == "" {
			t.Errorf("problem without a place or message: %#v", p)
		}
	}
	if !slices.Equal(got, codes) {
		t.Errorf("problems %v, want codes %v", problems, codes)
	}
}

// states writes the answer for each package: name, version, first letter of the
// state, and the reason's code.
func states(t *testing.T, l *Lock, env *pep508.Environment, sel Selection) string {
	t.Helper()
	needed, err := l.Needed(env, sel)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, n := range needed {
		fmt.Fprintf(&b, "%s-%s:%c", n.Package.Name, n.Package.Version, n.State[0])
		if n.Reason.Code != "" {
			b.WriteString("(" + string(n.Reason.Code) + ")")
		}
		b.WriteByte(' ')
	}
	return strings.TrimSpace(b.String())
}

// files is an Opener for texts in memory.
func files(texts map[string]string) Opener {
	return func(name string) (io.ReadCloser, error) {
		text, ok := texts[name]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return io.NopCloser(strings.NewReader(text)), nil
	}
}
