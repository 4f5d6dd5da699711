package tags

import (
	"slices"
	"strings"
	"testing"
)

// platformsOf lists the platforms of a target.
func platformsOf(t *testing.T, p Platform, profile Profile) []string {
	t.Helper()
	target, err := New(Python{Major: 3, Minor: 12}, p, profile)
	if err != nil {
		t.Fatal(err)
	}
	return target.Platforms()
}

// TestPlatformsByName: machines without a number of their own have the same lists as
// those with one.
func TestPlatformsByName(t *testing.T) {
	for _, c := range []struct {
		p       Platform
		profile Profile
		want    string
	}{
		{Platform{OS: MacOS, Arch: "sparc", Major: 10, Minor: 2}, Packaging, "macosx_10_2_sparc macosx_10_1_sparc macosx_10_0_sparc"},
		{Platform{OS: MacOS, Arch: "sparc", Major: 12}, Packaging, "macosx_12_0_sparc macosx_11_0_sparc macosx_10_16_universal2"},
		{Platform{OS: IOS, Arch: "sparc", Major: 12, Minor: 1}, Packaging, "ios_12_1_sparc ios_12_0_sparc"},
		{Platform{OS: IOS, Arch: "arm64_iphoneos", Major: 12, Minor: 1}, Packaging, "ios_12_1_arm64_iphoneos ios_12_0_arm64_iphoneos"},
		{Platform{OS: IOS, Arch: "sparc", Major: 13, Minor: 0}, Packaging, "ios_13_0_sparc ios_12_9_sparc"},
		{Platform{OS: Android, Arch: "sparc", Major: 17}, Packaging, "android_17_sparc android_16_sparc"},
		{Platform{OS: Android, Arch: "arm64_v8a", Major: 17}, Packaging, "android_17_arm64_v8a android_16_arm64_v8a"},
		{Platform{OS: Emscripten, Arch: "wasm32", PyEmscripten: "2024_0"}, Packaging, "pyemscripten_2024_0_wasm32"},
		{Platform{OS: Emscripten, Arch: "wasm32", PyEmscripten: "2024_0"}, UV, "pyemscripten_2024_0_wasm32 pyodide_2024_0_wasm32"},
	} {
		got := platformsOf(t, c.p, c.profile)
		if text := strings.Join(got[:min(len(got), strings.Count(c.want, " ")+1)], " "); text != c.want {
			t.Errorf("%+v with %s: %s, want %s", c.p, c.profile, text, c.want)
		}
	}
	for _, c := range []struct {
		p    Platform
		want int
	}{
		{Platform{OS: MacOS, Arch: "sparc", Major: 10, Minor: 2}, 3}, {Platform{OS: IOS, Arch: "sparc", Major: 13, Minor: 0}, 11}, {Platform{OS: IOS, Arch: "arm64_iphoneos", Major: 13, Minor: 0}, 11}, {Platform{OS: Android, Arch: "sparc", Major: 16}, 1}, {Platform{OS: Android, Arch: "arm64_v8a", Major: 16}, 1},
		{Platform{OS: IOS, Arch: "sparc", Major: 11, Minor: 9}, 0}, {Platform{OS: Android, Arch: "sparc", Major: 15}, 0}, {Platform{OS: MacOS, Arch: "sparc", Major: 9, Minor: 9}, 0},
	} {
		if got := platformsOf(t, c.p, Packaging); len(got) != c.want {
			t.Errorf("%+v: %q, want %d", c.p, got, c.want)
		}
	}
}

// TestNames: numbers without a name, long texts and features.
func TestNames(t *testing.T) {
	if got := Profile(200).String(); got != "Profile(200)" {
		t.Error(got)
	}
	if got := Profile(len(profileNames)).String(); got != "Profile(5)" {
		t.Error(got)
	}
	if got := OS(200).String(); got != "OS(200)" {
		t.Error(got)
	}
	for n, want := range map[int]int{120: 120, 121: 123} {
		if got := clip(strings.Repeat("a", n)); len(got) != want || n > 120 != strings.HasSuffix(got, "...") {
			t.Errorf("%d bytes: %q", n, got)
		}
	}
	if got := clip(strings.Repeat("a", 119) + "üü"); got != strings.Repeat("a", 119)+"..." {
		t.Errorf("%q", got)
	}
	target, err := New(Python{Major: 3, Minor: 12}, Platform{OS: Linux, Arch: "x86_64"}, UVVariants)
	if err != nil {
		t.Fatal(err)
	}
	features := []VariantFeature{{Namespace: "x86_64", Name: "level", Values: []string{"v3"}}}
	described := target.WithVariantFeatures(features)
	if features[0].Name = "other"; len(target.VariantFeatures()) != 0 || len(described.VariantFeatures()) != 1 || described.VariantFeatures()[0].Name != "level" {
		t.Errorf("%+v, %+v", target.VariantFeatures(), described.VariantFeatures())
	}
}

