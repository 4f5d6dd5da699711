package elfaudit_test

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// module returns a small extension module for the examples: the ELF header, a
// loadable segment, a dynamic segment, and the tables that it leads to.
func module() []byte {
	const names = "\x00libc.so.6\x00GLIBC_2.17\x00memcpy\x00PyInit_demo\x00"
	le := binary.LittleEndian
	var b bytes.Buffer
	write := func(v ...any) {
		for _, v := range v {
			binary.Write(&b, le, v)
		}
	}
	const symbols, strings, versions, needs, hash, dynamic, end = 176, 248, 290, 296, 328, 352, 528
	write([]byte("\x7fELF\x02\x01\x01"), make([]byte, 9), uint16(elf.ET_DYN), uint16(elf.EM_AARCH64), uint32(1),
		uint64(0), uint64(64), uint64(0), uint32(0), uint16(64), uint16(56), uint16(2), uint16(64), uint16(0), uint16(0))
	write(uint32(elf.PT_LOAD), uint32(5), uint64(0), uint64(0), uint64(0), uint64(end), uint64(end), uint64(0x10000))
	write(uint32(elf.PT_DYNAMIC), uint32(4), uint64(dynamic), uint64(dynamic), uint64(dynamic), uint64(end-dynamic), uint64(end-dynamic), uint64(8))
	write(make([]byte, 24),
		uint32(22), uint8(0x12), uint8(0), uint16(0), uint64(0), uint64(0), // memcpy, undefined
		uint32(29), uint8(0x12), uint8(0), uint16(5), uint64(64), uint64(4)) // PyInit_demo, defined
	write([]byte(names), uint8(0))
	write(uint16(0), uint16(2), uint16(1)) // versions of the three symbols
	write(uint16(1), uint16(1), uint32(1), uint32(16), uint32(0), uint32(0x06969197), uint16(0), uint16(2), uint32(11), uint32(0))
	write(uint32(1), uint32(3), uint32(0), uint32(0), uint32(0), uint32(0))
	for _, e := range [][2]uint64{
		{uint64(elf.DT_NEEDED), 1}, {uint64(elf.DT_STRTAB), strings}, {uint64(elf.DT_STRSZ), uint64(len(names))},
		{uint64(elf.DT_SYMTAB), symbols}, {uint64(elf.DT_SYMENT), 24}, {uint64(elf.DT_HASH), hash},
		{uint64(elf.DT_VERSYM), versions}, {uint64(elf.DT_VERNEED), needs}, {uint64(elf.DT_VERNEEDNUM), 1}, {uint64(elf.DT_BIND_NOW), 0}, {},
	} {
		write(e)
	}
	return b.Bytes()
}

func ExampleRead() {
	data := module()
	f, err := elfaudit.Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		fmt.Println(err)
		return
	}
	libc, evidence := f.Libc()
	fmt.Println(f.MachineTag(), f.Kind)
	fmt.Printf("%v (%s)\n", libc, evidence)
	for _, need := range f.VersionNeeds {
		for _, v := range need.Versions {
			fmt.Println(need.Library, v.Name)
		}
	}
	// Output:
	// aarch64 shared object
	// glibc (needs libc.so.6)
	// libc.so.6 GLIBC_2.17
}

func ExampleFile_Undefined() {
	data := module()
	f, err := elfaudit.Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		fmt.Println(err)
		return
	}
	for s := range f.Undefined() {
		fmt.Println(s.Name, s.Version, s.Library, "weak:", s.Weak)
	}
	// Output:
	// memcpy GLIBC_2.17 libc.so.6 weak: false
}

func ExampleFile_ExtensionInit() {
	data := module()
	f, err := elfaudit.Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, init := range f.ExtensionInit() {
		fmt.Println(init.Module, init.Symbol)
	}
	// Output:
	// demo PyInit_demo
}

// A file that cannot be read in full gives an error that says where.
func ExampleFormatError() {
	data := module()[:300]
	_, err := elfaudit.Read(bytes.NewReader(data), int64(len(data)))
	var format *elfaudit.FormatError
	switch {
	case errors.Is(err, elfaudit.ErrNotELF):
		fmt.Println("something else")
	case errors.As(err, &format):
		fmt.Println(format.Code, "-", format.Field)
	}
	// Output:
	// truncated - PT_LOAD in program header 0
}

func ExampleReadFile() {
	_, err := elfaudit.ReadFile("no/such/module.so")
	fmt.Println(err)
	// Output:
	// open no/such/module.so: no such file or directory
}
