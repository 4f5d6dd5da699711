package tags

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestRankFindsEveryTag is the property that Rank and the list agree: each tag
// of each list has its own place, the first one when the list repeats it.
func TestRankFindsEveryTag(t *testing.T) {
	for _, profile := range []Profile{Packaging, Packaging262, Pip, UV} {
		t.Run(profile.String(), func(t *testing.T) {
			t.Parallel()
			every := 40
			if testing.Short() {
				every = 400
			}
			for i, r := range recordings(t, profile) {
				if i%every != 0 {
					continue
				}
				target := r.target(t, profile)
				first := map[string]int{}
				n := 0
				for tag := range target.Tags() {
					s := tag.String()
					if _, ok := first[s]; !ok {
						first[s] = n
					}
					n++
				}
				for s, want := range first {
					set, err := ParseSet(s)
					if err != nil {
						t.Fatalf("%s: %v", s, err)
					}
					if got, ok := target.Rank(&set); !ok || got != want {
						t.Fatalf("%s, ABIs %q: rank of %s is %d, %v; the list has it at %d", target.Name(), r.Python.ABIs, s, got, ok, want)
					}
				}
			}
		})
	}
}

// vocabulary gives members that occur in real names, near misses and rubbish.
var vocabulary = [3][]string{
	{
		"py2", "py3", "py30", "py310", "py311", "py312", "py313", "py316", "py4", "cp2", "cp3", "cp27", "cp30", "cp31", "cp32", "cp37", "cp310",
		"cp311", "cp312", "cp313", "cp314", "cp0311", "cp311t", "pp3", "pp310", "pp39", "graalpy311", "pyston38", "ip27", "py", "cp", "_x",
	},
	{
		"none", "abi3", "abi3t", "cp310", "cp311", "cp312", "cp313", "cp313t", "cp313td", "cp313dt", "cp312d", "cp37m", "cp27mu", "pypy310_pp73",
		"graalpy242_311_native", "abi2026", "weird", "cp", "a",
	},
	{
		"any", "linux_x86_64", "linux_aarch64", "linux_armv8l", "linux_mips64", "manylinux1_x86_64", "manylinux2010_i686", "manylinux2014_aarch64",
		"manylinux2014_armv8l", "manylinux_2_5_x86_64", "manylinux_2_17_x86_64", "manylinux_2_17_aarch64", "manylinux_2_17_armv7l", "manylinux_2_28_riscv64",
		"manylinux_2_31_aarch64", "manylinux_2_017_x86_64", "manylinux_2_9999999_x86_64", "manylinux_3_0_x86_64", "musllinux_1_1_x86_64",
		"musllinux_1_2_armv7l", "musllinux_1_2", "musllinux_1_2_sparc64", "macosx_10_9_x86_64", "macosx_10_9_universal2", "macosx_11_0_arm64",
		"macosx_11_3_arm64", "macosx_10_6_intel", "macosx_10_9_fat3", "macosx_10_9_fat32", "win32", "win_amd64", "win_arm64", "ios_13_0_arm64_iphoneos",
		"android_24_arm64_v8a", "android__x86", "pyemscripten_2026_0_wasm32", "emscripten_5_0_3_wasm32", "pyodide_2026_0_wasm32",
		"freebsd_14_1_release_amd64", "manylinux", "macosx", "x",
	},
}

// randomSet mixes the vocabulary with the parts of one accepted tag.
func randomSet(rng *rand.Rand, accepted Tag) string {
	var parts [3]string
	good := [3]string{accepted.Interpreter, accepted.ABI, accepted.Platform}
	for c := range parts {
		words := vocabulary[c]
		members := make([]string, 1+rng.IntN(4)*rng.IntN(2))
		for i := range members {
			members[i] = words[rng.IntN(len(words))]
		}
		if rng.IntN(3) > 0 {
			members[rng.IntN(len(members))] = good[c]
		}
		parts[c] = strings.Join(members, ".")
	}
	return strings.Join(parts[:], "-")
}

