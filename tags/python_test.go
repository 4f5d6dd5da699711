package tags

import (
	"strings"
	"testing"
)

func TestFullVersion(t *testing.T) {
	linux := Platform{OS: Linux, Arch: "x86_64", Libc: Libc{Glibc, 2, 36}}
	for _, c := range []struct {
		minor int
		full  string
		patch int // -1 when it is not known
		good  bool
	}{
		{12, "", -1, true},
		{12, "3.12.7", 7, true},
		{12, "3.12.0", 0, true},
		{12, "3.12.99999999", 99999999, true},
		{15, "3.15.0rc1", 0, true},
		{9, "3.9.2", 2, true},
		{0, "3.0.1", 1, true},
		{9, "3.90.1", -1, false},
		{12, "3.13.1", -1, false},
		{12, "3.12", -1, false},
		{12, "3.12.", -1, false},
		{12, "3.12.x", -1, false},
		{12, "3.12.-1", -1, false},
		{12, "3.12.999999999", -1, false},
		{-1, "3.1.2", -1, false},
		{-1, "3.1", -1, false},
	} {
		py := Python{Major: 3, Minor: c.minor, FullVersion: c.full}
		patch, ok := py.Patch()
		if ok != (c.patch >= 0) || ok && patch != c.patch {
			t.Errorf("3.%d, %q: patch %d %t", c.minor, c.full, patch, ok)
		}
		target, err := New(py, linux, Pip)
		if (err == nil) != c.good {
			t.Errorf("3.%d, %q: %v", c.minor, c.full, err)
		}
		if err == nil && target.Python().FullVersion != c.full {
			t.Errorf("3.%d, %q: the target has %q", c.minor, c.full, target.Python().FullVersion)
		}
	}
}

func TestPythonText(t *testing.T) {
	for _, c := range []struct {
		python       Python
		version, all string
	}{
		{Python{Major: 3, Minor: 11, FullVersion: "3.11.4"}, "3.11", "CPython 3.11"},
		{Python{Major: 3, Minor: 13, Threaded: true}, "3.13t", "CPython 3.13t"},
		{Python{Major: 3, Minor: 13, Threaded: true, Debug: true}, "3.13td", "CPython 3.13td"},
		{Python{Implementation: "pypy", Major: 3, Minor: 10}, "3.10", "PyPy 3.10"},
		{Python{Implementation: "graalpy", Major: 3, Minor: 11}, "3.11", "GraalPy 3.11"},
		{Python{Implementation: "jython", Major: 2, Minor: 7}, "2.7", "jython 2.7"},
		{Python{Major: 3, Minor: -1}, "3", "CPython 3"},
		{Python{Major: 3, Minor: 0}, "3.0", "CPython 3.0"},
	} {
		if c.python.Version() != c.version || c.python.String() != c.all {
			t.Errorf("%q, %q; want %q, %q", c.python.Version(), c.python, c.version, c.all)
		}
	}
}

func TestSameTags(t *testing.T) {
	cp := func(minor int, abis ...string) Python { return Python{Major: 3, Minor: minor, ABIs: abis} }
	pypy := Python{Implementation: "pypy", Major: 3, Minor: 10}
	written, other := pypy, pypy
	written.ABIs, other.ABIs = []string{"pypy310_pp73"}, []string{"pypy310_pp74"}
	patch, threaded := cp(12), cp(13)
	patch.FullVersion, threaded.Threaded = "3.12.7", true
	for _, c := range []struct {
		a, b Python
		want bool
	}{
		{cp(12), cp(12), true},
		{cp(12), cp(13), false},
		{cp(12), patch, true},
		{cp(12), cp(12, "cp312"), true},
		{cp(12), cp(12, "CP312"), true},
		{cp(12), cp(12, "cp312", "abi3"), false},
		{cp(13), threaded, false},
		{cp(12), Python{Implementation: "cpython", Major: 3, Minor: 12}, true},
		{cp(10), pypy, false},
		{Python{Major: 2, Minor: 7}, Python{Major: 2, Minor: 7, ABIs: []string{"cp27mu"}}, true}, // as on Linux
		{Python{Major: 2, Minor: 7}, Python{Major: 2, Minor: 7, ABIs: []string{"cp27m"}}, false},
		{pypy, written, true},
		{pypy, other, false},
	} {
		if c.a.SameTags(c.b) != c.want || c.b.SameTags(c.a) != c.want {
			t.Errorf("%+v and %+v: same is not %t", c.a, c.b, c.want)
		}
	}
}

