package elfaudit

import (
	"bytes"
	"debug/elf"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// benchFiles are an ordinary extension module, larger ones, and a library
// with many symbols. Those that this machine lacks are left out.
func benchFiles(b *testing.B) []sample {
	files := []sample{{"built", newModel(true, false, elf.EM_X86_64).build().data}}
	dir := wheelDir(b)
	for _, pattern := range []string{"markupsafe-*-cp312-cp312-manylinux2014_x86_64*", "frozenlist-*-cp312-cp312-manylinux1_x86_64*",
		"rpds_py-*-cp312-cp312-manylinux_2_17_x86_64*", "cffi-*-cp312-cp312-manylinux2014_x86_64*", "lightgbm-*x86_64.whl"} {
		if names, _ := filepath.Glob(filepath.Join(dir, pattern)); len(names) > 0 {
			for _, s := range elfMembers(b, names[0])[:1] {
				s.name, _, _ = strings.Cut(filepath.Base(names[0]), "-")
				files = append(files, s)
			}
		}
	}
	for _, name := range []string{"/lib/x86_64-linux-gnu/libstdc++.so.6", "/lib/x86_64-linux-gnu/libLLVM-15.so.1"} {
		if data, err := os.ReadFile(name); err == nil {
			files = append(files, sample{filepath.Base(name), data})
		}
	}
	return files
}

func BenchmarkRead(b *testing.B) {
	for _, s := range benchFiles(b) {
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read(bytes.NewReader(s.data), int64(len(s.data))); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkUndefined(b *testing.B) {
	for _, s := range benchFiles(b) {
		f, err := Read(bytes.NewReader(s.data), int64(len(s.data)))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				for s := range f.Undefined() {
					n += len(s.Name)
				}
			}
		})
	}
}

// TestAllocations holds Read to a number of allocations that does not depend
// on the number of symbols, and the iteration to none per symbol.
func TestAllocations(t *testing.T) {
	for _, extra := range []int{0, 5000} {
		m := newModel(true, false, elf.EM_X86_64)
		for range extra {
			m.symbols = append(m.symbols, Symbol{Name: "again", Defined: true})
		}
		b := m.build()
		m.put(b, b.at["ph:data"]+16, uint64(b.at["PT_DYNAMIC"])+1<<32, 8)
		m.put(b, b.at["ph:dynamic"]+16, uint64(b.at["PT_DYNAMIC"])+1<<32, 8)
		r := bytes.NewReader(b.data)
		var f *File
		if n := testing.AllocsPerRun(20, func() { f, _ = Read(r, int64(len(b.data))) }); n > 25 {
			t.Errorf("%d more symbols: Read makes %v allocations", extra, n)
		}
		if n := testing.AllocsPerRun(20, func() {
			for range f.Symbols() {
			}
		}); n > 2 {
			t.Errorf("%d more symbols: Symbols makes %v allocations", extra, n)
		}
	}
}
