package audit

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/manylinux"
)

// TestQualifiesElsewhere: tags of macOS, iOS and Windows, of a wheel's own system and of
// others, also after JSON.
func TestQualifiesElsewhere(t *testing.T) {
	mac := map[string][]byte{"a.so": macho("arm64", 1, 12, 0), "b.so": macho("arm64", 1, 11, 3)}
	both := map[string][]byte{"a.so": fatBytes(macho("x86_64", 1, 10, 13), macho("arm64", 1, 11, 0))}
	silent := map[string][]byte{"a.so": macho("x86_64", 0, 0, 0)}
	windows := map[string][]byte{"a.pyd": peBytes(amd64PE, dllPE), "helper.exe": peBytes(x86PE, programPE)}
	mixed := map[string][]byte{"a.pyd": peBytes(amd64PE, dllPE), "b.pyd": peBytes(x86PE, dllPE)}
	for _, c := range []struct {
		what, claim string
		files       map[string][]byte
		want        string // each tag with its answer
	}{
		{"macOS", "macosx_12_0_arm64", mac, "macosx_12_0_arm64 yes, macosx_13_0_arm64 yes, macosx_11_0_arm64 no: macOS 12.0 or newer on arm64 (LC_BUILD_VERSION), macosx_12_0_universal2 no: has no code for x86_64 macOS, macosx_12_0_x86_64 not-applicable, ios_13_0_arm64_iphoneos not-applicable, win_arm64 not-applicable, manylinux_2_28 not-applicable"},
		{"two machines", "macosx_10_13_universal2", both, "macosx_10_13_universal2 yes, macosx_10_13_x86_64 yes, macosx_10_12_x86_64 no: macOS 10.13 or newer on x86_64 (LC_BUILD_VERSION), macosx_10_9_arm64 yes, macosx_11_0_arm64 yes"},
		{"10.16 is 11", "macosx_11_0_arm64", map[string][]byte{"a.so": macho("x86_64", 1, 11, 0)}, "macosx_10_16_x86_64 yes, macosx_10_15_x86_64 no: macOS 11.0 or newer on x86_64 (LC_BUILD_VERSION)"},
		{"a minor that no tag says", "macosx_11_0_arm64", map[string][]byte{"a.so": macho("arm64", 1, 11, 3)}, "macosx_11_0_arm64 yes"},
		{"no version", "macosx_10_9_x86_64", silent, "macosx_10_4_x86_64 yes, macosx_10_9_arm64 not-applicable"},
		{"iOS", "ios_13_0_arm64_iphoneos", map[string][]byte{"a.so": macho("arm64", 2, 13, 0)}, "ios_13_0_arm64_iphoneos yes, ios_12_0_arm64_iphoneos no: iOS 13.0 or newer on arm64 (LC_BUILD_VERSION), ios_13_0_arm64_iphonesimulator not-applicable, macosx_11_0_arm64 not-applicable"},
		{"Windows", "win_amd64", windows, "win_amd64 yes, win32 not-applicable, win_arm64 not-applicable, macosx_11_0_arm64 not-applicable"},
		{"Windows of two machines", "win_amd64", mixed, "win_amd64 no: has no code for amd64 Windows, win32 no: has no code for x86 Windows"},
		{"no native code", "any", map[string][]byte{"a.py": nil}, "macosx_11_0_arm64 yes, win_amd64 yes"},
		{"Linux", "manylinux_2_17_x86_64", map[string][]byte{"a.so": fixture(t, "ext-x86_64-gnu2.17.so")}, "macosx_11_0_arm64 not-applicable, win_amd64 not-applicable"},
	} {
		r := audited(t, c.claim, loading, c.files)
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var again Report
		if err := json.Unmarshal(text, &again); err != nil {
			t.Fatal(err)
		}
		for _, r := range []*Report{r, &again} {
			var got []string
			for part := range strings.SplitSeq(c.want, ", ") {
				tag, _, _ := strings.Cut(part, " ")
				answer, causes, err := r.Qualifies(tag, nil)
				if err != nil {
					t.Fatal(err)
				}
				line := fmt.Sprintf("%s %s", tag, answer)
				if len(causes) > 0 {
					line += ": " + causes[0].Reason
				}
				got = append(got, line)
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("%s:\n%s\nwant\n%s", c.what, strings.Join(got, ", "), c.want)
			}
		}
	}
	for tag, wrong := range map[string]bool{"macosx_11_0_arm64": false, "win32": false, "ios_13_0_arm64_iphoneos": false, "manylinux_2_28": false, "macosx": true, "win": true} {
		if err := CheckTag(tag); (err != nil) != wrong {
			t.Errorf("%s: %v", tag, err)
		}
	}
	r := audited(t, "macosx_11_0_arm64", loading, map[string][]byte{"a.so": mac["b.so"], "b.so": mac["b.so"][:40]})
	if answer, _, _ := r.Qualifies("macosx_11_0_arm64", nil); answer != manylinux.Unknown {
		t.Errorf("a file that cannot be read: %s", answer)
	}
}

// TestExplainElsewhere: the files by the oldest macOS that each was built for, and the
// libraries that Windows files need.
func TestExplainElsewhere(t *testing.T) {
	e := Explain(audited(t, "macosx_13_0_arm64", loading, map[string][]byte{
		"a.so": macho("arm64", 1, 11, 0), "b.so": macho("arm64", 1, 13, 0), "c.so": macho("arm64", 1, 12, 1), "d.so": macho("arm64", 1, 13, 2),
	}))
	var floor, steps []string
	for _, d := range e.Floor {
		floor = append(floor, d.File)
	}
	for _, step := range e.Steps {
		line := step.PlatformTag
		for _, d := range step.Remove {
			line += " " + d.File
		}
		steps = append(steps, line)
	}
	if got, want := strings.Join(floor, " "), "b.so d.so"; got != want || e.Below != 2 {
		t.Errorf("floor %q, want %q; %d below", got, want, e.Below)
	}
	if got, want := strings.Join(steps, ", "), "macosx_12_0_arm64 b.so d.so, macosx_11_0_arm64 b.so d.so c.so"; got != want {
		t.Errorf("steps %q, want %q", got, want)
	}
	if !strings.HasSuffix(e.Sentence, "What the system's libraries have in each release is not looked at.") {
		t.Error(e.Sentence)
	}
	dll := Other{Path: "x/b.dll", Format: "PE", Kind: "dylib", Machines: []string{"amd64"}, Needed: []string{"KERNEL32.dll"}}
	module := Other{Path: "x/a.pyd", Format: "PE", Kind: "dylib", Machines: []string{"amd64"}, Needed: []string{"B.dll", "python311.dll", "kernel32.dll"}}
	for _, c := range []struct {
		others []Other
		want   string
	}{
		{[]Other{module, dll}, " The tag says the machine alone. The files need from outside the wheel: kernel32.dll, python311.dll. Which releases of Windows have the functions of these libraries is not looked at."},
		{[]Other{{Path: "a.pyd", Format: "PE", Kind: "dylib"}}, " The tag says the machine alone. The files need no library from outside the wheel."},
	} {
		if got := windowsNeeds(&Report{Other: c.others}); got != c.want {
			t.Errorf("%s\nwant %s", got, c.want)
		}
	}
}
