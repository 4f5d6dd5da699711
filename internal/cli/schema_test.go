package cli

import (
	"archive/zip"
	"bytes"
	"debug/elf"
	"encoding/binary"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/internal/elftest"
)

// fields collects the names of all fields of a JSON value: "elf[].path". The
// keys of an object that is a mapping, such as needs, are no fields.
func fields(prefix string, value any, found map[string]bool) {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			name := strings.TrimPrefix(prefix+"."+key, ".")
			found[name] = true
			if !slices.Contains(opaque, name) {
				fields(name, inner, found)
			}
		}
	case []any:
		for _, inner := range v {
			fields(prefix+"[]", inner, found)
		}
	}
}

// opaque are mappings, and lists of objects that are described elsewhere in the
// same file.
var opaque = []string{"needs", "hashes", "reference", "ladder[].remove", "required[].causes", "allowed", "targets[].libraries", "other_machines[].demands"}

var documented = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|")

// macWheel writes a wheel with a minimal Mach-O bundle and one cut short.
func macWheel(t *testing.T) string {
	t.Helper()
	// It needs /opt/a.dylib and macOS 11.
	bundle := []byte("\xcf\xfa\xed\xfe\x0c\x00\x00\x01\x00\x00\x00\x00\x08\x00\x00\x00\x02\x00\x00\x00\x40\x00\x00\x00" + strings.Repeat("\x00", 8) +
		"\x0c\x00\x00\x00\x28\x00\x00\x00\x18\x00\x00\x00" + strings.Repeat("\x00", 12) + "/opt/a.dylib\x00\x00\x00\x00" +
		"\x32\x00\x00\x00\x18\x00\x00\x00\x01\x00\x00\x00\x00\x00\x0b\x00\x00\x00\x0b\x00\x00\x00\x00\x00")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range map[string][]byte{"whole.so": bundle, "cut.so": bundle[:20]} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "demo-1.0-cp311-cp311-macosx_11_0_arm64.whl")
	if err := errors.Join(z.Close(), os.WriteFile(path, b.Bytes(), 0o644)); err != nil {
		t.Fatal(err)
	}
	return path
}

// packedFile writes an ELF file with packed relocations, without any version need and
// for a system.
func packedFile(t *testing.T, osabi elf.OSABI) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "elf", "need-x86_64-relr.so"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range []elf.DynTag{elf.DT_VERSYM, elf.DT_VERNEED, elf.DT_VERNEEDNUM} {
		var from, to [8]byte
		binary.LittleEndian.PutUint64(from[:], uint64(tag))
		binary.LittleEndian.PutUint64(to[:], uint64(elf.DT_DEBUG)) // which libraries ignore
		data = bytes.ReplaceAll(data, from[:], to[:])
	}
	data[elf.EI_OSABI] = byte(osabi)
	path := filepath.Join(t.TempDir(), "packed.so")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// storageFile writes an ELF file that needs no C library, with much static thread-local
// storage in place of a header for the stack.
func storageFile(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "elf", "nolibc-x86_64.so"))
	if err != nil {
		t.Fatal(err)
	}
	order := binary.LittleEndian
	for at := order.Uint64(data[0x20:]); ; at += 56 {
		if elf.ProgType(order.Uint32(data[at:])) == elf.PT_GNU_STACK {
			order.PutUint32(data[at:], uint32(elf.PT_TLS))
			order.PutUint64(data[at+40:], 1700) // p_memsz
			break
		}
	}
	var flags [8]byte
	order.PutUint64(flags[:], uint64(elf.DT_FLAGS))
	order.PutUint64(data[bytes.Index(data, flags[:])+8:], uint64(elf.DF_STATIC_TLS))
	path := filepath.Join(t.TempDir(), "storage.so")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// foreignWheel writes a wheel that needs two libraries from outside.
