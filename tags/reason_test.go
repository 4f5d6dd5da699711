package tags

import (
	"math/rand/v2"
	"strings"
	"testing"
)

var (
	debian11 = Platform{OS: Linux, Arch: "aarch64", Libc: Libc{Glibc, 2, 31}}
	alpine   = Platform{OS: Linux, Arch: "x86_64", Libc: Libc{Musl, 1, 2}}
	mac14    = Platform{OS: MacOS, Arch: "arm64", Major: 14}
	mac109   = Platform{OS: MacOS, Arch: "x86_64", Major: 10, Minor: 9}
	windows  = Platform{OS: Windows, Arch: "amd64"}
	riscv    = Platform{OS: Linux, Arch: "riscv64", Libc: Libc{Glibc, 2, 39}}
	armel    = Platform{OS: Linux, Arch: "armv7l", Libc: Libc{Glibc, 2, 36}, NoManylinux: true}
	armv7l   = Platform{OS: Linux, Arch: "armv7l", Libc: Libc{Glibc, 2, 31}}
	armv8l   = Platform{OS: Linux, Arch: "armv8l", Libc: Libc{Glibc, 2, 31}}
	noLibc   = Platform{OS: Linux, Arch: "x86_64"}
	android  = Platform{OS: Android, Arch: "arm64_v8a", Major: 24}
	iphone   = Platform{OS: IOS, Arch: "arm64_iphoneos", Major: 13}
	wasm     = Platform{OS: Emscripten, Arch: "wasm32", PyEmscripten: "2026_0", Emscripten: "5_0_3"}

	cp311  = Python{Major: 3, Minor: 11}
	cp313t = Python{Major: 3, Minor: 13, Threaded: true}
	pp310  = Python{Implementation: "pypy", Major: 3, Minor: 10}
)

