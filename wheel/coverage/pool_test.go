package coverage

import (
	"fmt"
	"iter"
	"runtime"
	"slices"
	"testing"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/index"
)

// manyFiles yields files of many projects, as an index of native packages has
// them.
func manyFiles(projects, files int) iter.Seq[index.File] {
	platforms := []string{"manylinux2014_x86_64.manylinux_2_17_x86_64", "manylinux_2_28_x86_64", "manylinux2014_aarch64.manylinux_2_17_aarch64", "musllinux_1_2_x86_64", "musllinux_1_2_aarch64", "manylinux_2_17_s390x.manylinux2014_s390x", "win_amd64", "macosx_11_0_arm64", "macosx_10_9_x86_64", "win32"}
	return func(yield func(index.File) bool) {
		for p := range projects {
			for f := range files {
				minor := 9 + f/len(platforms)
				name := fmt.Sprintf("project_%d-1.%d-cp3%d-cp3%d-%s.whl", p, p%7, minor, minor, platforms[f%len(platforms)])
				if f == files-1 {
					name = fmt.Sprintf("project_%d-1.%d.tar.gz", p, p%7)
				}
				if !yield(index.File{Name: name, Project: fmt.Sprintf("project-%d", p), RequiresPython: ">=3.9", IsWheel: f < files-1}) {
					return
				}
			}
		}
	}
}

// manyTargets are a hundred.
func manyTargets(t testing.TB) []Target {
	var words []string
	for _, platform := range []string{"manylinux_2_17_x86_64", "manylinux_2_28_x86_64", "manylinux_2_36_x86_64", "manylinux_2_28_aarch64", "manylinux_2_36_aarch64", "musllinux_1_2_x86_64", "musllinux_1_2_aarch64", "manylinux_2_36_s390x", "manylinux_2_36_ppc64le", "manylinux_2_39_riscv64", "win_amd64", "macosx_14_0_arm64", "win32", "musllinux_1_2_armv7l", "manylinux_2_31_armv7l", "manylinux_2_28_i686", "win_arm64"} {
		for _, python := range []string{"3.9", "3.10", "3.11", "3.12", "3.13", "3.14"} {
			words = append(words, python+"@"+platform)
		}
	}
	return described(t, tags.Packaging, words[:100]...)
}

// BenchmarkPool holds 5,000 projects with 50 files each against 100 targets.
func BenchmarkPool(b *testing.B) {
	targets := manyTargets(b)
	for b.Loop() {
		var pool Pool
		for f := range manyFiles(5000, 50) {
			pool.Add(f)
		}
		cells := 0
		for row := range pool.Rows(targets, nil) {
			cells += len(row.Cells)
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "MiB")
		if cells != 500_000 {
			b.Fatal(cells)
		}
	}
}

// TestPoolMemory: what a pool keeps of a file is little more than its name.
func TestPoolMemory(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var pool Pool
	for f := range manyFiles(1000, 50) {
		pool.Add(f)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if each := (after.HeapAlloc - before.HeapAlloc) / 50_000; each > 300 {
		t.Errorf("%d bytes a file", each)
	}
	runtime.KeepAlive(&pool)
}

// TestStates gives each state from a pool that calls for it.
func TestStates(t *testing.T) {
	targets := described(t, tags.Packaging, "3.11@manylinux_2_28_x86_64", "3.12@musllinux_1_2_aarch64")
	for _, c := range []struct {
		names []string
		want  string
	}{
		{[]string{"a-1-py3-none-any.whl"}, "pure pure"},
		{[]string{"a-1-cp311-cp311-manylinux_2_17_x86_64.whl"}, "wheel missing"},
		{[]string{"a-1-cp311-cp311-manylinux_2_17_x86_64.whl", "a-1.tar.gz"}, "wheel build"},
		{[]string{"a-1-py3-none-any.whl", "a-2.tar.gz"}, "build build"},
		{[]string{"a-1.tar.gz", "a-1-py3-none-any.whl"}, "pure pure"},
		{[]string{"a-1-py3-none-any.whl", "a-2rc1-py3-none-any.whl"}, "pure pure"},
		{[]string{"a-1-cp311-none-any.whl"}, "pure missing"},
	} {
		var pool Pool
		for _, name := range c.names {
			pool.Add(index.File{Name: name, Project: "a"})
		}
		for row := range pool.Rows(targets, nil) {
			got := row.Cells[0].State.String() + " " + row.Cells[1].State.String()
			if got != c.want {
				t.Errorf("%v: %s, want %s", c.names, got, c.want)
			}
			for i, cell := range row.Cells {
				hole := cell.State >= Build
				if (row.Reason(i).Code != "") != hole || (row.File(i) == "") != (cell.State == Missing) {
					t.Errorf("%v: %s, file %q, reason %+v", c.names, cell.State, row.File(i), row.Reason(i))
				}
			}
		}
	}
}

// TestNearest gives the smallest change of each kind.
func TestNearest(t *testing.T) {
	targets := described(t, tags.Packaging, "3.11@manylinux_2_28_x86_64")
	for _, c := range []struct {
		names []string
		want  []string
	}{
		{[]string{"a-1-cp311-cp311-manylinux_2_36_x86_64.whl", "a-1-cp311-cp311-manylinux_2_34_x86_64.whl"}, []string{"libc glibc 2.34"}},
		{[]string{"a-1-cp313-cp313-manylinux_2_17_x86_64.whl", "a-1-cp39-cp39-manylinux_2_17_x86_64.whl"}, []string{"python CPython 3.13"}},
		{[]string{"a-2.tar.gz", "a-1-py3-none-any.whl"}, []string{"version 1"}},
		{[]string{"a-1-cp312-cp312-manylinux_2_34_x86_64.whl"}, nil},
		{[]string{"a-1-cp311-cp311-win_amd64.whl"}, nil},
		{[]string{"a-1-py3-none-any.whl"}, nil},
	} {
		var pool Pool
		for _, name := range c.names {
			pool.Add(index.File{Name: name, Project: "a"})
		}
		for row := range pool.Rows(targets, nil) {
			var got []string
			for _, change := range row.Nearest(0) {
				got = append(got, change.Kind+" "+change.Need)
				if change.File == "" {
					t.Errorf("%v: no file", change)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%v: %q, want %q", c.names, got, c.want)
			}
		}
	}
}
