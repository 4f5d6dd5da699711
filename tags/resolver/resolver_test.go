package resolver

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
	"github.com/wheeltag/wheeltag/tags/fleet"
)

// configured is a resolver with names.
func configured(t testing.TB) *Resolver {
	t.Helper()
	all, err := fleet.Read(strings.NewReader(`
[[targets]]
name = "api"
platform = "debian:12"
arch = "arm64"
python = "3.12.7"

[[targets]]
name = "workers"
platforms = ["debian:12", "ubuntu:24.04"]
arches = ["amd64", "arm64"]

[[targets]]
name = "moving"
platform = "debian:stable"
`), "wheeltag.toml")
	if err != nil {
		t.Fatal(err)
	}
	return &Resolver{Fleet: all, Today: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
}

func names(targets []Target) []string {
	var list []string
	for _, t := range targets {
		list = append(list, t.Name())
	}
	return list
}

func kinds(t Target) []AssumptionKind {
	var list []AssumptionKind
	for _, a := range t.Assumed {
		list = append(list, a.Kind)
	}
	return list
}

func TestResolve(t *testing.T) {
	for _, c := range []struct {
		word    string
		options distro.Options
		want    []string
		assumed []AssumptionKind // of the first
	}{
		{"3.12.7@debian:12/arm64", distro.Options{}, []string{"3.12.7@debian:12/aarch64"}, nil},
		{"3.12@debian:12/arm64", distro.Options{}, []string{"3.12@debian:12/aarch64"}, nil},
		{"debian:12/arm64", distro.Options{}, []string{"debian:12/aarch64"}, []AssumptionKind{AssumedPython}},
		{"3.12@debian:12", distro.Options{}, []string{"3.12@debian:12/x86_64"}, []AssumptionKind{AssumedMachine}},
		{"debian:12", distro.Options{}, []string{"debian:12/x86_64"}, []AssumptionKind{AssumedMachine, AssumedPython}},
		{"debian:12", distro.Options{Arch: "arm64", Python: "3.13"}, []string{"3.13@debian:12/aarch64"}, nil},
		{"python:3.12-bookworm/amd64", distro.Options{}, []string{"python:3.12-bookworm/x86_64"}, nil},
		{"3.12@debian:stable/amd64", distro.Options{}, []string{"3.12@debian:13/x86_64"}, []AssumptionKind{AssumedDate}},
		// With its libc given, it does not matter what the word meant.
		{"3.12@debian:stable/amd64", distro.Options{Glibc: "2.36"}, []string{"3.12@debian:13/x86_64 (glibc 2.36)"}, nil},
		{"3.12@manylinux_2_28_x86_64", distro.Options{}, []string{"3.12@manylinux_2_28_x86_64"}, nil},
		{"3.12@linux/arm64", distro.Options{Musl: "1.2"}, []string{"3.12@linux/aarch64 (musl 1.2)"}, nil},
		{"api", distro.Options{}, []string{"api"}, nil},
		{"workers", distro.Options{}, []string{"debian:12/x86_64", "debian:12/aarch64", "ubuntu:24.04/x86_64", "ubuntu:24.04/aarch64"}, nil},
		{"moving", distro.Options{}, []string{"moving"}, nil}, // whoever wrote the file knows
		{"@fleet", distro.Options{}, []string{"api", "debian:12/x86_64", "debian:12/aarch64", "ubuntu:24.04/x86_64", "ubuntu:24.04/aarch64", "moving"}, nil},
	} {
		r := configured(t)
		r.Options = c.options
		targets, err := r.Resolve(c.word)
		if err != nil {
			t.Errorf("%s: %v", c.word, err)
			continue
		}
		if diff := cmp.Diff(c.want, names(targets)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.word, diff)
		}
		if diff := cmp.Diff(c.assumed, kinds(targets[0])); diff != "" {
			t.Errorf("%s assumes (-want +got):\n%s", c.word, diff)
		}
	}
}

