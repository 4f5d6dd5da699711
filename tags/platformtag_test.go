package tags

import (
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
