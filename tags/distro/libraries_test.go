package distro

import (
	"path"
	"slices"
	"strings"
	"testing"
)

func TestHasLibrary(t *testing.T) {
	for _, c := range []struct {
		target, library, want string
	}{
		{"python:3.14-slim-bookworm", "libatomic.so.1", "no"},
		{"python:3.14-bookworm", "libatomic.so.1", "yes"}, // of gcc
		{"3.12@debian:12", "libexpat.so.1", "no"},
		{"debian:12", "libexpat.so.1", "yes"}, // of its own python3
		{"python:3.14-slim-bookworm", "libsqlite3.so.0", "yes"},
		{"python:3.14-slim-bookworm", "libtk8.6.so", "no"},
		{"python:3.12-slim-bookworm", "libnsl.so.2", "yes"}, // as the list of packages of the image says
		{"python:3.13-slim-bookworm", "libnsl.so.2", "no"},
		{"python:3.12-slim-bookworm", "libatomic.so.1", "no"},
		{"python:3.14-bookworm", "libtk8.6.so", "yes"},
		{"python:3.14-bookworm", "libX11.so.6", "yes"},
		{"python:3.14-bookworm", "libGL.so.1", "no"},
		{"debian:12", "libnsl.so.1", "yes"},
		{"debian:13/arm64", "libz.so.1", "yes"},
		{"debian:12", "libmvec.so.1", "yes"},
		{"debian:12/arm64", "libmvec.so.1", "no"},
		{"pypy:3.11-slim-bookworm", "libz.so.1", "yes"},
		{"pypy:3.11-slim-bookworm", "libexpat.so.1", "unknown"},
		{"python:3.9-slim-buster", "libz.so.1", "yes"},
		{"python:3.9-slim-buster", "libatomic.so.1", "unknown"},
		{"almalinux:9", "libnsl.so.1", "no"},
		{"almalinux:9", "libstdc++.so.6", "yes"},
		{"almalinux:9", "libcrypt.so.2", "unknown"},
		{"ubuntu:24.04/arm64", "libatomic.so.1", "no"},
		{"ubuntu:22.04", "libatomic.so.1", "unknown"},
		{"python:3.12-alpine3.24", "libz.so.1", "yes"},
		{"python:3.12-bookworm", "libtirpc.so.3", "yes"},
		{"pypy:3.11-slim-bookworm", "libc.so.6", "yes"},
		{"pypy:3.11-bookworm", "libanl.so.1", "yes"},
		{"fedora:43", "libpthread.so.0", "yes"},
		{"alpine:3.22", "libz.so.1", "yes"},
		{"python:3.14-alpine3.24", "libstdc++.so.6", "no"},
		{"photon:5.0", "libz.so.1", "unknown"},
	} {
		d, err := Parse(c.target, Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := "unknown"
		if has, known := d.Release.HasLibrary(d.Platform.Arch, c.library); has && known {
			got = "yes"
		} else if has != known {
			got = "no"
		}
		if got != c.want {
			t.Errorf("%s, %s: %s, want %s", c.target, c.library, got, c.want)
		}
	}
}

// TestLibraryData: places are known, and names are file names of libraries.
func TestLibraryData(t *testing.T) {
	file := func(name string) bool {
		return path.Base(name) == name && (strings.HasPrefix(name, "lib") || strings.HasPrefix(name, "ld")) && strings.Contains(name, ".so")
	}
	releases := load()
	for _, row := range append(rows(debianLibrariesTSV), rows(librariesTSV)...) {
		name, _, _ := strings.Cut(row[0], "+")
		family := name == "glibc" || name == "musl"
		if !family && releases.byVersion[name] == nil && releases.distros[name] != name {
			t.Errorf("%s is no release", row[0])
		}
		lists := row[1:3]
		if strings.HasPrefix(name, "debian:") {
			lists = row[2:3]
			for machine := range strings.SplitSeq(row[1], ",") {
				if !slices.Contains(releases.byVersion[name].Machines, machine) {
					t.Errorf("%s is not for %s", name, machine)
				}
			}
		}
		for _, list := range lists {
			for library := range strings.SplitSeq(list, ",") {
				if list != "-" && !file(library) {
					t.Errorf("%s: %q", row[0], library)
				}
			}
		}
	}
}
