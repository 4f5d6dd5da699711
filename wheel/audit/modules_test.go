package audit

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// TestModuleNames: what Python would import must be native code of this machine, and
// bytes are looked at whatever the mode of the member says.
func TestModuleNames(t *testing.T) {
	code, err := os.ReadFile(filepath.Join("..", "..", "testdata", "elf", "ext-x86_64-gnu2.34.so"))
	if err != nil {
		t.Fatal(err)
	}
	device := slices.Clone(code)
	device[7] = osabiAMDGPUHSA
	const module, library = "demo.cpython-311-x86_64-linux-gnu.so", "kernels.so"
	for _, c := range []struct {
		what, name string
		mode       fs.FileMode
		content    []byte
		want       []string
	}{
		{"a module", module, 0o755, code, []string{"WT201"}},
		{"a module that is said to be a link", module, 0o755 | fs.ModeSymlink, code, []string{"WT201"}},
		{"a link", module, 0o755 | fs.ModeSymlink, []byte("other.so"), []string{"WT229"}},
		{"a link of another name", library, 0o755 | fs.ModeSymlink, []byte("other.so"), nil},
		{"an archive", module, 0o755, []byte("PK\x03\x04"), []string{"WT229"}},
		{"code for a device", module, 0o755, device, []string{"WT229", "WT226"}},
		{"code for a device of another name", library, 0o755, device, []string{"WT226"}},
	} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		header := zip.FileHeader{Name: c.name, Method: zip.Deflate}
		header.SetMode(c.mode)
		f, err := w.CreateHeader(&header)
		if err == nil {
			_, err = f.Write(c.content)
		}
		if err := errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "demo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl")
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		r, err := New(loading).File(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range r.Findings {
			if strings.HasPrefix(f.Rule, "WT2") && f.Rule != "WT210" { // there is no RECORD
				got = append(got, f.Rule)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}

// TestTwoMachines: a name that claims two machines is held against the files of both,
// each by its own claims, and one file of a fault is reported once.
func TestTwoMachines(t *testing.T) {
	const both = "manylinux_2_17_x86_64.manylinux_2_17_aarch64"
	for _, c := range []struct {
		tag   string
		files map[string]string
		want  []string
	}{
		{both, map[string]string{"a.so": "ext-x86_64-gnu2.17.so", "b.so": "ext-aarch64-gnu2.17.so"}, nil},
		{both, map[string]string{"a.so": "ext-x86_64-gnu2.17.so", "b.so": "ext-aarch64-gnu2.34.so"}, []string{"WT201 b.so manylinux_2_17_aarch64"}},
		{both, map[string]string{"a.so": "ext-x86_64-gnu2.34.so", "b.so": "ext-aarch64-gnu2.17.so"}, []string{"WT201 a.so manylinux_2_17_x86_64"}},
		{both, map[string]string{"a.so": "ext-x86_64-gnu2.17.so"}, []string{"WT204  aarch64"}},
		{both, nil, nil},
		{"manylinux_2_34_x86_64.manylinux_2_17_aarch64", map[string]string{"a.so": "ext-x86_64-gnu2.34.so", "b.so": "ext-aarch64-gnu2.17.so"}, nil},
	} {
		r, _ := explained(t, c.tag, c.files)
		var got []string
		for _, f := range r.Findings {
			if f.Rule == "WT201" || f.Rule == "WT204" {
				got = append(got, f.Rule+" "+f.File+" "+f.Claimed)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s %v (-want +got):\n%s", c.tag, c.files, diff)
		}
	}
}

// TestMisnamedAndUnrecorded: what --verify finds of a member hides nothing else.
func TestMisnamedAndUnrecorded(t *testing.T) {
	const module = "demo.cpython-311-x86_64-linux-gnu.so"
	data := wheelOf(t, map[string][]byte{module: []byte("text")})
	const nameAt, checksumAt = 46, 16 // in an entry of the directory
	entry := bytes.LastIndex(data, []byte(module)) - nameAt
	if !bytes.HasPrefix(data[entry:], []byte("PK\x01\x02")) {
		t.Fatal("no entry")
	}
	data[entry+checksumAt]++
	if got := found(t, data, true); !strings.Contains(got, "WT229 "+module) || !strings.Contains(got, "WT402 "+module) {
		t.Error(got)
	}
}

// TestFalseModules: what Python on Linux takes for an extension module and is none loads
// nowhere there, whatever else is in the wheel.
func TestFalseModules(t *testing.T) {
	code, err := os.ReadFile(filepath.Join("..", "..", "testdata", "elf", "ext-x86_64-gnu2.17.so"))
	if err != nil {
		t.Fatal(err)
	}
	object, err := os.ReadFile(filepath.Join("..", "..", "testdata", "elf", "obj-x86_64.o"))
	if err != nil {
		t.Fatal(err)
	}
	const module, linux = "a.cpython-311-x86_64-linux-gnu.so", "manylinux_2_17_x86_64"
	bundle, macho := machoBytes("arm64", 8, 1, 11<<16), machoBytes("arm64", 1, 1, 11<<16)
	for _, c := range []struct {
		what, tag, name string
		content         []byte
		rules           string
		loads           loads.Status
	}{
		{"a module", linux, module, code, "", loads.Yes},
		{"a bundle of macOS", linux, module, bundle, "WT204", loads.No},
		{"the same by the stable ABI", linux, "a.abi3.so", bundle, "WT204", loads.No},
		{"a bundle that Python on Linux does not look for", linux, "a.cpython-311-darwin.so", bundle, "WT204", loads.Yes},
		{"an object file of macOS", linux, module, macho, "WT229", loads.No},
		{"an object file of macOS, named as a library", linux, "a.so", macho, "WT229", loads.Yes},
		{"an object file of macOS as data", linux, "a.o", macho, "", loads.Yes},
		{"an object file of Linux", linux, module, object, "WT228", loads.No},
		{"an object file of Linux as data", linux, "a.o", object, "", loads.Yes},
		{"nothing", linux, module, nil, "WT229", loads.No},
		{"nothing, of another name", linux, "a.so", nil, "", loads.Yes},
		{"a bundle in its own wheel", "macosx_11_0_arm64", "a.abi3.so", bundle, "WT204", loads.Yes},
	} {
		r := audited(t, c.tag, loading, map[string][]byte{c.name: c.content, "demo.cpython-311-x86_64-linux-gnu.so": code})
		var rules []string
		for _, f := range r.Findings {
			if f.Severity == finding.Error {
				rules = append(rules, f.Rule)
			}
		}
		libc := tags.Libc{Family: tags.Glibc, Major: 2, Minor: 36}
		got := loads.OnRelease(r.Code(), tags.Platform{OS: tags.Linux, Arch: "x86_64", Libc: libc}, nil)
		if strings.Join(rules, " ") != c.rules || got.Loads != c.loads {
			t.Errorf("%s: %q, loads %s %q; want %s, %s", c.what, rules, got.Loads, got.Missing, c.rules, c.loads)
		}
		if refused := c.loads == loads.No; refused != strings.HasPrefix(r.PlatformTag, "linux_") {
			t.Errorf("%s: platform tag %s", c.what, r.PlatformTag)
		}
	}
}

// TestForeignFiles: a file for another system is data next to code for the claimed one,
// unless something would find it by its name.
func TestForeignFiles(t *testing.T) {
	const linux, windows = "manylinux_2_17_x86_64", "win_amd64"
	own, arm := fixture(t, "ext-x86_64-gnu2.17.so"), fixture(t, "exe-aarch64-static")
	dylib := machoBytes("arm64", dylibMachO, 1, 11<<16)
	for _, c := range []struct {
		what, tag string
		files     map[string][]byte
		want      string
	}{
		{"a DLL", linux, map[string][]byte{"a/attach.dll": peBytes(amd64PE, dllPE), "m.so": own}, "WT220"},
		{"a DLL alone", linux, map[string][]byte{"a/attach.dll": peBytes(amd64PE, dllPE)}, "WT204"},
		{"a module of Windows", linux, map[string][]byte{"a/m.pyd": peBytes(amd64PE, dllPE), "m.so": own}, "WT204"},
		{"a library of macOS", linux, map[string][]byte{"a/attach.dylib": dylib, "m.so": own}, "WT220"},
		{"one named as of Linux", linux, map[string][]byte{"a/attach.so": dylib, "m.so": own}, "WT204"},
		{"a program of another machine", linux, map[string][]byte{"a/template": arm, "m.so": own}, "WT220"},
		{"that program alone", linux, map[string][]byte{"a/template": arm}, "WT204"},
		{"a library of another machine", linux, map[string][]byte{"a/libt.so": fixture(t, "ext-aarch64-gnu2.17.so"), "m.so": own}, "WT204"},
		{"a DLL of another machine", windows, map[string][]byte{"a/attach_x86.dll": peBytes(x86PE, dllPE), "m.pyd": peBytes(amd64PE, dllPE)}, "WT220"},
		{"a module of another machine", windows, map[string][]byte{"a.pyd": peBytes(x86PE, dllPE), "m.pyd": peBytes(amd64PE, dllPE)}, "WT204"},
		{"no native code", linux, map[string][]byte{"a.py": nil}, "WT235"},
		{"no native code for any platform", "any", map[string][]byte{"a.py": nil}, ""},
		{"an archive with some", linux, map[string][]byte{"a.zip": wheelOf(t, map[string][]byte{"m.so": own})}, "WT219"},
	} {
		var got []string
		for _, f := range audited(t, c.tag, Options{Selection: finding.Selection{Select: []string{"WT2"}}}, c.files).Findings {
			if f.Rule != "WT210" && f.Rule != "WT217" {
				got = append(got, f.Rule)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, want %s", c.what, got, c.want)
		}
	}
}
