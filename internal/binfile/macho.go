package binfile

import (
	"bytes"
	"debug/macho"
	"encoding/binary"
	"fmt"
)

// The limits on one slice; the longest commands of published libraries have some
// 10 KiB.
const (
	maxCommandBytes = 4 << 20
	maxNeeded       = 4096
	maxName         = 1024
)

// Load commands that debug/macho does not name. reqDyld marks those that a
// loader must understand.
const (
	reqDyld            = 0x8000_0000
	lcLoadWeakDylib    = reqDyld | 0x18
	lcReexportDylib    = reqDyld | 0x1f
	lcLazyLoadDylib    = 0x20
	lcUpwardDylib      = reqDyld | 0x23
	lcIDDylib          = 0xd
	lcRunPath          = reqDyld | 0x1c
	lcVersionMinMacOS  = 0x24
	lcVersionMinIOS    = 0x25
	lcVersionMinTvOS   = 0x2f
	lcVersionMinWatch  = 0x30
	lcBuildVersion     = 0x32
	lcLoadDylib        = uint32(macho.LoadCmdDylib)
	lcSegment          = uint32(macho.LoadCmdSegment)
	lcSegment64        = uint32(macho.LoadCmdSegment64)
	subtypeMask        = 0x00ff_ffff // the high byte holds flags
	subtypeHaswell     = 8
	cpuArm64_32        = macho.Cpu(0x0200_000c)
	buildVersionFields = 16 // up to minos, which the commands for one system have at 8
)

// byteOrder is the byte order of a thin Mach-O file, nil for anything else.
func byteOrder(content []byte) binary.ByteOrder {
	if len(content) < 4 {
		return nil
	}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		if m := order.Uint32(content); m == macho.Magic32 || m == macho.Magic64 {
			return order
		}
	}
	return nil
}

func isThin(content []byte) bool { return byteOrder(content) != nil }

// thin is a Mach-O file, or a slice of one.
type thin struct {
	source
	order binary.ByteOrder
	slice Slice
}

// readThin reads one Mach-O file; the caller has checked its magic number.
func readThin(s source) (Slice, error) {
	const narrow, wide = 28, 32
	head, err := s.bytes(0, min(s.size, wide), "mach_header")
	if err != nil {
		return Slice{}, err
	}
	t := thin{source: s, order: byteOrder(head)}
	header := int64(narrow)
	if t.order.Uint32(head) == macho.Magic64 {
		header = wide
	}
	if s.size < header {
		return Slice{}, t.bad(CodeTruncated, s.size, "mach_header", "truncated")
	}
	word := func(i int) uint32 { return t.order.Uint32(head[4*i:]) }
	t.slice.Machine = machoMachine(macho.Cpu(word(1)), word(2))
	t.slice.Kind = machoKind(macho.Type(word(3)))
	count, size := word(4), word(5)
	switch {
	case size > maxCommandBytes:
		return Slice{}, t.bad(CodeLimit, 20, "sizeofcmds", fmt.Sprintf("%d bytes of load commands; the limit is %d", size, maxCommandBytes))
	case int64(size) > s.size-header:
		return Slice{}, t.bad(CodeTruncated, 20, "sizeofcmds", fmt.Sprintf("%d bytes of load commands in a file of %d", size, s.size))
	case count > size/8:
		return Slice{}, t.bad(CodeHeader, 16, "ncmds", fmt.Sprintf("%d load commands do not fit into %d bytes", count, size))
	}
	commands, err := t.bytes(header, int64(size), "load commands")
	if err != nil {
		return Slice{}, err
	}
	err = t.commands(commands, count, header)
	return t.slice, err
}

// commands reads the facts in the load commands, which begin at an offset.
func (t *thin) commands(all []byte, count uint32, at int64) error {
	for range count {
		if len(all) < 8 {
			return t.bad(CodeHeader, at, "load command", "starts past sizeofcmds")
		}
		length := t.order.Uint32(all[4:])
		if length < 8 || uint64(length) > uint64(len(all)) {
			return t.bad(CodeHeader, at+4, "cmdsize", fmt.Sprintf("%d bytes; 8 to %d are possible", length, len(all)))
		}
		if err := t.command(t.order.Uint32(all), all[:length], at); err != nil {
			return err
		}
		all = all[length:]
		at += int64(length)
	}
	return nil
}

// machoMachine names a processor. Code for newer Intel processors only (x86_64h) is
// a separate machine: not every x86_64 Mac runs it.
func machoMachine(cpu macho.Cpu, subtype uint32) string {
	switch cpu {
	case macho.CpuAmd64:
		if subtype&subtypeMask == subtypeHaswell {
			return "x86_64h"
		}
		return "x86_64"
	case macho.CpuArm64:
		return "arm64"
	case macho.Cpu386:
		return "i386"
	case macho.CpuPpc:
		return "ppc"
	case macho.CpuPpc64:
		return "ppc64"
	case macho.CpuArm:
		return "arm"
	case cpuArm64_32:
		return "arm64_32"
	}
	return fmt.Sprintf("%#x", uint32(cpu))
}

func machoKind(t macho.Type) Kind {
	switch t {
	case macho.TypeDylib:
		return Dylib
	case macho.TypeBundle:
		return Bundle
	case macho.TypeExec:
		return Executable
	case macho.TypeObj:
		return Object
	}
	return Other
}

