package binfile

import (
	"bytes"
	"debug/pe"
	"encoding/binary"
	"fmt"
)

// Where the DOS header ends and where in it the way to the PE signature is.
// Windows follows that way for 256 MiB at most.
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

// image is a PE file by its headers.
type image struct {
	content  []byte
	headers  uint32 // bytes that are mapped as they are, before the sections
	aligned  bool   // sections begin on pages, and file offsets on 512 bytes
	sections []section
	// directories has pairs of an address and a size.
	directories []byte
}

type section struct{ address, virtual, offset, size uint32 }

func badPE(code string, offset int, field, reason string) error {
	return &FormatError{Format: PE, Code: code, Offset: int64(offset), Field: field, Reason: reason}
}

// readPE reads content that begins with "MZ".
func readPE(content []byte) (*File, error) {
	if len(content) < dosHeader || !plausibleDOS(content) {
		return nil, ErrNotBinary
	}
	header := binary.LittleEndian.Uint32(content[offsetPE:])
	if uint64(header)+4 > uint64(len(content)) {
		// A program cut short has a small number here, text never has.
		if header >= dosHeader && header <= 4096 {
			return nil, badPE(CodeTruncated, offsetPE, "e_lfanew", "leads past the end of the file")
		}
		return nil, ErrNotBinary
	}
	at := int(header)
	file := at + 4
	if len(content)-file < 20 {
		return nil, badPE(CodeTruncated, file, "file header", "is cut short")
	}
	optional := file + 20
	count := int(binary.LittleEndian.Uint16(content[file+2:]))
	size := int(binary.LittleEndian.Uint16(content[file+16:]))
	switch {
	case len(content)-optional < size+40*count:
		return nil, badPE(CodeTruncated, optional, "section table", "is cut short")
	case count > maxSections:
		return nil, badPE(CodeLimit, file+2, "NumberOfSections", fmt.Sprintf("%d sections; the limit is %d", count, maxSections))
	}
	m := &image{content: content}
	subsystem, err := m.readOptional(content[optional:optional+size], optional)
	if err == nil {
		err = m.readSections(optional+size, count)
	}
	if err != nil {
		return nil, err
	}
	s := Slice{Machine: peMachine(binary.LittleEndian.Uint16(content[file:]))}
	if s.Kind, err = m.kind(binary.LittleEndian.Uint16(content[file+18:]), subsystem); err == nil {
		s.Needed, err = m.imports()
	}
	if err != nil {
		return nil, err
	}
	return &File{Format: PE, Slices: []Slice{s}}, nil
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
func (m *image) readOptional(header []byte, at int) (subsystem uint16, err error) {
	least := 96
	if len(header) >= 2 {
		switch binary.LittleEndian.Uint16(header) {
		case 0x10b:
		case 0x20b:
			least = 112
		default:
			return 0, badPE(CodeHeader, at, "optional header", "is neither PE32 nor PE32+")
		}
	}
	if len(header) < least {
		return 0, badPE(CodeHeader, at, "SizeOfOptionalHeader", fmt.Sprintf("%d bytes where %d are fixed", len(header), least))
	}
	m.headers = binary.LittleEndian.Uint32(header[60:])
	m.aligned = binary.LittleEndian.Uint32(header[32:]) >= 4096
	n := min(binary.LittleEndian.Uint32(header[least-4:]), 16)
	if uint32(len(header)-least) < n*8 {
		return 0, badPE(CodeHeader, at+least-4, "NumberOfRvaAndSizes", fmt.Sprintf("%d directories do not fit into the header", n))
	}
	m.directories = header[least : least+int(n)*8]
	return binary.LittleEndian.Uint16(header[68:]), nil
}

// readSections reads the section table, whose bounds were checked, and checks
// that the file has the content of each.
func (m *image) readSections(at, count int) error {
	for range count {
		h := m.content[at : at+40]
		word := func(offset int) uint32 { return binary.LittleEndian.Uint32(h[offset:]) }
		s := section{virtual: word(8), address: word(12), size: word(16), offset: word(20)}
		if m.aligned {
			s.offset &^= 511 // the loader reads whole sectors
		}
		used := s.size // what lies past the virtual size is padding
		if s.virtual != 0 {
			used = min(used, s.virtual)
		}
		if all := uint64(len(m.content)); used > 0 && s.offset > 0 && uint64(s.offset)+uint64(used) > all {
			return badPE(CodeTruncated, at+16, "section", fmt.Sprintf("%d bytes at %d in a file of %d", used, s.offset, all))
		}
		m.sections = append(m.sections, s)
		at += 40
	}
	return nil
}

// directory gives the address in an entry of the directories, 0 for none.
func (m *image) directory(entry int) uint32 {
	if len(m.directories) < (entry+1)*8 {
		return 0
	}
	return binary.LittleEndian.Uint32(m.directories[entry*8:])
}

// at gives the content from an address to the end of its section. Nothing is
// left where the section has only zeros; ok is false outside of all sections.
func (m *image) at(address uint32) (rest []byte, ok bool) {
	for _, s := range m.sections {
		if address < s.address || address-s.address >= max(s.virtual, s.size) {
			continue
		}
		start := uint64(s.offset) + uint64(address-s.address)
		end := min(uint64(s.offset)+uint64(s.size), uint64(len(m.content)))
		if s.offset == 0 || start >= end {
			return nil, true
		}
		return m.content[start:end], true
	}
	if end := min(uint64(m.headers), uint64(len(m.content))); uint64(address) < end {
		return m.content[address:end], true
	}
	return nil, false
}

// kind tells what an image is. The header of .NET code says whether it is
// portable: pure intermediate language, or that with code for one machine added
// to start faster (ReadyToRun), which other machines pass over. Such a file
// runs wherever there is a .NET runtime, whatever machine its header names.
func (m *image) kind(characteristics, subsystem uint16) (Kind, error) {
	const ilOnly, ilLibrary = 1, 4
	if address := m.directory(pe.IMAGE_DIRECTORY_ENTRY_COM_DESCRIPTOR); address != 0 {
		header, _ := m.at(address)
		if len(header) < 20 {
			return "", badPE(CodeUnmapped, -1, "CLR header", fmt.Sprintf("nothing at address %#x", address))
		}
		if binary.LittleEndian.Uint32(header[16:])&(ilOnly|ilLibrary) != 0 {
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

// imports names the libraries of the import table, which ends with an entry
// without a name or without addresses to fill in.
func (m *image) imports() ([]string, error) {
	address := m.directory(pe.IMAGE_DIRECTORY_ENTRY_IMPORT)
	if address == 0 {
		return nil, nil
	}
	table, ok := m.at(address)
	if !ok {
		return nil, badPE(CodeUnmapped, -1, "import table", fmt.Sprintf("no section has address %#x", address))
	}
	var names []string
	for len(table) >= 20 {
		name, first := binary.LittleEndian.Uint32(table[12:]), binary.LittleEndian.Uint32(table[16:])
		if name == 0 || first == 0 {
			break
		}
		text, ok := m.at(name)
		end := bytes.IndexByte(text[:min(len(text), maxName+1)], 0)
		switch {
		case !ok:
			return nil, badPE(CodeUnmapped, -1, "import name", fmt.Sprintf("no section has address %#x", name))
		case end < 0:
			return nil, badPE(CodeString, -1, "import name", fmt.Sprintf("has no end within %d bytes", maxName))
		case len(names) == maxImports:
			return nil, badPE(CodeLimit, -1, "import table", fmt.Sprintf("more than %d libraries", maxImports))
		}
		names = append(names, string(text[:end]))
		table = table[20:]
	}
	return names, nil
}
