package binfile

import (
	"bytes"
	"debug/pe"
	"encoding/binary"
	"fmt"
)

// The size of the DOS header and the place in it of the offset of the PE signature,
// which Windows accepts up to 256 MiB.
const (
	dosHeader   = 64
	offsetPE    = 0x3c
	maxOffsetPE = 256 << 20
	signaturePE = "PE\x00\x00"
)

// The limits on tables; linkers write some ten sections and imports.
const (
	maxSections = 4096
	maxImports  = 4096
)

// Machine numbers of images and objects with two kinds of ARM64 code.
const (
	machineARM64EC = 0xa641
	machineARM64X  = 0xa64e
)

// image has the headers of a PE file.
type image struct {
	source
	headers  uint32 // bytes before the sections that are mapped unchanged
	aligned  bool   // sections begin on pages, and file offsets on 512 bytes
	sections []section
	// directories has pairs of an address and a size.
	directories []byte
}

type section struct{ address, virtual, offset, size uint32 }

// readPE reads a file that begins with "MZ".
func readPE(s source, head []byte) (*File, error) {
	if len(head) < dosHeader || !plausibleDOS(head) {
		return nil, ErrNotBinary
	}
	at := int64(binary.LittleEndian.Uint32(head[offsetPE:]))
	if at+4 > s.size {
		// A truncated program has a small number here, text never has.
		if at >= dosHeader && at <= 4096 {
			return nil, s.bad(CodeTruncated, offsetPE, "e_lfanew", "points past the end of the file")
		}
		return nil, ErrNotBinary
	}
	signature, err := s.bytes(at, 4, "signature")
	if err != nil {
		return nil, err
	}
	if string(signature) != signaturePE {
		return nil, ErrNotBinary
	}
	at += 4
	header, err := s.bytes(at, 20, "file header")
	if err != nil {
		return nil, err
	}
	m := &image{source: s}
	subsystem, err := m.readHeaders(header, at+20)
	if err != nil {
		return nil, err
	}
	slice := Slice{Machine: peMachine(binary.LittleEndian.Uint16(header))}
	if slice.Kind, err = m.kind(binary.LittleEndian.Uint16(header[18:]), subsystem); err == nil {
		slice.Needed, err = m.imports()
	}
	if err != nil {
		return nil, err
	}
	return &File{Format: PE, Slices: []Slice{slice}}, nil
}

// readHeaders reads the optional header at an offset and the section table after
// it. Their sizes are in the file header.
func (m *image) readHeaders(file []byte, at int64) (subsystem uint16, err error) {
	count := int64(binary.LittleEndian.Uint16(file[2:]))
	size := int64(binary.LittleEndian.Uint16(file[16:]))
	if m.size-at >= size+40*count && count > maxSections {
		return 0, m.bad(CodeLimit, at-18, "NumberOfSections", fmt.Sprintf("%d sections; the limit is %d", count, maxSections))
	}
	tables, err := m.bytes(at, size+40*count, "section table")
	if err != nil {
		return 0, err
	}
	subsystem, err = m.readOptional(tables[:size], at)
	if err != nil {
		return 0, err
	}
	return subsystem, m.readSections(tables[size:], at+size)
}

func peMachine(n uint16) string {
	switch n {
	case pe.IMAGE_FILE_MACHINE_AMD64:
		return "amd64"
	case pe.IMAGE_FILE_MACHINE_I386:
		return "x86"
	case pe.IMAGE_FILE_MACHINE_ARM64, machineARM64EC, machineARM64X:
		return "arm64"
	}
	return fmt.Sprintf("%#x", n)
}

// readOptional reads the optional header, which is not optional in an image.
func (m *image) readOptional(header []byte, at int64) (subsystem uint16, err error) {
	least := 96
	if len(header) >= 2 {
		switch binary.LittleEndian.Uint16(header) {
		case 0x10b:
		case 0x20b:
			least = 112
		default:
			return 0, m.bad(CodeHeader, at, "optional header", "neither PE32 nor PE32+")
		}
	}
	if len(header) < least {
		return 0, m.bad(CodeHeader, at-4, "SizeOfOptionalHeader", fmt.Sprintf("%d bytes; at least %d are needed", len(header), least))
	}
	m.headers = binary.LittleEndian.Uint32(header[60:])
	m.aligned = binary.LittleEndian.Uint32(header[32:]) >= 4096
	n := min(binary.LittleEndian.Uint32(header[least-4:]), 16)
	if uint32(len(header)-least) < n*8 {
		return 0, m.bad(CodeHeader, at+int64(least)-4, "NumberOfRvaAndSizes", fmt.Sprintf("%d directories do not fit into the header", n))
	}
	m.directories = header[least : least+int(n)*8]
	return binary.LittleEndian.Uint16(header[68:]), nil
}