func foreignWheel(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "demo-1.0-cp311-cp311-linux_x86_64.whl")
	code := elftest.Spec{Needed: []string{"libfoo.so.1", "libbar.so.2"}, Exported: []string{"PyInit_m"}}.Bytes()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("m.so")
	if err == nil {
		_, err = w.Write(code)
	}
	if err := errors.Join(err, z.Close(), os.WriteFile(path, b.Bytes(), 0o644)); err != nil {
		t.Fatal(err)
	}
	return path
}

// foreignDirectory has one of those libraries.
func foreignDirectory(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "libbar.so.2"), elftest.Spec{Needed: []string{"libother.so"}}.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// orderWheel writes a wheel in which one module leads to a library that another needs.
func orderWheel(t *testing.T) string {
	return wheelOfFixtures(t, "manylinux_2_17_x86_64", map[string]string{
		"demo.so": "bundle-x86_64-nopath.so", "first.so": "bundle-x86_64-runpath.so", "demo.libs/libbundled-abc123.so.1": "libbundled-abc123.so.1",
	})
}

// wheelOfFixtures writes a wheel of ELF files, by their paths.
func wheelOfFixtures(t *testing.T, tag string, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, fixture := range files {
		data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "elf", fixture))
		if err != nil {
			t.Fatal(err)
		}
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "demo-1.0-cp311-cp311-"+tag+".whl")
	if err := errors.Join(z.Close(), os.WriteFile(path, b.Bytes(), 0o644)); err != nil {
		t.Fatal(err)
	}
	return path
}

