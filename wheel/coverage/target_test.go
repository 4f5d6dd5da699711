package coverage

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// TestEnvironment gives each system's marker values, as Python reports them there.
func TestEnvironment(t *testing.T) {
	env := func(python, name, implementation, os, sys, platform, machine string, anyPatch bool) pep508.Environment {
		full := python
		short := full[:len(full)-2]
		if anyPatch {
			full = short + ".0"
		}
		return pep508.Environment{
			ImplementationName: name, ImplementationVersion: full, OSName: os, PlatformMachine: machine, PlatformSystem: platform,
			PythonFullVersion: full, PlatformPythonImplementation: implementation, PythonVersion: short, SysPlatform: sys, AnyPatch: anyPatch,
		}
	}
	for word, want := range map[string]pep508.Environment{
		"3.11@manylinux_2_28_x86_64":        env("3.11.0", "cpython", "CPython", "posix", "linux", "Linux", "x86_64", true),
		"3.12.3@musllinux_1_2_aarch64":      env("3.12.3", "cpython", "CPython", "posix", "linux", "Linux", "aarch64", false),
		"pypy3.11@manylinux_2_28_x86_64":    env("3.11.0", "pypy", "PyPy", "posix", "linux", "Linux", "x86_64", true),
		"graalpy3.11@manylinux_2_28_x86_64": env("3.11.0", "graalpy", "GraalVM", "posix", "linux", "Linux", "x86_64", true),
		"3.13@macosx_14_0_arm64":            env("3.13.0", "cpython", "CPython", "posix", "darwin", "Darwin", "arm64", true),
		"3.11@win_amd64":                    env("3.11.0", "cpython", "CPython", "nt", "win32", "Windows", "AMD64", true),
		"3.11@win_arm64":                    env("3.11.0", "cpython", "CPython", "nt", "win32", "Windows", "ARM64", true),
		"3.11@win32":                        env("3.11.0", "cpython", "CPython", "nt", "win32", "Windows", "x86", true),
		"3.13@ios_13_0_arm64_iphoneos":      env("3.13.0", "cpython", "CPython", "posix", "ios", "iOS", "arm64", true),
		"3.13@android_24_arm64_v8a":         env("3.13.0", "cpython", "CPython", "posix", "android", "Android", "aarch64", true),
		"3.13@android_24_x86":               env("3.13.0", "cpython", "CPython", "posix", "android", "Android", "i686", true),
	} {
		got := described(t, tags.Packaging, word)[0].Environment
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", word, diff)
		}
	}
	for _, tt := range []struct {
		python   tags.Python
		platform tags.Platform
		want     pep508.Environment
	}{
		{tags.Python{Implementation: "cpython", Major: 3, Minor: 12}, tags.Platform{OS: tags.Emscripten, Arch: "wasm32"},
			env("3.12.0", "cpython", "CPython", "posix", "emscripten", "Emscripten", "wasm32", true)},
		{tags.Python{Implementation: "ironpython", Major: 3, Minor: 4}, tags.Platform{OS: tags.Generic, Arch: "plan9"},
			env("3.4.0", "ironpython", "ironpython", "posix", "", "", "plan9", true)},
		{tags.Python{Major: 3, Minor: -1}, tags.Platform{OS: tags.Generic, Arch: "x"},
			pep508.Environment{ImplementationName: "cpython", ImplementationVersion: "3.0.0", OSName: "posix", PlatformMachine: "x",
				PythonFullVersion: "3.0.0", PlatformPythonImplementation: "CPython", PythonVersion: "3.0"}},
	} {
		target, err := tags.New(tt.python, tt.platform, tags.Packaging)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, NewTarget(target).Environment); diff != "" {
			t.Errorf("%v on %v: %s", tt.python, tt.platform, diff)
		}
	}
}
