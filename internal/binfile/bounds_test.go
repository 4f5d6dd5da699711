package binfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// TestMachOBounds reaches each limit of a Mach-O file without crossing it.
// TestDamage crosses them.
func TestMachOBounds(t *testing.T) {
	le := binary.LittleEndian
	file := func(f func(c *commands)) []byte {
		c := &commands{order: le}
		f(c)
		return c.file(true, cpuARM64, 0, 6)
	}
	for name, test := range map[string]struct {
		content []byte
		needed  int
		builds  int
	}{
		"a command of 8 bytes":     {file(func(c *commands) { c.add(0x99) }), 0, 0},
		"a build without tools":    {file(func(c *commands) { c.add(0x32, 1, 0xb0000) }), 0, 1},
		"a minimum of 12 bytes":    {slices.Concat(cat(le, uint32(0xfeedfacf), uint32(cpuARM64), 0, 6, 1, 12, 0, 0), cat(le, 0x24, 12, 0xb0000)), 0, 1},
		"a library without a name": {file(func(c *commands) { c.add(0xc, 24, 0, 0, 0, "\x00") }), 1, 0},
		"the longest name":         {file(func(c *commands) { c.library(0xc, strings.Repeat("x", maxName)) }), 1, 0},
		"a name without its end":   {slices.Concat(cat(le, uint32(0xfeedfacf), uint32(cpuARM64), 0, 6, 1, 25, 0, 0), cat(le, 0xc, 25, 24, 0, 0, 0), []byte("x")), 1, 0},
		"the most libraries": {file(func(c *commands) {
			for range maxNeeded {
				c.library(0xc, "x")
			}
		}), maxNeeded, 0},
		"the most systems": {file(func(c *commands) {
			for range maxBuilds {
				c.build(MacOS, 0)
			}
		}), 0, maxBuilds},
		"the most commands":           {file(func(c *commands) { c.add(0x99, make([]byte, maxCommandBytes-8)) }), 0, 0},
		"a segment to the end":        {file(func(c *commands) { c.add(0x19, make([]byte, 32), uint64(4), uint64(84)) }), 0, 0},
		"a 32-bit segment":            {file(func(c *commands) { c.add(1, make([]byte, 24), 4, 68) }), 0, 0},
		"an empty segment at the end": {file(func(c *commands) { c.add(0x19, make([]byte, 32), uint64(88), uint64(0)) }), 0, 0},
	} {
		f, err := readBytes(test.content)
		if err != nil || len(f.Slices[0].Needed) != test.needed || len(f.Slices[0].Builds) != test.builds {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
	for name, content := range map[string][]byte{
		"a segment past the end":        file(func(c *commands) { c.add(0x19, make([]byte, 32), uint64(5), uint64(84)) }),
		"a 32-bit segment past the end": file(func(c *commands) { c.add(1, make([]byte, 24), 5, 68) }),
		"a segment of 55 bytes":         slices.Concat(cat(le, uint32(0xfeedfacf), uint32(cpuARM64), 0, 6, 1, 55, 0, 0), cat(le, 0x19, 55), make([]byte, 47)),
		"a 32-bit segment of 39 bytes":  slices.Concat(cat(le, uint32(0xfeedfacf), uint32(cpuARM64), 0, 6, 1, 39, 0, 0), cat(le, 1, 39), make([]byte, 31)),
		"a build of 15 bytes":           slices.Concat(cat(le, uint32(0xfeedfacf), uint32(cpuARM64), 0, 6, 1, 15, 0, 0), cat(le, 0x32, 15), make([]byte, 7)),
		"a minimum of 11 bytes":         slices.Concat(cat(le, uint32(0xfeedfacf), uint32(cpuARM64), 0, 6, 1, 11, 0, 0), cat(le, 0x24, 11), make([]byte, 3)),
		"a library of 23 bytes":         slices.Concat(cat(le, uint32(0xfeedfacf), uint32(cpuARM64), 0, 6, 1, 23, 0, 0), cat(le, 0xc, 23, 24), make([]byte, 11)),
	} {
		var format *FormatError
		if f, err := readBytes(content); !errors.As(err, &format) {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
}

// TestUniversalBounds covers the table of slices, with as many as there may be.
func TestUniversalBounds(t *testing.T) {
	one := bundle(cpuARM64, 0xb0000)
	for _, wide := range []bool{false, true} {
		var cpus []uint32
		var files [][]byte
		for range maxSlices {
			cpus, files = append(cpus, cpuARM64), append(files, one)
		}
		content := fat(wide, cpus, files...)
		f, err := readBytes(content)
		if err != nil || len(f.Slices) != maxSlices {
			t.Errorf("%d slices, wide %v: %v", maxSlices, wide, err)
		}
		entry := 20
		if wide {
			entry = 32
		}
		if f, err := readBytes(content[:8+maxSlices*entry-1]); f != nil || err == nil || !strings.Contains(err.Error(), "nfat_arch: a table of 30 machines") {
			t.Errorf("a table that is cut, wide %v: %v", wide, err)
		}
		// The last slice ends with the file.
		if f, err := readBytes(content[:len(content)-1]); f != nil || err == nil || !strings.Contains(err.Error(), "fat_arch: 112 bytes at") {
			t.Errorf("a slice that is cut, wide %v: %v", wide, err)
		}
	}
	// Offsets in errors are those of the whole file.
	both := fat(false, []uint32{cpuX86_64, cpuARM64}, bundle(cpuX86_64, 0xa0900), one)
	second := len(both) - len(one)
	copy(both[second:], "none of these")
	_, err := readBytes(both)
	var format *FormatError
	if !errors.As(err, &format) || format.Offset != int64(second) {
		t.Errorf("second slice: %v, want offset %#x", err, second)
	}
}

// TestPEBounds moves numbers of a PE file to their limits.
func TestPEBounds(t *testing.T) {
	le := binary.LittleEndian
	pe := dll().build()
	const optional, table = 64 + 24, 64 + 24 + 112 + 128
	const imports, clr = optional + 112 + 8, optional + 112 + 14*8
	managed := dll()
	managed.clr = 1
	long := dll()
	long.imports = []string{strings.Repeat("x", maxName)}
	crowd := dll()
	crowd.imports = slices.Repeat([]string{"a.dll"}, maxImports)
	// end is the address behind the section's content.
	end := uint32(0x1000 + len(pe) - peSection)
	unaligned := put(le, pe, optional+32, 4095)
	for name, test := range map[string]struct {
		content []byte
		needed  int // -1 for an error
	}{
		"the longest name":                      {long.build(), 1},
		"the most imports":                      {crowd.build(), maxImports},
		"an import without a name":              {put(le, pe, peSection+20+12, 0), 1},
		"an import without addresses":           {put(le, pe, peSection+20+16, 0), 1},
		"offsets within a sector":               {put(le, pe, table+20, peSection+511), 2},
		"offsets in the next sector":            {put(le, pe, table+20, peSection+512), -1},
		"offsets that count":                    {put(le, unaligned, table+20, peSection+1), -1},
		"offsets that count and are right":      {unaligned, 2},
		"a name at the section's last byte":     {put(le, pe, peSection+12, end-1), 2},
		"a name behind the section":             {put(le, pe, peSection+12, end), -1},
		"a table behind the section":            {put(le, pe, imports, end), -1},
		"a table in the headers' last byte":     {put(le, pe, imports, peSection-1), 0},
		"a table behind the headers":            {put(le, pe, imports, peSection), -1},
		"no directories":                        {put(le, pe, optional+108, 0), 0},
		"one directory":                         {put(le, pe, optional+108, 1), 0},
		"two directories":                       {put(le, pe, optional+108, 2), 2},
		"more directories than there are":       {put(le, pe, optional+108, 17), 2},
		"a .NET header of 20 bytes":             {put(le, managed.build(), clr, 0x1000+uint32(len(managed.build())-peSection-20)), 2},
		"a .NET header of 19 bytes":             {put(le, managed.build(), clr, 0x1000+uint32(len(managed.build())-peSection-19)), -1},
		"no content but a virtual size":         {put(le, put(le, pe, table+16, 0), imports, 0), 0},
		"content without a virtual size":        {put(le, pe, table+8, 0), 2},
		"content without a virtual size, short": {put(le, put(le, pe, table+8, 0), table+16, uint32(len(pe)-peSection+1)), -1},
	} {
		f, err := readBytes(test.content)
		var format *FormatError
		if test.needed < 0 {
			if f != nil || !errors.As(err, &format) {
				t.Errorf("%s: %v, %v; want an error", name, f, err)
			}
		} else if err != nil || len(f.Slices[0].Needed) != test.needed {
			t.Errorf("%s: %v, %v; want %d libraries", name, f, err, test.needed)
		}
	}
}

// TestManySections: as many as there may be.
func TestManySections(t *testing.T) {
	le := binary.LittleEndian
	pe := dll().build()
	const table = 64 + 24 + 112 + 128
	content := slices.Concat(put(le, pe, 68, 0x8664|maxSections<<16), make([]byte, 40*maxSections))
	clear(content[table:]) // no section has content, and nothing is imported
	le.PutUint32(content[64+24+112+8:], 0)
	if f, err := readBytes(content); err != nil {
		t.Errorf("%v, %v", f, err)
	}
	// An error is at SizeOfRawData of the section.
	const second = table + 40
	le.PutUint32(content[second+16:], 1<<30)
	le.PutUint32(content[second+20:], 512)
	want := "PE: section: 1073741824 bytes at 512 in a file of 164437 (at offset 0x180)"
	if f, err := readBytes(content); f != nil || err == nil || err.Error() != want {
		t.Errorf("%v, %v, want %s", f, err, want)
	}
}

// TestSignature moves the signature to where it may be.
func TestSignature(t *testing.T) {
	for at, want := range map[uint32]string{3: "", 4: PE, maxOffsetPE: PE, maxOffsetPE + 1: ""} {
		head := append([]byte("MZ"), make([]byte, dosHeader-2)...)
		if at == 4 {
			copy(head[4:], signaturePE)
		}
		binary.LittleEndian.PutUint32(head[offsetPE:], at)
		if got := Sniff(head); got != want {
			t.Errorf("signature at %d: %q, want %q", at, got, want)
		}
	}
	// The signature in the last bytes of the head, or partly behind it.
	for at, want := range map[uint32]string{dosHeader + 4: PE, dosHeader + 5: PE, dosHeader + 3: ""} {
		head := append([]byte("MZ"), make([]byte, dosHeader+6)...)
		copy(head[dosHeader+4:], signaturePE)
		binary.LittleEndian.PutUint32(head[offsetPE:], at)
		if got := Sniff(head); got != want {
			t.Errorf("signature at %d of %d bytes: %q, want %q", at, len(head), got, want)
		}
	}
	// A file that ends before its signature is cut if the number is plausible.
	for at, truncated := range map[uint32]bool{dosHeader - 1: false, dosHeader: true, 4096: true, 4097: false} {
		content := append([]byte("MZ"), make([]byte, dosHeader-2)...)
		binary.LittleEndian.PutUint32(content[offsetPE:], at)
		_, err := readBytes(content)
		var format *FormatError
		if errors.As(err, &format) != truncated || !truncated && !errors.Is(err, ErrNotBinary) {
			t.Errorf("signature at %d: %v", at, err)
		}
	}
}

// TestLargeRead reads more than is allocated before the bytes arrive.
func TestLargeRead(t *testing.T) {
	for _, n := range []int{smallRead - 1, smallRead, smallRead + 1, 3 * smallRead} {
		content := bytes.Repeat([]byte{7}, n)
		s := source{r: bytes.NewReader(content), size: int64(n)}
		if got, err := s.bytes(0, int64(n), "all"); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d bytes: %d, %v", n, len(got), err)
		}
		s.size++ // a file that is shorter than it seemed
		var format *FormatError
		if got, err := s.bytes(0, int64(n)+1, "all"); got != nil || !errors.As(err, &format) || format.Code != CodeTruncated {
			t.Errorf("%d bytes and one that is not there: %d, %v", n, len(got), err)
		}
	}
	broken := errors.New("broken disk")
	s := source{r: &failing{content: make([]byte, 3*smallRead), from: 2 * smallRead, err: broken}, size: 3 * smallRead, base: 0}
	if _, err := s.bytes(5, 3*smallRead-5, "all"); err == nil || err.Error() != "all: cannot be read: broken disk (at offset 0x5)" || !errors.Is(err, broken) {
		t.Errorf("broken: %v", err)
	}
	if _, err := s.bytes(-1, 3, "all"); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("before the start: %v", err)
	}
}

func TestNames(t *testing.T) {
	for p, want := range map[Platform]string{0: "platform 0", 1: "macOS", 2: "iOS", 5: "bridgeOS", 7: "iOS simulator", 11: "visionOS", 12: "visionOS simulator", 13: "platform 13", 1 << 31: "platform 2147483648"} {
		if got := p.String(); got != want {
			t.Errorf("%d: %s, want %s", p, got, want)
		}
	}
	for v, want := range map[Version]string{{12, 0, 0}: "12.0", {10, 13, 6}: "10.13.6", {10, 0, 1}: "10.0.1"} {
		if got := v.String(); got != want {
			t.Errorf("%v: %s, want %s", v, got, want)
		}
	}
	for _, tt := range []struct {
		v, w Version
		want int
	}{{Version{10, 9, 0}, Version{11, 0, 0}, -1}, {Version{11, 2, 0}, Version{11, 1, 9}, 1}, {Version{11, 1, 1}, Version{11, 1, 2}, -1}, {Version{1, 2, 3}, Version{1, 2, 3}, 0}} {
		if got := tt.v.Compare(tt.w); got != tt.want {
			t.Errorf("%v and %v: %d", tt.v, tt.w, got)
		}
	}
	for k, want := range map[Kind]bool{Dylib: true, Bundle: true, Executable: true, Object: false, Archive: false, Managed: false, Firmware: false, Other: false} {
		if got := (&File{Slices: []Slice{{Kind: Other}, {Kind: k}}}).Loads(); got != want {
			t.Errorf("%s loads: %v", k, got)
		}
	}
}
