package audit

import (
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/manylinux"
)

// TestSeveralSystems: native code for several systems or machines in a wheel for all of
// them is one finding and has no platform tag; what one tag could say has its own.
func TestSeveralSystems(t *testing.T) {
	intel, arm := fixture(t, "exe-x86_64-static"), fixture(t, "exe-aarch64-static")
	mac, fat := macho("arm64", 1, 11, 0), fatBytes(macho("x86_64", 1, 10, 9), macho("arm64", 1, 11, 0))
	launcher, dll := peBytes(amd64PE, programPE), peBytes(amd64PE, dllPE)
	for _, c := range []struct {
		what, tag string
		files     map[string][]byte
		systems   string // joined
		platform  string
		said      []string
	}{
		{"two machines", "any", map[string][]byte{"x/a": intel, "x/b": arm}, "Linux (aarch64, x86_64)", "",
			[]string{"error misplaced-binary: x/a is one of 2 files with machine code for Linux (aarch64, x86_64) in a wheel whose tag is any"}},
		{"three systems", "any", map[string][]byte{"x/a": intel, "x/b": mac, "x/c.dll": dll}, "Linux (x86_64) Windows (amd64) macOS (arm64)", "",
			[]string{"error misplaced-binary: x/a is one of 3 files with machine code for Linux (x86_64), Windows (amd64), macOS (arm64) in a wheel whose tag is any"}},
		{"launchers next to them", "any", map[string][]byte{"x/a": intel, "x/b": mac, "x/c.exe": launcher}, "Linux (x86_64) Windows (amd64) macOS (arm64)", "",
			[]string{
				"error misplaced-binary: x/a is one of 2 files with machine code for Linux (x86_64), Windows (amd64), macOS (arm64) in a wheel whose tag is any",
				"note foreign-program: x/c.exe is a Windows program in a wheel for any platform",
			}},
		{"launchers alone", "any", map[string][]byte{"x/a.exe": launcher, "x/b.exe": peBytes(x86PE, programPE)}, "Windows (amd64, x86)", "",
			[]string{"note foreign-program: x/a.exe is a Windows program in a wheel for any platform", "note foreign-program: x/b.exe is a Windows program in a wheel for any platform"}},
		{"one machine twice", "any", map[string][]byte{"x/a": intel, "x/b": intel}, "", "manylinux_2_5_x86_64",
			[]string{"error misplaced-binary: x/a is machine code in a wheel whose tag is any", "error misplaced-binary: x/b is machine code in a wheel whose tag is any"}},
		{"a universal file", "any", map[string][]byte{"x/a": fat}, "", "",
			[]string{"error misplaced-binary: x/a is macOS machine code (Mach-O, x86_64, arm64) in a wheel whose tag is any"}},
		{"two machines that the name says", "manylinux_2_17_x86_64.manylinux_2_17_aarch64", map[string][]byte{"x/a": intel, "x/b": arm}, "", "manylinux_2_5_x86_64",
			[]string{"note lower-policy: claims manylinux_2_17_x86_64; by its needs it could be manylinux_2_5_x86_64"}},
	} {
		r := audited(t, c.tag, loading, c.files)
		if systems := strings.Join(r.Systems, " "); systems != c.systems || r.PlatformTag != c.platform {
			t.Errorf("%s: systems %q, tag %q", c.what, systems, r.PlatformTag)
		}
		if got, want := strings.Join(said(r), "\n"), strings.Join(c.said, "\n"); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", c.what, got, want)
		}
		e := Explain(r)
		if (len(e.Releases) > 0) != (c.platform != "") || c.systems != "" && (e.Filename != "" || !strings.Contains(e.Sentence, "no common tag")) {
			t.Errorf("%s: %s, file name %q, %d releases", c.what, e.Sentence, e.Filename, len(e.Releases))
		}
		if answer, _, err := r.Qualifies("manylinux_2_28", nil); c.systems != "" && (answer != manylinux.NotApplicable || err != nil) {
			t.Errorf("%s: manylinux_2_28 %s, %v", c.what, answer, err)
		}
	}
}
