package elfaudit

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// TestPatchelf reads files that patchelf rewrote, as repaired wheels hold them:
// it moves the dynamic and string tables to the end, into new segments.
func TestPatchelf(t *testing.T) {
	patchelf, err := exec.LookPath("patchelf")
	if err != nil {
		t.Skip("no patchelf on this machine")
	}
	var files []sample
	for _, machine := range []string{"x86_64", "i686", "aarch64", "armv7l", "ppc64le", "s390x", "riscv64"} {
		original := filepath.Join("..", "testdata", "elf", "ext-"+machine+"-gnu2.34.so")
		for what, args := range map[string][]string{
			"run path":   {"--set-rpath", "$ORIGIN/../demo.libs/a/rather/long/way/to/make/the/table/grow"},
			"rpath":      {"--force-rpath", "--set-rpath", "$ORIGIN/demo.libs"},
			"add needed": {"--add-needed", "libbundled-0123456789abcdef.so.1"},
			"soname":     {"--set-soname", "libdemo-0123456789abcdef.so.1"},
			"replace":    {"--replace-needed", "libc.so.6", "libother-0123456789abcdef.so.6"},
		} {
			data, err := os.ReadFile(original)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "demo.so")
			if err := os.WriteFile(path, data, 0o755); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command(patchelf, append(args, path)...).CombinedOutput(); err != nil {
				t.Fatalf("%s on %s: %v\n%s", what, machine, err, out)
			}
			if data, err = os.ReadFile(path); err != nil {
				t.Fatal(err)
			}
			f, err := ReadFile(path)
			if err != nil {
				t.Errorf("%s on %s: %v", what, machine, err)
				continue
			}
			all := slices.Concat(f.Needed, f.RPath, f.RunPath, []string{f.Soname})
			if want := args[len(args)-1]; !slices.Contains(all, want) {
				t.Errorf("%s on %s: %s is not among %q", what, machine, want, all)
			}
			files = append(files, sample{name: what + " on " + machine, data: data})
		}
	}
	if _, err := exec.LookPath("readelf"); err == nil {
		compareWithReadelf(t, files)
	}
}
