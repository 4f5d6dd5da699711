package distro

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// peoplesWords are words that people write for targets. Each is answered, as it is or
// with a Python in front, or refused with a code and with what would work.
var peoplesWords = []struct{ word, name, code string }{
	{"alpine:edge", "", "no-python"},
	{"ubuntu-24.04-arm", "ubuntu:24.04/aarch64", ""},
	{"3.12@windows-2022", "3.12@win_amd64", ""},
	{"lambda:python3.12/arm64", "3.12@amazonlinux:2023/aarch64", ""},
	{"3.13@lambda:python3.12", "3.13@amazonlinux:2023/x86_64", ""},
	{"docker.io/library/ubuntu:latest", "ubuntu:26.04/x86_64", ""},
	{"arm64v8/alpine:latest", "alpine:3.24/aarch64", ""},
	{"python:3-slim-bookworm", "python:3.14-slim-bookworm/x86_64", ""},
	{"python:3-alpine3.22", "python:3.14-alpine3.22/x86_64", ""},
	{"debian:stable", "debian:13/x86_64", ""},
	{"raspbian:bookworm/arm/v7", "debian:12/armv7l", ""},
	{"3.12@nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04", "3.12@ubuntu:22.04/x86_64", ""},
	{"mcr.microsoft.com/devcontainers/python:1-3.12-bookworm", "3.12@debian:12/x86_64", ""},
	{"mcr.microsoft.com/devcontainers/python:3.13", "3.13@debian:13/x86_64", ""},
	{"3.12@heroku/builder:24", "3.12@ubuntu:24.04/x86_64", ""},
	{"kalilinux/kali-rolling/arm64", "", "no-python"},
	{"cimg/python:3.12.4", "3.12.4@ubuntu:22.04/x86_64", ""},
	{"mcr.microsoft.com/devcontainers/python:1-3-bookworm", "", "no-python"},
	{"3.12@x/y:9-debian-bookworm", "3.12@debian:12/x86_64", ""},
	{"x/y:bookworm-debian-11", "", "unknown-platform"},
	{"x/y:1-debian", "", "unknown-platform"},
	{"cimg/python:4.12.4", "", "unknown-platform"},
	{"ubuntu-24.04.5", "ubuntu:24.04/x86_64", ""},
	{"cimg/python:3.12.x", "", "unknown-platform"},
	{"bitnami/python:3.12.5-debian-12-r3", "3.12.5@debian:12/x86_64", ""},
	{"3.10@rocm/dev-ubuntu-22.04:6.1", "3.10@ubuntu:22.04/x86_64", ""},
	{"public.ecr.aws/lambda/python:3.12-arm64", "3.12@amazonlinux:2023/aarch64", ""},
	{"lambda:3.13", "3.13@amazonlinux:2023/x86_64", ""},
	{"amazonlinux:latest", "amazonlinux:2023/x86_64", ""},
	{"raspbian", "debian:13/armv7l", ""},
	{"photon:5", "photon:5.0/x86_64", ""},
	{"3.6@registry.suse.com/bci/bci-base:15.6", "3.6@opensuse:15.6/x86_64", ""},
	{"mcr.microsoft.com/azurelinux/base/core:3.0", "azurelinux:3.0/x86_64", ""},
	{"sles:15.6", "opensuse:15.6/x86_64", ""},
	{"3.12@ghcr.io/astral-sh/uv:alpine", "3.12@alpine:3.23/x86_64", ""},
	{"ghcr.io/astral-sh/uv:python3.12-bookworm-slim", "3.12@debian:12/x86_64", ""},
	{"ghcr.io/astral-sh/uv:python3.13-alpine3.22/arm64", "3.13@alpine:3.22/aarch64", ""},
	{"lambda/python:3.12", "3.12@amazonlinux:2023/x86_64", ""},
	{"public.ecr.aws/lambda/python:3.12", "3.12@amazonlinux:2023/x86_64", ""},
	{"amazon/aws-lambda-python:3.11", "3.11@amazonlinux:2/x86_64", ""},
	{"aws-lambda-python3.12", "3.12@amazonlinux:2023/x86_64", ""},
	{"mcr.microsoft.com/azure-functions/python:4-python3.11", "3.11@debian:11/x86_64", ""},
	{"azure-functions/python:4-python3.11", "3.11@debian:11/x86_64", ""},
	{"3.12@gcr.io/buildpacks/google-22/run", "3.12@ubuntu:22.04/x86_64", ""},
	{"gcr.io/distroless/python3-debian12", "debian:12/x86_64", ""},
	{"gcr.io/distroless/python3", "debian:13/x86_64", ""},
	{"3.12@heroku:24", "3.12@ubuntu:24.04/x86_64", ""},
	{"3.12@heroku/heroku:24", "3.12@ubuntu:24.04/x86_64", ""},
	{"ubuntu-latest", "ubuntu:24.04/x86_64", ""},
	{"3.12@macos-latest", "3.12@macosx_26_0_arm64", ""},
	{"3.12@macos-14", "3.12@macosx_14_0_arm64", ""},
	{"3.12@macos-13", "3.12@macosx_13_0_x86_64", ""},
	{"3.12@windows-latest", "3.12@win_amd64", ""},
	{"registry.access.redhat.com/ubi9/python-312", "3.12@rhel:9/x86_64", ""},
	{"ubi9/python-311", "3.11@rhel:9/x86_64", ""},
	{"raspbian:bookworm", "debian:12/armv7l", ""},
	{"raspios:bookworm/arm64", "debian:12/aarch64", ""},
	{"debian:12/arm/v6", "", "not-built"},
	{"piwheels", "", "no-platform"},
	{"alpine:latest", "alpine:3.24/x86_64", ""},
	{"alpine", "alpine:3.24/x86_64", ""},
	{"chainguard/python:latest", "3.14@wolfi:rolling/x86_64", ""},
	{"cgr.dev/chainguard/python:latest", "3.14@wolfi:rolling/x86_64", ""},
	{"3.12@cgr.dev/chainguard/wolfi-base", "3.12@wolfi:rolling/x86_64", ""},
	{"nixos:24.05", "", "no-platform"},
	{"nix", "", "no-platform"},
	{"termux", "", "no-platform"},
	{"3.12@android_24_arm64_v8a", "3.12@android_24_arm64_v8a", ""},
	{"3.12@ios", "3.12@ios_13_0_arm64_iphoneos", ""},
	{"dsm:7", "", "no-platform"},
	{"jetson", "", "no-platform"},
	{"nvcr.io/nvidia/l4t-base:r35", "ubuntu:20.04/aarch64", ""},
	{"jetpack:6", "ubuntu:22.04/aarch64", ""},
	{"steamdeck", "", "no-platform"},
	{"3.12@steam:sniper", "3.12@debian:11/x86_64", ""},
	{"databricks:14.3", "3.10@ubuntu:22.04/x86_64", ""},
	{"databricks:15.4", "3.11@ubuntu:22.04/x86_64", ""},
	{"snowflake", "", "no-platform"},
	{"snowpark", "", "no-platform"},
	{"pyodide_2024_0_wasm32", "3.12@pyemscripten_2024_0_wasm32", ""},
	{"3.12@pyodide_2024_0_wasm32", "3.12@pyemscripten_2024_0_wasm32", ""},
	{"3.12@emscripten_3_1_58_wasm32", "3.12@emscripten_3_1_58_wasm32", ""},
	{"wasi", "", "no-platform"},
	{"freebsd:14", "", "no-platform"},
	{"freebsd_14_1_release_amd64", "", "no-platform"},
	{"3.12@archlinux", "3.12@archlinux:latest/x86_64", ""},
	{"3.12@arch", "3.12@archlinux:latest/x86_64", ""},
	{"3.12@opensuse/tumbleweed", "3.12@opensuse:tumbleweed/x86_64", ""},
	{"3.12@opensuse:tumbleweed", "3.12@opensuse:tumbleweed/x86_64", ""},
	{"sle:15", "opensuse:15.6/x86_64", ""},
	{"fedora:latest", "fedora:44/x86_64", ""},
	{"gentoo", "", "no-libc"},
	{"void", "", "no-platform"},
	{"mariner:2.0", "cbl-mariner:2.0/x86_64", ""},
	{"azurelinux:3.0", "azurelinux:3.0/x86_64", ""},
	{"cbl-mariner:2", "cbl-mariner:2.0/x86_64", ""},
	{"clearlinux", "", "no-platform"},
	{"flatcar", "", "no-platform"},
	{"linuxmint:22", "ubuntu:24.04/x86_64", ""},
	{"elementary", "ubuntu:24.04/x86_64", ""},
	{"3.12@kali", "3.12@debian:testing/x86_64", ""},
	{"devuan:5", "debian:12/x86_64", ""},
	{"mx:23", "debian:12/x86_64", ""},
	{"scratch", "", "no-platform"},
	{"python:3-slim", "python:3.14-slim/x86_64", ""},
	{"pypy:3.10", "pypy:3.10/x86_64", ""},
	{"pypy:3.11-slim", "pypy:3.11-slim/x86_64", ""},
	{"graalpy:24", "", "no-platform"},
	{"3.12@continuumio/miniconda3", "3.12@debian:12/x86_64", ""},
	{"3.12@condaforge/mambaforge", "3.12@ubuntu:20.04/x86_64", ""},
	{"3.12@mambaorg/micromamba", "3.12@debian:13/x86_64", ""},
	{"3.12@ghcr.io/astral-sh/uv:debian", "3.12@debian:13/x86_64", ""},
	{"3.12@ghcr.io/astral-sh/uv:alpine", "3.12@alpine:3.23/x86_64", ""},
	{"3.12@quay.io/pypa/manylinux_2_28_x86_64", "3.12@pypa/manylinux_2_28_x86_64", ""},
	{"3.12@quay.io/pypa/manylinux2014_aarch64:latest", "3.12@pypa/manylinux2014_aarch64", ""},
	{"3.12@pypa/musllinux_1_2_aarch64", "3.12@pypa/musllinux_1_2_aarch64", ""},
	{"3.12@manylinux2014", "3.12@manylinux2014_x86_64", ""},
	{"3.12@manylinux_2_28", "3.12@manylinux_2_28_x86_64", ""},
	{"3.12@musllinux_1_2", "3.12@musllinux_1_2_x86_64", ""},
	{"nvcr.io/nvidia/pytorch:24.05-py3", "3.10@ubuntu:22.04/x86_64", ""},
	{"3.12@pytorch/pytorch:2.3.0-cuda12.1-cudnn8-runtime", "3.12@ubuntu:22.04/x86_64", ""},
	{"jupyter/base-notebook", "3.11@ubuntu:22.04/x86_64", ""},
	{"jupyter/scipy-notebook:python-3.11", "3.11@ubuntu:22.04/x86_64", ""},
	{"apache/spark-py", "", "no-platform"},
	{"bitnami/python:3.12", "3.12@debian:12/x86_64", ""},
	{"cimg/python:3.12", "3.12@ubuntu:22.04/x86_64", ""},
	{"tiangolo/uvicorn-gunicorn-fastapi:python3.11", "3.11@debian:13/x86_64", ""},
	{"3.12@debian:sid", "3.12@debian:unstable/x86_64", ""},
	{"3.12@debian:testing", "3.12@debian:testing/x86_64", ""},
	{"ubuntu:latest", "ubuntu:26.04/x86_64", ""},
	{"3.12@ubuntu:devel", "3.12@ubuntu:devel/x86_64", ""},
	{"3.12@linux", "3.12@linux", ""},
	{"linux/amd64", "", "no-libc"},
	{"3.12@win32", "3.12@win32", ""},
	{"3.12@win_arm64", "3.12@win_arm64", ""},
	{"3.12@macosx", "3.12@macos", ""},
	{"3.12@macosx_11_0_universal2", "3.12@macosx_11_0_universal2", ""},
	{"3.12@darwin", "3.12@macos", ""},
	{"3.12@aarch64-apple-darwin", "3.12@aarch64-apple-darwin", ""},
	{"3.12@aarch64-unknown-linux-musl", "3.12@aarch64-unknown-linux-musl", ""},
	{"3.12@x86_64-manylinux_2_28", "3.12@x86_64-manylinux_2_28", ""},
	{"armv7-unknown-linux-gnueabihf", "", "no-libc"},
	{"cygwin", "", "no-platform"},
	{"mingw_x86_64", "", "no-platform"},
	{"mingw_x86_64_ucrt", "", "no-platform"},
	{"aix", "", "no-platform"},
	{"haiku", "", "no-platform"},
	{"netlify", "", "no-platform"},
	{"render", "", "no-platform"},
	{"fly.io", "", "no-platform"},
	{"dokku", "", "no-platform"},
	{"python-worker", "", "no-platform"},
	{"replit", "", "no-platform"},
	{"colab", "3.13@ubuntu:22.04/x86_64", ""},
	{"kaggle", "3.13@ubuntu:22.04/x86_64", ""},
	{"gitpod", "", "no-platform"},
	{"github-actions", "", "no-platform"},
	{"travis", "", "no-platform"},
	{"circleci", "", "no-platform"},
}

