package distro

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestErrors(t *testing.T) {
	for _, test := range []struct {
		word string
		opts Options
		code Code
		says string // a part of the text
	}{
		{"", none, CodeSyntax, "[PYTHON@]PLATFORM"},
		{"@debian:11", none, CodeSyntax, "[PYTHON@]PLATFORM"},
		{"3.11@", none, CodeSyntax, "[PYTHON@]PLATFORM"},
		{"3.11@3.12@debian:11", none, CodeSyntax, "[PYTHON@]PLATFORM"},
		{"debian 11", none, CodeSyntax, "spaces"},
		{"debian:1\xff", none, CodeSyntax, "ASCII"},
		{"debian:1\x7f", none, CodeSyntax, "ASCII"},
		{"debi~an", none, CodeUnknown, "unknown platform"},
		{"pypy310_x@debian:12", none, CodeUnknown, "unknown Python"},
		{"pypy310@debian:12/x", none, CodeUnknown, "unknown machine"},
		{strings.Repeat("a", 300), none, CodeSyntax, "not that long"},
		{"3.11", none, CodeSyntax, "3.11@PLATFORM"},
		{"cp311", none, CodeSyntax, "cp311@debian:11"},
		{"3.99@debian:12", none, CodePython, "it does not exist; the newest Python is 3.16"},
		{"debian:12", Options{Python: "3.21"}, CodePython, "it does not exist"},
		{"3.12@gentoo (glib 2.41)", none, CodeSyntax, "brackets after a target hold its libc"},
		{"3.12@gentoo (glibc 2.41", none, CodeSyntax, "without spaces"},
		{"3.12@gentoo (glibc 2.41)", Options{Glibc: "2.40"}, CodeTwoLibcs, "drop one"},
		{"3.12@gentoo (glibc 2.41)", Options{Musl: "1.2"}, CodeTwoLibcs, "drop one"},
		{"3.12@gentoo (glibc 2.x)", none, CodeLibc, "glibc 2.x"},
		{"host", none, CodeHost, "detect"},
		{"3.11@host", none, CodeHost, "detect"},

		{"manylinux_2_31_aarch64", none, CodeNoPython, "name a Python: 3.11@manylinux_2_31_aarch64"},
		{"win_amd64", none, CodeNoPython, "3.11@win_amd64"},
		{"linux", none, CodeNoPython, "3.11@"},
		{"tumbleweed", none, CodeNoPython, "3.11@opensuse:tumbleweed/x86_64"},
		{"pypa/manylinux2014_x86_64", none, CodeNoPython, "3.11@pypa/manylinux2014_x86_64"},
		{"linux/arm64", Options{Glibc: "2.31"}, CodeNoPython, "3.11@linux/aarch64"},

		{"3.12@linux/amd64", none, CodeNoLibc, "--glibc 2.31 or --musl 1.2"},
		{"3.12@i686-unknown-linux-gnu", none, CodeNoLibc, "--glibc"},
		{"3.12@armv7-unknown-linux-musleabihf", none, CodeNoLibc, "--musl"},
		{"3.12@gentoo", none, CodeNoLibc, "no single libc"},

		{"alpine:3.20", Options{Glibc: "2.31"}, CodeTwoLibcs, "musl 1.2, yet glibc 2.31"},
		{"debian:11", Options{Musl: "1.2"}, CodeTwoLibcs, "glibc 2.31, yet musl 1.2"},
		{"3.12@manylinux_2_28_x86_64", Options{Musl: "1.2"}, CodeTwoLibcs, "glibc 2.28, yet musl 1.2"},
		{"3.12@i686-unknown-linux-gnu", Options{Musl: "1.2"}, CodeTwoLibcs, "has glibc, yet musl 1.2"},
		{"3.12@linux", Options{Musl: "1.2"}, CodeTwoLibcs, "glibc 2.28, yet musl 1.2"},
		{"3.12@linux/amd64", Options{Glibc: "2.31", Musl: "1.2"}, CodeTwoLibcs, "glibc 2.31 and musl 1.2"},

		{"debian:11", Options{Glibc: "abc"}, CodeLibc, "glibc abc"},
		{"debian:11", Options{Glibc: "2"}, CodeLibc, "glibc 2 "},
		{"debian:11", Options{Glibc: "2.31.1"}, CodeLibc, "2.31.1"},
		{"debian:11", Options{Glibc: "1.2"}, CodeLibc, "glibc 1.2"},
		{"alpine:3.20", Options{Musl: "1.2.x"}, CodeLibc, "musl 1.2.x"},
		{"3.12@win_amd64", Options{Glibc: "2.31"}, CodeLibc, "windows has no choice of libc"},
		{"3.12@macos", Options{Musl: "1.2"}, CodeLibc, "macos has no choice of libc"},

		{"debian:11/arm64", Options{Arch: "amd64"}, CodeTwoMachines, "arm64, yet amd64"},
		{"arm64v8/debian:11/amd64", none, CodeTwoMachines, "aarch64 and amd64"},
		{"debian:11/arm64/amd64", none, CodeTwoMachines, "names two machines; drop one"},
		{"3.12@manylinux_2_28_x86_64/arm64", none, CodeTwoMachines, "x86_64 and arm64"},
		{"3.12@aarch64-apple-darwin", Options{Arch: "x86_64"}, CodeTwoMachines, "arm64, yet x86_64"},
		{"3.12@linux/amd64", Options{Arch: "386", Glibc: "2.31"}, CodeTwoMachines, "amd64, yet 386"},

		{"debian:11/riscv64", none, CodeNotBuilt, "recorded for aarch64, armv5tel, armv7l, i686, mips64, ppc64le, s390x, x86_64, not for riscv64"},
		{"debian:13/arm/v6", none, CodeNotBuilt, "not for armv6l"},
		{"python:3.12-bookworm/riscv64", none, CodeNotBuilt, "debian:12"},
		{"3.12@pypa/manylinux_2_31", none, CodeNotBuilt, "write pypa/manylinux_2_31_armv7l"},
		{"3.12@manylinux2014_riscv64", none, CodeMachine, "defined for"},
		{"3.12@manylinux1_aarch64", none, CodeMachine, "x86_64, i686 only"},
		{"3.12@manylinux2010", Options{Arch: "arm64"}, CodeMachine, "x86_64, i686 only"},

		{"3.12@pypa/macosx_14_arm64", none, CodeImage, "macosx_14_0_arm64"},
		{"python:4", none, CodeImage, "begin with a version"},
		{"python:nightly", none, CodeImage, "begin with a version"},
		{"scratch", none, CodeNoPlatform, "is empty"},
		{"debian:12/arm/v6", none, CodeNotBuilt, "write 3.11@linux/armv6l with --glibc 2.36"},
		{"ubuntu-24.04-arm/amd64", none, CodeTwoMachines, "arm64 and amd64"},
		{"heroku:24", none, CodeNoPython, "3.11@ubuntu:24.04/x86_64"},
		{"nvidia/cuda:12.4.1-base-ubuntu22.04", none, CodeNoPython, "3.11@ubuntu:22.04/x86_64"},
		{"python:cp311", none, CodeImage, "begin with a version"},
		{"python:3.13t", none, CodeImage, "begin with a version"},
		{"python:3.7m", none, CodeImage, "begin with a version"},
		{"pypy:3.9", none, CodeImage, "pypy:3.9-bookworm"},
		{"python:3.5", none, CodeImage, "not on record"},

		{"3.12@manylinux", none, CodeSyntax, "manylinux_2_31_aarch64"},
		{"3.12@manylinux_1_31_x86_64", none, CodeSyntax, "manylinux_2_31_aarch64"},
		{"3.12@manylinux_2_031_x86_64", none, CodeSyntax, "manylinux_2_31_aarch64"},
		{"3.12@musllinux_1_x86_64", none, CodeSyntax, "musllinux_1_2_x86_64"},
		{"3.12@macosx_14_arm64", none, CodeSyntax, "macosx_14_0_arm64"},
		{"3.12@macosx_9_0_ppc", none, CodeSyntax, "10_0"},
		{"3.12@ios_11_0_arm64_iphoneos", none, CodeSyntax, "12_0"},
		{"3.12@android_arm64_v8a", none, CodeSyntax, "android_24_arm64_v8a"},
		{"3.12@pyemscripten_2026_wasm32", none, CodeSyntax, "pyemscripten_2026_0_wasm32"},
	} {
		d, err := Parse(test.word, test.opts)
		if got := codeOf(err); got != test.code || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q %+v: %+v, %v (%s); want %s with %q", test.word, test.opts, d, err, got, test.code, test.says)
		}
	}
}