// TestRankOfSets compares Rank with the plain way: the first tag of the list
// that the expanded set holds.
func TestRankOfSets(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, profile := range []Profile{Packaging, Packaging262, Pip, UV} {
		all := recordings(t, profile)
		fits := 0
		for range 300 {
			target := all[rng.IntN(len(all))].target(t, profile)
			places := map[Tag]int{}
			n := 0
			list := slices.Collect(target.Tags())
			for _, tag := range list {
				if _, ok := places[tag]; !ok {
					places[tag] = n
				}
				n++
			}
			for range 60 {
				text := randomSet(rng, list[rng.IntN(len(list))])
				set, err := ParseSet(text)
				if err != nil {
					t.Fatal(err)
				}
				want, ok := n, false
				for tag := range set.Tags() {
					if profile == UV && !strings.Contains(tag.Platform, "ios") {
						// uv reads armv8l as another word for armv7l.
						tag.Platform = strings.Replace(tag.Platform, "armv8l", "armv7l", 1)
					}
					if place, in := places[tag]; in && place < want {
						want, ok = place, true
					}
				}
				got, gotOK := target.Rank(&set)
				if gotOK != ok || ok && got != want {
					t.Fatalf("%s (%s): rank of %s is %d, %v; want %d, %v", target.Name(), profile, text, got, gotOK, want, ok)
				}
				if ok {
					fits++
				}
				tag, rank, found := target.Best(&set)
				if found != ok || ok && (rank != want || !set.Has(PartInterpreter, tag.Interpreter) || !set.Has(PartABI, tag.ABI) || !set.Has(PartPlatform, tag.Platform)) {
					t.Fatalf("%s (%s): best of %s is %s at %d, %v; want one at %d", target.Name(), profile, text, tag, rank, found, want)
				}
				if ok && profile != UV && places[tag] != rank {
					t.Fatalf("%s (%s): best of %s is %s, which is at %d, not %d", target.Name(), profile, text, tag, places[tag], rank)
				}
			}
		}
		if fits < 3000 {
			t.Errorf("%s: only %d sets fitted, too few to show anything", profile, fits)
		}
	}
}

func TestRankAllocatesNothing(t *testing.T) {
	target, err := New(Python{Major: 3, Minor: 13}, Platform{OS: Linux, Arch: "x86_64", Libc: Libc{Glibc, 2, 39}}, Packaging)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"cp313-cp313-manylinux2014_x86_64.manylinux_2_17_x86_64", "py2.py3-none-any", "cp39-cp39-freebsd_14"} {
		set, err := ParseSet(text)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(100, func() { target.Rank(&set) }); n != 0 {
			t.Errorf("ranking %s allocates %v times", text, n)
		}
		if n := testing.AllocsPerRun(100, func() { _, err = ParseSet(text) }); n != 0 {
			t.Errorf("parsing %s allocates %v times", text, n)
		}
	}
}

// TestHugeSet shows that nothing expands 300 x 300 x 300 combinations.
func TestHugeSet(t *testing.T) {
	member := func(prefix string) string {
		var b strings.Builder
		for i := range 300 {
			fmt.Fprintf(&b, "%s%d.", prefix, i)
		}
		return strings.TrimSuffix(b.String(), ".")
	}
	text := member("x") + ".cp311-" + member("y") + ".cp311-" + member("z") + ".linux_x86_64"
	set, err := ParseSet(text)
	if err != nil {
		t.Fatal(err)
	}
	if set.Len() != 301*301*301 {
		t.Errorf("Len is %d", set.Len())
	}
	target, err := New(Python{Major: 3, Minor: 11}, Platform{OS: Linux, Arch: "x86_64", Libc: Libc{Glibc, 2, 31}}, Packaging)
	if err != nil {
		t.Fatal(err)
	}
	if rank, ok := target.Rank(&set); !ok || rank != 0 {
		t.Errorf("rank %d, %v; want 0", rank, ok)
	}
	if n := testing.AllocsPerRun(10, func() { _, err = ParseSet(text) }); n > 1 {
		t.Errorf("parsing allocates %v times, want 1 at most", n)
	}
	seen := 0
	for range set.Tags() {
		if seen++; seen == 10 {
			break
		}
	}
}