// advice finds targets that a message says to write.
var advice = regexp.MustCompile(`\b\d\.\d+@[a-z][\w./:-]*|\b(?:raspbian|jetpack|elementary|ubuntu-)[:\w.]+`)

// noSystems are those of the words that name no system which Python wheels are tagged
// for, or none in particular: tools, services, an empty image, other kinds of Python.
var noSystems = strings.Fields(`piwheels termux snowflake snowpark wasi freebsd:14 freebsd_14_1_release_amd64 flatcar scratch
	graalpy:24 linux/amd64 armv7-unknown-linux-gnueabihf debian:12/arm/v6 cygwin mingw_x86_64 mingw_x86_64_ucrt aix haiku
	netlify render fly.io dokku python-worker replit gitpod github-actions travis circleci nix`)

func TestPeoplesWords(t *testing.T) {
	named, refused := 0, 0
	defer func() {
		if refused*10 > named {
			t.Errorf("%d of %d words for systems have no answer; want at most one of ten", refused, named)
		}
	}()
	for _, c := range peoplesWords {
		if !slices.Contains(noSystems, c.word) {
			named++
			if c.name == "" && c.code != "no-python" {
				refused++
			}
		}
		d, err := Parse(c.word, Options{})
		if c.name != "" {
			if err != nil || d.Name != c.name {
				t.Errorf("%s: %q, %v; want %s", c.word, d.Name, err, c.name)
			}
			continue
		}
		var bad *Error
		var unknown *UnknownError
		switch {
		case errors.As(err, &bad) && string(bad.Code) == c.code:
			works(t, c.word, bad.Detail)
		case errors.As(err, &unknown) && c.code == "unknown-platform" && unknown.Part == PartPlatform:
		case errors.As(err, &unknown) && c.code == "unknown" && len(unknown.Known) > 0:
		default:
			t.Errorf("%s: %+v, %v; want %s", c.word, d, err, c.code)
		}
	}
}