// command reads the facts in one load command at an offset of the slice.
func (t *thin) command(cmd uint32, data []byte, at int64) error {
	switch cmd {
	case lcLoadDylib, lcLoadWeakDylib, lcReexportDylib, lcLazyLoadDylib, lcUpwardDylib:
		return t.library(cmd == lcLoadWeakDylib, data, at)
	case lcIDDylib:
		name, err := t.name(24, "dylib_command", data, at)
		t.slice.InstallName = name
		return err
	case lcRunPath:
		dir, err := t.name(12, "rpath_command", data, at)
		if err != nil {
			return err
		}
		if len(t.slice.RunPaths) == maxNeeded {
			return t.bad(CodeLimit, at, "LC_RPATH", fmt.Sprintf("more than %d run paths", maxNeeded))
		}
		t.slice.RunPaths = append(t.slice.RunPaths, dir)
		return nil
	case lcVersionMinMacOS:
		return t.minimum(data, at, MacOS, "LC_VERSION_MIN_MACOSX")
	case lcVersionMinIOS:
		// Before LC_BUILD_VERSION, the machine showed that code is for the simulator.
		if t.slice.Machine == "i386" || t.slice.Machine == "x86_64" {
			return t.minimum(data, at, IOSSimulator, "LC_VERSION_MIN_IPHONEOS")
		}
		return t.minimum(data, at, IOS, "LC_VERSION_MIN_IPHONEOS")
	case lcVersionMinTvOS:
		return t.minimum(data, at, 3, "LC_VERSION_MIN_TVOS")
	case lcVersionMinWatch:
		return t.minimum(data, at, 4, "LC_VERSION_MIN_WATCHOS")
	case lcBuildVersion:
		if len(data) < buildVersionFields {
			return t.bad(CodeHeader, at, "LC_BUILD_VERSION", "too short")
		}
		return t.minimum(data[4:], at, Platform(t.order.Uint32(data[8:])), "LC_BUILD_VERSION")
	case lcSegment, lcSegment64:
		return t.segment(cmd == lcSegment64, data, at)
	}
	return nil
}

func (t *thin) library(weak bool, data []byte, at int64) error {
	name, err := t.name(24, "dylib_command", data, at)
	if err != nil {
		return err
	}
	if len(t.slice.Needed) == maxNeeded {
		return t.bad(CodeLimit, at, "LC_LOAD_DYLIB", fmt.Sprintf("more than %d needed libraries", maxNeeded))
	}
	t.slice.Needed = append(t.slice.Needed, name)
	if weak {
		t.slice.Optional = append(t.slice.Optional, name)
	}
	return nil
}

// name reads the string of a load command whose fixed part has a size.
func (t *thin) name(fixed uint32, what string, data []byte, at int64) (string, error) {
	if uint32(len(data)) < fixed {
		return "", t.bad(CodeHeader, at, what, "too short")
	}
	start := t.order.Uint32(data[8:])
	if start < fixed || start >= uint32(len(data)) {
		return "", t.bad(CodeHeader, at+8, nameField[what], "outside its load command")
	}
	// Only the padding after a name may be missing.
	name, _, _ := bytes.Cut(data[start:], []byte{0})
	if len(name) > maxName {
		return "", t.bad(CodeLimit, at+int64(start), nameField[what], fmt.Sprintf("longer than %d bytes", maxName))
	}
	return string(name), nil
}

// nameField is the field with the string of a load command.
var nameField = map[string]string{"dylib_command": "dylib.name", "rpath_command": "rpath.path"}

// maxBuilds is more than a library for two systems needs.
const maxBuilds = 16

// minimum reads a version packed as xxxx.yy.zz at byte 8.
func (t *thin) minimum(data []byte, at int64, p Platform, command string) error {
	if len(data) < 12 {
		return t.bad(CodeHeader, at, "LC_VERSION_MIN", "too short")
	}
	if len(t.slice.Builds) == maxBuilds {
		return t.bad(CodeLimit, at, "LC_BUILD_VERSION", fmt.Sprintf("more than %d systems", maxBuilds))
	}
	v := t.order.Uint32(data[8:])
	t.slice.Builds = append(t.slice.Builds, Build{p, Version{int(v >> 16), int(v >> 8 & 0xff), int(v & 0xff)}, command})
	return nil
}

// segment checks that the file has the content that a loader would map. Debug
// symbol files keep the segments of their program without the content.
func (t *thin) segment(wide bool, data []byte, at int64) error {
	least := 40
	if wide {
		least = 56
	}
	if len(data) < least {
		return t.bad(CodeHeader, at, "segment_command", "too short")
	}
	var offset, size uint64
	if wide {
		offset, size = t.order.Uint64(data[40:]), t.order.Uint64(data[48:])
	} else {
		offset, size = uint64(t.order.Uint32(data[32:])), uint64(t.order.Uint32(data[36:]))
	}
	if all := uint64(t.size); t.slice.Kind != Other && (size > all || offset > all-size) {
		return t.bad(CodeTruncated, at, "segment_command", fmt.Sprintf("%d bytes at %d in a file of %d", size, offset, all))
	}
	return nil
}
