package detect

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wheeltag/wheeltag/internal/elftest"
)

// summary is what a root was found to be, in a line.
func summary(s *System) string {
	out := fmt.Sprintf("%s; %s %s %s", s.Release.Word(), s.Machine, s.Libc.Family, s.Libc.Version)
	for _, p := range s.Pythons {
		out += fmt.Sprintf("; %s %s %s", p.Path, p.Version, p.Python)
		if len(p.Python.ABIs) > 0 {
			out += " " + strings.Join(p.Python.ABIs, " ")
		}
		if p.Libc.Family != s.Libc.Family || p.Libc.Version != s.Libc.Version || p.Platform.Arch != s.Machine {
			out += fmt.Sprintf(" on %s %s %s", p.Platform.Arch, p.Libc.Family, p.Libc.Version)
		}
		if p.Venv != "" {
			out += " in " + p.Venv
		}
		if p.ExternallyManaged != "" {
			out += ", managed"
		}
	}
	for _, w := range s.Warnings {
		out += "; " + w.Code
	}
	return out
}

// root builds a root: a value that starts with "elf:" is a fixture, with "-> " a
// link, "dir" a directory, with "lib:" a library "soname needed... / versions... + more"
// and with "exe:" a program like that.
func root(t testing.TB, files map[string]string) fstest.MapFS {
	t.Helper()
	m := fstest.MapFS{}
	for name, value := range files {
		f := &fstest.MapFile{Mode: 0o755, Data: []byte(value)}
		if target, ok := strings.CutPrefix(value, "-> "); ok {
			f.Mode, f.Data = fs.ModeSymlink|0o777, []byte(target)
		}
		if value == "dir" {
			f.Mode, f.Data = fs.ModeDir|0o755, nil
		}
		if spec, ok := strings.CutPrefix(value, "lib:"); ok {
			f.Data = library(spec, "")
		}
		if spec, ok := strings.CutPrefix(value, "exe:"); ok {
			f.Data = library(spec, "/lib64/ld-linux-x86-64.so.2")
		}
		if fixture, ok := strings.CutPrefix(value, "elf:"); ok {
			fixture, more, _ := strings.Cut(fixture, "+")
			data, err := os.ReadFile(filepath.Join("../../testdata/elf", fixture))
			if err != nil {
				t.Fatal(err)
			}
			f.Data = append(data, more...)
		}
		m[name] = f
	}
	return m
}

// manyDirs is one more directory than are looked at.
func manyDirs() string {
	var b strings.Builder
	for i := range maxDirs + 1 {
		fmt.Fprintf(&b, "/d%d\n", i)
	}
	return b.String()
}

// backwards lists directories in the wrong order, as file systems do.
type backwards struct{ fstest.MapFS }

func (b backwards) Open(name string) (fs.File, error) {
	f, err := b.MapFS.Open(name)
	if dir, ok := f.(fs.ReadDirFile); ok && err == nil {
		return backwardsDir{dir}, nil
	}
	return f, err
}

type backwardsDir struct{ fs.ReadDirFile }

func (d backwardsDir) ReadDir(n int) ([]fs.DirEntry, error) {
	list, err := d.ReadDirFile.ReadDir(n)
	slices.Reverse(list)
	return list, err
}

func library(text, loader string) []byte {
	text, more, _ := strings.Cut(text, " +")
	names, versions, _ := strings.Cut(text, "/")
	needed := strings.Fields(names)
	s := elftest.Spec{Soname: needed[0], Needed: needed[1:], Defines: strings.Fields(versions), Loader: loader}
	return append(s.Bytes(), more...)
}

// with adds files to others; "" removes one.
func with(files map[string]string, more ...string) map[string]string {
	out := map[string]string{}
	for name, value := range files {
		out[name] = value
	}
	for i := 0; i < len(more); i += 2 {
		out[more[i]] = more[i+1]
		if more[i+1] == "" {
			delete(out, more[i])
		}
	}
	return out
}

// Parts of roots. The programs are small fixtures: only their headers and the
// strings behind them are looked at.
var (
	glibcBase = map[string]string{
		"etc/os-release":                 "ID=debian\nVERSION_ID=\"12\"\n",
		"lib64/ld-linux-x86-64.so.2":     "elf:ext-x86_64-gnu2.17.so",
		"lib/x86_64-linux-gnu/libc.so.6": "elf:ext-x86_64-gnu2.17.so+GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36.\n",
		"bin/sh":                         "elf:exe-x86_64-dynamic",
	}
	muslBase = map[string]string{
		"etc/os-release":            "ID=alpine\nVERSION_ID=3.20.3\n",
		"lib/ld-musl-x86_64.so.1":   "elf:ext-x86_64-musl.so+\x00musl libc (x86_64)\n\x00\x001.2.5\x00",
		"bin/busybox":               "elf:exe-x86_64-musl",
		"bin/sh":                    "-> /bin/busybox",
		"lib/libc.musl-x86_64.so.1": "-> ld-musl-x86_64.so.1",
	}
	python311 = []string{
		"usr/bin/python3", "-> python3.11",
		"usr/bin/python3.11", "elf:exe-x86_64-dynamic+\x003.11.2\x00",
		"usr/lib/python3.11/os.py", "",
	}
)

