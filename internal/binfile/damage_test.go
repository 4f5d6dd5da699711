package binfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
)

// put gives a copy of content with a word changed.
func put(order binary.ByteOrder, content []byte, at int, word uint32) []byte {
	c := bytes.Clone(content)
	order.PutUint32(c[at:], word)
	return c
}

func TestDamage(t *testing.T) {
	le, be := binary.LittleEndian, binary.BigEndian
	thin := bundle(cpuARM64, 0xb0000) // LC_BUILD_VERSION at 32, LC_LOAD_DYLIB at 56
	both := fat(false, []uint32{cpuX86_64, cpuARM64}, bundle(cpuX86_64, 0xa0900), thin)
	pe := dll().build()
	const optional, table = 64 + 24, 64 + 24 + 112 + 128
	with := func(f func(c *commands)) []byte {
		c := &commands{order: le}
		f(c)
		return c.file(true, cpuARM64, 0, 6)
	}
	managed := dll()
	managed.clr = 1
	long := dll()
	long.imports = []string{strings.Repeat("x", maxName+1)}
	crowd := dll()
	crowd.imports = make([]string, maxImports+1)
	for name, test := range map[string]struct {
		content []byte
		code    string
		text    string
	}{
		"Mach-O header":         {thin[:31], CodeTruncated, "Mach-O: mach_header: truncated (at offset 0x1f)"},
		"sizeofcmds":            {put(le, thin, 20, uint32(len(thin))), CodeTruncated, "Mach-O: sizeofcmds: 112 bytes of load commands in a file of 112 (at offset 0x14)"},
		"sizeofcmds, limit":     {put(le, thin, 20, maxCommandBytes+1), CodeLimit, "Mach-O: sizeofcmds: 4194305 bytes of load commands; the limit is 4194304 (at offset 0x14)"},
		"ncmds":                 {put(le, thin, 16, 1<<30), CodeHeader, "Mach-O: ncmds: 1073741824 load commands do not fit into 80 bytes (at offset 0x10)"},
		"one command too many":  {put(le, thin, 16, 3), CodeHeader, "Mach-O: load command: starts past sizeofcmds (at offset 0x70)"},
		"cmdsize 0":             {put(le, thin, 36, 0), CodeHeader, "Mach-O: cmdsize: 0 bytes; 8 to 80 are possible (at offset 0x24)"},
		"cmdsize":               {put(le, thin, 36, 1<<31), CodeHeader, "Mach-O: cmdsize: 2147483648 bytes; 8 to 80 are possible (at offset 0x24)"},
		"name before the field": {put(le, thin, 56+8, 8), CodeHeader, "Mach-O: dylib.name: outside its load command (at offset 0x40)"},
		"name past the command": {put(le, thin, 56+8, 4096), CodeHeader, "Mach-O: dylib.name: outside its load command (at offset 0x40)"},
		"short build":           {with(func(c *commands) { c.add(lcBuildVersion) }), CodeHeader, "Mach-O: LC_BUILD_VERSION: too short (at offset 0x20)"},
		"short minimum":         {with(func(c *commands) { c.add(lcVersionMinMacOS) }), CodeHeader, "Mach-O: LC_VERSION_MIN: too short (at offset 0x20)"},
		"short library":         {with(func(c *commands) { c.add(lcLoadDylib, 8) }), CodeHeader, "Mach-O: dylib_command: too short (at offset 0x20)"},
		"short segment":         {with(func(c *commands) { c.add(lcSegment64) }), CodeHeader, "Mach-O: segment_command: too short (at offset 0x20)"},
		"segment":               {with(func(c *commands) { c.add(lcSegment64, make([]byte, 32), uint64(8), uint64(1<<63), 0, 0, 0, 0) }), CodeTruncated, "Mach-O: segment_command: 9223372036854775808 bytes at 8 in a file of 104 (at offset 0x20)"},
		"segment, 32 bits":      {with(func(c *commands) { c.add(lcSegment, make([]byte, 24), 1000, 1, 0, 0, 0, 0) }), CodeTruncated, "Mach-O: segment_command: 1 bytes at 1000 in a file of 88 (at offset 0x20)"},
		"long name":             {with(func(c *commands) { c.library(lcLoadDylib, strings.Repeat("x", maxName+1)) }), CodeLimit, "Mach-O: dylib.name: longer than 1024 bytes (at offset 0x38)"},
		"libraries": {with(func(c *commands) {
			for range maxNeeded + 1 {
				c.library(lcLoadDylib, "")
			}
		}), CodeLimit, "Mach-O: LC_LOAD_DYLIB: more than 4096 needed libraries (at offset 0x20020)"},
		"systems": {with(func(c *commands) {
			for range maxBuilds + 1 {
				c.build(MacOS, 0)
			}
		}), CodeLimit, "Mach-O: LC_BUILD_VERSION: more than 16 systems (at offset 0x1a0)"},
		"fat table":             {both[:30], CodeTruncated, "Mach-O: nfat_arch: a table of 2 machines in a file of 30 bytes (at offset 0x4)"},
		"fat offset":            {put(be, both, 16, 1<<31), CodeTruncated, "Mach-O: fat_arch: 112 bytes at 2147483648 in a file of 272 (at offset 0x10)"},
		"fat size":              {put(be, both, 20, 1<<31), CodeTruncated, "Mach-O: fat_arch: 2147483648 bytes at 48 in a file of 272 (at offset 0x10)"},
		"fat slice of what":     {put(be, both, 16, 0), CodeHeader, "Mach-O: fat_arch: points to something that is not Mach-O (at offset 0x0)"},
		"fat machine":           {put(be, both, 8, 18), CodeHeader, "Mach-O: fat_arch: has ppc, but the code is for x86_64 (at offset 0x8)"},
		"fat slice damaged":     {put(le, both, 48+36, 0), CodeHeader, "Mach-O: cmdsize: 0 bytes; 8 to 80 are possible (at offset 0x54)"},
		"PE signature":          {pe[:66], CodeTruncated, "PE: e_lfanew: points past the end of the file (at offset 0x3c)"},
		"PE header":             {pe[:80], CodeTruncated, "PE: file header: truncated (at offset 0x44)"},
		"PE sections":           {pe[:table+8], CodeTruncated, "PE: section table: truncated (at offset 0x58)"},
		"PE section count":      {append(put(le, pe, 68, 0x8664|5000<<16), make([]byte, 40*5000)...), CodeLimit, "PE: NumberOfSections: 5000 sections; the limit is 4096 (at offset 0x46)"},
		"PE magic":              {put(le, pe, optional, 0x107), CodeHeader, "PE: optional header: neither PE32 nor PE32+ (at offset 0x58)"},
		"PE no optional header": {put(le, pe, 64+20, 0x2022<<16), CodeHeader, "PE: SizeOfOptionalHeader: 0 bytes; at least 96 are needed (at offset 0x54)"},
		"PE directories":        {put(le, put(le, pe, 64+20, 112|0x2022<<16), optional+108, 9), CodeHeader, "PE: NumberOfRvaAndSizes: 9 directories do not fit into the header (at offset 0xc4)"},
		"PE section content":    {pe[:len(pe)-1], CodeTruncated, "PE: section: 85 bytes at 512 in a file of 596 (at offset 0x158)"},
		"PE import table":       {put(le, pe, optional+120, 0x9000_0000), CodeUnmapped, "PE: import table: no section has address 0x90000000"},
		"PE import name":        {put(le, pe, peSection+12, 0x9000_0000), CodeUnmapped, "PE: import name: no section has address 0x90000000"},
		"PE import name's end":  {long.build(), CodeString, "PE: import name: no end within 1024 bytes"},
		"PE imports":            {crowd.build(), CodeLimit, "PE: import table: more than 4096 libraries"},
		"CLR header":            {put(le, managed.build(), optional+112+14*8, 0x9000_0000), CodeUnmapped, "PE: CLR header: address 0x90000000 has no content"},
	} {
		f, err := readBytes(test.content)
		var format *FormatError
		if f != nil || !errors.As(err, &format) || format.Code != test.code || err.Error() != test.text {
			t.Errorf("%s: %v, %v; want %s, %s", name, f, err, test.code, test.text)
		}
	}
}

