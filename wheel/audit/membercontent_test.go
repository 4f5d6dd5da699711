package audit

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/elftest"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

const moduleName311 = "demo.cpython-311-x86_64-linux-gnu.so"

// TestContentOf: what a file is that should be a module, by its first bytes.
func TestContentOf(t *testing.T) {
	for head, want := range map[string]string{
		"": "is empty",
		"version https://git-lfs.github.com/spec/v1\n": "is a Git LFS pointer; fetch the file before building",
		"version https://example.org":                  "is text",
		"\x1f\x8b\x08\x00":                             "is gzip data",
		"\x1f\x8c\x08\x00":                             "holds no native code",
		"PK\x03\x04\x14\x00":                           "is a zip archive",
		"import os\n":                                  "is text",
		"h\xc3\xa9llo, cut in a letter: \xc3":          "is text",
		"text with a zero\x00":                         "holds no native code",
		"\xff\xfe\xfd\xfc":                             "holds no native code",
	} {
		if got := contentOf([]byte(head)); got != want {
			t.Errorf("%q: %s, want %s", head, got, want)
		}
	}
}

// TestModuleName: names by which Python finds extension modules, and near misses.
func TestModuleName(t *testing.T) {
	for name, want := range map[string]bool{
		"demo.abi3.so": true, "a/demo.abi3t.so": true, moduleName311: true, "demo.cpython-311.so": true, "demo.cpython-38m-x86_64-linux-gnu.so": true,
		"demo.pypy39-pp73-x86_64-linux-gnu.so": true, "demo.graalpy-38-native-x86_64-linux.so": true, "demo.graalpy231-310-native-x86_64-linux.so": true,
		"demo.so": false, "demo.abi3.so.1": false, "demo.abi3.dll": false, "demo.cpython-x86.so": false, "demo.cpython-311-x/y.so": false, "abi3.so": false, "demoabi3.so": false,
	} {
		if got := linkset.HasModuleName(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// withMachine is an ELF file whose header names a machine and an operating system.
func withMachine(order binary.AppendByteOrder, machine elf.Machine, osabi byte) []byte {
	data, class := byte(elf.ELFDATA2LSB), byte(elf.ELFCLASS64)
	if order == binary.AppendByteOrder(binary.BigEndian) {
		data = byte(elf.ELFDATA2MSB)
	}
	b := append([]byte(elfMagic), class, data, 1, osabi)
	b = append(b, make([]byte, 8)...)
	b = order.AppendUint16(order.AppendUint16(b, uint16(elf.ET_DYN)), uint16(machine))
	return append(b, make([]byte, 44)...)
}

// TestDevices: processors that no host has are recognised by the machine or by the
// operating system of the header.
func TestDevices(t *testing.T) {
	le, be := binary.AppendByteOrder(binary.LittleEndian), binary.AppendByteOrder(binary.BigEndian)
	for _, c := range []struct {
		order   binary.AppendByteOrder
		machine elf.Machine
		osabi   byte
		want    device
	}{
		{le, elf.EM_X86_64, 0, ""}, {be, elf.EM_S390, 0, ""}, {le, elf.EM_X86_64, 3, ""},
		{le, elf.EM_CUDA, 0, "CUDA"}, {le, elf.EM_AMDGPU, 0, "AMDGPU"}, {le, elf.EM_BPF, 0, "BPF"}, {be, elf.EM_BPF, 0, "BPF"}, {le, elf.EM_XTENSA, 0, "Xtensa"},
		{le, elf.EM_AVR, 0, "AVR"}, {le, elf.EM_MSP430, 0, "MSP430"}, {le, elf.EM_QDSP6, 0, "Hexagon"}, {le, elf.EM_TILEGX, 0, "TILE-Gx"},
		{le, elf.EM_ARC_COMPACT, 0, "ARC"}, {le, elf.EM_ARC_COMPACT2, 0, "ARC"},
		{le, elf.EM_X86_64, 50, ""}, {le, elf.EM_X86_64, 51, "CUDA"}, {le, elf.EM_X86_64, 52, ""},
		{le, elf.EM_X86_64, 63, ""}, {le, elf.EM_X86_64, 64, "AMDGPU"}, {le, elf.EM_X86_64, 65, "AMDGPU"}, {le, elf.EM_X86_64, 66, "AMDGPU"}, {le, elf.EM_X86_64, 67, ""},
	} {
		if got := deviceOf(withMachine(c.order, c.machine, c.osabi)); got != c.want {
			t.Errorf("%v, EI_OSABI %d: %q, want %q", c.machine, c.osabi, got, c.want)
		}
	}
	whole := withMachine(le, elf.EM_BPF, 0)
	if got := deviceOf(whole[:20]); got != "BPF" {
		t.Errorf("20 bytes: %q", got)
	}
	if got := deviceOf(whole[:19]); got != "" {
		t.Errorf("19 bytes: %q", got)
	}
}

// debugELF is an ELF file of sections alone: name, type, name, type. With a size it
// begins with a program header table beyond its end, so that nothing else is read.
func debugELF(sections ...any) []byte {
	le := binary.LittleEndian
	names := []byte{0}
	var table []elf.Section64
	table = append(table, elf.Section64{})
	for i := 0; i < len(sections); i += 2 {
		table = append(table, elf.Section64{Name: uint32(len(names)), Type: uint32(sections[i+1].(elf.SectionType)), Off: 64, Size: 8})
		names = append(append(names, sections[i].(string)...), 0)
	}
	table = append(table, elf.Section64{Name: 0, Type: uint32(elf.SHT_STRTAB), Off: 64, Size: uint64(len(names))})
	at := 64 + len(names)
	var b bytes.Buffer
	binary.Write(&b, le, elf.Header64{
		Ident: [16]byte{0x7f, 'E', 'L', 'F', 2, 1, 1}, Type: uint16(elf.ET_DYN), Machine: uint16(elf.EM_X86_64), Version: 1,
		Phoff: 1 << 40, Phentsize: 56, Phnum: 3, Ehsize: 64, Shoff: uint64(at), Shentsize: 64, Shnum: uint16(len(table)), Shstrndx: uint16(len(table) - 1),
	})
	b.Write(names)
	binary.Write(&b, le, table)
	return b.Bytes()
}

// TestDebugFiles: what objcopy splits off a file has debugging sections with contents,
// and sections for the loader without.
func TestDebugFiles(t *testing.T) {
	const bits, nobits = elf.SHT_PROGBITS, elf.SHT_NOBITS
	for _, c := range []struct {
		what string
		data []byte
		want bool
	}{
		{"split off", debugELF(".text", nobits, ".debug_info", bits), true},
		{"by its dynamic section", debugELF(".dynamic", nobits, ".debug_line", bits), true},
		{"by its symbols", debugELF(".dynsym", nobits, ".debug_line", bits), true},
		{"with code", debugELF(".text", bits, ".debug_info", bits), false},
		{"an empty section that says nothing", debugELF(".bss", nobits, ".debug_info", bits), false},
		{"without debugging information", debugELF(".text", nobits), false},
		{"with empty debugging information", debugELF(".text", nobits, ".debug_info", nobits), false},
		{"of another name", debugELF(".text", nobits, ".xdebug_info", bits), false},
		{"no sections that can be read", []byte("\x7fELF"), false},
	} {
		if got := isDebugFile(bytes.NewReader(c.data), int64(len(c.data))); got != c.want {
			t.Errorf("%s: %v", c.what, got)
		}
	}
}

// TestNotJudged: files for devices and of debugging information are counted, and named
// as modules they are faults.
func TestNotJudged(t *testing.T) {
	le := binary.AppendByteOrder(binary.LittleEndian)
	debug := debugELF(".text", elf.SHT_NOBITS, ".debug_info", elf.SHT_PROGBITS)
	cuda, bpf := withMachine(le, elf.EM_CUDA, 0), withMachine(le, elf.EM_BPF, 0)
	for _, c := range []struct {
		what  string
		files map[string][]byte
		want  []string
	}{
		{"a device", map[string][]byte{"a.cubin": cuda}, []string{"note device-code: a.cubin is code for a device (CUDA), as 1 files here are; no host loads it, so it is not judged"}},
		{"two devices", map[string][]byte{"a.o": cuda, "b.o": bpf, "c.o": bpf}, []string{"note device-code: b.o is code for a device (BPF, CUDA), as 3 files here are; no host loads it, so it is not judged"}},
		{"a device as a module", map[string][]byte{moduleName311: bpf}, []string{
			"error not-a-binary: " + moduleName311 + " is named as an extension module but is code for a device (BPF)",
			"note device-code: " + moduleName311 + " is code for a device (BPF), as 1 files here are; no host loads it, so it is not judged",
		}},
		{"debugging information", map[string][]byte{"a.debug": debug, "b.debug": debug}, []string{"note debug-file: a.debug holds debugging information split off another file, as 2 files here do; it is not judged"}},
		{"debugging information as a module", map[string][]byte{moduleName311: debug}, []string{
			"error not-a-binary: " + moduleName311 + " is named as an extension module but holds debugging information alone",
			"note debug-file: " + moduleName311 + " holds debugging information split off another file, as 1 files here do; it is not judged",
		}},
		{"an archive as a module", map[string][]byte{moduleName311: wheelOf(t, map[string][]byte{"x.so": bpf})}, []string{
			"error not-a-binary: " + moduleName311 + " is named as an extension module but is a zip archive",
		}},
		{"nothing as a module", map[string][]byte{moduleName311: nil}, []string{"error not-a-binary: " + moduleName311 + " is named as an extension module but is empty"}},
		{"nothing under another name", map[string][]byte{"a.so": nil}, nil},
		{"text as a library", map[string][]byte{"libx.so": []byte("INPUT(libx.so.1)")}, nil},
	} {
		r := audited(t, "manylinux_2_17_x86_64", Options{}, c.files)
		if diff := cmp.Diff(c.want, said(r)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
	many := map[string][]byte{}
	for i := range maxSymbols + 3 {
		many[string(rune('a'+i))+".debug"] = debug
	}
	r := audited(t, "manylinux_2_17_x86_64", Options{}, many)
	if len(r.Findings) != 1 || len(r.Findings[0].Others) != maxSymbols || r.Findings[0].Others[0] != "b.debug" {
		t.Errorf("%+v", r.Findings)
	}
	if r = audited(t, "manylinux_2_17_x86_64", Options{}, map[string][]byte{"a.o": cuda, "b.o": bpf}); len(r.Findings) != 1 || r.Findings[0].Need != "BPF, CUDA" {
		t.Errorf("%+v", r.Findings)
	}
}

// TestNestedNames: three of the files in an archive are named.
func TestNestedNames(t *testing.T) {
	elfFile := elftest.Spec{}.Bytes()
	nested := func(names ...string) []byte {
		files := map[string][]byte{}
		for _, name := range names {
			files[name] = elfFile
		}
		return wheelOf(t, files)
	}
	for want, names := range map[string][]string{
		"a.so": {"a.so"}, "a.so, b.so, c.so": {"a.so", "b.so", "c.so", "d.so"},
	} {
		r := audited(t, "any", Options{}, map[string][]byte{"lib/x.jar": nested(names...)})
		if got := said(r); len(got) != 1 || got[0] != "warning nested-archive: lib/x.jar is an archive with machine code in it: "+want {
			t.Errorf("%q", got)
		}
	}
}

// TestLinks: a symbolic link with the name of a library is written as a file with the
// link's text, which no loader takes.
func TestLinks(t *testing.T) {
	module := elftest.Spec{Needed: []string{"libown.so.1"}, RunPath: "$ORIGIN", Undefined: []string{"own"}, Exported: []string{"PyInit_m"}}.Bytes()
	other := elftest.Spec{Needed: []string{"libown.so.1"}, Undefined: []string{"own"}}.Bytes()
	library := elftest.Spec{Soname: "libown.so.1", Exported: []string{"own"}}.Bytes()
	const link = "needs libown.so.1, which the wheel has as libs/libown.so.1, a symbolic link: installers write its text as a file, and the loader refuses that"
	const file = "needs libown.so.1, which the wheel has as real/libown.so.1.2, but no run path leads there"
	for _, c := range []struct {
		what, link string
		code       []byte
		rule, want string
		need       string
	}{
		{"a link of that name", "libs/libown.so.1", module, "WT214", link, "libs/libown.so.1"},
		{"a link of another name", "libs/libown.so", module, "WT214", file + " (it has $ORIGIN)", "real/libown.so.1.2"},
		{"a link for a file that the package may load", "libs/libown.so.1", other, "WT230", link + "; the package must load it first", "libs/libown.so.1"},
		{"no run path of a file that the package may load", "libs/libown.so", other, "WT230", file + "; the package must load it first", "real/libown.so.1.2"},
	} {
		w := archiveOf(t, []packed{{"m.so", c.code, 0o644}, {"real/libown.so.1.2", library, 0o644}, {c.link, []byte("libown.so.1.2"), fs.ModeSymlink | 0o777}})
		r, err := New(Options{}).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), fuzzName)
		if err != nil {
			t.Fatal(err)
		}
		var got []finding.Finding
		for _, f := range r.Findings {
			if f.Library == "libown.so.1" {
				got = append(got, f)
			}
		}
		if len(got) != 1 || got[0].Message != c.want || got[0].Need != c.need || got[0].File != "m.so" || got[0].Rule != c.rule {
			t.Errorf("%s: %+v", c.what, got)
		}
	}
}
