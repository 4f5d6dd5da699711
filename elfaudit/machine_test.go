package elfaudit

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"testing"
)

// Flags of 32-bit ARM in the tests below.
const (
	eabi5Hard = 5<<armEABIShift | armFloatHard
	eabi5Soft = 5<<armEABIShift | armFloatSoft
)

// TestMachineTag covers each machine of the table and a near miss of it.
func TestMachineTag(t *testing.T) {
	tests := []struct {
		machine   elf.Machine
		wide, big bool
		flags     uint32
		want      string
	}{
		{elf.EM_X86_64, true, false, 0, "x86_64"},
		{elf.EM_X86_64, false, false, 0, ""}, // x32
		{elf.EM_386, false, false, 0, "i686"},
		{elf.EM_386, true, false, 0, ""},
		{elf.EM_AARCH64, true, false, 0, "aarch64"},
		{elf.EM_AARCH64, true, true, 0, ""},
		{elf.EM_AARCH64, false, false, 0, ""}, // ILP32
		{elf.EM_PPC64, true, false, 0, "ppc64le"},
		{elf.EM_PPC64, true, true, 0, "ppc64"},
		{elf.EM_PPC, false, true, 0, ""},
		{elf.EM_S390, true, true, 0, "s390x"},
		{elf.EM_S390, false, true, 0, ""},
		{elf.EM_RISCV, true, false, 5, "riscv64"},
		{elf.EM_RISCV, true, false, 1, "riscv64"},
		{elf.EM_RISCV, false, false, 5, ""},
		{elf.EM_LOONGARCH, true, false, 0x43, "loongarch64"},
		{elf.EM_LOONGARCH, false, false, 0x43, ""},
		{elf.EM_ARM, false, false, eabi5Hard, "armv7l"},
		{elf.EM_ARM, false, true, eabi5Hard, ""},
		{elf.EM_ARM, false, false, eabi5Soft, ""},
		{elf.EM_ARM, false, false, 5 << armEABIShift, ""},
		{elf.EM_ARM, false, false, 4<<armEABIShift | armFloatHard, ""},
		{elf.EM_MIPS, true, false, 0, ""},
		{elf.EM_SPARCV9, true, true, 0, ""},
	}
	for _, tt := range tests {
		m := newModel(tt.wide, tt.big, tt.machine)
		m.flags = tt.flags
		if got := mustRead(t, m.build()).MachineTag(); got != tt.want {
			t.Errorf("%v wide %v big %v flags %#x: got %q, want %q", tt.machine, tt.wide, tt.big, tt.flags, got, tt.want)
		}
	}
	if got := (&File{}).MachineTag(); got != "" {
		t.Errorf("empty File: got %q", got)
	}
	if got := (&File{Class: 32, Order: binary.LittleEndian, Machine: elf.EM_ARM}).MachineTag(); got != "" {
		t.Errorf("ARM without its facts: got %q", got)
	}
}

// TestMachineFlags covers what e_flags says.
func TestMachineFlags(t *testing.T) {
	tests := []struct {
		machine elf.Machine
		flags   uint32
		arm     *ARM
		riscv   *RISCV
		loong   *LoongArch
	}{
		{elf.EM_ARM, eabi5Hard, &ARM{EABI: 5, Float: FloatDouble}, nil, nil},
		{elf.EM_ARM, eabi5Soft, &ARM{EABI: 5, Float: FloatSoft}, nil, nil},
		{elf.EM_ARM, 5 << armEABIShift, &ARM{EABI: 5}, nil, nil},
		{elf.EM_ARM, armFloatSoft, &ARM{}, nil, nil},
		{elf.EM_RISCV, 0, nil, &RISCV{Float: FloatSoft}, nil},
		{elf.EM_RISCV, 3, nil, &RISCV{Float: FloatSingle, Compressed: true}, nil},
		{elf.EM_RISCV, 5, nil, &RISCV{Float: FloatDouble, Compressed: true}, nil},
		{elf.EM_RISCV, 6 | 8 | 16, nil, &RISCV{Float: FloatQuad, Embedded: true, TSO: true}, nil},
		{elf.EM_LOONGARCH, 0x41, nil, nil, &LoongArch{Float: FloatSoft}},
		{elf.EM_LOONGARCH, 0x42, nil, nil, &LoongArch{Float: FloatSingle}},
		{elf.EM_LOONGARCH, 0x43, nil, nil, &LoongArch{Float: FloatDouble}},
		{elf.EM_LOONGARCH, 0x40, nil, nil, &LoongArch{}},
		{elf.EM_LOONGARCH, 0x44, nil, nil, &LoongArch{}},
		{elf.EM_X86_64, eabi5Hard, nil, nil, nil},
	}
	for _, tt := range tests {
		m := newModel(tt.machine != elf.EM_ARM, false, tt.machine)
		m.flags = tt.flags
		f := mustRead(t, m.build())
		if !reflect.DeepEqual(f.ARM, tt.arm) || !reflect.DeepEqual(f.RISCV, tt.riscv) || !reflect.DeepEqual(f.LoongArch, tt.loong) {
			t.Errorf("%v %#x: got %+v %+v %+v", tt.machine, tt.flags, f.ARM, f.RISCV, f.LoongArch)
		}
	}
	for a, want := range map[FloatABI]string{FloatUnknown: "unknown", FloatSoft: "soft", FloatSingle: "single", FloatDouble: "double", FloatQuad: "quad"} {
		if a.String() != want {
			t.Errorf("%d: got %q", a, a)
		}
	}
}

