package binfile

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// cat joins parts: words in the byte order given, bytes as they are.
func cat(order binary.AppendByteOrder, parts ...any) []byte {
	var b []byte
	for _, p := range parts {
		switch p := p.(type) {
		case int:
			b = order.AppendUint32(b, uint32(p))
		case uint32:
			b = order.AppendUint32(b, p)
		case uint64:
			b = order.AppendUint64(b, p)
		case string:
			b = append(b, p...)
		case []byte:
			b = append(b, p...)
		}
	}
	return b
}

// byteOrders is what both orders of package binary are.
type byteOrders interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// commands are the load commands of a Mach-O file under construction.
type commands struct {
	order byteOrders
	list  [][]byte
}

func (c *commands) add(cmd uint32, parts ...any) {
	body := cat(c.order, parts...)
	for len(body)%8 != 0 {
		body = append(body, 0)
	}
	c.list = append(c.list, cat(c.order, cmd, len(body)+8, body))
}

func (c *commands) library(cmd uint32, name string) { c.add(cmd, 24, 0, 0, 0, name, "\x00") }

func (c *commands) build(p Platform, version int) {
	c.add(0x32, uint32(p), version, version, 0)
}

// file puts a header before the commands.
func (c *commands) file(wide bool, cpu, subtype uint32, filetype int) []byte {
	all := slices.Concat(c.list...)
	if wide {
		return cat(c.order, uint32(0xfeedfacf), cpu, subtype, filetype, len(c.list), len(all), 0, 0, all)
	}
	return cat(c.order, uint32(0xfeedface), cpu, subtype, filetype, len(c.list), len(all), 0, all)
}

const (
	cpuX86_64 = 0x0100_0007
	cpuARM64  = 0x0100_000c
)

// bundle is a Python module for macOS.
func bundle(cpu uint32, version int) []byte {
	c := &commands{order: binary.LittleEndian}
	c.build(MacOS, version)
	c.library(lcLoadDylib, "/usr/lib/libSystem.B.dylib")
	return c.file(true, cpu, 0, 8)
}

// fat joins slices; each is a cputype and a file.
func fat(wide bool, cpus []uint32, files ...[]byte) []byte {
	order := binary.BigEndian
	magic, entry := uint32(0xcafebabe), 20
	if wide {
		magic, entry = magicFat64, 32
	}
	head, at := cat(order, magic, len(files)), 8+entry*len(files)
	for i, f := range files {
		if wide {
			head = cat(order, head, cpus[i], 0, uint64(at), uint64(len(f)), 0, 0)
		} else {
			head = cat(order, head, cpus[i], 0, at, len(f), 0)
		}
		at += len(f)
	}
	return append(head, slices.Concat(files...)...)
}

// model is a PE file to build. It has one section at address 0x1000.
type model struct {
	machine, characteristics, subsystem int
	wide                                bool
	imports                             []string
	clr                                 int // flags of the .NET header, 0 for none
}

const peSection = 0x200 // where the section's content begins

func (m model) build() []byte {
	le := binary.LittleEndian
	directories := make([]byte, 16*8)
	var table, names []byte
	for _, name := range m.imports {
		table = cat(le, table, 0, 0, 0, 0x1000+20*(len(m.imports)+1)+len(names), 0x1000)
		names = append(names, name+"\x00"...)
	}
	content := slices.Concat(table, make([]byte, 20), names)
	if len(m.imports) > 0 {
		copy(directories[8:], cat(le, 0x1000, len(table)+20))
	}
	if m.clr != 0 {
		copy(directories[14*8:], cat(le, 0x1000+len(content), 72))
		content = cat(le, content, 72, 0, 0, 0, m.clr)
	}
	optional := make([]byte, 96)
	le.PutUint16(optional, 0x10b)
	if m.wide {
		optional = make([]byte, 112)
		le.PutUint16(optional, 0x20b)
	}
	le.PutUint32(optional[32:], 4096)
	le.PutUint32(optional[60:], peSection)
	le.PutUint16(optional[68:], uint16(m.subsystem))
	le.PutUint32(optional[len(optional)-4:], 16)
	optional = append(optional, directories...)
	dos := append([]byte("MZ"), make([]byte, 62)...)
	le.PutUint32(dos[offsetPE:], 64)
	head := cat(le, dos, signaturePE, uint32(m.machine)|1<<16, 0, 0, 0, uint32(len(optional))|uint32(m.characteristics)<<16, optional,
		".data\x00\x00\x00", len(content), 0x1000, len(content), peSection, 0, 0, 0, 0)
	return slices.Concat(head, make([]byte, peSection-len(head)), content)
}

// dll is a Python module for Windows.
func dll() model {
	return model{machine: 0x8664, characteristics: 0x2022, subsystem: 2, wide: true, imports: []string{"python3.dll", "KERNEL32.dll"}}
}

func readBytes(content []byte) (*File, error) {
	return Read(bytes.NewReader(content), int64(len(content)))
}
