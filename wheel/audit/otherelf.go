package audit

import (
	"debug/elf"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// device is the processor of an ELF file that no host loads: accelerators, virtual
// machines of the kernel, micro-controllers.
type device string

// deviceMachines are the values of e_machine of such processors.
var deviceMachines = map[elf.Machine]device{
	elf.EM_CUDA: "CUDA", elf.EM_AMDGPU: "AMDGPU", elf.EM_BPF: "BPF", elf.EM_XTENSA: "Xtensa", elf.EM_AVR: "AVR", elf.EM_MSP430: "MSP430",
	elf.EM_QDSP6: "Hexagon", elf.EM_TILEGX: "TILE-Gx", elf.EM_ARC_COMPACT: "ARC", elf.EM_ARC_COMPACT2: "ARC",
}

// The values of EI_OSABI that runtimes for accelerators use.
const (
	osabiCUDA      = 51
	osabiAMDGPUHSA = 64
	osabiAMDGPUMax = 66
)

// deviceOf returns the device of an ELF file by its first bytes, "" when it is for a
// host.
func deviceOf(head []byte) device {
	if len(head) < 20 {
		return ""
	}
	order := binary.ByteOrder(binary.LittleEndian)
	if head[elf.EI_DATA] == byte(elf.ELFDATA2MSB) {
		order = binary.BigEndian
	}
	if d := deviceMachines[elf.Machine(order.Uint16(head[18:]))]; d != "" {
		return d
	}
	switch osabi := head[elf.EI_OSABI]; {
	case osabi == osabiCUDA:
		return "CUDA"
	case osabi >= osabiAMDGPUHSA && osabi <= osabiAMDGPUMax:
		return "AMDGPU"
	}
	return ""
}

// isDebugFile recognises what "objcopy --only-keep-debug" and "eu-strip -f" split off a
// file: debugging sections with contents, and sections for the loader without.
func isDebugFile(r io.ReaderAt, size int64) bool {
	sections, err := elfaudit.Sections(r, size)
	if err != nil {
		return false
	}
	debug := slices.ContainsFunc(sections, func(s elfaudit.Section) bool {
		return strings.HasPrefix(s.Name, ".debug_") && s.Type != elf.SHT_NOBITS
	})
	empty := slices.ContainsFunc(sections, func(s elfaudit.Section) bool {
		return s.Type == elf.SHT_NOBITS && (s.Name == ".dynamic" || s.Name == ".dynsym" || s.Name == ".text")
	})
	return debug && empty
}

// checkOtherELF counts the ELF files that are not judged, as no host loads them.
func checkOtherELF(s *Subject, report reporter) {
	if n := len(s.content.debug); n > 0 {
		report("debug-file", finding.Finding{
			File: s.content.debug[0], Others: s.content.debug[1:min(n, 1+maxSymbols)],
			Message: fmt.Sprintf("holds debugging information split off another file, as %d files here do; it is not judged", n),
		})
	}
	var devices []string
	count := 0
	for d, paths := range s.content.devices {
		devices = append(devices, string(d))
		count += len(paths)
	}
	if count == 0 {
		return
	}
	slices.Sort(devices)
	first := s.content.devices[device(devices[0])][0]
	report("device-code", finding.Finding{
		File: first, Need: strings.Join(devices, ", "),
		Message: fmt.Sprintf("is code for a device (%s), as %d files here are; no host loads it, so it is not judged", strings.Join(devices, ", "), count),
	})
}