// works checks that what a message says to write is a target.
func works(t *testing.T, word, message string) {
	t.Helper()
	if strings.Contains(message, "image:FILE") || strings.Contains(message, "root:DIR") {
		return
	}
	found := advice.FindAllString(message, -1)
	if found == nil && !strings.Contains(message, "--glibc") && !strings.Contains(message, "pypy:3.1") {
		t.Errorf("%s: no advice in %q", word, message)
	}
	for _, target := range found {
		o := Options{}
		if strings.Contains(message, "--glibc") {
			o.Glibc = "2.36"
		}
		var bad *Error
		if _, err := Parse(target, o); err != nil && !(errors.As(err, &bad) && bad.Code == CodeNoLibc) {
			t.Errorf("%s: %q says to write %s: %v", word, message, target, err)
		}
	}
}

// TestWords: what is listed are targets, if need be with a Python.
func TestWords(t *testing.T) {
	words := Words()
	if !slices.Contains(words, "macos-14") || slices.Contains(words, "scratch") || !slices.IsSorted(words) {
		t.Errorf("%q", words)
	}
	for _, word := range words {
		if _, err := Parse("3.12@"+word, Options{}); err != nil {
			t.Error(err)
		}
	}
	if _, err := Parse("ubuntu-latst", Options{}); err == nil || !strings.Contains(err.Error(), "ubuntu-latest") {
		t.Errorf("%v", err)
	}
}