// TestARMAttributes covers the build attributes, where they are found, and
// the machine that follows.
func TestARMAttributes(t *testing.T) {
	order := binary.LittleEndian
	v6 := attributeBytes(order, "aeabi", 4, 'c', 0, 5, 'A', 'R', 'M', '1', '1', 0, 6, 6, 28, 1)
	cpu := func(arch byte) []byte { return attributeBytes(order, "aeabi", 6, arch) }
	tests := []struct {
		name string
		data []byte
		want *ARMAttributes
		tag  string
	}{
		{"none", nil, nil, "armv7l"},
		{"version 6", v6, &ARMAttributes{CPUArch: ARMv6, HasCPUArch: true, CPUName: "ARM11", VFPArgs: FloatDouble}, "armv6l"},
		{"version 5", cpu(5), &ARMAttributes{CPUArch: 5, HasCPUArch: true}, "armv6l"},
		{"version 6KZ", cpu(7), &ARMAttributes{CPUArch: ARMv6KZ, HasCPUArch: true}, "armv6l"},
		{"version 6T2", cpu(8), &ARMAttributes{CPUArch: ARMv6T2, HasCPUArch: true}, "armv6l"},
		{"version 6K", cpu(9), &ARMAttributes{CPUArch: ARMv6K, HasCPUArch: true}, "armv6l"},
		{"version 7", cpu(10), &ARMAttributes{CPUArch: ARMv7, HasCPUArch: true}, "armv7l"},
		{"version 6-M", cpu(11), &ARMAttributes{CPUArch: ARMv6M, HasCPUArch: true}, "armv6l"},
		{"version 6S-M", cpu(12), &ARMAttributes{CPUArch: ARMv6SM, HasCPUArch: true}, "armv6l"},
		{"version 8", cpu(14), &ARMAttributes{CPUArch: 14, HasCPUArch: true}, "armv7l"},
		{"no architecture", attributeBytes(order, "aeabi", 28, 0), &ARMAttributes{VFPArgs: FloatSoft}, "armv7l"},
		{"odd calling convention", attributeBytes(order, "aeabi", 28, 2, 6, 6), &ARMAttributes{CPUArch: ARMv6, HasCPUArch: true}, "armv6l"},
		{"number and text, text, number", attributeBytes(order, "aeabi", 32, 1, 'x', 0, 67, '2', 0, 34, 1, 6, 6),
			&ARMAttributes{CPUArch: ARMv6, HasCPUArch: true}, "armv6l"},
		{"long number", attributeBytes(order, "aeabi", 0x86, 0, 0x86, 0x00), &ARMAttributes{CPUArch: ARMv6, HasCPUArch: true}, "armv6l"},
		{"other vendor", attributeBytes(order, "gnu", 6, 6), nil, "armv7l"},
		{"other vendor first", append(attributeBytes(order, "gnu", 6, 5), cpu(6)[1:]...), &ARMAttributes{CPUArch: ARMv6, HasCPUArch: true}, "armv6l"},
		{"text without end", attributeBytes(order, "aeabi", 5, 'A'), nil, "armv7l"},
		{"number without end", attributeBytes(order, "aeabi", 6, 0x80), nil, "armv7l"},
		{"tag without value", attributeBytes(order, "aeabi", 6), nil, "armv7l"},
		{"other format", append([]byte{'B'}, cpu(6)[1:]...), nil, "armv7l"},
		{"cut", cpu(6)[:12], nil, "armv7l"},
		{"length zero", []byte{'A', 0, 0, 0, 0}, nil, "armv7l"},
		{"subsection length zero", append([]byte{'A', 15, 0, 0, 0}, "aeabi\x00\x01\x00\x00\x00\x00"...), nil, "armv7l"},
		{"attributes of one section only", append([]byte{'A', 15, 0, 0, 0}, "aeabi\x00\x02\x05\x00\x00\x00"...), nil, "armv7l"},
	}
	for _, tt := range tests {
		for _, inSegment := range []bool{false, true} {
			m := newModel(false, false, elf.EM_ARM)
			m.flags, m.attributes, m.attrInSegment = eabi5Hard, tt.data, inSegment
			f := mustRead(t, m.build())
			if !reflect.DeepEqual(f.ARM.Attributes, tt.want) || f.MachineTag() != tt.tag {
				t.Errorf("%s: got %+v, %q", tt.name, f.ARM.Attributes, f.MachineTag())
			}
			if f.ARM.AttributesFromSection != (tt.want != nil && !inSegment) {
				t.Errorf("%s: found through the section headers: %v", tt.name, f.ARM.AttributesFromSection)
			}
		}
	}
}

