package audit

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// TestStripSize: a note from 1 MiB on, with the number of bytes.
func TestStripSize(t *testing.T) {
	for size, want := range map[uint64]string{0: "", heavySections - 1: "", heavySections: "1048576 has 1.0 MiB of debugging information and symbols that strip would remove", 5 << 19: "2621440 has 2.5 MiB of debugging information and symbols that strip would remove"} {
		got := ""
		checkStripSize(nil, &linkset.File{Path: "a.so", StripSize: size}, func(rule string, f finding.Finding) {
			if rule != "debug-sections" || f.File != "a.so" {
				t.Errorf("%s: %+v", rule, f)
			}
			got += f.Need + " " + f.Message
		})
		if got != want {
			t.Errorf("%d: %q, want %q", size, got, want)
		}
	}
}

// TestStripReal compares the size of a file with debugging information with what strip
// leaves of it.
func TestStripReal(t *testing.T) {
	gcc, err := exec.LookPath("gcc")
	if err != nil || testing.Short() {
		t.Skip("no gcc, or -short")
	}
	dir := t.TempDir()
	var source strings.Builder
	for i := range 20_000 {
		source.WriteString("struct s" + strings.Repeat("x", i%50) + string(rune('a'+i%26)) + strconv.Itoa(i) + " { int a; char b[" + strconv.Itoa(i+1) + "]; } v" + strconv.Itoa(i) + ";\n")
	}
	name := filepath.Join(dir, "a.c")
	if err := os.WriteFile(name, []byte(source.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	whole, stripped := filepath.Join(dir, "a.so"), filepath.Join(dir, "b.so")
	for _, args := range [][]string{{gcc, "-g", "-shared", "-fPIC", "-o", whole, name}, {"strip", "-o", stripped, whole}} {
		if text, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Skipf("%v: %s", err, text)
		}
	}
	size := func(name string) int64 {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	r, err := File(t.Context(), whole)
	if err != nil {
		t.Fatal(err)
	}
	real, got := size(whole)-size(stripped), int64(r.ELF[0].StripSize)
	if got < heavySections || got > real || real-got > 3000 {
		t.Errorf("strip removes %d bytes, we say %d", real, got)
	}
	// The same in a wheel, of which only files with much outside their segments are
	// looked at.
	data, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	f := readELF("a.so", strings.NewReader(string(data)), int64(len(data)))
	if int64(f.StripSize) != got {
		t.Errorf("in a wheel %d, alone %d", f.StripSize, got)
	}
	if outside(f.ELF, heavySections-1) >= heavySections {
		t.Error("a small file is looked at")
	}
}
