package tags

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParsePlatformTag(t *testing.T) {
	for tag, want := range map[string]PlatformTag{
		"any":                     {Any: true},
		"linux_x86_64":            {OS: Linux, Arch: "x86_64"},
		"linux_sparc64":           {OS: Linux, Arch: "sparc64"},
		"manylinux2014_aarch64":   {OS: Linux, Arch: "aarch64", Libc: Libc{Glibc, 2, 17}, Legacy: true},
		"manylinux1_i686":         {OS: Linux, Arch: "i686", Libc: Libc{Glibc, 2, 5}, Legacy: true},
		"manylinux_2_28_s390x":    {OS: Linux, Arch: "s390x", Libc: Libc{Glibc, 2, 28}},
		"musllinux_1_2_riscv64":   {OS: Linux, Arch: "riscv64", Libc: Libc{Musl, 1, 2}},
		"musllinux_1_2_sparc64":   {OS: Linux, Arch: "sparc64", Libc: Libc{Musl, 1, 2}},
		"musllinux_1_2":           {Arch: "musllinux_1_2"},
		"manylinux_2_017_x86_64":  {Arch: "manylinux_2_017_x86_64"},
		"macosx_10_9_universal2":  {OS: MacOS, Arch: "universal2", Major: 10, Minor: 9},
		"win_amd64":               {OS: Windows, Arch: "amd64"},
		"win32":                   {OS: Windows, Arch: "x86"},
		"ios_13_0_arm64_iphoneos": {OS: IOS, Arch: "arm64_iphoneos", Major: 13},
		"android_24_arm64_v8a":    {OS: Android, Arch: "arm64_v8a", Major: 24},
		"freebsd_14_amd64":        {Arch: "freebsd_14_amd64"},
	} {
		want.Tag = tag
		if diff := cmp.Diff(want, ParsePlatformTag(tag)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tag, diff)
		}
	}
}

// TestMachineSpelling: a machine by a name that no tag has would fit nothing.
func TestMachineSpelling(t *testing.T) {
	glibc := Libc{Glibc, 2, 36}
	for _, c := range []struct {
		platform Platform
		right    string // "" when the machine is spelt as tags spell it
	}{
		{Platform{OS: Linux, Arch: "amd64", Libc: glibc}, "x86_64"},
		{Platform{OS: Linux, Arch: "AMD64", Libc: glibc}, "x86_64"},
		{Platform{OS: Linux, Arch: "arm64", Libc: glibc}, "aarch64"},
		{Platform{OS: Linux, Arch: "386", Libc: glibc}, "i686"},
		{Platform{OS: Linux, Arch: "arm", Libc: glibc}, "armv7l"},
		{Platform{OS: Linux, Arch: "loong64", Libc: glibc}, "loongarch64"},
		{Platform{OS: Linux, Arch: "x86_64", Libc: glibc}, ""},
		{Platform{OS: Linux, Arch: "aarch64", Libc: glibc}, ""},
		{Platform{OS: Linux, Arch: "riscv64", Libc: glibc}, ""},
		{Platform{OS: Linux, Arch: "sparc64", Libc: glibc}, ""}, // unknown is not wrong
		{Platform{OS: MacOS, Arch: "amd64", Major: 14}, "x86_64"},
		{Platform{OS: MacOS, Arch: "aarch64", Major: 14}, "arm64"},
		{Platform{OS: MacOS, Arch: "arm64", Major: 14}, ""},
		{Platform{OS: IOS, Arch: "arm64", Major: 14}, "arm64_iphoneos"},
		{Platform{OS: IOS, Arch: "x86_64", Major: 14}, "x86_64_iphonesimulator"},
		{Platform{OS: IOS, Arch: "arm64_iphonesimulator", Major: 14}, ""},
		{Platform{OS: Android, Arch: "arm64", Major: 24}, "arm64_v8a"},
		{Platform{OS: Android, Arch: "amd64", Major: 24}, "x86_64"},
		{Platform{OS: Android, Arch: "386", Major: 24}, "x86"},
		{Platform{OS: Android, Arch: "arm", Major: 24}, "armeabi_v7a"},
		{Platform{OS: Android, Arch: "x86_64", Major: 24}, ""},
		{Platform{OS: Windows, Arch: "amd64"}, ""},
		{Platform{OS: Windows, Arch: "arm64"}, ""},
		{Platform{OS: Generic, Arch: "amd64"}, ""},
	} {
		_, err := New(Python{Major: 3, Minor: 11}, c.platform, Pip)
		if c.right == "" && err != nil || c.right != "" && (err == nil || !strings.HasSuffix(err.Error(), "; write "+c.right)) {
			t.Errorf("%s %s: %v, want %q", c.platform.OS, c.platform.Arch, err, c.right)
		}
	}
}

func TestLibcVersions(t *testing.T) {
	for _, c := range []struct {
		libc Libc
		good bool
	}{
		{Libc{Glibc, 2, 0}, true}, {Libc{Glibc, 9, 0}, true}, {Libc{Glibc, 1, 9}, false}, {Libc{Glibc, 10, 0}, false},
		{Libc{Musl, 1, 2}, true}, {Libc{Musl, 9, 0}, true}, {Libc{Musl, 10, 0}, false},
		{Libc{Glibc, 2, 999}, true}, {Libc{Glibc, 2, 1000}, false}, {Libc{Musl, 1, -1}, false}, {Libc{}, true},
	} {
		_, err := New(Python{Major: 3, Minor: 11}, Platform{OS: Linux, Arch: "x86_64", Libc: c.libc}, Pip)
		if (err == nil) != c.good {
			t.Errorf("%s: %v", c.libc, err)
		}
	}
	if _, err := New(Python{Major: 3, Minor: 11}, Platform{OS: MacOS, Arch: "arm64", Major: 14, Libc: Libc{Glibc, 2, 31}}, Pip); err == nil {
		t.Error("macOS with glibc")
	}
}
