package detect

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHints(t *testing.T) {
	const libc = "lib/x86_64-linux-gnu/libc.so.6"
	for name, tt := range map[string]struct {
		files map[string]string
		want  []Fact
	}{
		"none":               {glibcBase, nil},
		"the lowest level":   {with(glibcBase, libc, "elf:isa-x86_64-v1.so"), nil},
		"a higher level":     {with(glibcBase, libc, "elf:isa-x86_64-v3.so"), []Fact{{"processor", "x86-64-v3", "/" + libc}}},
		"a system for ARMv6": {map[string]string{"bin/sh": "elf:arch-armv6l.so", "usr/bin/python3.11": "elf:arch-armv6l.so", "usr/lib/python3.11/os.py": "#"}, []Fact{{"machine", "armv7l", "/usr/bin/python3.11"}}},
		"a system for ARMv7": {map[string]string{"bin/sh": "elf:exe-armv7l-dynamic", "usr/bin/python3.11": "elf:exe-armv7l-dynamic", "usr/lib/python3.11/os.py": "#"}, nil},
		"large pages":        {with(glibcBase, "boot/config-6.1", "CONFIG_ARM64=y\nCONFIG_ARM64_64K_PAGES=y\n"), []Fact{{"page size", "CONFIG_ARM64_64K_PAGES", "/boot/config-6.1"}}},
		"pages of a module":  {with(glibcBase, "usr/lib/modules/6.1/config", "CONFIG_PPC_64K_PAGES=y\n"), []Fact{{"page size", "CONFIG_PPC_64K_PAGES", "/usr/lib/modules/6.1/config"}}},
		"not set":            {with(glibcBase, "boot/config-6.1", "# CONFIG_ARM64_64K_PAGES is not set\n#CONFIG_ARM64_64K_PAGES=y\nXCONFIG_PPC_64K_PAGES=y\nCONFIG_ARM64_16K_PAGES=yes\n"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Root(root(t, tt.files), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, s.Hints); diff != "" {
				t.Error(diff)
			}
		})
	}
	r := reader{System: &System{}}
	for range 2 {
		r.hint("libgcc_s.so.1", "GCC_7.0.0", "lib/libgcc_s.so.1")
	}
	if len(r.Hints) != 1 {
		t.Errorf("%v", r.Hints)
	}
}

// TestBaseSystem: where the machine and the C library come from in a root without
// a Python.
func TestBaseSystem(t *testing.T) {
	static := with(glibcBase, "bin/sh", "elf:exe-aarch64-static")
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
	}{
		"a dynamic shell":                        {glibcBase, "debian:12; x86_64 glibc 2.36"},
		"a loader alone":                         {with(glibcBase, "bin/sh", ""), "debian:12; x86_64 glibc 2.36"},
		"a static shell, a loader of its kind":   {with(glibcBase, "bin/sh", "elf:exe-x86_64-static"), "debian:12; x86_64 glibc 2.36"},
		"a static shell, a loader of another":    {static, "debian:12; aarch64 none ; no-libc"},
		"a static shell, then a dynamic program": {with(static, "usr/bin/env", "elf:exe-x86_64-dynamic"), "debian:12; x86_64 glibc 2.36"},
		"musl's loader alone":                    {with(muslBase, "bin/sh", "", "bin/busybox", ""), "alpine:3.20.3; x86_64 musl 1.2.5"},
		"a program where there are none":         {with(glibcBase, "etc/x/bin/python3.9", "elf:exe-x86_64-dynamic"), "debian:12; x86_64 glibc 2.36"},
		"a program elsewhere":                    {with(glibcBase, "srv/x/bin/python3.9", "elf:exe-x86_64-dynamic"), "debian:12; x86_64 glibc 2.36; /srv/x/bin/python3.9 3.9 CPython 3.9"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Root(root(t, tt.files), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := summary(s); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
