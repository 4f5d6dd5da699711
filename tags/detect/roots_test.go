package detect

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
)

// rootsDir is the directory of roots that internal/tools/roots/build.sh made.
func rootsDir(t testing.TB) string {
	dir := os.Getenv("WHEELTAG_ROOTS")
	if dir == "" {
		t.Skip("no roots; run internal/tools/roots/build.sh DIR and set WHEELTAG_ROOTS=DIR")
	}
	return dir
}

// TestRoots reads systems that a distribution made.
func TestRoots(t *testing.T) {
	dir := rootsDir(t)
	bookworm := func(machine string) string {
		return "debian:12; " + machine + " glibc 2.36; /usr/bin/python3.11 3.11.2 CPython 3.11, managed"
	}
	for name, want := range map[string]string{
		"bookworm-amd64":   bookworm("x86_64"),
		"bookworm-arm64":   bookworm("aarch64"),
		"bookworm-armhf":   bookworm("armv7l"),
		"bookworm-i386":    bookworm("i686"),
		"bookworm-ppc64el": bookworm("ppc64le"),
		"bookworm-s390x":   bookworm("s390x"),
		"slim-amd64":       bookworm("x86_64"),
		"trixie-amd64":     "debian:13; x86_64 glibc 2.41; /usr/bin/python3.13 3.13.5 CPython 3.13, managed",
		"trixie-riscv64":   "debian:13; riscv64 glibc 2.41; /usr/bin/python3.13 3.13.5 CPython 3.13, managed",
		"pypy-amd64":       "debian:12; x86_64 glibc 2.36; /usr/bin/pypy3.9 3.9 PyPy 3.9 pypy39_pp73, managed",
		"debug-amd64":      bookworm("x86_64") + "; /usr/bin/python3.11d 3.11.2 CPython 3.11d, managed",
		"nopython-arm64":   "debian:12; aarch64 glibc 2.36",
		"musl-amd64":       "; x86_64 musl 1.2.3",
		"musl-arm64":       "; aarch64 musl 1.2.3",
		"musl-s390x":       "; s390x musl 1.2.3",
		"mixed-amd64":      bookworm("x86_64") + "; two-libcs",
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Dir(filepath.Join(dir, name), Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if got := summary(s); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// TestSysTags holds our tags against those that packaging gives inside the real
// interpreters of the roots, run by an emulator.
func TestSysTags(t *testing.T) {
	dir := rootsDir(t)
	packaging := os.Getenv("WHEELTAG_PACKAGING")
	if packaging == "" {
		t.Skip("set WHEELTAG_PACKAGING to the directory that packaging 26.3 is installed in")
	}
	for root, emulator := range map[string]string{
		"bookworm-arm64": "aarch64", "bookworm-armhf": "arm", "bookworm-s390x": "s390x", "bookworm-i386": "i386",
		"bookworm-amd64": "x86_64", "trixie-riscv64": "riscv64", "pypy-amd64": "x86_64", "debug-amd64": "x86_64",
	} {
		t.Run(root, func(t *testing.T) {
			qemu, err := exec.LookPath("qemu-" + emulator + "-static")
			if err != nil {
				t.Skipf("no qemu-%s-static; install qemu-user-static", emulator)
			}
			s, err := Dir(filepath.Join(dir, root), Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			for _, p := range s.Pythons {
				full := filepath.Join(dir, root)
				cmd := exec.Command(qemu, "-L", full, filepath.Join(full, p.Program), "-c",
					"import packaging.tags as t; print(*t.sys_tags(), sep='\\n')")
				cmd.Env = []string{"PYTHONPATH=" + packaging, "PYTHONDONTWRITEBYTECODE=1"}
				out, err := cmd.Output()
				if err != nil {
					t.Fatalf("%s: %v", p.Path, err)
				}
				target, err := tags.New(p.Python, p.Platform, tags.Packaging)
				if err != nil {
					t.Fatal(err)
				}
				var ours []string
				for tag := range target.Tags() {
					ours = append(ours, tag.String())
				}
				if diff := cmp.Diff(strings.Fields(string(out)), ours); diff != "" {
					t.Errorf("%s (-packaging +ours):\n%s", p.Path, diff)
				}
			}
		})
	}
}

// BenchmarkDir reads a whole root.
func BenchmarkDir(b *testing.B) {
	root := filepath.Join(rootsDir(b), "bookworm-arm64")
	b.ReportAllocs()
	for b.Loop() {
		s, err := Dir(root, Options{})
		if err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}

// TestHost reads the machine that the test runs on.
func TestHost(t *testing.T) {
	s, err := Host(Options{})
	if runtime.GOOS != "linux" {
		if err == nil {
			t.Error("no error on a system that cannot be read")
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	machines := map[string]string{"amd64": "x86_64", "arm64": "aarch64", "s390x": "s390x", "ppc64le": "ppc64le"}
	if want, ok := machines[runtime.GOARCH]; ok && s.Machine != want {
		t.Errorf("machine %s, want %s", s.Machine, want)
	}
}
