package distro

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
)

// pythonFor prefixes a release that has no Python on record.
func pythonFor(r Release) string {
	if r.Python == "" {
		return "3.12@"
	}
	return ""
}

// optionsFor completes a release that has no libc on record.
func optionsFor(r Release) Options {
	if r.Libc.Family == tags.NoLibc {
		return Options{Glibc: "2.41"}
	}
	return Options{}
}

func TestReleasesOnTheirMachines(t *testing.T) {
	n := 0
	for r := range Releases() {
		n++
		machines := r.Machines
		if len(machines) == 0 {
			machines = []string{"x86_64"}
		}
		for _, machine := range machines {
			word := pythonFor(r) + r.Name() + "/" + machine
			d, err := Parse(word, optionsFor(r))
			if err != nil {
				t.Errorf("%s: %v", word, err)
				continue
			}
			if d.Platform.Arch != machine || d.Release == nil || d.Release.Name() != r.Name() || d.AssumedArch {
				t.Errorf("%s: %+v", word, d)
			}
			if r.Libc.Family != tags.NoLibc && d.Platform.Libc != r.Libc {
				t.Errorf("%s: %s, the release has %s", word, d.Platform.Libc, r.Libc)
			}
			if _, err := tags.New(d.Python, d.Platform, tags.Packaging); err != nil {
				t.Errorf("%s: %v", word, err)
			}
			sameAgain(t, d)
		}
		for _, other := range append([]string{r.Codename}, r.Aliases...) {
			if other == "" {
				continue
			}
			word := pythonFor(r) + r.Distro + ":" + other
			if d, err := Parse(word, Options{Arch: machines[0]}); err != nil || d.Release.Name() != r.Name() {
				t.Errorf("%s: %+v, %v; want %s", word, d, err, r.Name())
			}
		}
	}
	if n < 85 {
		t.Errorf("%d releases", n)
	}
}

// TestReleaseData holds every row against the form that readers rely on.
func TestReleaseData(t *testing.T) {
	date := regexp.MustCompile(`^20\d\d-\d\d-\d\d$`)
	libc := regexp.MustCompile(`^\d+\.\d+(\.\d+)?$`)
	seen := map[string]bool{}
	for r := range Releases() {
		if seen[r.Name()] {
			t.Errorf("%s comes twice", r.Name())
		}
		seen[r.Name()] = true
		for _, d := range []string{r.EndOfLife, r.EndOfLTS, r.EndOfPaid} {
			if d != "" && !date.MatchString(d) {
				t.Errorf("%s: %q is no date", r.Name(), d)
			}
		}
		if !date.MatchString(r.AsOf) || r.Rolling && r.EndOfLife != "" {
			t.Errorf("%s: as of %q, rolling %v, end of life %q", r.Name(), r.AsOf, r.Rolling, r.EndOfLife)
		}
		if r.Libc.Family != tags.NoLibc && (!libc.MatchString(r.LibcVersion) || !possibleLibc(r.Libc)) {
			t.Errorf("%s: libc %s %q", r.Name(), r.Libc, r.LibcVersion)
		}
		if p, problem, ok := parsePython(r.Python); r.Python != "" && (!ok || problem != "" || p.name != r.Python) {
			t.Errorf("%s: Python %q", r.Name(), r.Python)
		}
		if !slices.IsSorted(r.Machines) || len(slices.Compact(slices.Clone(r.Machines))) != len(r.Machines) {
			t.Errorf("%s: machines %v are not a sorted set", r.Name(), r.Machines)
		}
		for _, m := range r.Machines {
			if name, ok := machineName(tags.Linux, m); !ok || name != m {
				t.Errorf("%s: machine %q", r.Name(), m)
			}
		}
	}
}

func TestNames(t *testing.T) {
	tables := load()
	for _, row := range rows(namesTSV) {
		name, meaning := row[0], row[1]
		switch {
		case strings.HasSuffix(name, "/"):
		case strings.Contains(meaning, ":"):
			if r := tables.words[name]; r == nil || r.Name() != meaning {
				t.Errorf("%s is to mean %s", name, meaning)
			}
		default:
			if !slices.ContainsFunc(tables.releases, func(r *Release) bool { return r.Distro == meaning }) {
				t.Errorf("%s means the distro %s, which has no release", name, meaning)
			}
		}
		if name != strings.ToLower(name) {
			t.Errorf("%s is not in lower case", name)
		}
	}
	for word, r := range tables.words {
		if r == nil {
			t.Errorf("%s means nothing", word)
		}
	}
}

func TestImages(t *testing.T) {
	n := 0
	for image := range Images() {
		n++
		d, err := Parse(image.Name+"/x86_64", none)
		if err != nil || d.Release.Name() != image.Release.Name() || !cmp.Equal(d.Python, image.Python) || d.AsOf != "" {
			t.Errorf("%s: %+v, %v; want %s", image.Name, d, err, image.Release.Name())
		}
	}
	if n < 40 {
		t.Errorf("%d images", n)
	}
	for _, row := range load().images {
		for _, release := range append([]string{row.standard, row.alpine}, row.known...) {
			if release != "" && load().byVersion[release] == nil {
				t.Errorf("%s:%s: unknown release %q", row.repository, row.python, release)
			}
		}
	}
}

func TestCallersCannotChangeTheTables(t *testing.T) {
	for r := range Releases() {
		if len(r.Machines) > 0 {
			r.Machines[0] = "changed"
		}
	}
	d, err := Parse("debian:11/arm64", none)
	if err != nil {
		t.Fatal(err)
	}
	d.Release.Machines[0] = "changed"
	d.Release.SymbolVersions("aarch64")["GLIBC"][0] = "changed"
	d, err = Parse("debian:11/arm64", none)
	if err != nil || slices.Contains(d.Release.Machines, "changed") || d.Release.SymbolVersions("aarch64")["GLIBC"][0] == "changed" {
		t.Errorf("%+v, %v", d.Release, err)
	}
}

