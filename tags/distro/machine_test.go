package distro

import (
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/tags"
)

func TestMachines(t *testing.T) {
	for word, want := range map[string]string{
		"x86_64": "x86_64", "amd64": "x86_64", "x64": "x86_64", "AMD64": "x86_64",
		"aarch64": "aarch64", "arm64": "aarch64", "arm64/v8": "aarch64",
		"armv7l": "armv7l", "arm": "armv7l", "arm/v7": "armv7l", "armhf": "armv7l",
		"armv6l": "armv6l", "arm/v6": "armv6l",
		"armel": "armv5tel", "arm/v5": "armv5tel", "armv8l": "armv8l", "arm/v8": "armv8l",
		"386": "i686", "i386": "i686", "x86": "i686", "i686": "i686",
		"ppc64el": "ppc64le", "ppc64le": "ppc64le", "ppc64": "ppc64", "s390x": "s390x",
		"riscv64": "riscv64", "loong64": "loongarch64", "loongarch64": "loongarch64", "mips64le": "mips64",
	} {
		for _, parse := range []func() (Description, error){
			func() (Description, error) { return Parse("3.12@linux/"+word, Options{Glibc: "2.36"}) },
			func() (Description, error) { return Parse("3.12@gentoo", Options{Arch: word, Glibc: "2.36"}) },
		} {
			d, err := parse()
			if err != nil || d.Platform.Arch != want {
				t.Errorf("%s: %s, %v; want %s", word, d.Platform.Arch, err, want)
			}
			if d.Platform.NoManylinux != (want == "armv5tel") {
				t.Errorf("%s: NoManylinux %v", word, d.Platform.NoManylinux)
			}
		}
	}
}

// TestMachineNamesBySystem: the same word is another name elsewhere.
func TestMachineNamesBySystem(t *testing.T) {
	for _, test := range []struct{ word, arch, want string }{
		{"3.12@macos", "aarch64", "arm64"}, {"3.12@macos", "amd64", "x86_64"}, {"3.12@macos/universal2", "", "universal2"},
		{"3.12@windows", "x86_64", "amd64"}, {"3.12@windows/aarch64", "", "arm64"}, {"3.12@windows", "i686", "x86"},
		{"3.12@win32", "386", "x86"}, {"3.12@android_24_arm64_v8a", "arm64", "arm64_v8a"}, {"3.12@linux", "arm64", "aarch64"},
	} {
		if d, err := Parse(test.word, Options{Arch: test.arch}); err != nil || d.Platform.Arch != test.want {
			t.Errorf("%s %s: %s, %v; want %s", test.word, test.arch, d.Platform.Arch, err, test.want)
		}
	}
	for word, os := range map[string]tags.OS{"armv7l": tags.Windows, "ppc64le": tags.MacOS, "universal2": tags.Linux, "x86_64": tags.Emscripten, "arm64": tags.Generic} {
		if name, ok := machineName(os, word); ok {
			t.Errorf("%s knows %s as %s", os, word, name)
		}
	}
}

func TestParseMachine(t *testing.T) {
	for _, c := range []struct {
		os         tags.OS
		word, want string
		says       string
	}{
		{tags.Linux, "arm64", "aarch64", ""},
		{tags.Linux, "ARM64", "aarch64", ""},
		{tags.Linux, "arm/v7", "armv7l", ""},
		{tags.MacOS, "aarch64", "arm64", ""},
		{tags.Windows, "i386", "x86", ""},
		{tags.Windows, "s390x", "", `unknown machine "s390x"; known are amd64, arm64, x86`},
		{tags.Linux, "arm46", "", `unknown machine "arm46"; did you mean arm64 or armv6?`},
		{tags.Linux, "", "", "it names no machine; known are x86_64, "},
		{tags.Generic, "amd64", "", `unknown machine "amd64"`},
	} {
		got, err := ParseMachine(c.os, c.word)
		switch {
		case got != c.want || (err == nil) != (c.says == ""):
			t.Errorf("%s %s: %q, %v; want %q", c.os, c.word, got, err, c.want)
		case err != nil && (codeOf(err) != CodeUnknown || !strings.HasPrefix(err.Error(), c.says)):
			t.Errorf("%s %s: %v, want %s", c.os, c.word, err, c.says)
		}
	}
}

// TestSoftFloat: armel is its own port, and armv8l runs what armv7l does.
func TestSoftFloat(t *testing.T) {
	d, err := Parse("debian:11/armel", none)
	if err != nil {
		t.Fatal(err)
	}
	target, err := tags.New(d.Python, d.Platform, tags.Packaging)
	if err != nil {
		t.Fatal(err)
	}
	if got := target.Platforms(); len(got) != 1 || got[0] != "linux_armv5tel" {
		t.Errorf("armel takes %v", got)
	}
	if d, err = Parse("debian:11/armv8l", none); err != nil || d.Platform.Arch != "armv8l" || d.Platform.NoManylinux {
		t.Errorf("armv8l: %+v, %v", d.Platform, err)
	}
	if _, err = Parse("centos:8/armv8l", none); codeOf(err) != CodeNotBuilt {
		t.Errorf("centos:8 has no armv7l, yet armv8l gives %v", err)
	}
}

// TestTriples: each name of the file is a target, with a machine of its system.
func TestTriples(t *testing.T) {
	list := triples()
	if len(list) < 17 {
		t.Errorf("%d triples", len(list))
	}
	for _, triple := range list {
		if got, ok := machineName(triple.platform.OS, triple.machine); !ok || got != triple.machine {
			t.Errorf("%s: %s has no machine %q", triple.name, triple.platform.OS, triple.machine)
		}
	}
	want := namedTriple{"riscv64-unknown-linux", "riscv64", tags.Platform{OS: tags.Linux, Libc: tags.Libc{Family: tags.Glibc, Major: 2, Minor: 39}}}
	if !slices.Contains(list, want) {
		t.Errorf("no %+v in %+v", want, list)
	}
}
