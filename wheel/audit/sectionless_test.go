package audit

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// withoutSections sets e_shoff, e_shnum and e_shstrndx of an ELF file to zero, as
// sstrip does.
func withoutSections(data []byte) {
	if len(data) < 64 || string(data[:4]) != elfMagic {
		return
	}
	order := binary.ByteOrder(binary.LittleEndian)
	if data[5] == 2 {
		order = binary.BigEndian
	}
	if data[4] == 2 {
		order.PutUint64(data[0x28:], 0)
		order.PutUint32(data[0x3c:], 0)
		return
	}
	order.PutUint32(data[0x20:], 0)
	order.PutUint32(data[0x30:], 0)
}

// rewritten returns the members of a wheel after a change.
func rewritten(t *testing.T, path string, change func([]byte)) map[string][]byte {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		change(data)
		files[f.Name] = data
	}
	return files
}

// TestSectionsDoNotMatter: stripped section headers change no finding and no tag
// of ours. Loaders do not read them.
func TestSectionsDoNotMatter(t *testing.T) {
	for _, folder := range []string{"wheels", "wheels-bad", "wheels-differ"} {
		paths, err := filepath.Glob(filepath.Join(fixtures, folder, "*.whl"))
		if err != nil || len(paths) == 0 {
			t.Fatal(folder, err)
		}
		for _, path := range paths {
			with := wheelOf(t, rewritten(t, path, func([]byte) {}))
			without := wheelOf(t, rewritten(t, path, withoutSections))
			var reports [2]*Report
			for i, w := range [][]byte{with, without} {
				r, err := New(loading).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), filepath.Base(path))
				if err != nil {
					t.Fatal(err)
				}
				r.Auditwheel, r.Read, r.Contents = nil, nil, nil // that tool goes by sections, and archives have sizes
				reports[i] = r
			}
			if diff := cmp.Diff(reports[0], reports[1]); diff != "" {
				t.Errorf("%s (-with +without sections):\n%s", filepath.Base(path), diff)
			}
		}
	}
}

// fixture reads an ELF fixture.
func fixture(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(fixtures, "elf", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestModuleWithoutSections: a module that another file needs as well is still
// loaded by itself, whether or not it has section headers.
func TestModuleWithoutSections(t *testing.T) {
	files := map[string]string{
		"demo.so": "bundle-x86_64-nopath.so", "demo.libs/libbundled-abc123.so.1": "libbundled-abc123.so.1",
	}
	for _, strip := range []bool{false, true} {
		var set []*linkset.File
		for path, name := range files {
			data := fixture(t, name)
			if strip {
				withoutSections(data)
			}
			set = append(set, readELF(path, bytes.NewReader(data), int64(len(data))))
		}
		// Another file finds both, so only being a module lets demo.so come first.
		needer := *set[0].ELF
		needer.Needed, needer.Soname = []string{"libbundled-abc123.so.1", "demo.so"}, "libother.so"
		needer.RunPath = []string{"$ORIGIN", "$ORIGIN/demo.libs"}
		set = append(set, linkset.NewFile("other.so", &needer, nil))
		s := Subject{Bare: true, Filename: "x", ELF: linkset.New(set)}
		s.policies = manylinux.Known()
		s.work()
		found := false
		for _, f := range s.check() {
			rule, _ := finding.Lookup(f.Rule)
			found = found || rule.Name == "library-order" && f.File == "demo.so" && f.Library == "libbundled-abc123.so.1"
		}
		if !found {
			t.Errorf("stripped %v: the missing run path of demo.so is not reported", strip)
		}
	}
}