// readSections reads the section table, and checks that the file is long enough
// for the content of each.
func (m *image) readSections(table []byte, at int64) error {
	for ; len(table) >= 40; table, at = table[40:], at+40 {
		word := func(offset int) uint32 { return binary.LittleEndian.Uint32(table[offset:]) }
		s := section{virtual: word(8), address: word(12), size: word(16), offset: word(20)}
		if m.aligned {
			s.offset &^= 511 // the loader reads whole sectors
		}
		used := s.size // content past the virtual size is padding
		if s.virtual != 0 {
			used = min(used, s.virtual)
		}
		if used > 0 && s.offset > 0 && int64(s.offset)+int64(used) > m.size {
			return m.bad(CodeTruncated, at+16, "section", fmt.Sprintf("%d bytes at %d in a file of %d", used, s.offset, m.size))
		}
		m.sections = append(m.sections, s)
	}
	return nil
}

// directory returns the address in an entry of the directories, 0 for none.
func (m *image) directory(entry int) uint32 {
	if len(m.directories) < (entry+1)*8 {
		return 0
	}
	return binary.LittleEndian.Uint32(m.directories[entry*8:])
}

// at reads up to most bytes from an address on, fewer at the end of its section and
// none where the section has only zeros; ok is false outside all sections.
func (m *image) at(address uint32, most int64, field string) (b []byte, ok bool, err error) {
	offset, end, ok := m.locate(address)
	if !ok || offset >= end {
		return nil, ok, nil
	}
	b, err = m.bytes(offset, min(end-offset, most), field)
	return b, true, err
}

// locate returns the file offset of an address and the end of its section in the
// file, which is not larger if the section has only zeros there.
func (m *image) locate(address uint32) (offset, end int64, ok bool) {
	for _, s := range m.sections {
		if address < s.address || address-s.address >= max(s.virtual, s.size) {
			continue
		}
		if s.offset == 0 {
			return 0, 0, true
		}
		return int64(s.offset) + int64(address-s.address), min(int64(s.offset)+int64(s.size), m.size), true
	}
	if end := min(int64(m.headers), m.size); int64(address) < end {
		return int64(address), end, true
	}
	return 0, 0, false
}

// kind returns the kind of an image. The header of .NET code shows whether it is
// portable: pure intermediate language, perhaps with code for one machine in
// addition, which others ignore (ReadyToRun). Such a file runs wherever there is a
// .NET runtime, whatever machine its header names.
func (m *image) kind(characteristics, subsystem uint16) (Kind, error) {
	const ilOnly, ilLibrary, needed = 1, 4, 20
	if address := m.directory(pe.IMAGE_DIRECTORY_ENTRY_COM_DESCRIPTOR); address != 0 {
		header, _, err := m.at(address, needed, "CLR header")
		switch {
		case err != nil:
			return "", err
		case len(header) < needed:
			return "", m.bad(CodeUnmapped, -1, "CLR header", fmt.Sprintf("address %#x has no content", address))
		case binary.LittleEndian.Uint32(header[16:])&(ilOnly|ilLibrary) != 0:
			return Managed, nil
		}
	}
	switch {
	case subsystem >= pe.IMAGE_SUBSYSTEM_EFI_APPLICATION && subsystem <= pe.IMAGE_SUBSYSTEM_EFI_ROM:
		return Firmware, nil
	case characteristics&pe.IMAGE_FILE_EXECUTABLE_IMAGE == 0:
		return Other, nil // the linker failed
	case characteristics&pe.IMAGE_FILE_DLL != 0:
		return Dylib, nil
	}
	return Executable, nil
}

// imports lists the libraries of the import table, which ends with an entry without
// a name or without addresses to fill in.
func (m *image) imports() ([]string, error) {
	address := m.directory(pe.IMAGE_DIRECTORY_ENTRY_IMPORT)
	if address == 0 {
		return nil, nil
	}
	const entry = 20
	table, ok, err := m.at(address, entry*(maxImports+1), "import table")
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, m.bad(CodeUnmapped, -1, "import table", fmt.Sprintf("no section has address %#x", address))
	}
	var names []string
	for ; len(table) >= entry; table = table[entry:] {
		address, first := binary.LittleEndian.Uint32(table[12:]), binary.LittleEndian.Uint32(table[16:])
		if address == 0 || first == 0 {
			break
		}
		name, err := m.name(address)
		if err != nil {
			return nil, err
		}
		if len(names) == maxImports {
			return nil, m.bad(CodeLimit, -1, "import table", fmt.Sprintf("more than %d libraries", maxImports))
		}
		names = append(names, name)
	}
	return names, nil
}

// name reads the name of a library at an address.
func (m *image) name(address uint32) (string, error) {
	text, ok, err := m.at(address, maxName+1, "import name")
	if err != nil {
		return "", err
	}
	end := bytes.IndexByte(text, 0)
	switch {
	case !ok:
		return "", m.bad(CodeUnmapped, -1, "import name", fmt.Sprintf("no section has address %#x", address))
	case end < 0:
		return "", m.bad(CodeString, -1, "import name", fmt.Sprintf("no end within %d bytes", maxName))
	}
	return string(text[:end]), nil
}