// TestWordData: each row means a target, and a date is one.
func TestWordData(t *testing.T) {
	for word, row := range load().others {
		if row.asOf != "" {
			if _, err := time.Parse(time.DateOnly, row.asOf); err != nil {
				t.Errorf("%s: %v", word, err)
			}
		}
		if strings.HasPrefix(row.means, "!") {
			continue
		}
		d, err := Parse(word, Options{Python: "3.12"})
		if err != nil {
			t.Errorf("%s: %v", word, err)
			continue
		}
		if d.AsOf != row.asOf {
			t.Errorf("%s: as of %q, want %q", word, d.AsOf, row.asOf)
		}
		sameAgain(t, d)
	}
}

// TestNeverBuilt: images that never existed are refused with those that did; newer
// releases than those on record may have come since.
func TestNeverBuilt(t *testing.T) {
	for _, c := range []struct{ word, want string }{
		{"python:3.14-buster", "never was an image of Python 3.14 on debian:10; there are python:3.14-bookworm, python:3.14-trixie, python:3.14-alpine3.21"},
		{"python:3.14-slim-bullseye", "never was"},
		{"python:3.14-alpine3.12", "never was"},
		{"python:3.9-alpine3.23", ""}, // newer than any on record
		{"python:3.13-slim-bullseye", ""},
		{"python:3.17-buster", ""}, // nothing is on record
		{"pypy:3.11-bullseye", "never was"},
		{"python:3.12-sid", ""},
	} {
		_, err := Parse(c.word, Options{})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.word, err)
		}
	}
}