func TestExplain(t *testing.T) {
	for _, c := range []struct {
		python     Python
		platform   Platform
		tags       string
		code       ReasonCode
		need, have string
		message    string
	}{
		{cp311, debian11, "cp311-cp311-manylinux_2_34_aarch64", ReasonGlibcVersion, "2.34", "2.31", "needs glibc 2.34 or newer; T has 2.31"},
		{cp311, debian11, "cp311-cp311-manylinux_2_36_aarch64.manylinux_2_34_aarch64", ReasonGlibcVersion, "2.34", "2.31", "needs glibc 2.34 or newer; T has 2.31"},
		{cp311, debian11, "cp312-cp312-manylinux_2_17_aarch64", ReasonPythonVersion, "3.12", "3.11", "built for CPython 3.12 only; T has Python 3.11"},
		{cp311, debian11, "cp312-abi3-manylinux_2_17_aarch64", ReasonPythonVersion, "3.12", "3.11", "needs CPython 3.12 or newer; T has Python 3.11"},
		{cp311, debian11, "py312-none-any", ReasonPythonVersion, "3.12", "3.11", "needs Python 3.12 or newer; T has Python 3.11"},
		{cp311, debian11, "py2-none-any", ReasonPythonVersion, "2", "3.11", "needs Python 2; T has Python 3.11"},
		{cp311, debian11, "py27-none-any", ReasonPythonVersion, "2.7", "3.11", "needs Python 2.7 or newer within Python 2; T has Python 3.11"},
		{cp311, debian11, "cp39.cp310-none-any", ReasonPythonVersion, "3.10", "3.11", "built for CPython 3.10 only; T has Python 3.11"},
		{cp311, debian11, "pp39-pypy39_pp73-manylinux_2_17_aarch64", ReasonImplementation, "pp39", "cp311", "built for PyPy only; T has CPython 3.11"},
		{cp311, debian11, "graalpy311-graalpy242_311_native-manylinux_2_17_aarch64", ReasonImplementation, "graalpy311", "cp311", "built for GraalPy only; T has CPython 3.11"},
		{cp311, debian11, "cp311-cp311d-manylinux_2_17_aarch64", ReasonABI, "cp311d", "cp311", "needs the ABI cp311d; T has cp311"},
		{cp311, debian11, "cp311-cp311t-manylinux_2_17_aarch64", ReasonFreeThreading, "cp311t", "cp311", "built for free-threaded Python (cp311t); T has a GIL"},
		{cp311, debian11, "cp311-abi3t-manylinux_2_17_aarch64", ReasonFreeThreading, "abi3t", "abi3", "abi3t alone is for free-threaded Python; T has a GIL and needs abi3 as well"},
		{cp313t, debian11, "cp38-abi3-manylinux_2_17_aarch64", ReasonFreeThreading, "abi3", "abi3t", "free-threaded Python cannot load abi3 wheels; T is free-threaded"},
		{cp313t, debian11, "cp313-cp313-manylinux_2_17_aarch64", ReasonFreeThreading, "cp313", "cp313t", "built for Python with a GIL (cp313); T is free-threaded"},
		{cp313t, debian11, "cp314-abi3-manylinux_2_17_aarch64", ReasonPythonVersion, "3.14", "3.13", "needs CPython 3.14 or newer; T has Python 3.13"},
		{cp311, debian11, "cp311-cp311-win_amd64", ReasonOS, "win_amd64", "linux", "built for Windows; T is Linux aarch64, glibc 2.31"},
		{cp311, debian11, "cp311-cp311-freebsd_14_amd64", ReasonOS, "freebsd_14_amd64", "linux", "built for freebsd_14_amd64; T is Linux aarch64, glibc 2.31"},
		{cp311, debian11, "cp311-cp311-manylinux_2_17_x86_64", ReasonMachine, "x86_64", "aarch64", "built for x86_64 machines; T is aarch64"},
		{cp311, debian11, "cp311-cp311-musllinux_1_2_sparc64", ReasonMachine, "sparc64", "aarch64", "built for sparc64 machines; T is aarch64"},
		{cp311, debian11, "cp311-cp311-musllinux_1_2_aarch64", ReasonLibcFamily, "musl", "glibc", "built for musl; T has glibc 2.31"},
		{cp311, debian11, "cp311-cp311-musllinux_1_2_aarch64.manylinux_2_34_aarch64.win_amd64", ReasonGlibcVersion, "2.34", "2.31", "needs glibc 2.34 or newer; T has 2.31"},
		{cp311, alpine, "cp311-cp311-manylinux2014_x86_64", ReasonLibcFamily, "glibc", "musl", "built for glibc; T has musl 1.2"},
		{cp311, alpine, "cp311-cp311-musllinux_1_3_x86_64", ReasonMuslVersion, "1.3", "1.2", "needs musl 1.3 or newer; T has 1.2"},
		{cp311, noLibc, "cp311-cp311-manylinux2014_x86_64", ReasonLibcFamily, "glibc", "none", "built for glibc; T has no libc"},
		{cp311, mac14, "cp311-cp311-macosx_15_0_arm64", ReasonMacOSVersion, "15.0", "14.0", "needs macOS 15.0 or newer; T has 14.0"},
		{cp311, mac14, "cp311-cp311-macosx_11_0_x86_64", ReasonMachine, "x86_64", "arm64", "built for x86_64 machines; T is arm64"},
		{cp311, mac14, "cp311-cp311-macosx_11_3_arm64", ReasonNever, "", "", "no installer accepts macosx_11_3_arm64: from macOS 11 on the minor number of a tag is 0"},
		{cp311, mac14, "cp311-cp311-macosx_10_9_arm64", ReasonNever, "", "", "no installer accepts macosx_10_9_arm64: tags for arm64 begin with macOS 11"},
		{cp311, mac109, "cp311-cp311-macosx_10_3_x86_64", ReasonNever, "", "", "packaging does not list macosx_10_3_x86_64 for T, though its macOS is new enough"},
		{cp311, mac109, "cp311-cp311-macosx_10_10_x86_64", ReasonMacOSVersion, "10.10", "10.9", "needs macOS 10.10 or newer; T has 10.9"},
		{cp311, mac109, "cp311-cp311-macosx_11_0_x86_64", ReasonMacOSVersion, "11.0", "10.9", "needs macOS 11.0 or newer; T has 10.9"},
		{cp311, iphone, "cp311-cp311-ios_13_1_arm64_iphoneos", ReasonIOSVersion, "13.1", "13.0", "needs iOS 13.1 or newer; T has 13.0"},
		{cp311, iphone, "cp311-cp311-ios_12_10_arm64_iphoneos", ReasonNever, "", "", "no installer accepts ios_12_10_arm64_iphoneos: tags go from 12_0, and up to _9 of an older release"},
		// The target's own version, where no tag of it is listed.
		{cp311, Platform{OS: MacOS, Arch: "x86_64", Major: 10, Minor: 3}, "cp311-cp311-macosx_10_3_x86_64", ReasonNever, "", "", "packaging does not list macosx_10_3_x86_64 for T, though its macOS is new enough"},
		{cp311, Platform{OS: IOS, Arch: "arm64_iphoneos", Major: 11}, "cp311-cp311-ios_11_0_arm64_iphoneos", ReasonNever, "", "", "no installer accepts ios_11_0_arm64_iphoneos: tags go from 12_0, and up to _9 of an older release"},
		{cp311, Platform{OS: Android, Arch: "x86_64", Major: 15}, "cp311-cp311-android_15_x86_64", ReasonNever, "", "", "no installer accepts android_15_x86_64: tags begin with API level 16"},
		{cp311, mac14, "cp311-cp311-macosx_11_0_sparc", ReasonNever, "", "", "no installer accepts the platform tag macosx_11_0_sparc"},
		{cp311, debian11, "cp311-cp311-manylinux_2_17_sparc64", ReasonMachine, "sparc64", "aarch64", "built for sparc64 machines; T is aarch64"},
		{cp311, debian11, "cp311-cp311-manylinux_2_x_aarch64", ReasonNever, "", "", "no installer accepts the platform tag manylinux_2_x_aarch64"},
		// Machines as Go, Debian and other systems name them.
		{cp311, debian11, "cp311-cp311-linux_arm64", ReasonNever, "", "", "no installer accepts linux_arm64; write linux_aarch64"},
		{cp311, debian11, "cp311-cp311-linux_armhf", ReasonNever, "", "", "no installer accepts linux_armhf; write linux_armv7l"},
		{cp311, debian11, "cp311-cp311-manylinux_2_17_amd64", ReasonNever, "", "", "no installer accepts manylinux_2_17_amd64; write manylinux_2_17_x86_64"},
		{cp311, debian11, "cp311-cp311-manylinux2014_arm64", ReasonNever, "", "", "no installer accepts manylinux2014_arm64; write manylinux2014_aarch64"},
		{cp311, alpine, "cp311-cp311-musllinux_1_2_arm64", ReasonNever, "", "", "no installer accepts musllinux_1_2_arm64; write musllinux_1_2_aarch64"},
		{cp311, mac14, "cp311-cp311-macosx_11_0_aarch64", ReasonNever, "", "", "no installer accepts macosx_11_0_aarch64; write macosx_11_0_arm64"},
		{cp311, windows, "cp311-cp311-win_x86_64", ReasonNever, "", "", "no installer accepts win_x86_64; write win_amd64"},
		{cp311, windows, "cp311-cp311-win_x86", ReasonNever, "", "", "no installer accepts the platform tag win_x86"},
		{cp311, windows, "cp311-cp311-win_386", ReasonNever, "", "", "no installer accepts win_386; write win32"},
		{cp311, debian11, "cp311-cp311-linux_i386", ReasonMachine, "i386", "aarch64", "built for i386 machines; T is aarch64"},
		{cp311, mac14, "cp311-cp311-linux_arm64", ReasonOS, "linux_arm64", "macos", ""},
		{cp311, windows, "cp311-cp311-win_ia64", ReasonMachine, "ia64", "amd64", "built for ia64 machines; T is amd64"},
		{cp311, windows, "cp311-cp311-win_arm64", ReasonMachine, "arm64", "amd64", "built for arm64 machines; T is amd64"},
		{cp311, windows, "cp311-cp311-windows_amd64", ReasonNever, "", "", "no installer accepts the platform tag windows_amd64"},
		{cp311, iphone, "cp311-cp311-ios_14_0_arm64_iphoneos", ReasonIOSVersion, "14.0", "13.0", "needs iOS 14.0 or newer; T has 13.0"},
		{cp311, iphone, "cp311-cp311-ios_13_0_arm64_iphonesimulator", ReasonMachine, "arm64_iphonesimulator", "arm64_iphoneos", ""},
		{cp311, iphone, "cp311-cp311-ios_11_0_arm64_iphoneos", ReasonNever, "", "", ""},
		{cp311, android, "cp311-cp311-android_26_arm64_v8a", ReasonAndroidAPI, "26", "24", "needs Android API level 26 or newer; T has 24"},
		{cp311, android, "cp311-cp311-android_15_arm64_v8a", ReasonNever, "", "", ""},
		{cp311, android, "cp311-cp311-android_24_x86_64", ReasonMachine, "x86_64", "arm64_v8a", ""},
		{cp311, wasm, "cp311-cp311-emscripten_4_0_9_wasm32", ReasonOS, "emscripten_4_0_9_wasm32", "emscripten", ""},
		{cp311, riscv, "cp311-cp311-manylinux_2_5_riscv64", ReasonNever, "", "", "no installer accepts manylinux_2_5_riscv64: manylinux begins with glibc 2.17 on riscv64 for packaging"},
		{cp311, debian11, "cp311-cp311-manylinux1_aarch64", ReasonNever, "", "", ""},
		{cp311, debian11, "cp311-cp311-manylinux_2_17_armv6l", ReasonNever, "", "", "no installer accepts manylinux_2_17_armv6l: manylinux is not defined for armv6l"},
		{cp311, armel, "cp311-cp311-manylinux_2_17_armv7l", ReasonMachine, "armv7l", "armv7l", ""},
		// A 32-bit userland of armv8l runs what armv7l runs, not the reverse.
		{cp311, armv8l, "cp311-cp311-manylinux_2_34_armv7l", ReasonGlibcVersion, "2.34", "2.31", "needs glibc 2.34 or newer; T has 2.31"},
		{cp311, armv8l, "cp311-cp311-manylinux_2_34_armv8l", ReasonGlibcVersion, "2.34", "2.31", "needs glibc 2.34 or newer; T has 2.31"},
		{cp311, armv8l, "cp311-cp311-musllinux_1_2_armv7l", ReasonLibcFamily, "musl", "glibc", "built for musl; T has glibc 2.31"},
		{cp311, armv8l, "cp311-cp311-manylinux_2_17_aarch64", ReasonMachine, "aarch64", "armv8l", "built for aarch64 machines; T is armv8l"},
		{cp311, armv7l, "cp311-cp311-manylinux_2_17_armv8l", ReasonMachine, "armv8l", "armv7l", "built for armv8l machines; T is armv7l"},
		{cp311, debian11, "py3-abi3-manylinux_2_17_aarch64", ReasonNever, "", "", "no installer accepts py3-abi3: a generic Python tag goes with ABI none only"},
		{cp311, debian11, "cp311t-cp311t-manylinux_2_17_aarch64", ReasonNever, "", "", ""},
		{cp311, debian11, "cp3-none-any", ReasonNever, "", "", ""},
		{cp311, debian11, "cp31-abi3-manylinux_2_17_aarch64", ReasonNever, "", "", ""},
		{cp311, debian11, "cp311-cp310-manylinux_2_17_aarch64", ReasonNever, "", "", ""},
		{cp311, debian11, "cp311-cp311-any", ReasonNever, "", "", "no installer accepts cp311-cp311-any: a wheel bound to an ABI must name its platform"},
		{pp310, alpine, "pp310-none-any", ReasonImplementation, "pp310", "pp3", ""},
		{pp310, alpine, "pp39-pypy39_pp73-musllinux_1_2_x86_64", ReasonPythonVersion, "3.9", "3.10", "built for pp39 only; T has Python 3.10"},
		{pp310, alpine, "pp310-pypy310_pp72-musllinux_1_2_x86_64", ReasonABI, "pypy310_pp72", "pypy310_pp73, none", ""},
		{pp310, alpine, "cp310-cp310-musllinux_1_2_x86_64", ReasonImplementation, "cp310", "pp310", "built for CPython only; T has PyPy 3.10"},
	} {
		target, err := New(c.python, c.platform, Packaging)
		if err != nil {
			t.Fatal(err)
		}
		set, err := ParseSet(c.tags)
		if err != nil {
			t.Fatal(err)
		}
		r := target.WithName("T").Explain(&set)
		if r == nil {
			t.Errorf("%s on %s fits", c.tags, target.Name())
			continue
		}
		if r.Code != c.code || r.Need != c.need || r.Have != c.have || c.message != "" && r.Message != c.message {
			t.Errorf("%s on %s:\n got %s need %q have %q: %s\nwant %s need %q have %q: %s", c.tags, target.Name(),
				r.Code, r.Need, r.Have, r.Message, c.code, c.need, c.have, c.message)
		}
		if !strings.Contains(c.tags, r.Tag.Platform) {
			t.Errorf("%s: the nearest tag is said to be %s", c.tags, r.Tag)
		}
	}
}

