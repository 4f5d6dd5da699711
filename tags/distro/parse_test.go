package distro

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
)

// saying is a word and what must come of it.
type saying struct {
	word     string
	opts     Options
	name     string // of the description
	python   string // in words
	platform string // in words
	release  string // "" for none
	assumed  string // any of "arch python"
}

var none Options

// grammar has a row for each form that the grammar allows.
var grammar = []saying{
	// Releases.
	{"debian:11", none, "debian:11/x86_64", "CPython 3.9", "Linux x86_64, glibc 2.31", "debian:11", "arch python"},
	{"debian-11", none, "debian:11/x86_64", "CPython 3.9", "Linux x86_64, glibc 2.31", "debian:11", "arch python"},
	{"debian11/arm64", none, "debian:11/aarch64", "CPython 3.9", "Linux aarch64, glibc 2.31", "debian:11", "python"},
	{"bullseye", none, "debian:11/x86_64", "CPython 3.9", "Linux x86_64, glibc 2.31", "debian:11", "arch python"},
	{"Debian:Bullseye/ARM64", none, "debian:11/aarch64", "CPython 3.9", "Linux aarch64, glibc 2.31", "debian:11", "python"},
	{"ubuntu:22.04", none, "ubuntu:22.04/x86_64", "CPython 3.10", "Linux x86_64, glibc 2.35", "ubuntu:22.04", "arch python"},
	{"jammy/s390x", none, "ubuntu:22.04/s390x", "CPython 3.10", "Linux s390x, glibc 2.35", "ubuntu:22.04", "python"},
	{"xenial", none, "ubuntu:16.04/x86_64", "CPython 3.5", "Linux x86_64, glibc 2.23", "ubuntu:16.04", "arch python"},
	{"alpine:3.20", none, "alpine:3.20/x86_64", "CPython 3.12", "Linux x86_64, musl 1.2", "alpine:3.20", "arch python"},
	{"alpine3.12/arm/v6", none, "alpine:3.12/armv6l", "CPython 3.8", "Linux armv6l, musl 1.1", "alpine:3.12", "python"},
	{"rhel:9", none, "rhel:9/x86_64", "CPython 3.9", "Linux x86_64, glibc 2.34", "rhel:9", "arch python"},
	{"redhat:10", none, "rhel:10/x86_64", "CPython 3.12", "Linux x86_64, glibc 2.39", "rhel:10", "arch python"},
	{"ubi8", none, "rhel:8/x86_64", "CPython 3.6", "Linux x86_64, glibc 2.28", "rhel:8", "arch python"},
	{"ubi9/arm64", none, "rhel:9/aarch64", "CPython 3.9", "Linux aarch64, glibc 2.34", "rhel:9", "python"},
	{"el7", none, "rhel:7/x86_64", "CPython 3.6", "Linux x86_64, glibc 2.17", "rhel:7", "arch python"},
	{"rocky:9.3", none, "rockylinux:9/x86_64", "CPython 3.9", "Linux x86_64, glibc 2.34", "rockylinux:9", "arch python"},
	{"rockylinux:10/riscv64", none, "rockylinux:10/riscv64", "CPython 3.12", "Linux riscv64, glibc 2.39", "rockylinux:10", "python"},
	{"alma-8", none, "almalinux:8/x86_64", "CPython 3.6", "Linux x86_64, glibc 2.28", "almalinux:8", "arch python"},
	{"oracle:8", none, "oraclelinux:8/x86_64", "CPython 3.6", "Linux x86_64, glibc 2.28", "oraclelinux:8", "arch python"},
	{"centos:7", none, "centos:7/x86_64", "CPython 3.6", "Linux x86_64, glibc 2.17", "centos:7", "arch python"},
	{"centos:7.9.2009", none, "centos:7/x86_64", "CPython 3.6", "Linux x86_64, glibc 2.17", "centos:7", "arch python"},
	{"centos:8", none, "centos:8/x86_64", "CPython 3.6", "Linux x86_64, glibc 2.28", "centos:8", "arch python"},
	{"centos:stream8", none, "centos:stream8/x86_64", "CPython 3.6", "Linux x86_64, glibc 2.28", "centos:stream8", "arch python"},
	{"centos-stream9", none, "centos:stream9/x86_64", "CPython 3.9", "Linux x86_64, glibc 2.34", "centos:stream9", "arch python"},
	{"centos-stream-9", none, "centos:stream9/x86_64", "CPython 3.9", "Linux x86_64, glibc 2.34", "centos:stream9", "arch python"},
	{"centos:9", none, "centos:stream9/x86_64", "CPython 3.9", "Linux x86_64, glibc 2.34", "centos:stream9", "arch python"},
	{"amazonlinux:2023", none, "amazonlinux:2023/x86_64", "CPython 3.9", "Linux x86_64, glibc 2.34", "amazonlinux:2023", "arch python"},
	{"al2023", none, "amazonlinux:2023/x86_64", "CPython 3.9", "Linux x86_64, glibc 2.34", "amazonlinux:2023", "arch python"},
	{"amzn2/arm64", none, "amazonlinux:2/aarch64", "CPython 3.7", "Linux aarch64, glibc 2.26", "amazonlinux:2", "python"},
	{"fedora:41", none, "fedora:41/x86_64", "CPython 3.13", "Linux x86_64, glibc 2.40", "fedora:41", "arch python"},
	{"opensuse:15.6", none, "opensuse:15.6/x86_64", "CPython 3.6", "Linux x86_64, glibc 2.38", "opensuse:15.6", "arch python"},
	{"suse:15.6", none, "opensuse:15.6/x86_64", "CPython 3.6", "Linux x86_64, glibc 2.38", "opensuse:15.6", "arch python"},
	{"leap:15.6", none, "opensuse:15.6/x86_64", "CPython 3.6", "Linux x86_64, glibc 2.38", "opensuse:15.6", "arch python"},
	{"opensuse-leap-15.6", none, "opensuse:15.6/x86_64", "CPython 3.6", "Linux x86_64, glibc 2.38", "opensuse:15.6", "arch python"},
	{"3.13@tumbleweed", none, "3.13@opensuse:tumbleweed/x86_64", "CPython 3.13", "Linux x86_64, glibc 2.43", "opensuse:tumbleweed", "arch"},
	{"3.13@arch", none, "3.13@archlinux:latest/x86_64", "CPython 3.13", "Linux x86_64, glibc 2.44", "archlinux:latest", "arch"},
	{"slackware:15.0", none, "slackware:15.0/x86_64", "CPython 3.9", "Linux x86_64, glibc 2.33", "slackware:15.0", "arch python"},
	{"3.13@sid", none, "3.13@debian:unstable/x86_64", "CPython 3.13", "Linux x86_64, glibc 2.42", "debian:unstable", "arch"},
	{"3.13@testing/riscv64", none, "3.13@debian:testing/riscv64", "CPython 3.13", "Linux riscv64, glibc 2.42", "debian:testing", ""},
	{"debian:stable", none, "debian:13/x86_64", "CPython 3.13", "Linux x86_64, glibc 2.41", "debian:13", "arch python"},
	{"3.13@gentoo", Options{Glibc: "2.41"}, "3.13@gentoo:latest/x86_64 (glibc 2.41)", "CPython 3.13", "Linux x86_64, glibc 2.41", "gentoo:latest", "arch"},

	// Images.
	{"python:3.11-slim-bullseye", none, "python:3.11-slim-bullseye/x86_64", "CPython 3.11", "Linux x86_64, glibc 2.31", "debian:11", "arch"},
	{"python:3.12-alpine3.20", none, "python:3.12-alpine3.20/x86_64", "CPython 3.12", "Linux x86_64, musl 1.2", "alpine:3.20", "arch"},
	{"python:3.12-bookworm/arm/v7", none, "python:3.12-bookworm/armv7l", "CPython 3.12", "Linux armv7l, glibc 2.36", "debian:12", ""},
	{"python:3.13", none, "python:3.13/x86_64", "CPython 3.13", "Linux x86_64, glibc 2.41", "debian:13", "arch"},
	{"python:3.12-slim", none, "python:3.12-slim/x86_64", "CPython 3.12", "Linux x86_64, glibc 2.41", "debian:13", "arch"},
	{"python:3.8-slim", none, "python:3.8-slim/x86_64", "CPython 3.8", "Linux x86_64, glibc 2.36", "debian:12", "arch"},
	{"python:3.12-alpine", none, "python:3.12-alpine/x86_64", "CPython 3.12", "Linux x86_64, musl 1.2", "alpine:3.24", "arch"},
	{"python:3.16-rc-slim", none, "python:3.16-rc-slim/x86_64", "CPython 3.16", "Linux x86_64, glibc 2.41", "debian:13", "arch"},
	{"python:3.5-stretch", none, "python:3.5-stretch/x86_64", "CPython 3.5", "Linux x86_64, glibc 2.24", "debian:9", "arch"},
	{"python:3.12-windowsservercore-ltsc2022", none, "python:3.12-windowsservercore-ltsc2022/amd64", "CPython 3.12", "Windows amd64", "", "arch"},
	{"docker.io/library/python:3.11-bookworm", none, "python:3.11-bookworm/x86_64", "CPython 3.11", "Linux x86_64, glibc 2.36", "debian:12", "arch"},
	{"mirror.example.com/hub/library/python:3.11-bookworm/arm64", none, "python:3.11-bookworm/aarch64", "CPython 3.11", "Linux aarch64, glibc 2.36", "debian:12", ""},
	{"arm64v8/python:3.11-bookworm", none, "python:3.11-bookworm/aarch64", "CPython 3.11", "Linux aarch64, glibc 2.36", "debian:12", ""},
	{"arm32v5/debian:12", none, "debian:12/armv5tel", "CPython 3.11", "Linux armv5tel, glibc 2.36", "debian:12", "python"},
	{"3.12@python:3.11-bookworm", none, "3.12@python:3.11-bookworm/x86_64", "CPython 3.12", "Linux x86_64, glibc 2.36", "debian:12", "arch"},
	{"pypy:3.10-bookworm", none, "pypy:3.10-bookworm/x86_64", "PyPy 3.10", "Linux x86_64, glibc 2.36", "debian:12", "arch"},
	{"pypy:3.10-7.3.17-slim-bookworm", none, "pypy:3.10-7.3.17-slim-bookworm/x86_64", "PyPy 3.10", "Linux x86_64, glibc 2.36", "debian:12", "arch"},
	{"debian:bookworm-slim", none, "debian:12/x86_64", "CPython 3.11", "Linux x86_64, glibc 2.36", "debian:12", "arch python"},
	{"bookworm-slim", none, "debian:12/x86_64", "CPython 3.11", "Linux x86_64, glibc 2.36", "debian:12", "arch python"},
	{"debian:12.5-20240101-slim", none, "debian:12/x86_64", "CPython 3.11", "Linux x86_64, glibc 2.36", "debian:12", "arch python"},
	{"debian:11@sha256:0123456789abcdef", none, "debian:11/x86_64", "CPython 3.9", "Linux x86_64, glibc 2.31", "debian:11", "arch python"},
	{"3.11@debian:11@sha256:0123456789abcdef", none, "3.11@debian:11/x86_64", "CPython 3.11", "Linux x86_64, glibc 2.31", "debian:11", "arch"},
	{"ubuntu:jammy", none, "ubuntu:22.04/x86_64", "CPython 3.10", "Linux x86_64, glibc 2.35", "ubuntu:22.04", "arch python"},
	{"quay.io/centos/centos:stream9", none, "centos:stream9/x86_64", "CPython 3.9", "Linux x86_64, glibc 2.34", "centos:stream9", "arch python"},
	{"registry.access.redhat.com/ubi9/ubi-minimal:9.4-1214.1726694543", none, "rhel:9/x86_64", "CPython 3.9", "Linux x86_64, glibc 2.34", "rhel:9", "arch python"},
	{"ubi9:latest", none, "rhel:9/x86_64", "CPython 3.9", "Linux x86_64, glibc 2.34", "rhel:9", "arch python"},
	{"opensuse/leap:15.6", none, "opensuse:15.6/x86_64", "CPython 3.6", "Linux x86_64, glibc 2.38", "opensuse:15.6", "arch python"},
	{"3.12@pypa/manylinux_2_28_aarch64", none, "3.12@pypa/manylinux_2_28_aarch64", "CPython 3.12", "Linux aarch64, glibc 2.28", "manylinux:2_28", ""},
	{"3.9@quay.io/pypa/manylinux2014_x86_64:2024.01.01-1", none, "3.9@pypa/manylinux2014_x86_64", "CPython 3.9", "Linux x86_64, glibc 2.17", "manylinux:2014", ""},
	{"3.12@pypa/musllinux_1_2_x86_64", none, "3.12@pypa/musllinux_1_2_x86_64", "CPython 3.12", "Linux x86_64, musl 1.2", "musllinux:1_2", ""},
	{"3.12@pypa/manylinux_2_34", none, "3.12@pypa/manylinux_2_34_x86_64", "CPython 3.12", "Linux x86_64, glibc 2.34", "manylinux:2_34", "arch"},

	// Platform tags.
	{"3.12@manylinux_2_31_aarch64", none, "3.12@manylinux_2_31_aarch64", "CPython 3.12", "Linux aarch64, glibc 2.31", "", ""},
	{"3.12@manylinux_2_31/arm64", none, "3.12@manylinux_2_31_aarch64", "CPython 3.12", "Linux aarch64, glibc 2.31", "", ""},
	{"3.12@manylinux_2_99_riscv64", none, "3.12@manylinux_2_99_riscv64", "CPython 3.12", "Linux riscv64, glibc 2.99", "", ""},
	{"3.12@manylinux1_i686", none, "3.12@manylinux1_i686", "CPython 3.12", "Linux i686, glibc 2.5", "", ""},
	{"3.12@manylinux2010_x86_64", none, "3.12@manylinux2010_x86_64", "CPython 3.12", "Linux x86_64, glibc 2.12", "", ""},
	{"3.12@manylinux2014_x86_64", none, "3.12@manylinux2014_x86_64", "CPython 3.12", "Linux x86_64, glibc 2.17", "", ""},
	{"3.12@musllinux_1_2_x86_64", none, "3.12@musllinux_1_2_x86_64", "CPython 3.12", "Linux x86_64, musl 1.2", "", ""},
	{"3.12@linux_x86_64", none, "3.12@linux_x86_64", "CPython 3.12", "Linux x86_64, no libc", "", ""},
	{"3.12@linux_armv7l", Options{Musl: "1.2.5"}, "3.12@linux_armv7l (musl 1.2)", "CPython 3.12", "Linux armv7l, musl 1.2", "", ""},
	{"3.12@macosx_14_0_arm64", none, "3.12@macosx_14_0_arm64", "CPython 3.12", "macOS 14.0 arm64", "", ""},
	{"3.12@macosx_10_9_universal2", none, "3.12@macosx_10_9_universal2", "CPython 3.12", "macOS 10.9 universal2", "", ""},
	{"3.12@win_amd64", none, "3.12@win_amd64", "CPython 3.12", "Windows amd64", "", ""},
	{"3.12@win_arm64", none, "3.12@win_arm64", "CPython 3.12", "Windows arm64", "", ""},
	{"3.12@win32", none, "3.12@win32", "CPython 3.12", "Windows x86", "", ""},
	{"3.13@ios_13_0_arm64_iphoneos", none, "3.13@ios_13_0_arm64_iphoneos", "CPython 3.13", "iOS 13.0 arm64_iphoneos", "", ""},
	{"3.13@android_24_arm64_v8a", none, "3.13@android_24_arm64_v8a", "CPython 3.13", "Android API 24 arm64_v8a", "", ""},
	{"3.14@pyemscripten_2026_0_wasm32", none, "3.14@pyemscripten_2026_0_wasm32", "CPython 3.14", "Emscripten wasm32", "", ""},
	{"3.14@emscripten_5_0_3_wasm32", none, "3.14@emscripten_5_0_3_wasm32", "CPython 3.14", "Emscripten wasm32", "", ""},

	// Container platforms.
	{"3.12@linux/amd64", Options{Glibc: "2.31"}, "3.12@linux/x86_64 (glibc 2.31)", "CPython 3.12", "Linux x86_64, glibc 2.31", "", ""},
	{"3.12@linux/arm64/v8", Options{Musl: "1.2"}, "3.12@linux/aarch64 (musl 1.2)", "CPython 3.12", "Linux aarch64, musl 1.2", "", ""},
	{"3.12@linux/arm/v7", Options{Glibc: "2.31"}, "3.12@linux/armv7l (glibc 2.31)", "CPython 3.12", "Linux armv7l, glibc 2.31", "", ""},
	{"3.12@linux/arm/v6", Options{Glibc: "2.31"}, "3.12@linux/armv6l (glibc 2.31)", "CPython 3.12", "Linux armv6l, glibc 2.31", "", ""},
	{"3.12@linux/386", Options{Glibc: "2.31"}, "3.12@linux/i686 (glibc 2.31)", "CPython 3.12", "Linux i686, glibc 2.31", "", ""},
	{"3.12@linux/ppc64le", Options{Glibc: "2.31"}, "3.12@linux/ppc64le (glibc 2.31)", "CPython 3.12", "Linux ppc64le, glibc 2.31", "", ""},
	{"3.12@windows/amd64", none, "3.12@windows/amd64", "CPython 3.12", "Windows amd64", "", ""},

	// With dashes.
	{"debian-11-py310-aarch64", none, "3.10@debian:11/aarch64", "CPython 3.10", "Linux aarch64, glibc 2.31", "debian:11", ""},
	{"ubuntu-22.04-py310-x86_64", none, "3.10@ubuntu:22.04/x86_64", "CPython 3.10", "Linux x86_64, glibc 2.35", "ubuntu:22.04", ""},
	{"alpine-3.20-py313t", none, "3.13t@alpine:3.20/x86_64", "CPython 3.13t", "Linux x86_64, musl 1.2", "alpine:3.20", "arch"},

	// Options.
	{"debian:11", Options{Python: "pp310", Arch: "armhf"}, "pypy3.10@debian:11/armv7l", "PyPy 3.10", "Linux armv7l, glibc 2.31", "debian:11", ""},
	{"3.11@debian:11", Options{Python: "3.12"}, "3.12@debian:11/x86_64", "CPython 3.12", "Linux x86_64, glibc 2.31", "debian:11", "arch"},
	{"debian:11", Options{Glibc: "2.36"}, "debian:11/x86_64 (glibc 2.36)", "CPython 3.9", "Linux x86_64, glibc 2.36", "debian:11", "arch python"},
	{"debian:11", Options{Glibc: "2.31"}, "debian:11/x86_64", "CPython 3.9", "Linux x86_64, glibc 2.31", "debian:11", "arch python"},
	{"manylinux_2_31_aarch64", Options{Python: "3.11", Arch: "arm64"}, "3.11@manylinux_2_31_aarch64", "CPython 3.11", "Linux aarch64, glibc 2.31", "", ""},
	{"python:3.11-bookworm", Options{Python: "3.11"}, "python:3.11-bookworm/x86_64", "CPython 3.11", "Linux x86_64, glibc 2.36", "debian:12", "arch"},
	{"3.12@linux", Options{Arch: "s390x"}, "3.12@s390x-manylinux_2_28", "CPython 3.12", "Linux s390x, glibc 2.28", "", ""},
}