// TestAssumptions: an assumption says what was taken, in a sentence and as data.
func TestAssumptions(t *testing.T) {
	var r Resolver
	for word, want := range map[string][]string{
		"debian:12":                {"debian:12: no machine named, assuming x86_64", "debian:12: no Python named, assuming the release's own CPython 3.11"},
		"3.12@debian:stable/amd64": {"3.12@debian:stable/amd64 is a moving tag; resolved as of 2026-11-01: 3.12@debian:13/x86_64, Linux x86_64, glibc 2.41"},
	} {
		targets, err := r.Resolve(word)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range targets[0].Assumed {
			got = append(got, a.String())
			if a.Platform != targets[0].Platform() || a.Word != word || (a.AsOf != "") != (a.Kind == AssumedDate) {
				t.Errorf("%s: %+v", word, a)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", word, diff)
		}
	}
}

// TestRelease: what is recorded of a release is not said of a target with another
// libc.
func TestRelease(t *testing.T) {
	for _, c := range []struct {
		word    string
		options distro.Options
		release string // "" for none
	}{
		{"debian:12/amd64", distro.Options{}, "debian:12"},
		{"python:3.12-bookworm/amd64", distro.Options{}, "debian:12"},
		{"debian:12/amd64", distro.Options{Glibc: "2.31"}, ""},
		{"debian:12/amd64", distro.Options{Glibc: "2.36"}, "debian:12"}, // it has that one
		{"alpine:3.20/amd64", distro.Options{Musl: "1.1"}, ""},
		{"3.12@manylinux_2_28_x86_64", distro.Options{}, ""},
		{"api", distro.Options{}, "debian:12"},
	} {
		r := configured(t)
		r.Options = c.options
		targets, err := r.Resolve(c.word)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if targets[0].Release != nil {
			got = targets[0].Release.Name()
		}
		if got != c.release {
			t.Errorf("%s %+v: release %q, want %q", c.word, c.options, got, c.release)
		}
	}
}

func TestProfile(t *testing.T) {
	r := configured(t)
	r.Profile = tags.UV
	for _, word := range []string{"debian:12/amd64", "api", "root:../../testdata/roots/debian"} {
		targets, err := r.Resolve(word)
		if err != nil || targets[0].Profile() != tags.UV {
			t.Errorf("%s: %v, %v", word, targets, err)
		}
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

func TestPatchRelease(t *testing.T) {
	r := configured(t)
	for word, full := range map[string]string{
		"3.12.7@debian:12": "3.12.7", "3.12@debian:12": "", "debian:12": "", "api": "3.12.7", "python:3.12.4-bookworm": "3.12.4",
		"root:../../testdata/roots/debian": "3.11.2", "3.11.2@root:../../testdata/roots/debian": "3.11.2", "3.12.7@root:../../testdata/roots/debian": "3.12.7",
	} {
		targets, err := r.Resolve(word)
		if err != nil || targets[0].Python().FullVersion != full {
			t.Errorf("%s: %+v, %v; want %q", word, targets, err, full)
		}
	}
}

// TestSupported: the day decides which releases are supported.
func TestSupported(t *testing.T) {
	has := func(today time.Time, name string) bool {
		targets, err := (&Resolver{Today: today}).Resolve("@supported/amd64")
		if err != nil {
			t.Fatal(err)
		}
		return slices.Contains(names(targets), name)
	}
	if !has(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), "debian:11/x86_64") {
		t.Error("debian:11 was supported in 2024")
	}
	for _, today := range []time.Time{time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), {}} {
		if has(today, "debian:11/x86_64") {
			t.Errorf("debian:11 is supported on %s", today)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		word    string
		options distro.Options
		code    Code
		says    string
	}{
		{"bulseye", distro.Options{}, CodeWord, `target "bulseye": unknown platform; did you mean bullseye?`},
		{"debian:12/arm46", distro.Options{}, CodeWord, "unknown machine"},
		{"", distro.Options{}, CodeWord, "[PYTHON@]PLATFORM"},
		{"@nothing", distro.Options{}, CodeWord, "@nothing: no built-in set of that name"},
		{"@docker-python/arm46", distro.Options{}, CodeWord, `target "@docker-python/arm46": unknown machine "arm46"`},
		{"api", distro.Options{Arch: "arm64"}, CodeOption, "api: its targets are complete"},
		{"@fleet", distro.Options{Python: "3.12"}, CodeOption, "@fleet: its targets are complete"},
		{"@docker-python", distro.Options{Glibc: "2.36"}, CodeOption, "@docker-python: its targets are complete"},
		{"gentoo", distro.Options{Python: "3.13"}, CodeWord, "has no single libc on record"},
		{"root:", distro.Options{}, CodePath, "root:: name a path after the colon, as in root:./rootfs"},
		{"3.12@image:", distro.Options{Glibc: "2.36"}, CodePath, "as in image:./rootfs"},
		{"root:x", distro.Options{Glibc: "2.36"}, CodeOption, "root:x: a libc is for targets without one; x has its own"},
		{"host", distro.Options{Musl: "1.2"}, CodeOption, "a libc is for targets without one"},
		{"root:x", distro.Options{Arch: "arm64"}, CodeOption, "a machine is for images of several machines"},
		{"host", distro.Options{Arch: "arm64"}, CodeOption, "a machine is for images of several machines"},
		{"3.11@root:x", distro.Options{Python: "3.12"}, CodeOption, "the Python is named twice"},
		{"3.x@root:../../testdata/roots/debian", distro.Options{}, CodeWord, `3.x@root:../../testdata/roots/debian: unknown Python "3.x"`},
	} {
		r := configured(t)
		r.Options = c.options
		_, err := r.Resolve(c.word)
		var e *Error
		if !errors.As(err, &e) || e.Code != c.code || e.Word != c.word || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %#v; want %s, %s", c.word, err, c.code, c.says)
		}
	}
	// What the package that knows more has found is there for programs.
	_, err := new(Resolver).Resolve("bulseye")
	var unknown *distro.UnknownError
	if !errors.As(err, &unknown) || !slices.Contains(unknown.Nearest, "bullseye") {
		t.Errorf("%v wraps %+v", err, unknown)
	}
}

// TestRolling: a release that changes under its name is what it was on record, and that
// is said.
func TestRolling(t *testing.T) {
	for _, c := range []struct {
		word, options, said string
	}{
		{"3.13@archlinux", "", "3.13@archlinux is a moving tag; resolved as of 2026-08-04: 3.13@archlinux:latest/x86_64"},
		{"3.14@alpine:edge/arm64", "", "as of 2026-11-01: 3.14@alpine:edge/aarch64"},
		{"3.13@archlinux/amd64", "2.43", ""}, // the libc of that day is named
	} {
		r := Resolver{Options: distro.Options{Glibc: c.options}}
		targets, err := r.Resolve(c.word)
		if err != nil || len(targets) != 1 {
			t.Fatalf("%s: %v, %v", c.word, targets, err)
		}
		said := ""
		for _, a := range targets[0].Assumed {
			if a.Kind == AssumedDate {
				said = a.String()
			}
		}
		if (said == "") != (c.said == "") || !strings.Contains(said, c.said) {
			t.Errorf("%s: %q, want %q", c.word, said, c.said)
		}
	}
}

// TestNoConfiguration: without one, @fleet is a mistake and every other word as
// good as ever.
func TestNoConfiguration(t *testing.T) {
	for _, r := range []*Resolver{{}, {Fleet: &fleet.Fleet{}}} {
		var e *Error
		if _, err := r.Resolve("@fleet"); !errors.As(err, &e) || e.Code != CodeNoFleet {
			t.Errorf("@fleet: %v", err)
		}
		if targets, err := r.Resolve("debian:12/amd64"); err != nil || len(targets) != 1 {
			t.Errorf("%v, %v", targets, err)
		}
		if members, err := r.Lookup("debian:12"); members != nil || err != nil {
			t.Errorf("Lookup of a release: %v, %v", members, err)
		}
	}
}