func find(t *testing.T, name string) Release {
	t.Helper()
	for r := range Releases() {
		if r.Name() == name {
			return r
		}
	}
	t.Fatalf("no release %s", name)
	return Release{}
}

func TestSymbolVersions(t *testing.T) {
	last := func(list []string) string {
		if len(list) == 0 {
			return ""
		}
		return list[len(list)-1]
	}
	for _, test := range []struct{ release, machine, namespace, first, last string }{
		{"debian:11", "x86_64", "GLIBC", "2.2.5", "2.31"},
		{"debian:11", "x86_64", "GLIBCXX", "3.4", "3.4.28"},
		{"debian:11", "aarch64", "GLIBC", "2.0", "2.31"},
		{"debian:11", "armv8l", "GLIBC", "2.0", "2.31"}, // armv7l's userland
		{"manylinux:2014", "x86_64", "GLIBC", "2.2.5", "2.17"},
		{"almalinux:8", "x86_64", "ZLIB", "1.2.0", "1.2.9"},
		{"ubuntu:24.04", "riscv64", "GLIBC", "2.0", "ABI_DT_RELR"}, // words come last
	} {
		r := find(t, test.release)
		list := r.SymbolVersions(test.machine)[test.namespace]
		if len(list) == 0 || list[0] != test.first || last(list) != test.last {
			t.Errorf("%s %s %s: %v; want %s to %s", test.release, test.machine, test.namespace, list, test.first, test.last)
		}
	}
	bullseye := find(t, "debian:11")
	versions := bullseye.SymbolVersions("x86_64")
	if got := len(versions); got != 6 {
		t.Errorf("debian:11 has %d namespaces", got)
	}
	if !slices.Contains(versions["GLIBCXX"], "3.4.28") || slices.Contains(versions["GLIBCXX"], "3.4.29") {
		t.Errorf("debian:11 GLIBCXX: %v", versions["GLIBCXX"])
	}
	for _, unmeasured := range [][2]string{{"debian:11", "riscv64"}, {"debian:11", "armv5tel"}, {"alpine:3.20", "x86_64"}, {"centos:7", "x86_64"}} {
		r := find(t, unmeasured[0])
		if got := r.SymbolVersions(unmeasured[1]); got != nil {
			t.Errorf("%s on %s was not measured, yet has %v", unmeasured[0], unmeasured[1], got)
		}
	}
}

// TestSymbolData holds the file against the releases: each glibc release that
// was measured exports its own glibc on each machine.
func TestSymbolData(t *testing.T) {
	if len(symbolsTSV) > 60_000 {
		t.Errorf("symbols.tsv has %d bytes", len(symbolsTSV))
	}
	tables := loadSymbols()
	for name, machines := range tables.have {
		r := load().byVersion[name]
		if r == nil {
			t.Errorf("%s is no release", name)
			continue
		}
		for machine, set := range machines {
			if !slices.Contains(r.Machines, machine) || set >= len(tables.sets) {
				t.Errorf("%s: machine %s, set %d", name, machine, set)
			}
			if len(r.SymbolVersions(machine)["GLIBC"]) == 0 {
				t.Errorf("%s on %s has no GLIBC", name, machine)
			}
		}
	}
	if len(tables.have) < 70 {
		t.Errorf("%d releases have symbol versions", len(tables.have))
	}
	for _, set := range tables.sets {
		for _, list := range set {
			if list >= len(tables.lists) {
				t.Errorf("list %d of %d", list, len(tables.lists))
			}
		}
	}
}

func TestReleasesStopEarly(t *testing.T) {
	for range Releases() {
		break
	}
	for range Images() {
		break
	}
}

// TestOrder: releases come by distribution and then by version, as numbers.
func TestOrder(t *testing.T) {
	at := map[string]int{}
	before := ""
	for r := range Releases() {
		if r.Distro < before {
			t.Errorf("%s after %s", r.Distro, before)
		}
		before = r.Distro
		at[r.Name()] = len(at)
	}
	for _, pair := range [][2]string{{"debian:9", "debian:10"}, {"centos:7", "centos:stream9"}, {"centos:stream9", "centos:stream10"}, {"opensuse:15.6", "opensuse:tumbleweed"}} {
		x, okX := at[pair[0]]
		y, okY := at[pair[1]]
		if !okX || !okY || x >= y {
			t.Errorf("%s is at %d, %s at %d", pair[0], x, pair[1], y)
		}
	}
}

// TestMuslReleases: of each release with musl the patch level is on record, as the
// symbols of musl and DT_RELR came with patch levels.
func TestMuslReleases(t *testing.T) {
	exact := regexp.MustCompile(`^1\.\d\.\d+$`)
	for r := range Releases() {
		if r.Libc.Family == tags.Musl && !exact.MatchString(r.LibcVersion) {
			t.Errorf("%s has musl %q", r.Name(), r.LibcVersion)
		}
	}
}

// TestSupportEnds: the dates of endoflife.date come last; what it does not know stays.
func TestSupportEnds(t *testing.T) {
	for name, want := range map[string][3]string{
		"ubuntu:20.04": {"2025-05-31", "", "2030-04-02"},
		"debian:12":    {"2026-07-11", "2028-06-30", "2033-06-30"},
		"alpine:3.24":  {"2028-06-01", "", ""},
		"anolisos:23":  {"2030-06-30", "", ""},
		"photon:5.0":   {"", "", ""},
	} {
		r := load().byVersion[name]
		if got := [3]string{r.EndOfLife, r.EndOfLTS, r.EndOfPaid}; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
