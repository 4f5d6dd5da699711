package audit

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/binfile"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// otherFindings checks one Mach-O or PE file against the tags of a name, and lists rule,
// what is claimed and needed, and the message.
func otherFindings(platforms, path string, f binaryFile) []string {
	var claims []tags.PlatformTag
	for tag := range strings.SplitSeq(platforms, ".") {
		claims = append(claims, tags.ParsePlatformTag(tag))
	}
	f.path = path
	s := Subject{rules: finding.Selection{Index: finding.NoIndex()}, Claims: claims, ELF: linkset.New(nil), content: content{binaries: []binaryFile{f}}}
	var list []string
	for _, found := range s.check() {
		rule, _ := finding.Lookup(found.Rule)
		list = append(list, strings.Join([]string{rule.Name, found.Claimed, found.Need, found.Version, found.Message}, "|"))
	}
	return list
}

// TestOtherSystems: what is found of a file for macOS, iOS or Windows, with what the name
// claims and what the file needs.
func TestOtherSystems(t *testing.T) {
	mac, module, program := macho("x86_64", 1, 10, 9), peBytes(amd64PE, dllPE), peBytes(amd64PE, programPE)
	old := macho("x86_64", 0, 0, 0) // does not say for which system
	fat := fatBytes(macho("x86_64", 1, 10, 9), macho("arm64", 1, 11, 0))
	for _, c := range []struct {
		what, platforms string
		data            []byte
		want            []string
	}{
		{"any with a file", "any", mac, []string{"misplaced-binary|any|x86_64||is macOS machine code (Mach-O, x86_64) in a wheel whose tag is any"}},
		{"any and more with a file", "any.win_amd64", fat, []string{"misplaced-binary|any|x86_64, arm64||is macOS machine code (Mach-O, x86_64, arm64) in a wheel whose tag is any"}},
		{"any last", "linux_x86_64.any", module, []string{"misplaced-binary|any|amd64||is Windows machine code (PE, amd64) in a wheel whose tag is any"}},
		{"a launcher anywhere", "any", program, []string{"foreign-program|any|amd64||is a Windows program in a wheel for any platform"}},
		{"Android", "android_24_arm64_v8a", module, []string{"wrong-machine|android_24_arm64_v8a|amd64||is Windows machine code (PE, amd64); the name says arm64_v8a Android"}},
		{"Windows", "win_arm64", mac, []string{"wrong-machine|win_arm64|x86_64||is macOS machine code (Mach-O, x86_64); the name says arm64 Windows"}},
		{"several systems", "win_arm64.linux_x86_64.manylinux_2_17_x86_64", mac, []string{
			"wrong-machine|win_arm64, linux_x86_64, manylinux_2_17_x86_64|x86_64||is macOS machine code (Mach-O, x86_64); the name says arm64 Windows, x86_64 Linux",
		}},
		{"a file of an unknown system", "linux_x86_64", old, []string{"wrong-machine|linux_x86_64|x86_64||is macOS machine code (Mach-O, x86_64); the name says x86_64 Linux"}},
		{"a simulator", "ios_13_0_arm64_iphonesimulator", mac, []string{"wrong-machine|ios_13_0_arm64_iphonesimulator|x86_64||is macOS machine code (Mach-O, x86_64); the name says arm64 iOS simulator"}},
		{"a system that is not known, then another", "mingw_x86_64.linux_x86_64", mac, nil},
		{"Mach-O for Windows and a DLL", "win_amd64", module, nil},
		{"no tags", "", mac, nil},
		{"a DLL with macOS and Windows", "macosx_11_0_arm64.win_amd64", module, nil},
		{"Mach-O with macOS and Windows", "win_amd64.macosx_11_0_x86_64", mac, nil},
		{"the same machine twice", "linux_x86_64", fatBytes(macho("arm64", 1, 11, 0), macho("arm64", 1, 12, 0)), []string{"wrong-machine|linux_x86_64|arm64||is macOS machine code (Mach-O, arm64); the name says x86_64 Linux"}},
		{"too new a system", "macosx_10_9_x86_64", macho("x86_64", 1, 10, 13), []string{"symbol-version|macosx_10_9_x86_64|macosx_10_13_x86_64|10.13|needs macOS 10.13 or newer; the name says macosx_10_9_x86_64"}},
		{"too new in two tags for two machines", "macosx_11_0_universal2", fatBytes(macho("x86_64", 1, 12, 0), macho("arm64", 1, 13, 0)), []string{
			"symbol-version|macosx_11_0_universal2|macosx_12_0_universal2|12.0|needs macOS 12.0 or newer on x86_64; the name says macosx_11_0_universal2",
			"symbol-version|macosx_11_0_universal2|macosx_13_0_universal2|13.0|needs macOS 13.0 or newer on arm64; the name says macosx_11_0_universal2",
		}},
		{"the older of two tags", "macosx_11_0_arm64.macosx_12_0_arm64", macho("arm64", 1, 13, 0), []string{
			"symbol-version|macosx_11_0_arm64|macosx_13_0_arm64|13.0|needs macOS 13.0 or newer; the name says macosx_11_0_arm64",
		}},
		{"the older tag is for another machine", "macosx_10_9_x86_64.macosx_12_0_arm64", fatBytes(macho("x86_64", 1, 10, 9), macho("arm64", 1, 13, 0)), []string{
			"symbol-version|macosx_12_0_arm64|macosx_13_0_arm64|13.0|needs macOS 13.0 or newer on arm64; the name says macosx_12_0_arm64",
		}},
		{"two tags that lack the same machine", "macosx_11_0_universal2.macosx_12_0_universal2", mac, []string{
			"wrong-machine|macosx_11_0_universal2, macosx_12_0_universal2|x86_64||has no code for arm64; it is macOS machine code (Mach-O, x86_64); the name says universal2 macOS",
		}},
		{"10.9 on arm64 means 11", "macosx_10_9_arm64", macho("arm64", 1, 11, 0), nil},
		{"11 on arm64 means 11", "macosx_11_0_arm64", macho("arm64", 1, 11, 1), []string{"macos-minor|macosx_11_0_arm64|macosx_11_0_arm64|11.1|needs macOS 11.1 or newer; the name says macosx_11_0_arm64"}},
		{"iOS next to macOS", "macosx_11_0_arm64.ios_12_0_arm64_iphoneos", macho("arm64", 2, 13, 0), []string{
			"symbol-version|ios_12_0_arm64_iphoneos|ios_13_0_arm64_iphoneos|13.0|needs iOS 13.0 or newer; the name says ios_12_0_arm64_iphoneos",
		}},
		{"an older macOS does not help iOS", "macosx_11_0_arm64.ios_13_0_arm64_iphoneos.ios_13_0_arm64_iphonesimulator", macho("arm64", 2, 14, 0), []string{
			"symbol-version|ios_13_0_arm64_iphoneos|ios_14_0_arm64_iphoneos|14.0|needs iOS 14.0 or newer; the name says ios_13_0_arm64_iphoneos",
		}},
		{"an object file in a fat one does not count", "macosx_11_0_universal2", fatBytes(macho("x86_64", 1, 11, 0), machoBytes("arm64", objectMachO, 1, 11<<16)), []string{
			"wrong-machine|macosx_11_0_universal2|x86_64, arm64||has no code for arm64; it is macOS machine code (Mach-O, x86_64, arm64); the name says universal2 macOS",
		}},
		{"the older of two slices counts, whichever is first", "macosx_11_0_arm64", fatBytes(macho("arm64", 1, 11, 0), macho("arm64", 1, 14, 0)), nil},
		{"a 32-bit program on 64-bit Windows", "win_amd64", peBytes(x86PE, programPE), []string{"foreign-program|win_amd64|x86||is a Windows program for x86, which amd64 Windows runs by emulation"}},
		{"a 32-bit program on ARM", "win_arm64", peBytes(x86PE, programPE), []string{"foreign-program|win_arm64|x86||is a Windows program for x86, which arm64 Windows runs by emulation"}},
		{"a program for ARM on 32-bit Windows", "win32", peBytes(arm64PE, programPE), []string{"wrong-machine|win32|arm64||is Windows machine code (PE, arm64); the name says x86 Windows"}},
		{"a program for ARM on both others", "win32.win_amd64", peBytes(arm64PE, programPE), []string{"wrong-machine|win32, win_amd64|arm64||is Windows machine code (PE, arm64); the name says x86 Windows, amd64 Windows"}},
		{"a Windows program on Linux", "linux_x86_64", program, []string{"foreign-program|linux_x86_64|amd64||is Windows machine code (PE, amd64); the name says x86_64 Linux"}},
	} {
		var f binaryFile
		f.facts, f.err = binfile.Read(bytes.NewReader(c.data), int64(len(c.data)))
		if diff := cmp.Diff(c.want, otherFindings(c.platforms, "demo/file", f)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
	if got := otherFindings("linux_x86_64", "demo/file", binaryFile{}); got != nil {
		t.Errorf("a file without facts: %q", got)
	}
}

// TestAppleTag: the tag for the oldest system that is new enough. macOS 11 to 15 have no
// minor versions in tags, and 26 follows 15.
func TestAppleTag(t *testing.T) {
	for _, c := range []struct {
		on   binfile.Platform
		v    binfile.Version
		want string
	}{
		{binfile.MacOS, binfile.Version{Major: 10, Minor: 9}, "macosx_10_9_arm64"},
		{binfile.MacOS, binfile.Version{Major: 10, Minor: 9, Patch: 5}, "macosx_10_10_arm64"},
		{binfile.MacOS, binfile.Version{Major: 10, Minor: 15}, "macosx_10_15_arm64"},
		{binfile.MacOS, binfile.Version{Major: 10, Minor: 15, Patch: 1}, "macosx_11_0_arm64"},
		{binfile.MacOS, binfile.Version{Major: 10, Minor: 16}, "macosx_11_0_arm64"},
		{binfile.MacOS, binfile.Version{Major: 9, Minor: 16}, "macosx_9_16_arm64"},
		{binfile.MacOS, binfile.Version{Major: 11}, "macosx_11_0_arm64"},
		{binfile.MacOS, binfile.Version{Major: 11, Minor: 1}, "macosx_11_0_arm64"},
		{binfile.MacOS, binfile.Version{Major: 11, Patch: 1}, "macosx_11_0_arm64"},
		{binfile.MacOS, binfile.Version{Major: 15}, "macosx_15_0_arm64"},
		{binfile.MacOS, binfile.Version{Major: 15, Minor: 2}, "macosx_15_0_arm64"},
		{binfile.MacOS, binfile.Version{Major: 16}, "macosx_26_0_arm64"},
		{binfile.MacOS, binfile.Version{Major: 25}, "macosx_26_0_arm64"},
		{binfile.MacOS, binfile.Version{Major: 26}, "macosx_26_0_arm64"},
		{binfile.MacOS, binfile.Version{Major: 27}, "macosx_27_0_arm64"},
		{binfile.IOS, binfile.Version{Major: 13, Minor: 2}, "ios_13_2_arm64"},
		{binfile.IOS, binfile.Version{Major: 13, Minor: 2, Patch: 1}, "ios_13_3_arm64"},
	} {
		a := appleClaim{on: c.on, claim: tags.PlatformTag{Arch: "arm64"}}
		if got := appleTag(a, c.v); got != c.want {
			t.Errorf("%s of %s: %s, want %s", c.v, c.on, got, c.want)
		}
	}
}

// TestOtherMembers: Mach-O and PE files in a wheel are found by their first bytes, and
// what only begins like one is ignored.
func TestOtherMembers(t *testing.T) {
	r := audited(t, "linux_x86_64", Options{}, map[string][]byte{
		"a.dylib": macho("x86_64", 1, 10, 9), "b.pyd": peBytes(amd64PE, dllPE), "c.txt": []byte("MZ is text, however long it may go on, and it goes on for quite a while"), "d.class": []byte("\xca\xfe\xba\xbe\x00\x00\x00\x34 Java"),
	})
	want := []string{
		"error wrong-machine: a.dylib is macOS machine code (Mach-O, x86_64); the name says x86_64 Linux",
		"error wrong-machine: b.pyd is Windows machine code (PE, amd64); the name says x86_64 Linux",
	}
	if diff := cmp.Diff(want, said(r)); diff != "" || len(r.Other) != 2 {
		t.Errorf("%+v (-want +got):\n%s", r.Other, diff)
	}
}
