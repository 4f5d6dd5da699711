package binfile

import (
	"debug/macho"
	"encoding/binary"
	"fmt"
)

// Universal files begin with a table of slices, in big-endian byte order
// whatever the slices have. magicFat64 marks the form with 64-bit offsets.
const (
	magicFat64 = macho.MagicFat + 1
	// maxSlices is below 45, the lowest version number of a Java class.
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

// readFat reads a universal file; the caller has checked its magic and count.
func readFat(s source, head []byte) (*File, error) {
	f := &File{Format: MachO}
	count := int(binary.BigEndian.Uint32(head[4:]))
	entry, wide := 20, binary.BigEndian.Uint32(head) == magicFat64
	if wide {
		entry = 32
	}
	if len(head)-8 < count*entry {
		return nil, s.bad(CodeTruncated, 4, "nfat_arch", fmt.Sprintf("a table of %d machines in a file of %d bytes", count, s.size))
	}
	for i := range count {
		at := 8 + i*entry
		slice, err := readFatSlice(s, head[at:at+entry], int64(at), wide)
		if err != nil {
			return nil, err
		}
		f.Slices = append(f.Slices, slice)
	}
	return f, nil
}

// readFatSlice reads the slice of an entry of the table.
func readFatSlice(s source, entry []byte, at int64, wide bool) (Slice, error) {
	big := binary.BigEndian
	offset, size := uint64(big.Uint32(entry[8:])), uint64(big.Uint32(entry[12:]))
	if wide {
		offset, size = big.Uint64(entry[8:]), big.Uint64(entry[16:])
	}
	if all := uint64(s.size); size > all || offset > all-size {
		return Slice{}, s.bad(CodeTruncated, at+8, "fat_arch", fmt.Sprintf("%d bytes at %d in a file of %d", size, offset, all))
	}
	machine := machoMachine(macho.Cpu(big.Uint32(entry)), big.Uint32(entry[4:]))
	part := source{s.r, s.base + int64(offset), int64(size), s.format}
	head, err := part.bytes(0, min(part.size, int64(len(archiveMagic))), "fat_arch")
	switch {
	case err != nil:
		return Slice{}, err
	case string(head) == archiveMagic:
		return Slice{Machine: machine, Kind: Archive}, nil
	case !isThin(head):
		return Slice{}, part.bad(CodeHeader, 0, "fat_arch", "points to something that is not Mach-O")
	}
	slice, err := readThin(part)
	// The loader chooses by the table, then checks that the slice agrees.
	if err == nil && slice.Machine != machine {
		err = s.bad(CodeHeader, at, "fat_arch", fmt.Sprintf("has %s, but the code is for %s", machine, slice.Machine))
	}
	return slice, err
}