// TestNearestPlatform: the nearest tag is one for the target's own system where
// the set has any, whatever else is in the way.
func TestNearestPlatform(t *testing.T) {
	linux := Platform{OS: Linux, Arch: "x86_64", Libc: Libc{Glibc, 2, 31}}
	mac := Platform{OS: MacOS, Arch: "arm64", Major: 14}
	for _, c := range []struct {
		platform  Platform
		tags      string
		code      ReasonCode
		nearest   string
		inMessage string
	}{
		{linux, "cp312-cp312-macosx_11_0_arm64.manylinux_2_17_x86_64", ReasonPythonVersion, "cp312-cp312-manylinux_2_17_x86_64", "CPython 3.12"},
		{linux, "cp312-cp312-macosx_11_0_arm64.win_amd64.manylinux_2_34_aarch64", ReasonPythonVersion, "cp312-cp312-manylinux_2_34_aarch64", "CPython 3.12"},
		{linux, "cp312-cp312-manylinux_2_34_aarch64.manylinux_2_34_x86_64.manylinux_2_40_x86_64", ReasonPythonVersion, "cp312-cp312-manylinux_2_34_x86_64", "CPython 3.12"},
		{linux, "cp312-cp312-win32.macosx_11_0_arm64", ReasonPythonVersion, "cp312-cp312-win32", "CPython 3.12"},
		{linux, "cp312-cp312-manylinux_2_17_aarch64.linux_x86_64", ReasonPythonVersion, "cp312-cp312-linux_x86_64", "CPython 3.12"},
		{linux, "cp312-none-macosx_11_0_arm64.any", ReasonPythonVersion, "cp312-none-any", "CPython 3.12"},
		{mac, "cp312-cp312-manylinux_2_17_x86_64.macosx_11_0_arm64", ReasonPythonVersion, "cp312-cp312-macosx_11_0_arm64", "CPython 3.12"},
		// A tag of the own system that nobody accepts is nearer than another system.
		{linux, "cp311-cp311-macosx_11_0_arm64.manylinux_2_3_x86_64", ReasonNever, "cp311-cp311-manylinux_2_3_x86_64", "manylinux begins with glibc 2.5"},
		{mac, "cp311-cp311-win_amd64.macosx_11_3_arm64", ReasonNever, "cp311-cp311-macosx_11_3_arm64", "minor number of a tag is 0"},
		// But not than another machine of the own system.
		{linux, "cp311-cp311-manylinux_2_3_x86_64.manylinux_2_17_aarch64", ReasonMachine, "cp311-cp311-manylinux_2_17_aarch64", "aarch64"},
		// Of tags that are equally near the first counts, of versions the nearest.
		{linux, "cp311-cp311-manylinux_2_17_aarch64.manylinux_2_17_s390x", ReasonMachine, "cp311-cp311-manylinux_2_17_aarch64", "aarch64"},
		{linux, "cp311-cp311-win32.win_arm64", ReasonOS, "cp311-cp311-win32", "Windows"},
		{linux, "cp311-cp311-manylinux_2_40_x86_64.manylinux_2_34_x86_64.manylinux_2_36_x86_64", ReasonGlibcVersion, "cp311-cp311-manylinux_2_34_x86_64", "2.34"},
	} {
		target, err := New(Python{Major: 3, Minor: 11}, c.platform, Pip)
		if err != nil {
			t.Fatal(err)
		}
		set, err := ParseSet(c.tags)
		if err != nil {
			t.Fatal(err)
		}
		r := target.Explain(&set)
		if r == nil || r.Code != c.code || r.Tag.String() != c.nearest || !strings.Contains(r.Message, c.inMessage) {
			t.Errorf("%s: %v, nearest %s; want %s, %s", c.tags, r, r.Tag, c.code, c.nearest)
		}
	}
}

// TestPythonNumbers: tags write the major version in one digit.
func TestPythonNumbers(t *testing.T) {
	for _, c := range []struct {
		major, minor int
		good         bool
	}{{1, 6, false}, {2, 0, true}, {2, 7, true}, {9, 0, true}, {9, 999, true}, {9, 1000, false}, {10, 0, false}, {3, -1, true}, {3, -2, false}} {
		_, err := New(Python{Major: c.major, Minor: c.minor}, Platform{OS: Windows, Arch: "amd64"}, Pip)
		if (err == nil) != c.good {
			t.Errorf("%d.%d: %v", c.major, c.minor, err)
		}
	}
}
