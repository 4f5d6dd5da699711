package manylinux

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/tags"
)

func TestMuslSince(t *testing.T) {
	for _, c := range []struct {
		machine, symbol string
		since           MuslRelease
		floor           Floor
	}{
		{"x86_64", "memcpy", 1, 1},
		{"x86_64", "getrandom", 10120, 1},
		{"aarch64", "reallocarray", 10202, 2},
		{"x86_64", "qsort_r", 10203, 2},
		{"x86_64", "open64", 1, 1},                 // dropped from the table in 1.2.4, found all the same
		{"x86_64", "__dns_doqueries", 0, NoPolicy}, // internal, dropped in 1.1.1
		{"x86_64", "__cxa_thread_atexit_impl", 0, NoPolicy},
		{"i686", "__clock_gettime64", 10200, 2},
		{"armv7l", "__clock_gettime64", 10200, 2},
		{"x86_64", "__clock_gettime64", 0, NoPolicy}, // 64-bit machines have no such name
	} {
		since := muslTable(c.machine).since(c.symbol)
		if since != c.since || muslFloor(since) != c.floor {
			t.Errorf("%s on %s: since %d, floor %d; want %d, %d", c.symbol, c.machine, since, muslFloor(since), c.since, c.floor)
		}
	}
	if got := MuslRelease(10203).String(); got != "1.2.3" {
		t.Error(got)
	}
}

func TestParseMuslRefuses(t *testing.T) {
	for _, text := range []string{
		"release x86_64", "release x86_64 : 1.1", "release x86_64 : a.b.c", "symbol x86_64 1.1.0 : a", "noise : a", "release x86_64 : 1.1.0\nsymbol x86_64 1.1 : a",
		"release x86_64 : 1.1.0\nsymbol x86_64 1.1.0 x : a", "release x86_64 : 1.1.200",
	} {
		if _, err := parseMusl(text); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}

// TestMuslLine: a claimed release line is accepted unless a symbol contradicts it.
func TestMuslLine(t *testing.T) {
	one, two := tags.ParsePlatformTag("musllinux_1_1_x86_64"), tags.ParsePlatformTag("musllinux_1_2_x86_64")
	for _, c := range []struct {
		floor  Floor
		claims []tags.PlatformTag
		want   Floor
	}{
		{1, nil, 2}, {1, []tags.PlatformTag{one}, 1}, {1, []tags.PlatformTag{two}, 2}, {1, []tags.PlatformTag{two, one}, 1},
		{2, []tags.PlatformTag{one}, 2}, {2, []tags.PlatformTag{one, two}, 2}, {NoPolicy, []tags.PlatformTag{one}, NoPolicy},
		{1, []tags.PlatformTag{tags.ParsePlatformTag("linux_x86_64")}, 2},
	} {
		if got := muslLine(c.floor, c.claims); got != c.want {
			t.Errorf("floor %d with %d claims: %d; want %d", c.floor, len(c.claims), got, c.want)
		}
	}
}

// TestMuslSymbolsOfFixtures: a function that only glibc has is found when it is
// strong, and a weak one, which may be missing, is not.
func TestMuslSymbolsOfFixtures(t *testing.T) {
	for file, want := range map[string][]string{
		"musl-x86_64-atexit.so":      {"__cxa_thread_atexit_impl"},
		"musl-x86_64-atexit-weak.so": nil,
		"ext-x86_64-musl.so":         nil,
		"ext-armv7l-musl.so":         nil,
		"ext-i686-musl.so":           nil,
	} {
		f, err := elfaudit.ReadFile(filepath.Join("..", "testdata", "elf", file))
		if err != nil {
			t.Fatal(err)
		}
		o := linkset.NewFile(file, f, nil)
		var got []string
		for _, d := range Known().Demands(linkset.New([]*linkset.File{o}), o, elfaudit.LibcMusl, o.Machine) {
			if d.Kind == KindMusl && d.Version == "" {
				got = append(got, d.Symbols[0].Name)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
}