func TestGrammar(t *testing.T) {
	for _, g := range grammar {
		d, err := Parse(g.word, g.opts)
		if err != nil {
			t.Errorf("%s %+v: %v", g.word, g.opts, err)
			continue
		}
		got := saying{g.word, g.opts, d.Name, d.Python.String(), d.Platform.String(), "", ""}
		if d.Release != nil {
			got.release = d.Release.Name()
		}
		switch {
		case d.AssumedArch && d.AssumedPython:
			got.assumed = "arch python"
		case d.AssumedArch:
			got.assumed = "arch"
		case d.AssumedPython:
			got.assumed = "python"
		}
		if diff := cmp.Diff(g, got, cmp.AllowUnexported(saying{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", g.word, diff)
		}
		if _, err := tags.New(d.Python, d.Platform, tags.Packaging); err != nil {
			t.Errorf("%s: not a target: %v", g.word, err)
		}
	}
}

// sameAgain checks that a description's name leads back to it.
func sameAgain(t *testing.T, d Description) {
	t.Helper()
	again, err := Parse(d.Name, Options{})
	if err != nil {
		t.Errorf("%s does not parse: %v", d.Name, err)
		return
	}
	again.AssumedArch, again.AsOf = d.AssumedArch, d.AsOf
	if diff := cmp.Diff(d, again); diff != "" {
		t.Errorf("%s means something else the second time (-first +second):\n%s", d.Name, diff)
	}
}

func TestNamesLeadBack(t *testing.T) {
	for _, g := range grammar {
		d, err := Parse(g.word, g.opts)
		if err != nil {
			t.Errorf("%s: %v", g.word, err)
			continue
		}
		sameAgain(t, d)
	}
}

func TestAsOf(t *testing.T) {
	moving := []string{"3.14@sid", "debian:stable", "python:3.13", "python:3.13-slim", "python:3.13-alpine", "3.14@arch", "3.14@python:3.14-sid"}
	for _, word := range moving {
		if d, err := Parse(word, none); err != nil || len(d.AsOf) != len("2006-01-02") {
			t.Errorf("%s: AsOf %q, error %v; want a date", word, d.AsOf, err)
		}
	}
	for _, word := range []string{"debian:13", "trixie", "python:3.13-trixie", "python:3.13-alpine3.22", "3.14@manylinux_2_28_x86_64", "alpine:3.24"} {
		if d, err := Parse(word, none); err != nil || d.AsOf != "" {
			t.Errorf("%s: AsOf %q, error %v; want none", word, d.AsOf, err)
		}
	}
}

// TestEmscriptenVersions guards what the words of a platform do not show.
func TestEmscriptenVersions(t *testing.T) {
	for word, want := range map[string]tags.Platform{
		"3.14@pyemscripten_2026_0_wasm32": {OS: tags.Emscripten, Arch: "wasm32", PyEmscripten: "2026_0"},
		"3.14@emscripten_5_0_3_wasm32":    {OS: tags.Emscripten, Arch: "wasm32", Emscripten: "5_0_3"},
		"3.12@wasm32-pyodide2024":         {OS: tags.Emscripten, Arch: "wasm32", PyEmscripten: "2024_0"},
	} {
		if d, err := Parse(word, none); err != nil || d.Platform != want {
			t.Errorf("%s: %+v, %v; want %+v", word, d.Platform, err, want)
		}
	}
}
