package manylinux

import "testing"

func TestVersionFloor(t *testing.T) {
	for _, c := range []struct {
		machine, version string
		want             Floor
	}{
		{"x86_64", "GLIBC_2.2.5", 5},
		{"x86_64", "GLIBC_2.5", 5},
		{"x86_64", "GLIBC_2.6", 6},   // between 2_5 and 2_12
		{"x86_64", "GLIBC_2.12", 12}, // measured
		{"x86_64", "GLIBC_2.14", 14}, // between 2_12 and 2_17
		{"x86_64", "GLIBC_2.25", 25},
		{"x86_64", "GLIBC_2.30", 30},
		{"x86_64", "GLIBC_2.34", 34},
		{"x86_64", "GLIBC_2.44", 44},
		{"x86_64", "GLIBC_2.45", 45}, // beyond the last measured policy
		{"x86_64", "GLIBC_2.99", 99},
		{"x86_64", "GLIBC_2.20", NoPolicy}, // glibc has no such version
		{"x86_64", "GLIBC_3.0", NoPolicy},
		{"x86_64", "GLIBC_2.", NoPolicy},
		{"x86_64", "GLIBC_2.+5", NoPolicy},
		{"x86_64", "GLIBC_PRIVATE", NoPolicy},
		{"x86_64", "GLIBC_ABI_DT_RELR", 36},
		{"x86_64", "GLIBC_ABI_GNU2_TLS", 43},
		{"x86_64", "GLIBCXX_3.4.24", 27},
		{"x86_64", "GLIBCXX_3.4.25", 31},
		{"x86_64", "GLIBCXX_3.4.99", NoPolicy},
		{"x86_64", "LIBATOMIC_1.0", 24},
		{"x86_64", "OPENSSL_1_1_0", -1},
		{"x86_64", "GOMP_4.0", -1},
		{"aarch64", "GLIBC_2.17", 17},
		{"aarch64", "GLIBC_2.18", 17}, // its 2_17 images export it
		{"aarch64", "GLIBC_2.2.5", NoPolicy},
		{"riscv64", "GLIBC_2.27", 31}, // nothing is offered below the first policy
		{"loongarch64", "GLIBC_2.36", 36},
		{"loongarch64", "GLIBC_2.42", 42}, // beyond its last policy
		{"ppc64", "GLIBC_2.17", 17},
		{"armv6l", "GLIBC_2.4", NoPolicy}, // no policy for the machine
	} {
		if got := Known().VersionFloor(c.machine, c.version); got != c.want {
			t.Errorf("%s on %s: %d, want %d", c.version, c.machine, got, c.want)
		}
	}
}

func TestLibraryAndBanFloor(t *testing.T) {
	for library, want := range map[string]Floor{
		"libc.so.6": 5, "libexpat.so.1": 12, "libmvec.so.1": 24, "libfoo.so.1": NoPolicy, "libc.so": NoPolicy,
		"ld-linux-x86-64.so.2": 0, "ld64.so.2": 0, "ld-linux-aarch64.so.1": 0, "libpython3.11.so.1.0": NoPolicy,
	} {
		if got := Known().libraryFloor(library); got != want {
			t.Errorf("%s: %d, want %d", library, got, want)
		}
	}
	for _, c := range []struct {
		library, symbol string
		want            Floor
	}{
		{"libz.so.1", "inflate", 0},
		{"libz.so.1", "inflate_fast", NoPolicy},
		{"libc.so.6", "__cxa_thread_atexit_impl", 24},
		{"libc.so.6", "memcpy", 0},
		{"libm.so.6", "__issignaling", 24},
		{"libfoo.so.1", "inflate_fast", 0},
	} {
		if got := Known().banFloor(c.library, c.symbol); got != c.want {
			t.Errorf("%s of %s: %d, want %d", c.symbol, c.library, got, c.want)
		}
	}
}

func TestReadPoliciesRefuses(t *testing.T) {
	for _, text := range []string{
		"policy manylinux_2_5", "policy manylinux1 : x86_64", "policy manylinux_2_5 huh : x86_64", "library libc.so.6 : 2_5", "library : manylinux_2_5",
		"version x86_64 GLIBC 2_5 : 2.5", "ban libc.so.6 2_5 : a", "ban libc.so.6 manylinux_2_5..x : a", "what is : this",
		"policy manylinux_2_12 : x86_64\npolicy manylinux_2_5 : x86_64",
	} {
		if _, err := readPolicies(text); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}

func TestCompareVersions(t *testing.T) {
	ascending := []string{"CXXABI_1.3", "CXXABI_1.3.2", "GLIBC_2.2.5", "GLIBC_2.4", "GLIBC_2.17", "GLIBC_PRIVATE"}
	for i, a := range ascending {
		for j, b := range ascending {
			if got, want := CompareVersions(a, b) < 0, i < j; got != want {
				t.Errorf("%s before %s: %v", a, b, got)
			}
		}
	}
}