func TestNearest(t *testing.T) {
	for _, test := range []struct {
		word    string
		opts    Options
		part    Part
		nearest []string
		known   int // how many words Known has at least
	}{
		{"debian:112", none, PartRelease, []string{"debian:11", "debian:12"}, 9},
		{"debian:bulseye", none, PartRelease, []string{"debian:bullseye"}, 9},
		{"rockylinux", none, PartRelease, nil, 2},
		{"x/y:1-jammy-bookworm", none, PartPlatform, nil, 0}, // of which of the two?
		{"x/y:1-testing", none, PartPlatform, nil, 0},        // hardly Debian's
		{"slackware", none, PartRelease, nil, 2},
		{"ubi99", none, PartRelease, []string{"rhel:9"}, 4},
		{"ubuntu:newest", none, PartRelease, []string{"ubuntu:latest"}, 10},
		{"opensuse:16.1", none, PartRelease, []string{"opensuse:16.0"}, 4}, // not a point release of 16.0
		{"python:3.11-slim-bulseye", none, PartRelease, []string{"bullseye"}, 10},
		{"python:3.11-stable", none, PartRelease, nil, 10},
		{"python:3.11-jammy", none, PartRelease, nil, 10}, // its images are of Debian
		{"python:3.11-12", none, PartRelease, nil, 10},
		{"3.9@pypa/manylinux_2_29_x86_64", none, PartRelease, []string{"manylinux:2_24", "manylinux:2_28", "manylinux:2_39"}, 9},
		{"bulseye", none, PartPlatform, []string{"bullseye"}, 0},
		{"debain:11", none, PartPlatform, []string{"debian:11"}, 0},
		{"3.12@win_amd46", none, PartPlatform, []string{"win_amd64"}, 0},
		{"3.12@x86_64-unknown-linux-gn", none, PartPlatform, []string{"x86_64-unknown-linux-gnu"}, 0},
		{"3.12@phyton:3.12-bookworm", none, PartPlatform, []string{"python:3.12-bookworm"}, 0},
		{"debian-11-py-x", none, PartRelease, nil, 9}, // no Python after -py
		{"win_", none, PartPlatform, nil, 0},
		{"ubi", none, PartRelease, nil, 4},
		{"ubi-", none, PartPlatform, nil, 0},
		{"f-droid", none, PartPlatform, nil, 0},
		{"xyz@bullseye", none, PartPython, nil, 0},
		{"3.12@pypa/linux_x86_64", none, PartPlatform, nil, 0},
		{"some-quite-different-thing", none, PartPlatform, nil, 0},
		{"quay.io/debian:11", none, PartPlatform, nil, 0},                // Docker's names hold on Docker's registry
		{"public.ecr.aws/other/python:3.12", none, PartPlatform, nil, 0}, // not Docker's python image
		{"ubi9/nodejs-22", none, PartPlatform, nil, 0},
		{"311@debian:11", none, PartPython, []string{"3.11"}, 0},
		{"3,11@debian:11", none, PartPython, []string{"3.11"}, 0},
		{"cpp311@debian:11", none, PartPython, []string{"cp311", "pp311"}, 0},
		{"debian:11/amd46", none, PartMachine, []string{"amd64"}, 10},
		{"debian:11", Options{Arch: "aarch46"}, PartMachine, []string{"aarch64"}, 10},
		{"3.12@manylinux_2_28_x86_46", none, PartMachine, []string{"x86_64"}, 10},
		{"3.12@win_amd64", Options{Arch: "s390x"}, PartMachine, nil, 3},
		{"3.12@linux/sparc64", none, PartMachine, nil, 10},
	} {
		_, err := Parse(test.word, test.opts)
		var unknown *UnknownError
		if !errors.As(err, &unknown) {
			t.Errorf("%s: %v; want an UnknownError", test.word, err)
			continue
		}
		if unknown.Part != test.part || len(unknown.Known) < test.known || unknown.Word != test.word {
			t.Errorf("%s: %+v; want part %s, %d known", test.word, unknown, test.part, test.known)
		}
		if diff := cmp.Diff(test.nearest, unknown.Nearest); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.word, diff)
		}
		for _, near := range unknown.Nearest {
			if !strings.Contains(err.Error(), near) {
				t.Errorf("%s: %q does not show %s", test.word, err, near)
			}
		}
	}
}

// TestErrorTexts: an error ends with what to write instead.
func TestErrorTexts(t *testing.T) {
	for word, want := range map[string]string{
		"bulseye":      `target "bulseye": unknown platform; did you mean bullseye?`,
		"xyz@bullseye": `target "xyz@bullseye": unknown Python "xyz"; write it like 3.11, cp311, 3.13t or pypy3.10`,
		"slackware":    `target "slackware": it names no release; known are slackware:15.0, slackware:current`,
		"photon:6.0": `target "photon:6.0": unknown release "6.0"; did you mean photon:4.0 or photon:5.0?` +
			` known are photon:4.0, photon:5.0`,
		"manylinux_2_31_aarch64": `target "manylinux_2_31_aarch64": no Python of its own is known; name a Python: 3.11@manylinux_2_31_aarch64`,
	} {
		if _, err := Parse(word, none); err == nil || err.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", word, err, want)
		}
	}
}