// TestNearDamage: what looks damaged but is not.
func TestNearDamage(t *testing.T) {
	le := binary.LittleEndian
	c := &commands{order: le}
	c.add(lcSegment64, make([]byte, 32), uint64(0), uint64(104), 0, 0, 0, 0)
	mapped := c.file(true, cpuARM64, 0, 6)
	symbols := &commands{order: le}
	symbols.add(lcSegment64, make([]byte, 32), uint64(0), uint64(1<<40), 0, 0, 0, 0)
	pe := dll().build()
	const section, imports = 64 + 24 + 112 + 128, 64 + 24 + 112 + 8
	for name, content := range map[string][]byte{
		"a segment over the whole file":   mapped,
		"debug symbols without the code":  symbols.file(true, cpuARM64, 0, 10),
		"padding that the file lacks":     put(le, pe, section+16, 4096),
		"a section of zeros":              put(le, put(le, pe, section+20, 0), imports, 0),
		"an import table of zeros":        put(le, put(le, pe, section+8, 8192), imports, 0x2800),
		"a program with bytes at the end": append(bytes.Clone(pe), "PK\x03\x04"...),
		"imports in the header":           put(le, pe, imports, 0x1f0),
	} {
		if _, err := readBytes(content); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCut cuts files at every length: the facts are those of the whole file, or
// there is an error.
func TestCut(t *testing.T) {
	whole := [][]byte{bundle(cpuARM64, 0xb0000), fat(true, []uint32{cpuX86_64, cpuARM64}, bundle(cpuX86_64, 0xa0900), bundle(cpuARM64, 0xb0000)), dll().build()}
	for i, content := range whole {
		for n := range content {
			if f, err := readBytes(content[:n]); err == nil {
				t.Errorf("file %d cut at %d of %d: %+v", i, n, len(content), f)
			}
		}
	}
}

// failing gives an error for everything from a place on, and counts.
type failing struct {
	content []byte
	from    int64
	err     error
	read    int64 // bytes
}

func (f *failing) ReadAt(p []byte, off int64) (n int, err error) {
	if off < f.from {
		n = copy(p, f.content[off:min(f.from, int64(len(f.content)))])
	}
	f.read += int64(n)
	if n < len(p) {
		err = f.err
	}
	return n, err
}

// TestReadFails: the facts, or an error that wraps the reader's, wherever it
// strikes. A reader that only ends too early makes the file a truncated one.
func TestReadFails(t *testing.T) {
	broken := errors.New("broken disk")
	for i, content := range [][]byte{bundle(cpuARM64, 0xb0000), fat(true, []uint32{cpuX86_64, cpuARM64}, bundle(cpuX86_64, 0xa0900), bundle(cpuARM64, 0xb0000)), dll().build()} {
		failed := 0
		for from := range content {
			for err, code := range map[error]string{broken: CodeRead, io.EOF: CodeTruncated} {
				f, got := Read(&failing{content: content, from: int64(from), err: err}, int64(len(content)))
				if got == nil {
					continue // it has what it needs
				}
				failed++
				var format *FormatError
				wraps := errors.Is(got, err) || err == io.EOF && errors.Is(got, io.ErrUnexpectedEOF)
				if f != nil || !wraps || !errors.As(got, &format) || format.Code != code {
					t.Fatalf("file %d from %d: %v, %v", i, from, f, got)
				}
			}
		}
		if failed < 100 {
			t.Errorf("file %d: failed %d times", i, failed)
		}
	}
}

// TestLittleRead: what follows the headers is not read, however long.
func TestLittleRead(t *testing.T) {
	for i, content := range [][]byte{bundle(cpuARM64, 0xb0000), fat(false, []uint32{cpuARM64}, bundle(cpuARM64, 0xb0000)), dll().build()} {
		r := &failing{content: append(bytes.Clone(content), make([]byte, 1<<20)...), from: 1 << 30}
		if _, err := Read(r, int64(len(r.content))); err != nil || r.read > 4096 {
			t.Errorf("file %d: read %d bytes, %v", i, r.read, err)
		}
	}
}

// FuzzRead: no content panics; there are facts or an error of the documented
// types, and the facts are no larger than the content.
func FuzzRead(f *testing.F) {
	managed, old := dll(), dll()
	managed.clr = 1
	old.machine, old.wide = 0x14c, false
	be := &commands{order: binary.BigEndian}
	be.add(lcVersionMinMacOS, 0xa0400, 0)
	be.add(lcSegment, make([]byte, 24), 0, 100, 0, 0, 0, 0)
	thin := bundle(cpuARM64, 0xb0000)
	for _, content := range [][]byte{
		thin, be.file(false, 18, 0, 8), fat(false, []uint32{cpuX86_64, cpuARM64}, bundle(cpuX86_64, 0xa0900), thin),
		fat(true, []uint32{cpuARM64}, thin), dll().build(), managed.build(), old.build(), []byte("MZ is text"), []byte("\xca\xfe\xba\xbe\x00\x00\x00\x34"),
	} {
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		file, err := readBytes(content)
		if sniffed := Sniff(content); sniffed == "" && !errors.Is(err, ErrNotBinary) || file != nil && file.Format != sniffed {
			t.Fatalf("sniffed as %q, read as %v, %v", sniffed, file, err)
		}
		if err != nil {
			var format *FormatError
			if file != nil || !errors.Is(err, ErrNotBinary) && !errors.As(err, &format) {
				t.Fatalf("%v and %v", file, err)
			}
			return
		}
		if len(file.Slices) < 1 || len(file.Slices) > maxSlices {
			t.Fatalf("%d slices", len(file.Slices))
		}
		for _, s := range file.Slices {
			if len(s.Needed) > maxNeeded || len(s.Builds) > maxBuilds || s.Kind == "" || s.Machine == "" {
				t.Fatalf("%+v", s)
			}
		}
	})
}