// oddRoot writes a root with what few have.
func oddRoot(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	fixture := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "elf", name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	program := fixture("exe-x86_64-dynamic")
	for name, data := range map[string][]byte{
		"etc/os-release":                       []byte("ID=odd\nVERSION_CODENAME=odd\n"),
		"lib64/ld-linux-x86-64.so.2":           fixture("ext-x86_64-gnu2.17.so"),
		"usr/lib/libc.so.6":                    append(fixture("ext-x86_64-gnu2.17.so"), "GNU C Library (X) stable release version 2.36."...),
		"usr/lib/libstdc++.so.6":               fixture("libdemoxx-abc123.so.6"),
		"usr/bin/pypy3.10":                     program,
		"usr/lib/pypy3.10/os.py":               nil,
		"usr/lib/pypy3.10/_manylinux.py":       nil,
		"usr/lib/pypy3.10/a.pypy310-pp73-x.so": nil,
	} {
		name = filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, data, 0o755)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestSchemas: docs/json.md lists exactly the fields that the commands write.
func TestSchemas(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "json.md"))
	if err != nil {
		t.Fatal(err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	server := fixtureServer(t)
	image, _ := images(t)
	needing, earlier, other := company(t)
	sections := map[string][]string{}
	for section := range strings.SplitSeq(string(text), "\n## ") {
		name, body, _ := strings.Cut(section, "\n")
		for _, m := range documented.FindAllStringSubmatch(body, -1) {
			sections[name] = append(sections[name], m[1])
		}
		slices.Sort(sections[name])
	}
	for name, lines := range map[string][]string{
		"parse":      {"parse --profile uv --expand a-1-2x-py3-none-any-v.whl x"},
		"tags":       {"tags -t pp310@debian:11/arm64", "tags -t cp27mu@debian:8/amd64", "tags -t 3.12@macosx_14_0_arm64"},
		"compat":     {"compat -t debian:11/arm64 a-1-py3-none-any.whl x a-1-cp39-cp39-manylinux_2_34_aarch64.whl"},
		"select":     {"select -t debian:11/arm64 a-1-py3-none-any.whl a-1-cp39-cp39-manylinux_2_34_aarch64.whl x", "select -t api locks/uv.lock", "select -t 3.11@debian:12 wheels " + requirement(t)},
		"audit":      {"audit --require manylinux_2_5 -t debian:8/amd64 -t 3.6@centos:7/amd64 wheels wheels-bad wheels-differ", "audit elf/exe-x86_64-dynamic nowhere.whl README.md elf/path-x86_64-rpath-opt.so", "audit " + macWheel(t), "audit --baseline wheels wheels", "audit --with-deps " + other + " " + needing, "audit --exclude libfoo.so.? --ldpaths " + foreignDirectory(t) + " " + foreignWheel(t), "audit " + filepath.Join(messageFiles(t), "sdists"), "audit " + orderWheel(t), "audit " + wheelOfFixtures(t, "manylinux_2_17_x86_64.manylinux_2_17_aarch64", map[string]string{"a.so": "ext-x86_64-gnu2.17.so", "b.so": "ext-aarch64-gnu2.17.so"}), "audit " + wheelOfFixtures(t, "any", map[string]string{"a": "exe-x86_64-static", "b": "exe-aarch64-static"}), "audit " + storageFile(t), "audit " + packedFile(t, elf.ELFOSABI_FREEBSD), "audit " + symbolsFile(t) + " " + loaderWheel(t), "audit " + server.URL + "/demo_pure-1.0-py3-none-any.whl", "audit -t root:roots/debian wheels/demo_old-1.0-cp311-cp311-manylinux1_x86_64.manylinux_2_5_x86_64.whl", "audit --config " + filepath.Join(here, "testdata", "policy.toml") + " wheels-bad", "audit --ignore WT2 wheels-bad", "audit --fix " + t.TempDir() + " wheels-bad " + filepath.Join(messageFiles(t), "ambiguous")},
		"statistics": {"audit --statistics --config " + filepath.Join(here, "testdata", "policy.toml") + " --ignore WT4 --require manylinux_2_17 wheels-bad"},
		"release":    {"audit --baseline wheels wheels", "audit --baseline " + earlier + " " + other},
		"explain":    {"explain wheels wheels-bad wheels-differ nowhere.whl", "explain " + packedFile(t, elf.ELFOSABI_NONE) + " " + packedFile(t, elf.ELFOSABI_FREEBSD), "explain --exclude libfoo.so.1 wheels-bad"},
		"tree":       {"tree wheels nowhere.whl", "tree -t root:roots/debian elf/ext-aarch64-gnu2.17.so", "tree -t root:" + loaderRoot(t) + " " + loaderWheel(t)},
		"targets":    {"targets", "targets @fleet"},
		"coverage":   {"coverage -t @fleet --nearest locks/uv.lock", "coverage -t api --explain newdemo locks/uv.lock", "coverage -t api --explain fastdemo locks/uv.lock"},
		"index":      {"index " + indexFlags(t)},
		"detect":     {"detect --root roots/debian --root roots/alpine", "detect --root " + oddRoot(t), "detect --image " + image, "detect --root " + rootWithoutPython(t)},
		"retag":      {"retag --dry-run --platform auto --out nowhere wheels-bad nowhere.whl", "retag --dry-run --platform manylinux_2_17_x86_64 wheels/demo_new-1.0-cp311-cp311-manylinux_2_34_x86_64.whl"},
		"rules":      {"rules"},
		"version":    {"version"},
	} {
		t.Run(name, func(t *testing.T) {
			found := map[string]bool{}
			for _, line := range append(lines, installFirst[name]...) {
				_, out, _ := inFixtures(t, append(strings.Fields(line), "--format", "json"), "")
				for object := range strings.Lines(out) {
					var value map[string]any
					if err := json.Unmarshal([]byte(object), &value); err != nil {
						t.Fatalf("%s: %v", object, err)
					}
					if strings.Contains(line, "--baseline") && value["schema"] != "wheeltag."+name+"/v1" {
						continue // of the other kind of results
					}
					if value["schema"] != "wheeltag."+name+"/v1" {
						t.Errorf("schema %v", value["schema"])
					}
					fields("", value, found)
				}
			}
			delete(found, "revision") // only in programs built from a checkout
			want := slices.DeleteFunc(sections[name], func(f string) bool { return f == "revision" })
			if diff := cmp.Diff(want, slices.Sorted(maps.Keys(found))); diff != "" {
				t.Errorf("docs/json.md against what %s writes (-documented +written):\n%s", name, diff)
			}
		})
	}
}

// installFirst are commands about a library that has to be installed first.
var installFirst = map[string][]string{
	"audit":   {"audit -t debian:12/amd64 elf/lib-x86_64-x11.so"},
	"explain": {"explain elf/lib-x86_64-x11.so"},
}

// requirement writes a requirements file that a wheel of the fixtures meets.
func requirement(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "requirements.txt")
	if err := os.WriteFile(path, []byte("demo-pure\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// rootWithoutPython makes a root that holds one static program.
func rootWithoutPython(t *testing.T) string {
	program, err := os.ReadFile(filepath.Join("..", "..", "testdata", "elf", "exe-x86_64-static"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "bin", "sh"), program, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// loaderRoot writes a root in which libraries are found, or not, in every way.
func loaderRoot(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	const loader = "/lib64/ld-linux-x86-64.so.2"
	library := elftest.Spec{Needed: []string{"libc.so.6"}}.Bytes()
	for name, data := range map[string][]byte{
		loader:                                       elftest.Spec{Soname: "ld-linux-x86-64.so.2"}.Bytes(),
		"usr/bin/python3.11":                         elftest.Spec{Loader: loader, Needed: []string{"libc.so.6"}}.Bytes(),
		"usr/lib/python3.11/os.py":                   nil,
		"usr/lib/libc.so.6":                          append(elftest.Spec{Needed: []string{"ld-linux-x86-64.so.2"}}.Bytes(), "GNU C Library (X) stable release version 2.36."...),
		"usr/lib/libreal.so.1.0":                     library,
		"usr/lib/libarm.so":                          elftest.Spec{Machine: elf.EM_AARCH64}.Bytes(),
		"usr/lib/libtext.so":                         []byte("INPUT(x)"),
		"usr/lib/libcut.so":                          library[:100],
		"usr/lib/liblevel.so":                        library,
		"usr/lib/glibc-hwcaps/x86-64-v3/liblevel.so": library,
	} {
		name = filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, data, 0o755)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("libreal.so.1.0", filepath.Join(dir, "usr/lib/libreal.so.1")); err != nil {
		t.Skip(err)
	}
	return dir
}

// loaderWheel writes a wheel for that root.
func loaderWheel(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, spec := range map[string]elftest.Spec{
		"demo.so": {
			Needed: []string{"libown.so", "libreal.so.1", "libarm.so", "libtext.so", "libcut.so", "liblevel.so", "libc.so.6", "libgone.so"}, RPath: "$ORIGIN/demo.libs",
			Undefined: []string{"puts"}, Exported: []string{"PyInit_demo"},
		},
		"demo.libs/libown.so":  {Needed: []string{"libnext.so"}},
		"demo.libs/libnext.so": {},
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(spec.Bytes())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "demo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl")
	if err := errors.Join(z.Close(), os.WriteFile(path, b.Bytes(), 0o644)); err != nil {
		t.Fatal(err)
	}
	return path
}

// symbolsFile writes an ELF file with a symbol table for linkers.
func symbolsFile(t *testing.T) string {
	t.Helper()
	data := elftest.Spec{}.Bytes()
	names, at := len(data), len(data)+32
	data = append(data, "\x00.symtab\x00.shstrtab\x00"...)
	data = append(data, make([]byte, at-len(data))...)
	for _, s := range []elf.Section64{
		{}, {Name: 1, Type: uint32(elf.SHT_SYMTAB), Off: uint64(at), Size: 48, Entsize: 24},
		{Name: 9, Type: uint32(elf.SHT_STRTAB), Off: uint64(names), Size: 19},
	} {
		var err error
		if data, err = binary.Append(data, binary.LittleEndian, s); err != nil {
			t.Fatal(err)
		}
	}
	binary.LittleEndian.PutUint64(data[0x28:], uint64(at)) // e_shoff, then the size and number of headers
	for i, half := range []uint16{64, 3, 2} {
		binary.LittleEndian.PutUint16(data[0x3a+2*i:], half)
	}
	path := filepath.Join(t.TempDir(), "symbols.so")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
