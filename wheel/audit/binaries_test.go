package audit

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/binfile"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// machoBytes is a thin Mach-O file with a minimum version, packed as in the
// file, of one platform; none for platform 0.
func machoBytes(machine string, filetype, platform, minimum uint32) []byte {
	cpu := map[string]uint32{"x86_64": 0x01000007, "arm64": 0x0100000c, "i386": 7, "ppc": 18, "ppc64": 0x01000012}[machine]
	words := []uint32{0xfeedfacf, cpu, 0, filetype, 0, 0, 0, 0}
	if platform != 0 {
		words[4], words[5] = 1, 24
		words = append(words, 0x32, 24, platform, minimum, minimum, 0)
	}
	var b []byte
	for _, w := range words {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	return b
}

// fatBytes joins thin files.
func fatBytes(files ...[]byte) []byte {
	b := binary.BigEndian.AppendUint32([]byte("\xca\xfe\xba\xbe"), uint32(len(files)))
	at := 8 + 20*len(files)
	for _, f := range files {
		for _, w := range []uint32{binary.LittleEndian.Uint32(f[4:]), 0, uint32(at), uint32(len(f)), 0} {
			b = binary.BigEndian.AppendUint32(b, w)
		}
		at += len(f)
	}
	return append(b, slices.Concat(files...)...)
}

// peBytes is a PE32+ file without sections.
func peBytes(machine, characteristics uint16) []byte {
	b := make([]byte, 64+24+112)
	copy(b, "MZ")
	b[0x3c] = 64
	copy(b[64:], "PE\x00\x00")
	le := binary.LittleEndian
	le.PutUint16(b[68:], machine)
	le.PutUint16(b[68+16:], 112)
	le.PutUint16(b[68+18:], characteristics)
	le.PutUint16(b[88:], 0x20b)
	return b
}

const (
	amd64PE, arm64PE, x86PE, arm64ecPE = 0x8664, 0xaa64, 0x14c, 0xa641
	programPE, dllPE                   = 0x2, 0x2002
	objectMachO, programMachO          = 1, 2
	dylibMachO, bundleMachO            = 6, 8
)

func macho(machine string, platform, major, minor uint32) []byte {
	return machoBytes(machine, bundleMachO, platform, major<<16|minor<<8)
}

// checked gives the findings in short: "WT201 Claimed>Need" and the like.
func checked(t *testing.T, platforms, path string, data []byte) (short []string, findings []finding.Finding) {
	t.Helper()
	var claims []tags.PlatformTag
	for tag := range strings.SplitSeq(platforms, ".") {
		claims = append(claims, tags.ParsePlatformTag(tag))
	}
	f := binaryFile{path: path}
	f.facts, f.err = binfile.Read(bytes.NewReader(data), int64(len(data)))
	s := Subject{rules: finding.Selection{Index: finding.NoIndex()}, Claims: claims, ELF: linkset.New(nil), content: content{binaries: []binaryFile{f}}}
	findings = s.check()
	for _, f := range findings {
		s := f.Rule
		if f.Rule == "WT201" {
			s += " " + f.Need
		}
		if short = append(short, s); f.File != path || f.Message == "" {
			t.Errorf("%+v", f)
		}
	}
	return short, findings
}

func TestForeign(t *testing.T) {
	mac := macho("x86_64", 1, 10, 9)
	module, program := peBytes(amd64PE, dllPE), peBytes(amd64PE, programPE)
	universal2 := fatBytes(macho("x86_64", 1, 10, 9), macho("arm64", 1, 11, 0))
	for _, test := range []struct {
		name, platforms string
		content         []byte
		want            string
	}{
		{"DLL on Linux", "manylinux_2_17_x86_64.manylinux2014_x86_64", module, "WT204"},
		{"launcher on musl", "musllinux_1_2_aarch64", program, "WT220"},
		{"Mach-O on Linux", "linux_x86_64", mac, "WT204"},
		{"Mach-O program on Linux", "linux_x86_64", machoBytes("arm64", programMachO, 1, 0xb0000), "WT204"},
		{"object on Linux", "linux_x86_64", machoBytes("arm64", objectMachO, 1, 0xb0000), ""},
		{"Mach-O on Android", "android_24_arm64_v8a", mac, "WT204"},
		{"DLL on a system not known", "mingw_x86_64", module, ""},
		{"DLL on Linux and a system not known", "linux_x86_64.mingw_x86_64", module, ""},

		{"DLL anywhere", "any", module, "WT209"},
		{"Mach-O anywhere", "any", universal2, "WT209"},
		{"Mach-O program anywhere", "any", machoBytes("arm64", programMachO, 1, 0xb0000), "WT209"},
		{"launcher anywhere", "any", program, "WT220"},
		{"object anywhere", "any", machoBytes("arm64", objectMachO, 1, 0xb0000), ""},

		{"DLL on macOS", "macosx_11_0_arm64", module, "WT204"},
		{"launcher on macOS", "macosx_11_0_arm64", program, "WT220"},
		{"x86_64", "macosx_10_9_x86_64", mac, ""},
		{"another machine", "macosx_11_0_arm64", mac, "WT204"},
		{"universal2", "macosx_10_9_universal2", universal2, ""},
		{"universal2 for one", "macosx_11_0_arm64", universal2, ""},
		{"half of universal2", "macosx_10_9_universal2", mac, "WT204"},
		{"half of two tags", "macosx_10_9_x86_64.macosx_11_0_arm64", mac, "WT204"},
		{"two tags", "macosx_10_9_x86_64.macosx_11_0_arm64", universal2, ""},
		{"intel", "macosx_10_6_intel", fatBytes(macho("i386", 1, 10, 6), macho("x86_64", 1, 10, 6)), ""},
		{"half of intel", "macosx_10_9_intel", mac, "WT204"},
		{"fat", "macosx_10_4_fat", fatBytes(macho("ppc", 1, 10, 4), macho("i386", 1, 10, 4)), ""},
		{"fat3", "macosx_10_4_fat3", fatBytes(macho("ppc", 1, 10, 4), macho("i386", 1, 10, 4)), "WT204"},
		{"fat64", "macosx_10_5_fat64", fatBytes(macho("ppc64", 1, 10, 5), macho("x86_64", 1, 10, 5)), ""},
		{"universal", "macosx_10_4_universal", macho("i386", 1, 10, 4), ""},
		{"universal without any", "macosx_10_4_universal", macho("arm64", 1, 11, 0), "WT204"},
		{"iOS in macOS", "macosx_11_0_arm64", macho("arm64", 2, 11, 0), "WT204"},
		{"Catalyst in macOS", "macosx_11_0_arm64", macho("arm64", 6, 11, 0), "WT204"},
		{"no version", "macosx_10_9_x86_64", macho("x86_64", 0, 0, 0), ""},

		{"too new", "macosx_11_0_arm64", macho("arm64", 1, 12, 0), "WT201 macosx_12_0_arm64"},
		{"as new", "macosx_12_0_arm64", macho("arm64", 1, 12, 0), ""},
		{"minor", "macosx_13_0_arm64", macho("arm64", 1, 13, 3), "WT236"},
		{"another year", "macosx_13_0_arm64", macho("arm64", 1, 14, 2), "WT201 macosx_14_0_arm64"},
		{"after 15", "macosx_15_0_arm64", macho("arm64", 1, 15, 1), "WT236"},
		{"10 minor", "macosx_10_9_x86_64", macho("x86_64", 1, 10, 13), "WT201 macosx_10_13_x86_64"},
		{"patch", "macosx_10_9_x86_64", machoBytes("x86_64", bundleMachO, 1, 0xa0f01), "WT201 macosx_11_0_x86_64"},
		{"10.16 is 11", "macosx_10_16_x86_64", macho("x86_64", 1, 11, 0), ""},
		{"11 is not 10.15", "macosx_10_15_x86_64", macho("x86_64", 1, 11, 0), "WT201 macosx_11_0_x86_64"},
		{"one slice too new", "macosx_10_9_universal2", fatBytes(macho("x86_64", 1, 10, 12), macho("arm64", 1, 11, 0)), "WT201 macosx_10_12_universal2"},
		{"arm64 too new", "macosx_10_9_universal2", fatBytes(macho("x86_64", 1, 10, 9), macho("arm64", 1, 12, 0)), "WT201 macosx_12_0_universal2"},
		{"a slice too new that nobody asked for", "macosx_10_9_x86_64", fatBytes(mac, macho("arm64", 1, 14, 0)), ""},
		{"lowest tag counts", "macosx_12_0_arm64.macosx_11_0_arm64", macho("arm64", 1, 12, 0), "WT201 macosx_12_0_arm64"},
		{"once", "macosx_11_0_arm64.macosx_11_0_universal2", fatBytes(macho("x86_64", 1, 11, 0), macho("arm64", 1, 12, 0)), "WT201 macosx_12_0_arm64"},
		{"both faults", "macosx_11_0_universal2", macho("arm64", 1, 12, 0), "WT201 macosx_12_0_universal2 WT204"},
		{"twice arm64", "macosx_11_0_arm64", fatBytes(macho("arm64", 1, 14, 0), macho("arm64", 1, 11, 0)), ""},

		{"Mach-O on Windows", "win_amd64", mac, "WT204"},
		{"amd64", "win_amd64", module, ""},
		{"x86 library on amd64", "win_amd64", peBytes(x86PE, dllPE), "WT204"},
		{"x86 program on amd64", "win_amd64", peBytes(x86PE, programPE), "WT220"},
		{"amd64 program on arm64", "win_arm64", program, "WT220"},
		{"arm64 program on amd64", "win_amd64", peBytes(arm64PE, programPE), "WT204"},
		{"amd64 program on x86", "win32", program, "WT204"},
		{"x86", "win32", peBytes(x86PE, dllPE), ""},
		{"arm64", "win_arm64", peBytes(arm64PE, dllPE), ""},
		{"ARM64EC", "win_arm64", peBytes(arm64ecPE, dllPE), ""},
		{"ARM64EC on amd64", "win_amd64", peBytes(arm64ecPE, dllPE), "WT204"},
		{"amd64 library on arm64", "win_arm64", module, "WT204"},
		{"one of two tags", "win32.win_amd64", module, ""},
		{"Linux beside Windows", "win_amd64.linux_x86_64", module, ""},
		{"Linux beside macOS", "macosx_10_9_x86_64.linux_x86_64", mac, ""},

		{"iOS", "ios_13_0_arm64_iphoneos", macho("arm64", 2, 13, 0), ""},
		{"iOS too new", "ios_13_0_arm64_iphoneos", macho("arm64", 2, 14, 2), "WT201 ios_14_2_arm64_iphoneos"},
		{"simulator on iOS", "ios_13_0_arm64_iphoneos", macho("arm64", 7, 13, 0), "WT204"},
		{"simulator", "ios_13_0_x86_64_iphonesimulator", macho("x86_64", 7, 13, 0), ""},
		{"a simulator on arm64 is of iOS 14", "ios_13_0_arm64_iphonesimulator", macho("arm64", 7, 14, 0), ""},
		{"and no later one", "ios_13_0_arm64_iphonesimulator", macho("arm64", 7, 14, 1), "WT201 ios_14_1_arm64_iphonesimulator"},
		{"which a device is not", "ios_13_0_arm64_iphoneos", macho("arm64", 2, 14, 0), "WT201 ios_14_0_arm64_iphoneos"},
		{"both of iOS", "ios_13_0_arm64_iphoneos.ios_13_0_arm64_iphonesimulator", macho("arm64", 7, 13, 0), ""},
		{"macOS in iOS", "ios_13_0_arm64_iphoneos", macho("arm64", 1, 11, 0), "WT204"},
		{"macOS and iOS", "ios_13_0_arm64_iphoneos.macosx_11_0_arm64", macho("arm64", 1, 11, 0), ""},
		{"DLL on iOS", "ios_13_0_arm64_iphoneos", module, "WT204"},

		{"cut short", "any", module[:100], "WT206"},
		{"text", "any", []byte("MZ is text, however long it may go on, and it goes on for quite a while"), ""},
	} {
		if got, findings := checked(t, test.platforms, "demo/file", test.content); strings.Join(got, " ") != test.want {
			t.Errorf("%s: %q, want %s: %+v", test.name, got, test.want, findings)
		}
	}
}

func TestForeignPurelib(t *testing.T) {
	const path = "demo-1.0.data/purelib/demo.pyd"
	for content, want := range map[string]string{
		string(peBytes(amd64PE, dllPE)): "WT209", string(peBytes(amd64PE, programPE)): "",
	} {
		if got, _ := checked(t, "win_amd64", path, []byte(content)); strings.Join(got, " ") != want {
			t.Errorf("%q, want %s", got, want)
		}
	}
	if got, _ := checked(t, "win_amd64", "demo-1.0.data/platlib/demo.pyd", peBytes(amd64PE, dllPE)); got != nil {
		t.Errorf("platlib: %q", got)
	}
}

func TestForeignMessages(t *testing.T) {
	for _, test := range []struct {
		platforms string
		content   []byte
		want      string
	}{
		{"manylinux_2_17_x86_64.manylinux2014_x86_64", peBytes(amd64PE, dllPE), "is Windows machine code (PE, amd64); the name says x86_64 Linux"},
		{"musllinux_1_2_aarch64", fatBytes(macho("x86_64", 1, 10, 9), macho("arm64", 1, 11, 0)), "is macOS machine code (Mach-O, x86_64, arm64); the name says aarch64 Linux"},
		{"any", peBytes(amd64PE, dllPE), "is Windows machine code (PE, amd64) in a wheel whose tag is any"},
		{"any", peBytes(x86PE, programPE), "is a Windows program in a wheel for any platform"},
		{"win_amd64", peBytes(x86PE, programPE), "is a Windows program for x86, which amd64 Windows runs by emulation"},
		{"macosx_11_0_arm64", macho("arm64", 1, 12, 0), "needs macOS 12.0 or newer; the name says macosx_11_0_arm64"},
		{"macosx_10_9_universal2", fatBytes(macho("x86_64", 1, 10, 12), macho("arm64", 1, 11, 0)), "needs macOS 10.12 or newer on x86_64; the name says macosx_10_9_universal2"},
		{"macosx_10_9_universal2", macho("x86_64", 1, 10, 9), "has no code for arm64; it is macOS machine code (Mach-O, x86_64); the name says universal2 macOS"},
		{"macosx_11_0_arm64", macho("arm64", 7, 13, 0), "is iOS simulator machine code (Mach-O, arm64); the name says arm64 macOS"},
		{"ios_13_0_arm64_iphonesimulator", macho("arm64", 2, 13, 0), "is iOS machine code (Mach-O, arm64); the name says arm64 iOS simulator"},
		{"any", peBytes(amd64PE, dllPE)[:100], "cannot be judged: PE: section table: truncated (at offset 0x58)"},
	} {
		_, findings := checked(t, test.platforms, "demo/file", test.content)
		if len(findings) != 1 || findings[0].Message != test.want {
			t.Errorf("%+v, want %q", findings, test.want)
		}
	}
}
