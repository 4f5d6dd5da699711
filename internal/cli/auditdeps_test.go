package cli

import (
	"archive/zip"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/internal/elftest"
)

// writeWheel writes a wheel of files into a directory.
func writeWheel(t *testing.T, dir, name string, files map[string][]byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(out)
	for file, content := range files {
		w, err := z.Create(file)
		if err == nil {
			_, err = w.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), out.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// company writes a wheel that needs the library of another, and that one in two
// directories: in a release that has the symbols and in one that has not.
func company(t *testing.T) (wheel, good, bad string) {
	t.Helper()
	dir := t.TempDir()
	good, bad = filepath.Join(dir, "good"), filepath.Join(dir, "bad")
	if err := errors.Join(os.Mkdir(good, 0o755), os.Mkdir(bad, 0o755)); err != nil {
		t.Fatal(err)
	}
	user := elftest.Spec{Needed: []string{"libcore.so.1", "libc.so.6"}, RunPath: "$ORIGIN/core", Exported: []string{"PyInit_m"}, Undefined: []string{"core_open"}, Needs: []elftest.Need{{Library: "libcore.so.1", Versions: []string{"CORE_1"}}, {Library: "libc.so.6", Versions: []string{"GLIBC_2.17"}}}}
	wheel = writeWheel(t, dir, "demo-1.0-cp312-cp312-manylinux_2_17_x86_64.whl", map[string][]byte{
		"m.so": user.Bytes(), "demo-1.0.dist-info/METADATA": []byte("Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nProvides-Extra: fast\nRequires-Dist: core; extra == 'fast'\n\n"),
		"demo-1.0.dist-info/WHEEL": []byte("Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp312-cp312-manylinux_2_17_x86_64\n"),
	})
	writeWheel(t, good, "core-1.0-cp312-cp312-manylinux_2_17_x86_64.whl", map[string][]byte{"core/libcore.so.1": elftest.Spec{Soname: "libcore.so.1", Needed: []string{"libc.so.6"}, Exported: []string{"core_open"}, Defines: []string{"libcore.so.1", "CORE_1"}}.Bytes()})
	writeWheel(t, bad, "core-2.0-cp312-cp312-manylinux_2_17_x86_64.whl", map[string][]byte{"core/libcore.so.1": elftest.Spec{Soname: "libcore.so.1", Needed: []string{"libc.so.6"}, Defines: []string{"libcore.so.1", "CORE_2"}}.Bytes()})
	return wheel, good, bad
}

// TestWithDeps: directories, lock files next to wheels, lock files with wheels elsewhere.
func TestWithDeps(t *testing.T) {
	wheel, good, bad := company(t)
	lock := func(dir, version string) string {
		path := filepath.Join(dir, "requirements.txt")
		if err := os.WriteFile(path, []byte("core=="+version+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	next, elsewhere, other := lock(good, "1.0"), lock(t.TempDir(), "1"), lock(t.TempDir(), "3.0")
	for _, c := range []struct {
		what, args string
		status     int
		want       string // in the output or the messages
		not        string
	}{
		{"nothing", "", 1, "WT202 error", "WT24"},
		{"a directory", "--with-deps " + good, 0, "WT240 warning", "WT202"},
		{"a directory with another release", "--with-deps " + bad, 1, "takes core_open", "WT202"},
		{"two directories: the newer release", "--with-deps " + good + " --with-deps " + bad, 1, "WT243 error", ""},
		{"a lock file", "--with-deps " + next, 0, "for the extra fast; the run path", "WT243"},
		{"a lock file and directories", "--with-deps " + elsewhere + " --with-deps " + bad + " --with-deps " + good, 0, "provided by core-1.0", "WT243"},
		{"a lock file without its wheels", "--with-deps " + other + " --with-deps " + good, 2, "is next to it or in a directory that was given", ""},
		{"a lock file alone", "--with-deps " + elsewhere, 2, "--with-deps: no wheel of", ""},
		{"no such directory", "--with-deps " + filepath.Join(good, "absent"), 2, "--with-deps: ", ""},
		{"an empty directory", "--with-deps " + t.TempDir(), 2, "no *.whl files", ""},
		{"not a lock file", "--with-deps " + wheel, 2, "--with-deps: ", ""},
		{"strict", "--strict --with-deps " + good, 1, "WT240 warning", ""},
		{"excluded and checked", "--exclude libcore.so.1 --with-deps " + bad, 1, "WT243 error", "WT240"},
	} {
		status, out, messages := inFixtures(t, append([]string{"audit", "--ignore", "WT4", wheel}, strings.Fields(c.args)...), "")
		text := strings.Join(strings.Fields(out+messages), " ")
		if status != c.status || !strings.Contains(text, c.want) || c.not != "" && strings.Contains(text, c.not) {
			t.Errorf("%s: status %d, want %d\n%s%s", c.what, status, c.status, out, messages)
		}
	}
}
