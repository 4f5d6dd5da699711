package audit

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// wheelOf packs files as a wheel.
func wheelOf(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	all := map[string][]byte{"demo-1.0.dist-info/WHEEL": []byte("Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp311-cp311-manylinux_2_17_x86_64\n")}
	maps.Copy(all, files)
	var record []byte
	for _, name := range slices.Sorted(maps.Keys(all)) {
		sum := sha256.Sum256(all[name])
		record = fmt.Appendf(record, "%s,sha256=%s,%d\n", name, base64.RawURLEncoding.EncodeToString(sum[:]), len(all[name]))
	}
	all["demo-1.0.dist-info/RECORD"] = record
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		addMember(t, z, name, zip.Deflate, all[name])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// randomBytes are the same every time, and do not get shorter when packed.
func randomBytes(n int) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(random.Uint32())
	}
	return b
}

const fuzzName = "demo-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"

// TestCutAnywhere cuts an ELF file at every length: the verdict is either the
// whole file's or unknown, never better.
func TestCutAnywhere(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(fixtures, "elf", "ext-x86_64-gnu2.34.so"))
	if err != nil {
		t.Fatal(err)
	}
	unknown := 0
	for n := 4; n <= len(content); n++ {
		w := wheelOf(t, map[string][]byte{"demo.so": content[:n]})
		r, err := New(Options{}).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), fuzzName)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case r.Verdict == finding.Unknown:
			unknown++
		case r.Verdict != finding.Fail || r.PlatformTag != "manylinux_2_34_x86_64":
			t.Fatalf("cut at %d of %d: %s, %s", n, len(content), r.Verdict, r.PlatformTag)
		}
	}
	if unknown < len(content)/4 {
		t.Errorf("only %d cuts are unknown", unknown)
	}
}

// FuzzAuditELF: no content panics, and what cannot be read is unknown.
func FuzzAuditELF(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(fixtures, "elf", "*-x86_64-*"))
	if err != nil || len(files) == 0 {
		f.Fatal("no fixtures")
	}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		w := wheelOf(t, map[string][]byte{"demo.cpython-311-x86_64-linux-gnu.so": content})
		r, err := New(Options{}).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), fuzzName)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.HasPrefix(content, []byte(elfMagic)) && len(r.ELF) != 1 {
			t.Fatalf("%d ELF files", len(r.ELF))
		}
		for _, e := range r.ELF {
			if (e.Error != "") != (r.Verdict == finding.Unknown) && r.PlatformTag != "" {
				t.Fatalf("%s with %+v", r.Verdict, e)
			}
		}
	})
}

// FuzzAuditArchive: no archive panics.
func FuzzAuditArchive(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(fixtures, "wheels*", "*.whl"))
	if err != nil || len(files) == 0 {
		f.Fatal("no fixtures")
	}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		r, err := New(Options{}).Wheel(t.Context(), bytes.NewReader(content), int64(len(content)), fuzzName)
		if (r == nil) == (err == nil) {
			t.Fatalf("report %v, error %v", r, err)
		}
	})
}
