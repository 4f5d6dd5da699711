package binfile

import (
	"bytes"
	"debug/macho"
	"encoding/binary"
	"fmt"
)

// Universal files begin with a table of slices, in big-endian byte order
// whatever the slices have. magicFat64 marks the form with 64-bit offsets.
const (
	magicFat64 = macho.MagicFat + 1
	// maxSlices keeps clear of the lowest version number of a Java class, 45.
	maxSlices    = 30
	archiveMagic = "!<arch>\n"
)

func isFat(content []byte) bool {
	if len(content) < 8 {
		return false
	}
	magic, count := binary.BigEndian.Uint32(content), binary.BigEndian.Uint32(content[4:])
	return (magic == macho.MagicFat || magic == magicFat64) && count >= 1 && count <= maxSlices
}

func badFat(code string, offset int, field, reason string) error {
	return &FormatError{Format: MachO, Code: code, Offset: int64(offset), Field: field, Reason: reason}
}

// readFat reads a universal file; the caller has seen its magic and count.
func readFat(content []byte) (*File, error) {
	f := &File{Format: MachO}
	count := int(binary.BigEndian.Uint32(content[4:]))
	entry, wide := 20, binary.BigEndian.Uint32(content) == magicFat64
	if wide {
		entry = 32
	}
	if len(content)-8 < count*entry {
		return nil, badFat(CodeTruncated, 4, "nfat_arch", fmt.Sprintf("a table of %d machines in a file of %d bytes", count, len(content)))
	}
	for i := range count {
		at := 8 + i*entry
		s, err := readFatSlice(content, at, wide)
		if err != nil {
			return nil, err
		}
		f.Slices = append(f.Slices, s)
	}
	return f, nil
}

// readFatSlice reads the slice that the table entry at an offset leads to.
func readFatSlice(content []byte, at int, wide bool) (Slice, error) {
	big := binary.BigEndian
	offset, size := uint64(big.Uint32(content[at+8:])), uint64(big.Uint32(content[at+12:]))
	if wide {
		offset, size = big.Uint64(content[at+8:]), big.Uint64(content[at+16:])
	}
	all := uint64(len(content))
	if size > all || offset > all-size {
		return Slice{}, badFat(CodeTruncated, at+8, "fat_arch", fmt.Sprintf("%d bytes at %d in a file of %d", size, offset, all))
	}
	machine := machoMachine(macho.Cpu(big.Uint32(content[at:])), big.Uint32(content[at+4:]))
	part := content[offset : offset+size]
	switch {
	case bytes.HasPrefix(part, []byte(archiveMagic)):
		return Slice{Machine: machine, Kind: Archive}, nil
	case !isThin(part):
		return Slice{}, badFat(CodeHeader, int(offset), "fat_arch", "leads to something that is not Mach-O")
	}
	s, err := readThin(part, int64(offset))
	// The loader picks by the table, then holds the slice to it.
	if err == nil && s.Machine != machine {
		err = badFat(CodeHeader, at, "fat_arch", fmt.Sprintf("says %s where the code is for %s", machine, s.Machine))
	}
	return s, err
}
