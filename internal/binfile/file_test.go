package binfile

import (
	"encoding/binary"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMachO(t *testing.T) {
	le, be := &commands{order: binary.LittleEndian}, &commands{order: binary.BigEndian}
	// The numbers are those of Apple's mach-o/loader.h.
	le.library(0xc, "@rpath/a")
	le.library(0x8000_0018, "b") // weak
	le.library(0xd, "itself")
	le.library(0x8000_001f, "c") // re-exported
	le.library(0x20, "d")        // lazy
	le.library(0x8000_0023, "e") // upward
	le.library(0x21, "none of these")
	le.library(0x22, "none of these")
	le.build(MacOS, 0xa0d06)
	le.build(Catalyst, 0xd0000)
	be.add(0x24, 0xa0400, 0)
	ios, watch, tv := &commands{order: binary.LittleEndian}, &commands{order: binary.LittleEndian}, &commands{order: binary.LittleEndian}
	ios.add(0x25, 0xd0000, 0)
	watch.add(0x30, 0x20000, 0)
	tv.add(0x2f, 0x90000, 0)
	old := &commands{order: binary.LittleEndian}
	for name, test := range map[string]struct {
		content []byte
		want    Slice
	}{
		"all commands": {le.file(true, cpuARM64, 2, 6), sliceOf("arm64", Dylib,
			[]Build{{MacOS, Version{10, 13, 6}, "LC_BUILD_VERSION"}, {Catalyst, Version{13, 0, 0}, "LC_BUILD_VERSION"}}, []string{"@rpath/a", "b", "c", "d", "e"})},
		"PowerPC":             {be.file(false, 18, 0, 8), sliceOf("ppc", Bundle, []Build{{MacOS, Version{10, 4, 0}, "LC_VERSION_MIN_MACOSX"}}, nil)},
		"PowerPC, 64 bits":    {be.file(true, 0x01000012, 0, 2), sliceOf("ppc64", Executable, []Build{{MacOS, Version{10, 4, 0}, "LC_VERSION_MIN_MACOSX"}}, nil)},
		"iPhone":              {ios.file(true, cpuARM64, 0, 6), sliceOf("arm64", Dylib, []Build{{IOS, Version{13, 0, 0}, "LC_VERSION_MIN_IPHONEOS"}}, nil)},
		"simulator":           {ios.file(true, cpuX86_64, 3, 6), sliceOf("x86_64", Dylib, []Build{{IOSSimulator, Version{13, 0, 0}, "LC_VERSION_MIN_IPHONEOS"}}, nil)},
		"watch":               {watch.file(false, 0x0200000c, 1, 6), sliceOf("arm64_32", Dylib, []Build{{4, Version{2, 0, 0}, "LC_VERSION_MIN_WATCHOS"}}, nil)},
		"television":          {tv.file(true, cpuARM64, 0, 6), sliceOf("arm64", Dylib, []Build{{3, Version{9, 0, 0}, "LC_VERSION_MIN_TVOS"}}, nil)},
		"without a version":   {old.file(false, 7, 3, 8), sliceOf("i386", Bundle, nil, nil)},
		"Haswell":             {old.file(true, cpuX86_64, 0x80000008, 6), sliceOf("x86_64h", Dylib, nil, nil)},
		"arm64e":              {old.file(true, cpuARM64, 0x80000002, 6), sliceOf("arm64", Dylib, nil, nil)},
		"32-bit ARM":          {old.file(false, 12, 9, 1), sliceOf("arm", Object, nil, nil)},
		"debug symbols":       {old.file(true, cpuARM64, 0, 10), sliceOf("arm64", Other, nil, nil)},
		"a machine from afar": {old.file(false, 0x63, 0, 6), sliceOf("0x63", Dylib, nil, nil)},
	} {
		got, err := readBytes(test.content)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if name == "all commands" {
			test.want.Optional, test.want.InstallName = []string{"b"}, "itself"
		}
		if d := cmp.Diff(&File{MachO, []Slice{test.want}}, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if Sniff(test.content[:8]) != MachO {
			t.Errorf("%s: not sniffed", name)
		}
	}
}

func TestUniversal(t *testing.T) {
	cpus := []uint32{cpuX86_64, cpuARM64}
	for _, wide := range []bool{false, true} {
		content := fat(wide, cpus, bundle(cpuX86_64, 0xa0900), bundle(cpuARM64, 0xb0000))
		f, err := readBytes(content)
		if err != nil {
			t.Fatal(err)
		}
		needed := []string{"/usr/lib/libSystem.B.dylib"}
		want := []Slice{
			sliceOf("x86_64", Bundle, []Build{{MacOS, Version{10, 9, 0}, "LC_BUILD_VERSION"}}, needed),
			sliceOf("arm64", Bundle, []Build{{MacOS, Version{11, 0, 0}, "LC_BUILD_VERSION"}}, needed),
		}
		if d := cmp.Diff(&File{MachO, want}, f); d != "" {
			t.Error(d)
		}
	}
	f, err := readBytes(fat(false, cpus, []byte(archiveMagic), []byte(archiveMagic)))
	if err != nil || f.Loads() {
		t.Fatalf("static library: %+v, %v", f, err)
	}
	if d := cmp.Diff(Slice{Machine: "arm64", Kind: Archive}, f.Slices[1]); d != "" {
		t.Error(d)
	}
}

func TestPE(t *testing.T) {
	change := func(f func(m *model)) []byte {
		m := dll()
		f(&m)
		return m.build()
	}
	imports := dll().imports
	for name, test := range map[string]struct {
		content []byte
		want    Slice
	}{
		"module":       {dll().build(), sliceOf("amd64", Dylib, nil, imports)},
		"program":      {change(func(m *model) { m.characteristics = 2 }), sliceOf("amd64", Executable, nil, imports)},
		"failed link":  {change(func(m *model) { m.characteristics = 0 }), sliceOf("amd64", Other, nil, imports)},
		"32 bits":      {change(func(m *model) { m.machine, m.wide = 0x14c, false }), sliceOf("x86", Dylib, nil, imports)},
		"ARM64":        {change(func(m *model) { m.machine = 0xaa64 }), sliceOf("arm64", Dylib, nil, imports)},
		"ARM64EC":      {change(func(m *model) { m.machine = 0xa641 }), sliceOf("arm64", Dylib, nil, imports)},
		"ARM64X":       {change(func(m *model) { m.machine = 0xa64e }), sliceOf("arm64", Dylib, nil, imports)},
		"32-bit ARM":   {change(func(m *model) { m.machine = 0x1c4 }), sliceOf("0x1c4", Dylib, nil, imports)},
		"no imports":   {change(func(m *model) { m.imports = nil }), sliceOf("amd64", Dylib, nil, nil)},
		"UEFI":         {change(func(m *model) { m.subsystem = 10 }), sliceOf("amd64", Firmware, nil, imports)},
		".NET":         {change(func(m *model) { m.clr = 1 }), sliceOf("amd64", Managed, nil, imports)},
		"ReadyToRun":   {change(func(m *model) { m.clr, m.machine = 4, 0xfd1d }), sliceOf("0xfd1d", Managed, nil, imports)},
		"C++ and .NET": {change(func(m *model) { m.clr = 16 }), sliceOf("amd64", Dylib, nil, imports)},
	} {
		got, err := readBytes(test.content)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d := cmp.Diff(&File{PE, []Slice{test.want}}, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		for _, n := range []int{8, 64, len(test.content)} {
			if Sniff(test.content[:n]) != PE {
				t.Errorf("%s: not sniffed by %d bytes", name, n)
			}
		}
	}
}

// TestNotBinary: first letters alone make nothing a binary.
func TestNotBinary(t *testing.T) {
	text := "MZ is how this text begins; it goes on for more than the length of a DOS header, as texts do.\n"
	dos := append([]byte("MZ"), make([]byte, 200)...)
	far := append([]byte("MZ"), make([]byte, 200)...)
	binary.LittleEndian.PutUint32(far[offsetPE:], 1<<20)
	other := dll().build()
	copy(other[64:], "NE\x00\x00")
	class := "\xca\xfe\xba\xbe\x00\x00\x00\x34\x00\x10 a Java class"
	for name, content := range map[string]string{
		"empty": "", "short": "MZ", "text": text, "text of 64 bytes": text[:64], "DOS program": string(dos), "16-bit Windows": string(other),
		"far": string(far), "class": class, "preview class": "\xca\xfe\xba\xbe\xff\xff\x00\x41....", "oldest class": "\xca\xfe\xba\xbe\x00\x03\x00\x2d....",
		"no machines": "\xca\xfe\xba\xbe\x00\x00\x00\x00....", "31 machines": "\xca\xfe\xba\xbe\x00\x00\x00\x1f....", "4 bytes": "\xca\xfe\xba\xbe",
		"ELF": "\x7fELF\x02\x01\x01\x00", "swapped": "\xbe\xba\xfe\xca\x02\x00\x00\x00",
	} {
		if f, err := readBytes([]byte(content)); !errors.Is(err, ErrNotBinary) || f != nil {
			t.Errorf("%s: %v, %v", name, f, err)
		}
		if got := Sniff([]byte(content)); got != "" && name != "short" && name != "far" {
			t.Errorf("%s: sniffed as %s", name, got)
		}
	}
	// With few bytes a text may look like PE to Sniff; Read settles it.
	if Sniff([]byte(text[:8])) != PE {
		t.Error("MZ alone is not likely PE")
	}
}

// sliceOf has what is in most slices.
func sliceOf(machine string, kind Kind, builds []Build, needed []string) Slice {
	return Slice{Machine: machine, Kind: kind, Builds: builds, Needed: needed}
}

// TestRunPaths: the names that tie Mach-O libraries together.
func TestRunPaths(t *testing.T) {
	c := &commands{order: binary.LittleEndian}
	c.library(lcIDDylib, "@rpath/liba.dylib")
	c.library(lcLoadDylib, "@rpath/libb.dylib")
	c.library(lcLoadWeakDylib, "/opt/libc.dylib")
	c.add(lcRunPath, 12, "@loader_path/../lib\x00")
	c.add(lcRunPath, 12, "/opt/lib")
	f, err := readBytes(c.file(true, cpuARM64, 0, 6))
	if err != nil {
		t.Fatal(err)
	}
	want := Slice{
		Machine: "arm64", Kind: Dylib, Needed: []string{"@rpath/libb.dylib", "/opt/libc.dylib"}, Optional: []string{"/opt/libc.dylib"},
		InstallName: "@rpath/liba.dylib", RunPaths: []string{"@loader_path/../lib", "/opt/lib"},
	}
	if d := cmp.Diff(want, f.Slices[0]); d != "" {
		t.Error(d)
	}
	for _, cmd := range []uint32{lcIDDylib, lcRunPath} {
		for _, parts := range [][]any{{}, {8}, {100, 0, 0, 0}} {
			c := &commands{order: binary.LittleEndian}
			c.add(cmd, parts...)
			if f, err := readBytes(c.file(true, cpuARM64, 0, 6)); err == nil {
				t.Errorf("%#x %v: %+v", cmd, parts, f)
			}
		}
	}
	many := &commands{order: binary.LittleEndian}
	for range maxNeeded + 1 {
		many.add(lcRunPath, 12, "/x\x00")
	}
	if f, err := readBytes(many.file(true, cpuARM64, 0, 6)); err == nil {
		t.Errorf("%d run paths", len(f.Slices[0].RunPaths))
	}
}