// TestAttributeSection damages the way to the attributes, which is a hint
// and so no reason to refuse the file.
func TestAttributeSection(t *testing.T) {
	m := newModel(false, false, elf.EM_ARM)
	m.flags, m.attributes = eabi5Hard, attributeBytes(m.byteOrder(), "aeabi", 6, 6)
	for name, damage := range map[string]damage{
		"header size":     poke("", 46, 64, 2),
		"headers outside": poke("", 32, 1<<30, 4),
		"headers cut":     func(m *model, b built) { m.put(b, 32, uint64(len(b.data)-50), 4); m.put(b, 48, 9, 2) },
		"too large":       poke("sections", 40+20, maxAttributes+1, 4),
		"past the end":    poke("sections", 40+20, maxAttributes, 4),
		"outside":         poke("sections", 40+16, 1<<30, 4),
	} {
		b := m.build()
		if mustRead(t, b).MachineTag() != "armv6l" {
			t.Fatal("not found before the damage")
		}
		damage(m, b)
		if f := mustRead(t, b); f.ARM.Attributes != nil || f.MachineTag() != "armv7l" {
			t.Errorf("%s: got %+v", name, f.ARM.Attributes)
		}
	}
}

// TestAttributeSegment damages the program header, which is no hint.
func TestAttributeSegment(t *testing.T) {
	m := newModel(true, false, elf.EM_RISCV)
	m.attributes, m.attrInSegment = attributeBytes(m.byteOrder(), "riscv", 5, 'r', 0), true
	for _, tt := range []struct {
		damage damage
		code   string
	}{
		{poke("ph:attributes", 8, 1<<40, 8), CodeTruncated},
		{poke("ph:attributes", 32, 1<<15, 8), CodeTruncated},
		{poke("ph:attributes", 32, maxAttributes+1, 8), CodeLimit},
	} {
		b := m.build()
		tt.damage(m, b)
		f, err := Read(bytes.NewReader(b.data), int64(len(b.data)))
		var format *FormatError
		if f != nil || !errors.As(err, &format) || format.Code != tt.code {
			t.Errorf("got %v, %v; want %s", f, err, tt.code)
		}
	}
}

// TestRISCVAttributes covers the ISA string.
func TestRISCVAttributes(t *testing.T) {
	order := binary.LittleEndian
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"arch":         {attributeBytes(order, "riscv", append([]byte{4, 16, 5}, "rv64gc\x00"...)...), "rv64gc"},
		"other":        {attributeBytes(order, "riscv", 4, 16), ""},
		"other vendor": {attributeBytes(order, "aeabi", append([]byte{5}, "rv64gc\x00"...)...), ""},
		"cut":          {attributeBytes(order, "riscv", 5, 'r'), ""},
	} {
		m := newModel(true, false, elf.EM_RISCV)
		m.attributes, m.attrInSegment = tt.data, true
		if f := mustRead(t, m.build()); f.RISCV.Arch != tt.want {
			t.Errorf("%s: got %q", name, f.RISCV.Arch)
		}
	}
}

// TestAttributeBounds moves the segment of attributes to the end of the file and
// past it.
func TestAttributeBounds(t *testing.T) {
	m := newModel(true, false, elf.EM_RISCV)
	m.sections = false
	m.attributes, m.attrInSegment = attributeBytes(m.byteOrder(), "riscv", 5, 'r', 'v', 0), true
	whole := m.build()
	size, at := uint64(len(whole.data)), whole.at["ph:attributes"]
	place := func(reason string, off int) string {
		return fmt.Sprintf("build attributes: %s (at offset %#x)", reason, off)
	}
	const past, pasts = "extend past the end of the file", "extends past the end of the file"
	for _, tt := range []struct {
		off, filesz uint64
		arch, text  string
	}{
		{uint64(whole.at["attributes"]), uint64(len(m.attributes)), "rv", ""},
		{size, 0, "", ""},
		{uint64(whole.at["attributes"]), uint64(len(m.attributes)) + 1, "", place(pasts, whole.at["attributes"])},
		{size + 1, 0, "", place(past, at)},
		{1 << 63, 8, "", place(past, at)},
		{0, maxAttributes + 1, "", place("larger than 64 KiB", at)},
		{0, size + 1, "", place(pasts, 0)},
	} {
		b := m.build()
		m.put(b, at+8, tt.off, 8)
		m.put(b, at+32, tt.filesz, 8)
		f, err := Read(bytes.NewReader(b.data), int64(len(b.data)))
		switch {
		case tt.text == "" && (err != nil || f.RISCV.Arch != tt.arch), tt.text != "" && (err == nil || err.Error() != tt.text):
			t.Errorf("%d bytes at %#x: %v, want %q", tt.filesz, tt.off, err, tt.text)
		}
	}
}
