package tags

import (
	"strings"
	"testing"
)

// TestImpossible: sets that no installer takes, and those next to them.
func TestImpossible(t *testing.T) {
	for set, want := range map[string]string{
		"py3-abi3-any":                                   "no installer accepts py3-abi3: a generic Python tag goes with ABI none only",
		"py3-cp312-win_amd64":                            "no installer accepts py3-cp312: a generic Python tag goes with ABI none only",
		"cp312-cp312-any":                                "no installer accepts cp312-cp312-any: a wheel bound to an ABI must name its platform",
		"cp38-abi3-any":                                  "no installer accepts cp38-abi3-any: a wheel bound to an ABI must name its platform",
		"cp3-abi3-win_amd64":                             "no installer accepts the interpreter tag cp3: CPython's tags name the minor version",
		"cp31-abi3-win_amd64":                            "no installer accepts cp31-abi3: the stable ABI began with CPython 3.2",
		"cp311-cp312-win_amd64":                          "no installer accepts cp311-cp312: the ABI is that of another Python than the tag says",
		"cp315t-cp315t-win_amd64":                        "no interpreter has the tag cp315t: flags such as t belong to the ABI, not to the interpreter",
		"py3-none-linux_arm64":                           "no installer accepts linux_arm64; write linux_aarch64",
		"py3-none-linux_amd64":                           "no installer accepts linux_amd64; write linux_x86_64",
		"py3-none-manylinux1_aarch64":                    "no installer accepts manylinux1_aarch64: manylinux begins with glibc 2.17 on aarch64 for packaging",
		"py3-none-manylinux_2_28_arm64":                  "no installer accepts manylinux_2_28_arm64; write manylinux_2_28_aarch64",
		"py3-none-macosx_14_4_arm64":                     "no installer accepts macosx_14_4_arm64: from macOS 11 on the minor number of a tag is 0",
		"py3-none-macosx_11_3_universal2":                "no installer accepts macosx_11_3_universal2: from macOS 11 on the minor number of a tag is 0",
		"py3-none-macosx_14_0_aarch64":                   "no installer accepts macosx_14_0_aarch64; write macosx_14_0_arm64",
		"py3-none-win_x86_64":                            "no installer accepts win_x86_64; write win_amd64",
		"py3-none-win64":                                 "no installer accepts the platform tag win64",
		"py3-none-manylinux2014":                         "no installer accepts the platform tag manylinux2014",
		"py3-none-linux_arm64.macosx_14_4_arm64":         "no installer accepts linux_arm64; write linux_aarch64",
		"cp311.cp312-cp313-win_amd64":                    "no installer accepts cp311-cp313: the ABI is that of another Python than the tag says",
		"py3-none-any":                                   "",
		"py2.py3-none-any":                               "",
		"cp312-none-any":                                 "",
		"cp38-abi3-win_amd64":                            "",
		"cp32-abi3-linux_x86_64":                         "",
		"cp312-abi3.abi3t-musllinux_1_2_aarch64":         "",
		"cp311.cp312-cp311.cp312-win_amd64":              "",
		"py3.cp38-abi3-win_amd64":                        "",
		"pp311-pypy311_pp73-win_amd64":                   "",
		"graalpy311-graalpy242_311_native-linux_aarch64": "",
		"py3-none-linux_aarch64":                         "",
		"py3-none-linux_i386":                            "",
		"py3-none-linux_sparc64":                         "",
		"py3-none-macosx_10_9_x86_64":                    "",
		"py3-none-macosx_10_6_intel":                     "",
		"py3-none-macosx_10_4_fat":                       "",
		"py3-none-macosx_11_0_universal2":                "",
		"py3-none-macosx_26_0_arm64":                     "",
		"py3-none-macosx_10_16_arm64":                    "no installer accepts macosx_10_16_arm64: tags for arm64 begin with macOS 11",
		"py3-none-win32":                                 "",
		"py3-none-win_arm64":                             "",
		"py3-none-win_ia64":                              "",
		"py3-none-manylinux_2_17_ppc64":                  "",
		"py3-none-manylinux_2_99_riscv64":                "",
		"py3-none-manylinux2014_x86_64":                  "",
		"py3-none-musllinux_1_1_i686":                    "",
		"py3-none-musllinux_2_0_i686":                    "",
		"py3-none-ios_13_0_arm64_iphoneos":               "",
		"py3-none-android_21_arm64_v8a":                  "",
		"py3-none-pyemscripten_2026_0_wasm32":            "",
		"py3-none-freebsd_14_1_release_amd64":            "",
		"py3-none-linux_arm64.manylinux1_x86_64":         "",
		"cp312-cp312-any.win_amd64":                      "",
		"py3-none-manylinux_999_1_x86_64":                "",
	} {
		s, err := ParseSet(set)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if r := s.Impossible(); r != nil {
			got = r.Message
			if r.Code != ReasonNever {
				t.Errorf("%s: %s", set, r.Code)
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", set, got, want)
		}
	}
	if r := (&Set{}).Impossible(); r != nil {
		t.Errorf("the zero Set: %v", r)
	}
}

// TestImpossibleLarge: a hostile set is not looked at for long, and nothing is said of it.
func TestImpossibleLarge(t *testing.T) {
	for _, text := range []string{
		"py3" + strings.Repeat(".py3", 400) + "-abi3" + strings.Repeat(".abi3", 400) + "-any",
		"py3-none-linux_arm64" + strings.Repeat(".linux_arm64", maxPlatforms),
	} {
		s, err := ParseSet(text)
		if err != nil {
			t.Fatal(err)
		}
		if r := s.Impossible(); r != nil {
			t.Errorf("%.20s: %s", text, r.Message)
		}
	}
	s, _ := ParseSet("py3-none-linux_arm64" + strings.Repeat(".linux_arm64", maxPlatforms-1))
	if s.Impossible() == nil {
		t.Error("a set at the bound is not looked at")
	}
}