// TestExplainEverything has a reason exactly for what does not fit.
func TestExplainEverything(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, profile := range []Profile{Packaging, Packaging262, Pip, UV} {
		all := recordings(t, profile)
		reasons := map[ReasonCode]int{}
		for range 2000 {
			target := all[rng.IntN(len(all))].target(t, profile)
			text := randomSet(rng, Tag{target.interpreterTag, "abi3", "any"})
			set, err := ParseSet(text)
			if err != nil {
				t.Fatal(err)
			}
			_, fits := target.Rank(&set)
			r := target.Explain(&set)
			if fits != (r == nil) || r != nil && (r.Code == "" || r.Message == "") {
				t.Fatalf("%s (%s) and %s: fits %v, reason %v", target.Name(), profile, text, fits, r)
			}
			if r != nil {
				reasons[r.Code]++
			}
		}
		if len(reasons) < 9 {
			t.Errorf("%s: only %v", profile, reasons)
		}
	}
}

// TestExplainHostile explains names of a megabyte, most of whose combinations
// fit but for the platform, or are long. One by one they would take hours.
func TestExplainHostile(t *testing.T) {
	target, err := New(Python{Major: 3, Minor: 11}, Platform{OS: Linux, Arch: "x86_64", Libc: Libc{Glibc, 2, 31}}, Pip)
	if err != nil {
		t.Fatal(err)
	}
	many := func(member string, n int) string { return strings.Repeat(member+".", n) + member }
	long := strings.Repeat("a", 400_000)
	for _, c := range []struct {
		tags string
		code ReasonCode
	}{
		{many("py3", 60_000) + "-none-" + many("win32", 100_000), ReasonOS},
		{many("py3", 60_000) + "-none-" + many("manylinux_2_40_x86_64", 30_000), ReasonGlibcVersion},
		{"x" + long + "-" + many("none", 100_000) + "-any", ReasonImplementation},
		{"py2-" + many("cp27m", 80_000) + "-" + long, ReasonNever},
		{"py2." + many("py3", 60_000) + "-" + many("a", 60_000) + "-" + long, ReasonNever},
	} {
		set, err := ParseSet(c.tags)
		if err != nil {
			t.Fatal(err)
		}
		if r := target.Explain(&set); r == nil || r.Code != c.code {
			t.Errorf("%.40s: %v, want %s", c.tags, r, c.code)
		}
	}
}