// TestPythons: ABIs of implementations, and Pythons that no tag expresses.
func TestPythons(t *testing.T) {
	for _, c := range []struct {
		p    Python
		want string
	}{
		{Python{Implementation: "pypy", Major: 3, Minor: 10}, "pypy310_pp73"}, {Python{Implementation: "pypy", Major: 3, Minor: 0}, "pypy30_pp73"}, {Python{Implementation: "pypy", Major: 3, Minor: -1}, ""}, {Python{Implementation: "graalpy", Major: 3, Minor: 11}, "graalpy242_311_native"}, {Python{Implementation: "graalpy", Major: 3, Minor: 9}, ""},
		{Python{Implementation: "rustpy", Major: 3, Minor: 9}, ""}, {Python{Major: 3, Minor: 12, ABIs: []string{"CP312", "abi3"}}, "cp312 abi3"}, {Python{Major: 3, Minor: -1}, ""},
	} {
		if got := strings.Join(c.p.abis(Packaging, true), " "); got != c.want {
			t.Errorf("%+v: %q, want %q", c.p, got, c.want)
		}
	}
	for want, p := range map[string]Python{
		"": {Major: 3, Minor: 12, ABIs: []string{"cp312"}}, `ABI "" must not be empty nor hold a dash or a dot`: {Major: 3, Minor: 12, ABIs: []string{"cp312", ""}}, `ABI "a-b" must not be empty nor hold a dash or a dot`: {Major: 3, Minor: 12, ABIs: []string{"a-b"}}, `ABI "a.b" must not be empty nor hold a dash or a dot`: {Major: 3, Minor: 12, ABIs: []string{"a.b"}},
		"version 1.5 of Python: the major version must be 2 to 9, as tags write it in one digit": {Major: 1, Minor: 5}, "version 10.0 of Python: the major version must be 2 to 9, as tags write it in one digit": {Major: 10}, "version 3.1000 of Python: the minor version must be 0 to 999": {Major: 3, Minor: 1000}, "version 3.-2 of Python: the minor version must be 0 to 999": {Major: 3, Minor: -2},
		`implementation "a b" is not an identifier`: {Implementation: "a b", Major: 3, Minor: 1},
	} {
		got := ""
		if err := p.check(); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%+v: %s, want %s", p, got, want)
		}
	}
	cp := func(minor int, abis ...string) Python { return Python{Major: 3, Minor: minor, ABIs: abis} }
	for _, c := range []struct {
		a, b Python
		want bool
	}{
		{cp(12), cp(12), true}, {cp(12), cp(13), false}, {cp(12), cp(12, "cp312"), true}, {cp(12), cp(12, "cp312d"), false}, {cp(12), Python{Major: 3, Minor: 12, FullVersion: "3.12.1"}, true}, {cp(12, "cp312"), Python{Implementation: "rustpy", Major: 3, Minor: 12, ABIs: []string{"cp312"}}, false},
	} {
		if got := c.a.SameTags(c.b); got != c.want {
			t.Errorf("%+v, %+v: %v", c.a, c.b, got)
		}
	}
	// Who needs no more tags gets none.
	target, err := New(Python{Major: 3, Minor: 12}, Platform{OS: Linux, Arch: "x86_64"}, Packaging)
	if err != nil {
		t.Fatal(err)
	}
	all := slices.Collect(target.Tags())
	for stop := range all {
		n := 0
		for range target.Tags() {
			if n++; n > stop {
				break
			}
		}
		if n != stop+1 {
			t.Fatalf("%d tags after the end at %d", n, stop)
		}
	}
}
