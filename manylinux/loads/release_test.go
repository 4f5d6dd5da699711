package loads

import (
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
)

// TestOnRelease asks about platforms without a known release: the libc's version is
// all that is known.
func TestOnRelease(t *testing.T) {
	glibc := tags.Libc{Family: tags.Glibc, Major: 2, Minor: 31}
	musl := tags.Libc{Family: tags.Musl, Major: 1, Minor: 2}
	version := func(v string, floor manylinux.Floor) manylinux.Demand {
		return manylinux.Demand{Kind: manylinux.KindVersion, Library: "lib", Version: v, Floor: floor}
	}
	for _, c := range []struct {
		what          string
		machine, arch string
		built         elfaudit.Libc
		libc          tags.Libc
		unreadable    bool
		demands       []manylinux.Demand
		want          string
	}{
		{"nothing asked for", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, nil, "yes"},
		{"a file that cannot be read", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, true, nil, "unknown"},
		{"a file that cannot be read, and a fault", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, true, []manylinux.Demand{version("GLIBC_2.32", 32)}, "no GLIBC_2.32 in lib"},
		{"just enough", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, []manylinux.Demand{version("GLIBC_2.31", 31)}, "yes"},
		{"another libc", "x86_64", "x86_64", elfaudit.LibcMusl, glibc, false, nil, "no musl"},
		{"the other way round", "x86_64", "x86_64", elfaudit.LibcGlibc, musl, false, nil, "no glibc"},
		{"no libc", "x86_64", "x86_64", elfaudit.LibcNone, musl, false, nil, "yes"},
		{"another machine", "aarch64", "x86_64", elfaudit.LibcGlibc, glibc, false, nil, "no a machine that runs aarch64"},
		{"no machine", "", "x86_64", elfaudit.LibcGlibc, glibc, false, nil, "no a machine that runs this code"},
		{"nothing that can be read", "", "x86_64", elfaudit.LibcUnknown, glibc, true, nil, "unknown files that cannot be read"},
		{"ARMv6 on ARMv7", "armv6l", "armv7l", elfaudit.LibcGlibc, glibc, false, nil, "yes"},
		{"ARMv7 on ARMv6", "armv7l", "armv6l", elfaudit.LibcGlibc, glibc, false, nil, "no a machine that runs armv7l"},
		{"ARMv7 on ARMv8 in 32 bits", "armv7l", "armv8l", elfaudit.LibcGlibc, glibc, false, nil, "yes"},
		{"aarch64 on ARMv8 in 32 bits", "aarch64", "armv8l", elfaudit.LibcGlibc, glibc, false, nil, "no a machine that runs aarch64"},
		{"a private version", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, []manylinux.Demand{version("GLIBC_PRIVATE", manylinux.NoPolicy)}, "no GLIBC_PRIVATE in lib"},
		{"a policy at its glibc", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, []manylinux.Demand{version("GLIBCXX_3.4.25", 31)}, "yes"},
		{"a policy above its glibc", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, []manylinux.Demand{version("GLIBCXX_3.4.26", 32)}, "unknown GLIBCXX_3.4.26 in lib"},
		{"the same thing twice", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, []manylinux.Demand{version("GLIBC_2.32", 32), version("GLIBC_2.32", 32)}, "no GLIBC_2.32 in lib"},
		{"no and unknown", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, []manylinux.Demand{version("GLIBCXX_3.4.26", 32), version("GLIBC_2.32", 32)}, "no GLIBC_2.32 in lib | GLIBCXX_3.4.26 in lib"},
		{"a library", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, []manylinux.Demand{{Kind: manylinux.KindLibrary, Library: "libfoo.so", Floor: manylinux.NoPolicy}}, "no libfoo.so from outside the wheel"},
		{"an allowed library", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, []manylinux.Demand{{Kind: manylinux.KindLibrary, Library: "libz.so.1", Floor: 5}}, "yes"},
		{"a processor", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, []manylinux.Demand{{Kind: manylinux.KindProcessor, Floor: manylinux.NoPolicy}}, "unknown the level of its processors"},
		{"a function of a later musl", "x86_64", "x86_64", elfaudit.LibcMusl, musl, false, []manylinux.Demand{{Kind: manylinux.KindMusl, Version: "1.2.3", Symbols: []manylinux.Symbol{{Name: "qsort_r"}}}}, "unknown qsort_r in musl"},
		{"a function of musl 1.2.0", "x86_64", "x86_64", elfaudit.LibcMusl, musl, false, []manylinux.Demand{{Kind: manylinux.KindMusl, Version: "1.2.0", Symbols: []manylinux.Symbol{{Name: "f"}}}}, "yes"},
		{"a function that no musl has", "x86_64", "x86_64", elfaudit.LibcMusl, musl, false, []manylinux.Demand{{Kind: manylinux.KindMusl, Symbols: []manylinux.Symbol{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}}}}, "no a, b, c in musl"},
	} {
		n := manylinux.Needs{Machine: c.machine, Libc: c.built, Demands: c.demands}
		r := OnRelease(Code{Needs: n, Files: 1, Readable: !c.unreadable}, tags.Platform{OS: tags.Linux, Arch: c.arch, Libc: c.libc}, nil)
		got := strings.TrimSpace(string(r.Loads) + " " + strings.Join(r.Missing, "; "))
		if len(r.NoData) > 0 && r.Loads == No {
			got += " |"
		}
		if got = strings.TrimSpace(got + " " + strings.Join(r.NoData, "; ")); got != c.want {
			t.Errorf("%s: %s; want %s", c.what, got, c.want)
		}
	}
	none := OnRelease(Code{}, tags.Platform{OS: tags.Windows}, nil)
	if none.Loads != Yes {
		t.Errorf("a wheel without native code: %v", none)
	}
}