func TestSystems(t *testing.T) {
	python311 := append(python311[:len(python311)-1:len(python311)-1], "# os")
	at := func(prefix, version, program string, more ...string) []string {
		minor := version[:strings.LastIndex(version, ".")]
		return append([]string{
			prefix + "/bin/python" + minor, program,
			prefix + "/bin/python3", "-> python" + minor,
			prefix + "/lib/python" + minor + "/os.py", "# os",
			prefix + "/include/python" + minor + "/patchlevel.h", "#define PY_VERSION      \t\"" + version + "\"\n",
		}, more...)
	}
	exe := "elf:exe-x86_64-dynamic"
	base := "debian:12; x86_64 glibc 2.36"
	var details strings.Builder
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"no Python", glibcBase, base},
		{"a Python", with(glibcBase, python311...), base + "; /usr/bin/python3.11 3.11.2 CPython 3.11"},
		{"another version beside it", with(with(glibcBase, python311...), at("usr/local", "3.13.1", exe)...),
			base + "; /usr/local/bin/python3.13 3.13.1 CPython 3.13; /usr/bin/python3.11 3.11.2 CPython 3.11"},
		{"externally managed", with(with(glibcBase, python311...), "usr/lib/python3.11/EXTERNALLY-MANAGED", "x"),
			base + "; /usr/bin/python3.11 3.11.2 CPython 3.11, managed"},
		{"free-threaded by its name", with(glibcBase, "usr/bin/python3.14t", exe, "usr/lib/python3.14t/os.py", "#"),
			base + "; /usr/bin/python3.14t 3.14 CPython 3.14t"},
		{"free-threaded by build-details.json", with(glibcBase, "usr/bin/python3.14", exe, "usr/lib/python3.14/os.py", "#",
			"usr/lib/python3.14/build-details.json", `{"schema_version":"1.0","language":{"version":"3.14"},"implementation":{"name":"cpython","version":{"major":3,"minor":14,"micro":1,"releaselevel":"candidate","serial":2}},"abi":{"flags":["t"],"extension_suffix":".cpython-314t-x86_64-linux-gnu.so"}}`),
			base + "; /usr/bin/python3.14 3.14.1rc2 CPython 3.14t"},
		{"a damaged build-details.json", with(glibcBase, "usr/bin/python3.14", exe, "usr/lib/python3.14/os.py", "#",
			"usr/lib/python3.14/build-details.json", `{`), base + "; /usr/bin/python3.14 3.14 CPython 3.14; damaged"},
		{"free-threaded by _sysconfigdata", with(glibcBase, "usr/bin/python3.13", exe, "usr/lib/python3.13/os.py", "#",
			"usr/lib/python3.13/_sysconfigdata_t_linux_x86_64-linux-gnu.py", "build_time_vars = {'ABIFLAGS': 't',\n 'Py_DEBUG': 0,\n 'Py_GIL_DISABLED': 1,\n 'SOABI': 'cpython-313t-x86_64-linux-gnu',\n 'VERSION': '3.13'}"),
			base + "; /usr/bin/python3.13 3.13 CPython 3.13t"},
		{"the _sysconfigdata of another machine", with(glibcBase, "usr/bin/python3.13", exe, "usr/lib/python3.13/os.py", "#",
			"usr/lib/python3.13/_sysconfigdata_t_linux_aarch64-linux-gnu.py", "build_time_vars = {'Py_GIL_DISABLED': 1,\n 'SOABI': 'cpython-313t-aarch64-linux-gnu',\n 'VERSION': '3.13'}"),
			base + "; /usr/bin/python3.13 3.13 CPython 3.13"},
		{"debug by the suffix of its modules", with(glibcBase, "usr/bin/python3.12", exe, "usr/lib64/python3.12/os.py", "#",
			"usr/lib64/python3.12/lib-dynload/math.cpython-312d-x86_64-linux-gnu.so", "x"),
			base + "; /usr/bin/python3.12 3.12 CPython 3.12d"},
		{"the platform Python of a server", with(glibcBase, "usr/libexec/platform-python", "-> platform-python3.6",
			"usr/libexec/platform-python3.6", exe, "usr/lib64/python3.6/os.py", "#"),
			base + "; /usr/libexec/platform-python3.6 3.6 CPython 3.6"},
		{"a version manager", with(glibcBase, at("root/.pyenv/versions/3.12.4", "3.12.4", exe)...),
			base + "; /root/.pyenv/versions/3.12.4/bin/python3.12 3.12.4 CPython 3.12"},
		{"Heroku", with(glibcBase, at("app/.heroku/python", "3.12.4", exe)...), base + "; /app/.heroku/python/bin/python3.12 3.12.4 CPython 3.12"},
		{"a layer of a buildpack", with(glibcBase, at("layers/paketo/cpython", "3.12.4", exe)...), base + "; /layers/paketo/cpython/bin/python3.12 3.12.4 CPython 3.12"},
		{"a development container", with(glibcBase, at("usr/local/python/3.12.4", "3.12.4", exe)...), base + "; /usr/local/python/3.12.4/bin/python3.12 3.12.4 CPython 3.12"},
		{"Nix", with(glibcBase, at("nix/store/0c9-python3", "3.12.4", exe)...), base + "; /nix/store/0c9-python3/bin/python3.12 3.12.4 CPython 3.12"},
		{"uv", with(glibcBase, at("opt/uv/python/cpython-3.12", "3.12.4", exe)...), base + "; /opt/uv/python/cpython-3.12/bin/python3.12 3.12.4 CPython 3.12"},
		{"Homebrew", with(glibcBase, at("home/linuxbrew/.linuxbrew/Cellar/python@3.12/3.12.4", "3.12.4", exe)...),
			base + "; /home/linuxbrew/.linuxbrew/Cellar/python@3.12/3.12.4/bin/python3.12 3.12.4 CPython 3.12"},
		{"a place that nobody knows", with(glibcBase, at("data/a/b/c", "3.12.4", exe)...), base + "; /data/a/b/c/bin/python3.12 3.12.4 CPython 3.12"},
		{"a place that nobody knows after a known one", with(with(glibcBase, python311...), at("data/a/b/c", "3.12.4", exe)...), base + "; /usr/bin/python3.11 3.11.2 CPython 3.11"},
		{"a place too deep", with(glibcBase, at("data/a/b/c/d/e/f/g/h/i", "3.12.4", exe)...), base},
		{"a library that is called python", with(glibcBase, "data/a/b/c/lib/python3.12", exe), base},
		{"conda and an environment of it", with(with(glibcBase, at("opt/conda", "3.12.4", exe)...), at("opt/conda/envs/web", "3.10.1", exe)...),
			base + "; /opt/conda/bin/python3.12 3.12.4 CPython 3.12; /opt/conda/envs/web/bin/python3.10 3.10.1 CPython 3.10"},
		{"the build images' directory", with(glibcBase, append(at("opt/_internal/cpython-3.13.0-nogil", "3.13.0", "elf:exe-x86_64-dynamic",
			"opt/_internal/cpython-3.13.0-nogil/lib/python3.13/_sysconfigdata_t_linux_x86_64-linux-gnu.py", "{'Py_GIL_DISABLED': 1,\n'VERSION': '3.13'}"),
			"opt/python/cp313-cp313t", "-> ../_internal/cpython-3.13.0-nogil")...),
			base + "; /opt/python/cp313-cp313t/bin/python3.13 3.13.0 CPython 3.13t"},
		{"PyPy", with(glibcBase, "opt/pypy/bin/pypy3.10", exe, "opt/pypy/bin/python3", "-> pypy3.10", "opt/pypy/lib/pypy3.10/os.py", "#",
			"opt/pypy/lib/pypy3.10/_x_cffi.pypy310-pp73-x86_64-linux-gnu.so", "x"),
			base + "; /opt/pypy/bin/pypy3.10 3.10 PyPy 3.10 pypy310_pp73"},
		{"GraalPy", with(glibcBase, "opt/graal/bin/graalpy", exe, "opt/graal/bin/python3.11", "-> graalpy", "opt/graal/lib/python3.11/os.py", "#",
			"opt/graal/lib/python3.11/x.graalpy242-311-native-x86_64-linux.so", "x"),
			base + "; /opt/graal/bin/graalpy 3.11 GraalPy 3.11 graalpy242_311_native"},
		{"an environment", with(with(glibcBase, python311...), "opt/venv/bin/python", "-> /usr/bin/python3", "opt/venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.2\n"),
			base + "; /usr/bin/python3.11 3.11.2 CPython 3.11; /opt/venv/bin/python 3.11.2 CPython 3.11 in /opt/venv"},
		{"an environment of an older Python", with(with(glibcBase, python311...), "opt/venv/bin/python", "-> /usr/bin/python3", "opt/venv/pyvenv.cfg", "version = 3.9.2\n"),
			base + "; /usr/bin/python3.11 3.11.2 CPython 3.11; /opt/venv/bin/python 3.11.2 CPython 3.11 in /opt/venv; disagree"},
		{"an environment without its Python", with(glibcBase, "opt/venv/bin/python", "-> /usr/bin/python3", "opt/venv/pyvenv.cfg", "version = 3.9.2\n"),
			base + "; broken-link"},
		{"a shim", with(glibcBase, "usr/local/bin/python3.9", "#!/bin/sh\n"), base + "; script"},
		{"a program of no version", with(glibcBase, "usr/bin/python", exe), base + "; version"},
		{"not an interpreter", with(glibcBase, "usr/bin/python3-config", exe, "usr/bin/python3.11-gdb.py", exe), base},
		{"two versions in one prefix and no name", with(glibcBase, "usr/bin/python", exe, "usr/lib/python3.9/os.py", "#", "usr/lib/python3.8/os.py", "#"), base + "; version"},
		{"a veto", with(with(glibcBase, python311...), "usr/local/lib/python3.11/dist-packages/_manylinux.py", "manylinux2014_compatible = False\n"),
			base + "; /usr/bin/python3.11 3.11.2 CPython 3.11; manylinux"},
		{"musl", with(muslBase, at("usr", "3.12.3", "elf:exe-x86_64-musl")...),
			"alpine:3.20.3; x86_64 musl 1.2.5; /usr/bin/python3.12 3.12.3 CPython 3.12"},
		{"musl without a version", with(muslBase, "lib/ld-musl-x86_64.so.1", "elf:ext-x86_64-musl.so+\x00musl libc\x00"),
			"alpine:3.20.3; x86_64 musl ; libc-version"},
		{"musl with two versions", with(muslBase, "lib/ld-musl-x86_64.so.1", "elf:ext-x86_64-musl.so+\x00musl libc\x00\x001.2.4\x00\x001.2.5\x00"),
			"alpine:3.20.3; x86_64 musl ; libc-version"},
		{"a static shell on musl", with(muslBase, "bin/busybox", "elf:exe-x86_64-static"), "alpine:3.20.3; x86_64 musl 1.2.5"},
		{"a static shell alone", map[string]string{"bin/sh": "elf:exe-x86_64-static"}, "; x86_64 none ; no-libc"},
		{"a loader alone", map[string]string{"lib/ld-musl-x86_64.so.1": muslBase["lib/ld-musl-x86_64.so.1"]}, "; x86_64 musl 1.2.5"},
		{"a 32-bit Python on a 64-bit system", with(glibcBase, append(at("opt/py32", "3.9.1", "elf:exe-armv7l-dynamic"),
			"lib/ld-linux-armhf.so.3", "elf:ext-armv7l-gnu2.17.so",
			"usr/lib/arm-linux-gnueabihf/libc.so.6", "elf:ext-armv7l-gnu2.17.so+GNU C Library (X) stable release version 2.31.\n")...),
			base + "; /opt/py32/bin/python3.9 3.9.1 CPython 3.9 on armv7l glibc 2.31"},
		{"two C libraries", with(with(glibcBase, muslBase2()...), at("opt/m", "3.9.1", "elf:exe-x86_64-musl")...),
			base + "; /opt/m/bin/python3.9 3.9.1 CPython 3.9 on x86_64 musl 1.2.5; two-libcs"},
		{"no libc.so.6", with(with(glibcBase, python311...), "lib/x86_64-linux-gnu/libc.so.6", ""),
			"debian:12; x86_64 glibc ; /usr/bin/python3.11 3.11.2 CPython 3.11; no-libc"},
		{"no loader", with(with(glibcBase, python311...), "lib64/ld-linux-x86-64.so.2", ""),
			"debian:12; x86_64 glibc ; /usr/bin/python3.11 3.11.2 CPython 3.11; no-libc"},
		{"libc.so.6 without a banner", with(glibcBase, "lib/x86_64-linux-gnu/libc.so.6", "elf:ext-x86_64-gnu2.17.so"), "debian:12; x86_64 glibc ; libc-version"},
		{"a libc.so.6 of another machine first", with(glibcBase, "etc/ld.so.conf", "include ld.so.conf.d/*.conf\n", "etc/ld.so.conf.d/a.conf", "# other\n/opt/arm\n",
			"opt/arm/libc.so.6", "elf:ext-aarch64-gnu2.17.so+GNU C Library (X) stable release version 2.17.\n"), base},
		{"the package data base agrees", with(glibcBase, "var/lib/dpkg/status", "Package: bash\nVersion: 5\n\nPackage: libc6\nStatus: installed\nVersion: 2.36-9+deb12u4\n"), base},
		{"the package data base disagrees", with(glibcBase, "var/lib/dpkg/status", "Package: libc6\nVersion: 2.31-13\n"), base + "; disagree"},
		{"apk disagrees", with(muslBase, "lib/apk/db/installed", "C:x\nP:musl\nV:1.1.24-r10\n"), "alpine:3.20.3; x86_64 musl 1.2.5; disagree"},
		{"a damaged program", with(glibcBase, "usr/bin/python3.11", "\x7fELF..."), base + "; damaged"},
		{"os-release by a link out of the root", with(glibcBase, "etc/os-release", "-> ../../../../usr/lib/os-release", "usr/lib/os-release", "ID=fedora\nVERSION_ID=41\n"),
			"fedora:41; x86_64 glibc 2.36"},
		{"quotes and names in os-release", with(glibcBase, "etc/os-release", "NAME=x\nID='Ubuntu'\n VERSION_ID = 1\nVERSION_ID=\"22.\\\"04\\x\"\nVERSION_CODENAME=jammy\nPRETTY_NAME=\"Ubuntu \\$22\"\nBUG=\"\n"), "ubuntu:22.\"04\\x; x86_64 glibc 2.36"},
		{"a release without a version", with(glibcBase, "etc/os-release", "ID=arch\n"), "arch; x86_64 glibc 2.36"},
		{"an environment with all its facts", with(with(glibcBase, python311...), "opt/venv/bin/python3", "-> /usr/bin/python3", "opt/venv/bin/python", "-> python3",
			"opt/venv/pyvenv.cfg", "Home = /usr/bin\nversion_info = 3.11.2.final.0\ninclude = x\n", "usr/lib/python3.11/EXTERNALLY-MANAGED", "x",
			"opt/venv/lib/python3.11/site-packages/_manylinux.py", "def manylinux_compatible(*a): pass", "usr/lib/python3/dist-packages/_manylinux.py", "x = 1"),
			base + "; /usr/bin/python3.11 3.11.2 CPython 3.11, managed; /opt/venv/bin/python 3.11.2 CPython 3.11 in /opt/venv; manylinux; manylinux"},
		{"an environment of a Python of no version", with(glibcBase, "opt/venv/bin/python", "-> /usr/bin/python", "usr/bin/python", exe, "opt/venv/pyvenv.cfg", "version = 3.9.2\n"),
			base + "; /opt/venv/bin/python 3.9.2 CPython 3.9 in /opt/venv; version"},
		{"an environment of a short version", with(glibcBase, "opt/venv/bin/python", "-> /usr/bin/python", "usr/bin/python", exe, "opt/venv/pyvenv.cfg", "version = 3\nversion = 3.9\n"),
			base + "; /opt/venv/bin/python 3.9 CPython 3.9 in /opt/venv; version"},
		{"debug by the name", with(glibcBase, "usr/bin/python3.13td", exe, "usr/lib/python3.13t/os.pyc", "#", "usr/bin/python3.12-dbg", exe, "usr/lib/python3.12/os.py", "#"),
			base + "; /usr/bin/python3.12-dbg 3.12 CPython 3.12d; /usr/bin/python3.13td 3.13 CPython 3.13td"},
		{"a version in the header only", with(glibcBase, "usr/bin/python3.7", exe, "usr/lib/python3.7/os.py", "#", "usr/include/python3.7m/patchlevel.h", "#define PY_VERSION \"3.7.4rc1+\"\n"),
			base + "; /usr/bin/python3.7 3.7.4rc1 CPython 3.7"},
		{"a header of another version", with(glibcBase, "usr/bin/python3.7", exe, "usr/lib/python3.7/os.py", "#", "usr/include/python3.7/patchlevel.h", "#define PY_VERSION \"3.8.4\"\n"),
			base + "; /usr/bin/python3.7 3.7 CPython 3.7"},
		{"the version of the library alone", with(glibcBase, "usr/bin/python", exe, "usr/lib/python3.13t/os.py", "#", "usr/lib/python3.13t/lib-dynload/a.cpython-313td-x86_64-linux-gnu.so", "x",
			"usr/lib/python3.13t/lib-dynload/b.cpython-313t-x86_64-linux-gnu.so", "x"), base + "; /usr/bin/python 3.13 CPython 3.13t"},
		{"details of a stable release", with(glibcBase, "usr/bin/python", exe, "usr/lib/python3.14/os.py", "#", "usr/lib/python3.14/build-details.json",
			`{"language":{"version":"3.14"},"implementation":{"name":"CPython","version":{"major":3,"minor":14,"micro":2,"releaselevel":"final"}},"abi":{"flags":["d"],"extension_suffix":".cpython-314d-x86_64-linux-gnu.so"}}`),
			base + "; /usr/bin/python 3.14.2 CPython 3.14d"},
		{"details of another version", with(glibcBase, "usr/bin/python3.13", exe, "usr/lib/python3.13/os.py", "#", "usr/lib/python3.13/build-details.json",
			`{"language":{"version":"3.14"},"implementation":{"name":"cpython","version":{"major":3,"minor":14,"micro":2}},"abi":{"flags":["t"]}}`), base + "; /usr/bin/python3.13 3.13 CPython 3.13"},
		{"details of another machine", with(glibcBase, "usr/bin/python3.14", exe, "usr/lib/python3.14/os.py", "#", "usr/lib/python3.14/build-details.json",
			`{"language":{"version":"3.14"},"implementation":{"name":"cpython"},"abi":{"flags":["t"],"extension_suffix":".cpython-314t-aarch64-linux-gnu.so"}}`), base + "; /usr/bin/python3.14 3.14 CPython 3.14"},
		{"two builds with one library", with(glibcBase, "usr/bin/python3.11", exe, "usr/lib/python3.11/os.py", "#",
			"usr/lib/python3.11/_sysconfigdata_d_x86_64-linux-gnu.py", "build_time_vars = {'ABIFLAGS': 'd',\n 'EXT_SUFFIX': '.cpython-311d-x86_64-linux-gnu.so',\n 'VERSION': '3.11'}",
			"usr/lib/python3.11/_sysconfigdata__x86_64-linux-gnu.py", "build_time_vars = {'ABIFLAGS': '',\n 'Py_DEBUG': 0,\n 'EXT_SUFFIX': '.cpython-311-x86_64-linux-gnu.so',\n 'VERSION': '3.11'}"),
			base + "; /usr/bin/python3.11 3.11 CPython 3.11"},
		{"a debug build alone", with(glibcBase, "usr/bin/python3.11", exe, "usr/lib/python3.11/os.py", "#",
			"usr/lib/python3.11/_sysconfigdata_d_x86_64-linux-gnu.py", "build_time_vars = {'Py_DEBUG': 1,\n 'SOABI': \"cpython-311d-x86_64-linux-gnu\",\n 'VERSION': '3.11'}"),
			base + "; /usr/bin/python3.11 3.11 CPython 3.11d"},
		{"what _manylinux says", with(with(glibcBase, python311...), "usr/lib/python3.11/site-packages/_manylinux.py", "manylinux1_compatible = True\nmanylinux2014_compatible = False\n"),
			base + "; /usr/bin/python3.11 3.11.2 CPython 3.11; manylinux"},
		{"the newer version in symbols", with(glibcBase, "lib/x86_64-linux-gnu/libc.so.6", "elf:ext-x86_64-gnu2.17.so+GNU C Library (X) release version 2.2.\n"), base[:len(base)-2] + "2"},
		{"a package with an epoch", with(glibcBase, "var/lib/dpkg/status.d/libc6", "Package: libc6\nVersion: 1:2.36-9\n"), base},
		{"a package of a longer version", with(glibcBase, "var/lib/dpkg/status", "Package: bash\nVersion: 2.36\n\nPackage: libc6\nVersion: 2.361-9\n"), base + "; disagree"},
		{"a package without a version", with(glibcBase, "var/lib/dpkg/status", "Package: bash\nVersion: 5.2\n\nPackage: libc6\n"), base},
		{"loaders of glibc by other names", map[string]string{"lib64/ld64.so.2": "elf:ext-x86_64-gnu2.17.so", "lib/ld-2.31.so": "-> ../lib64/ld64.so.2", "lib/ld-other.so": "elf:ext-x86_64-gnu2.17.so", "lib64/libc.so.6": "elf:ext-x86_64-gnu2.17.so+GNU C Library (X) release version 2.31.\n"},
			"; x86_64 glibc 2.31"},
		{"a C library of no banner", with(glibcBase, "lib/x86_64-linux-gnu/libc.so.6", "lib:libc.so.6 / libc.so.6 GLIBC_2.2.5 GLIBC_2.34 GLIBC_2.9 GLIBC_PRIVATE GLIBC_ABI_DT_RELR"), "debian:12; x86_64 glibc 2.34"},
		{"a banner of an older version", with(glibcBase, "lib/x86_64-linux-gnu/libc.so.6", "lib:libc.so.6 / libc.so.6 GLIBC_2.2.5 GLIBC_2.37 + GNU C Library (X) stable release version 2.36.\n"), base + "; disagree"},
		{"a banner of a newer version", with(glibcBase, "lib/x86_64-linux-gnu/libc.so.6", "lib:libc.so.6 / libc.so.6 GLIBC_2.2.5 GLIBC_2.35 + GNU C Library (X) stable release version 2.36.\n"), base},
		{"runtimes of compilers", with(glibcBase, "usr/lib/x86_64-linux-gnu/libstdc++.so.6", "lib:libstdc++.so.6 / libstdc++.so.6 GLIBCXX_3.4 GLIBCXX_3.4.30 GLIBCXX_3.4.9 CXXABI_1.3 CXXABI_1.3.13 CXXABI_TM_1 CXXABI_FLOAT128",
			"lib/x86_64-linux-gnu/libgcc_s.so.1", "lib:libgcc_s.so.1 / libgcc_s.so.1 GCC_12.0.0 GCC_4.2.0 GCC_3.0"), base},
		{"runtimes without versions", with(glibcBase, "lib64/libgcc_s.so.1", "lib:libgcc_s.so.1 /", "lib64/libstdc++.so.6", "text"), base},
		{"runtimes of two C libraries", with(with(glibcBase, muslBase2()...), "bin/busybox", "elf:exe-x86_64-musl", "opt/m/bin/python3.9", "elf:exe-x86_64-musl", "usr/bin/python3.8", exe,
			"lib64/libgcc_s.so.1", "lib:libgcc_s.so.1 / libgcc_s.so.1 GCC_3.0", "usr/local/lib/libgcc_s.so.1", "lib:libgcc_s.so.1 / libgcc_s.so.1 GCC_4.0"),
			base + "; /usr/bin/python3.8 3.8 CPython 3.8; /opt/m/bin/python3.9 3.9 CPython 3.9 on x86_64 musl 1.2.5; two-libcs"},
		{"a version inside libpython", with(glibcBase, "usr/bin/python", "exe:python libpython3.9d.so.1.0", "lib/x86_64-linux-gnu/libpython3.9d.so.1.0", "lib:libpython3.9d.so.1.0 libc.so.6 +\x003.9.18+\x00"),
			base + "; /usr/bin/python 3.9.18 CPython 3.9d"},
		{"a libpython that is missing", with(glibcBase, "usr/bin/python", "exe:python libpython3.9.so.1.0 +\x003.9.7\x00"), base + "; /usr/bin/python 3.9.7 CPython 3.9"},
		{"a libpython that is damaged", with(glibcBase, "usr/bin/python", "exe:python libpython3.9.so.1.0", "lib64/libpython3.9.so.1.0", "\x7fELF"), base + "; /usr/bin/python 3.9 CPython 3.9; damaged"},
		{"PyPy in one library directory", with(glibcBase, "opt/p/bin/pypy", "exe:pypy libpypy3.10-c.so", "opt/p/bin/pypy3", "-> pypy", "opt/p/lib/pypy3.10/os.py", "#", "opt/p/lib/python3.9/os.py", "#", "opt/p/lib/pypy3.10/_x.pypy310-pp73-x86_64-linux-gnu.so", "x",
			"opt/p/include/pypy3.10/patchlevel.h", "#define PY_VERSION \"3.10.14\"\n#define PYPY_VERSION \"7.3.17\"\n"), base + "; /opt/p/bin/pypy 3.10.14 PyPy 3.10 pypy310_pp73"},
		{"two vendors' names", with(glibcBase, "usr/bin/python3.12-intel64", exe, "usr/bin/python3.11-debug", exe), base + "; /usr/bin/python3.11-debug 3.11 CPython 3.11d; /usr/bin/python3.12-intel64 3.12 CPython 3.12"},
		{"names by their length", with(glibcBase, "usr/bin/python", "-> /opt/x/interpreter", "usr/bin/python3", "-> python", "usr/bin/python3.12", "-> python", "opt/bin/python3.12", "-> /usr/bin/python", "opt/x/interpreter", exe),
			base + "; /usr/bin/python3.12 3.12 CPython 3.12"},
		{"a free-threaded build next to the plain one", with(glibcBase, "usr/bin/python3.13", exe, "usr/bin/python3.13t", exe, "usr/lib/python3.13/os.py", "#", "usr/lib/python3.13t/os.py", "#",
			"usr/lib/python3.13/lib-dynload/a.cpython-313-x86_64-linux-gnu.so", "x", "usr/lib/python3.13t/lib-dynload/a.cpython-313t-x86_64-linux-gnu.so", "x"),
			base + "; /usr/bin/python3.13 3.13 CPython 3.13; /usr/bin/python3.13t 3.13 CPython 3.13t"},
		{"an environment first on PATH", with(with(glibcBase, python311...), "usr/local/bin/python3", "-> /usr/bin/python3.11", "usr/local/pyvenv.cfg", "version = 3.11.2\n"),
			base + "; /usr/local/bin/python3 3.11.2 CPython 3.11 in /usr/local; /usr/bin/python3.11 3.11.2 CPython 3.11"},
		{"scripts", with(glibcBase, "usr/local/bin/python3.9", "#!/bin/sh\n", "usr/local/bin/python", "#!/bin/sh\n"), base + "; script"},
		{"a shell of another machine and a loader", map[string]string{"bin/sh": "elf:exe-aarch64-static", "lib64/ld-linux-x86-64.so.2": "elf:ext-x86_64-gnu2.17.so"}, "; aarch64 none ; no-libc"},
		{"Pythons that disagree", map[string]string{"opt/a/bin/python3.9": exe, "opt/b/bin/python3.8": "elf:exe-armv7l-dynamic"},
			"; x86_64 glibc ; /opt/a/bin/python3.9 3.9 CPython 3.9; /opt/b/bin/python3.8 3.8 CPython 3.8 on armv7l glibc ; no-libc; no-libc"},
		{"details of an alpha", with(glibcBase, "usr/bin/python3.15", exe, "usr/lib/python3.15/os.py", "#", "usr/lib/python3.15/build-details.json",
			`{"language":{"version":"3.15"},"implementation":{"name":"cpython","version":{"major":3,"minor":15,"micro":0,"releaselevel":"alpha","serial":2}},"abi":{"flags":[]}}`), base + "; /usr/bin/python3.15 3.15.0a2 CPython 3.15"},
		{"details of a beta, no implementation", with(glibcBase, "usr/bin/python3.15", exe, "usr/lib/python3.15/os.py", "#", "usr/lib/python3.15/build-details.json",
			`{"language":{"version":"3.15"},"implementation":{"version":{"major":3,"minor":15,"micro":0,"releaselevel":"beta","serial":1}}}`), base + "; /usr/bin/python3.15 3.15 CPython 3.15"},
		{"details of two versions", with(glibcBase, "usr/bin/python3.15", exe, "usr/lib/python3.15/os.py", "#", "usr/lib/python3.15/build-details.json",
			`{"language":{"version":"3.15"},"implementation":{"name":"cpython","version":{"major":3,"minor":14,"micro":7,"releaselevel":"beta","serial":1}}}`), base + "; /usr/bin/python3.15 3.15 CPython 3.15"},
		{"details of PyPy", with(glibcBase, "opt/p/bin/pypy3", exe, "opt/p/lib/pypy3.11/os.py", "#", "opt/p/lib/pypy3.11/build-details.json",
			`{"language":{"version":"3.11"},"implementation":{"name":"PyPy","version":{"major":7,"minor":3,"micro":20}},"abi":{"extension_suffix":".pypy311-pp73-x86_64-linux-gnu.so"}}`), base + "; /opt/p/bin/pypy3 3.11 PyPy 3.11 pypy311_pp73"},
		{"sysconfig data of others first", with(glibcBase, "usr/bin/python", exe, "usr/lib/python3.12/os.py", "#", "usr/lib/python3.12/_sysconfigdata_a.py", "x = 1\n", "usr/lib/python3.12/_sysconfigdata_b.py", "build_time_vars = {'ABIFLAGS': 't',\n 'VERSION': '3.11'}",
			"usr/lib/python3.12/_sysconfigdata_c.txt", "build_time_vars = {'ABIFLAGS': 'td',\n 'VERSION': '3.12'}", "usr/lib/python3.12/_other.py", "build_time_vars = {'ABIFLAGS': 'td',\n 'VERSION': '3.12'}",
			"usr/lib/python3.12/_sysconfigdata_d.py", "-> nothing", "usr/lib/python3.12/_sysconfigdata_e.py", "build_time_vars = {'ABIFLAGS': 'd',\n 'SOABI': 'cpython-312d-x86_64-linux-gnu',\n 'VERSION': '3.12'}"), base + "; /usr/bin/python 3.12 CPython 3.12d"},
		{"modules of others first", with(glibcBase, "usr/bin/python", exe, "usr/lib/python3.12/os.py", "#", "usr/lib/python3.12/lib-dynload/a.abi3.so", "x", "usr/lib/python3.12/lib-dynload/b.cpython-311d-x86_64-linux-gnu.so", "x",
			"usr/lib/python3.12/lib-dynload/c.cpython-312d-aarch64-linux-gnu.so", "x", "usr/lib/python3.12/lib-dynload/d.cpython-312t-x86_64-linux-gnu.so", "x"), base + "; /usr/bin/python 3.12 CPython 3.12t"},
		{"modules elsewhere", with(glibcBase, "usr/bin/python3.12", exe, "usr/lib/python3.12/os.py", "#", "usr/lib/python3.12/site-packages/d.cpython-312d-x86_64-linux-gnu.so", "x"), base + "; /usr/bin/python3.12 3.12 CPython 3.12d"},
		{"PyPy in a library that says it alone", with(glibcBase, "opt/p/bin/python", exe, "opt/p/lib/pypy3.10/os.py", "#", "opt/p/include/pypy3.10/patchlevel.h", "#define PY_VERSION \"3.10.2\"\n"), base + "; /opt/p/bin/python 3.10.2 PyPy 3.10"},
		{"directories of modules", with(with(glibcBase, python311...), "usr/lib64/python3.11/site-packages/_manylinux.py", "x", "usr/local/lib64/python3.11/site-packages/_manylinux.py", "-> /usr/lib64/python3.11/site-packages/_manylinux.py"),
			base + "; /usr/bin/python3.11 3.11.2 CPython 3.11; manylinux"},
		{"a configuration in a circle", with(glibcBase, "etc/ld.so.conf", "-> ld.so.conf"), base + "; unreadable"},
		{"a configuration of many directories", with(glibcBase, "etc/ld.so.conf", strings.Repeat("include x\n", 3)+manyDirs()), base + "; limit"},
		{"musl through a link", with(muslBase, "lib/ld-musl-x86_64.so.1", "-> libc.so", "lib/libc.so", "elf:ext-x86_64-musl.so+\x00musl libc (x86_64)\n\x00"+strings.Repeat(" ", 2*window)+"\x001.2.5\x00\x001.2.5-git-1-gab\x00"), "alpine:3.20.3; x86_64 musl 1.2.5"},
		{"a loader that is not musl's", with(muslBase, "lib/ld-musl-x86_64.so.1", "elf:ext-x86_64-musl.so+\x001.2.5\x00"), "alpine:3.20.3; x86_64 musl ; libc-version"},
		{"musl without its loader", with(muslBase, "lib/ld-musl-x86_64.so.1", ""), "alpine:3.20.3; x86_64 musl ; no-libc"},
		{"links in a circle", with(glibcBase, "usr/bin/python3.11", "-> python3", "usr/bin/python3", "-> python3.11"), base + "; broken-link; broken-link"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Root(backwards{root(t, c.files)}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := summary(s); got != c.want {
				t.Errorf("got  %s\nwant %s\n%v", got, c.want, s.Warnings)
			}
			fmt.Fprintf(&details, "== %s\n%s\n", c.name, whole(s))
		})
	}
	compareGolden(t, "systems", details.String())
	for _, files := range []map[string]string{{}, {"etc/os-release": "ID=debian"}, {"bin/sh": "#!"}} {
		if _, err := Root(root(t, files), Options{}); !errors.Is(err, ErrNoSystem) {
			t.Errorf("%v: %v", files, err)
		}
	}
}

// muslBase2 are the files of musl that fit beside glibc.
func muslBase2() []string {
	return []string{"lib/ld-musl-x86_64.so.1", muslBase["lib/ld-musl-x86_64.so.1"]}
}
