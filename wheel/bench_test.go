package wheel

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/tags"
)

// realNames are file names of a real index, or a few well-known ones when the
// list is not there.
func realNames(b *testing.B) []string {
	text, err := os.ReadFile(filepath.Join("..", "..", "shared", "names", "wheel-names.txt"))
	if err != nil {
		b.Log("the list of real names is not there; using four")
		return []string{
			"numpy-2.3.4-cp313-cp313-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
			"cryptography-46.0.3-cp311-abi3-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
			"six-1.17.0-py2.py3-none-any.whl",
			"torch-2.9.0+cu128-cp313-cp313t-manylinux_2_28_aarch64.whl",
		}
	}
	return strings.Fields(string(text))
}

// perName turns the time of a pass over all names into that of one.
func perName(b *testing.B, names int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*names), "ns/name")
}

// BenchmarkParseName is one pass over all names.
func BenchmarkParseName(b *testing.B) {
	names := realNames(b)
	b.ReportAllocs()
	for b.Loop() {
		for _, name := range names {
			if _, err := ParseName(name); err != nil {
				b.Fatal(err)
			}
		}
	}
	perName(b, len(names))
}

// BenchmarkRank is one pass over all parsed names.
func BenchmarkRank(b *testing.B) {
	names := realNames(b)
	sets := make([]tags.Set, len(names))
	for i, name := range names {
		n, err := ParseName(name)
		if err != nil {
			b.Fatal(err)
		}
		sets[i] = n.Tags
	}
	target := benchTarget(b)
	fits := 0
	b.ReportAllocs()
	for b.Loop() {
		for i := range sets {
			if _, ok := target.Rank(&sets[i]); ok {
				fits++
			}
		}
	}
	perName(b, len(names))
	if fits == 0 {
		b.Fatal("no name fits the target")
	}
}

func benchTarget(b *testing.B) *tags.Target {
	target, err := tags.New(tags.Python{Major: 3, Minor: 13},
		tags.Platform{OS: tags.Linux, Arch: "x86_64", Libc: tags.Libc{Family: tags.Glibc, Major: 2, Minor: 39}}, tags.Packaging)
	if err != nil {
		b.Fatal(err)
	}
	return target
}

func BenchmarkReadyTarget(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		benchTarget(b)
	}
}
