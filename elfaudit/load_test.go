package elfaudit

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// TestLoads expects the headers as they are in the file.
func TestLoads(t *testing.T) {
	for _, v := range variants {
		m := newModel(v.wide, v.big, v.machine)
		b := m.build()
		at, end := uint64(b.at["PT_DYNAMIC"]), uint64(b.at["attributes"])
		want := []Load{
			{0, textBase, at, at, 0x1000, elf.PF_R | elf.PF_X},
			{at, at + dataBase, end - at, end - at, 0x10000, elf.PF_R | elf.PF_W},
		}
		f := mustRead(t, b)
		if !slices.Equal(f.Loads, want) || !f.LoadsAscend() {
			t.Errorf("%s: ascend %v, %+v, want %+v", v.name, f.LoadsAscend(), f.Loads, want)
		}
		size := 56
		if !v.wide {
			size = 32
		}
		// The other way round the bytes are the same.
		text, data := b.data[b.at["ph:text"]:][:size], b.data[b.at["ph:data"]:][:size]
		first := slices.Clone(text)
		copy(text, data)
		copy(data, first)
		slices.Reverse(want)
		f = mustRead(t, b)
		if !slices.Equal(f.Loads, want) || f.LoadsAscend() || f.Soname != "demo.so" {
			t.Errorf("%s: ascend %v, %+v, want %+v", v.name, f.LoadsAscend(), f.Loads, want)
		}
	}
}

func TestCongruent(t *testing.T) {
	for _, tt := range []struct {
		load Load
		n    uint64
		want bool
	}{
		{Load{Offset: 0x1040, Addr: 0x5040}, 0x1000, true},
		{Load{Offset: 0x1040, Addr: 0x5040}, 0x4000, true},
		{Load{Offset: 0x1040, Addr: 0x5040}, 0x8000, false},
		{Load{Offset: 0x1040, Addr: 0x2050}, 0x1000, false},
		{Load{Offset: 0x5040, Addr: 0x1040}, 0x4000, true},
		{Load{Offset: 0x5040, Addr: 0x1048}, 8, true},
		{Load{Offset: 0x5040, Addr: 0x1048}, 16, false},
		{Load{Offset: 3, Addr: 8}, 0, true},
		{Load{Offset: 3, Addr: 8}, 1, true},
	} {
		if got := tt.load.Congruent(tt.n); got != tt.want {
			t.Errorf("%#x at %#x modulo %#x: %v", tt.load.Offset, tt.load.Addr, tt.n, got)
		}
	}
}

// TestOverlap puts a third segment near the text segment, which holds all tables.
// Loaders map whole pages, so it may hide what is there.
func TestOverlap(t *testing.T) {
	m := newModel(true, false, elf.EM_X86_64)
	b := m.build()
	textEnd := uint64(b.at["PT_DYNAMIC"]) // less than a page
	const page = 0x1000
	for _, tt := range []struct {
		name                     string
		off, addr, filesz, memsz uint64
		ok                       bool
	}{
		{"zeros over bytes", 0, textBase + 8, 0, 8, false},
		{"zeros behind them in the page", 0, textBase + textEnd + 8, 0, 8, false},
		{"zeros in the next page", 0, textBase + page, 0, 8, true},
		{"zeros before them in another page", 0, textBase - page, 0, page, true},
		{"zeros before them that reach into the page", 0, textBase - 8, 0, 16, false},
		{"zeros that end in the page before", 0, textBase - 8, 0, 8, true},
		{"nothing in the page", 0x200, textBase + textEnd + 8, 0, 0, false},
		{"nothing in the page, from the same place of the file", textEnd + 8, textBase + textEnd + 8, 0, 0, true},
		{"nothing at the start of the page", 0x200, textBase, 0, 0, true},
		{"nothing in the next page", 0x200, textBase + page + 8, 0, 0, true},
		{"other bytes in the page", 0, textBase + textEnd + 8, 8, 8, false},
		{"the same bytes in the page", textEnd + 8, textBase + textEnd + 8, 8, 8, true},
		{"the same bytes in the page, then zeros", textEnd + 8, textBase + textEnd + 8, 8, 8 + page, true},
		{"other bytes in the next page", 0, textBase + page, 8, 8, true},
		{"bytes in the last byte of the text", 0, textBase + textEnd - 1, 1, 1, false},
	} {
		b := m.build()
		at := b.at["ph:relro"]
		m.put(b, at, uint64(elf.PT_LOAD)|uint64(elf.PF_R|elf.PF_W)<<32, 8)
		for i, v := range []uint64{tt.off, tt.addr, tt.addr, tt.filesz, tt.memsz} {
			m.put(b, at+8+8*i, v, 8)
		}
		f, err := Read(bytes.NewReader(b.data), int64(len(b.data)))
		if tt.ok {
			if err != nil || f.Soname != "demo.so" {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		higher := max(tt.addr, textBase)
		want := fmt.Sprintf("PT_LOAD: two loadable segments overlap at address %#x", higher)
		var format *FormatError
		if f != nil || !errors.As(err, &format) || format.Code != CodeSegment || err.Error() != want {
			t.Errorf("%s: %v, want %s", tt.name, err, want)
		}
	}
}

// TestOverlapZeros extends the text segment with zeros, as a data segment has
// them, into the page of the one that follows it.
func TestOverlapZeros(t *testing.T) {
	m := newModel(true, false, elf.EM_X86_64)
	b := m.build()
	dataPage := (uint64(b.at["PT_DYNAMIC"]) + dataBase) &^ 0xfff
	for end, ok := range map[uint64]bool{dataPage: true, dataPage + 1: false} {
		m.put(b, b.at["ph:text"]+40, end-textBase, 8)
		if f, err := Read(bytes.NewReader(b.data), int64(len(b.data))); ok != (err == nil) {
			t.Errorf("zeros up to %#x: %v, %v", end, f, err)
		}
	}
}

// TestSegmentBounds: a segment may end with the address space, not behind it.
func TestSegmentBounds(t *testing.T) {
	for _, wide := range []bool{true, false} {
		m := newModel(wide, false, elf.EM_X86_64)
		top, size, sizes, flags := uint64(1)<<63, 8, 40, 4
		if !wide {
			top, size, sizes, flags = 1<<32, 4, 20, 24
		}
		for _, tt := range []struct {
			addr, memsz uint64
			ok          bool
		}{{top - 0x1000, 0x1000, true}, {top - 0x1000, 0x1001, false}, {top - 0xfff, 0x1000, false}, {0, top - 1, false}} {
			b := m.build()
			at := b.at["ph:relro"]
			m.put(b, at, uint64(elf.PT_LOAD), 4)
			m.put(b, at+flags, uint64(elf.PF_R|elf.PF_W), 4)
			m.put(b, at+2*size, tt.addr, size)
			m.put(b, at+sizes-size, 0, size)
			m.put(b, at+sizes, tt.memsz, size)
			_, err := Read(bytes.NewReader(b.data), int64(len(b.data)))
			if ok := err == nil; ok != tt.ok {
				t.Errorf("64-bit %v, %#x bytes at %#x: %v", wide, tt.memsz, tt.addr, err)
			}
		}
	}
}

// TestFirstSegmentEmpty: an empty segment does not hide those that follow, and
// nothing but empty ones is an error.
func TestFirstSegmentEmpty(t *testing.T) {
	m := newModel(true, false, elf.EM_X86_64)
	b := m.build()
	text, other := b.data[b.at["ph:text"]:][:56], b.data[b.at["ph:relro"]:][:56]
	copy(other, text)
	clear(text[4:])
	f := mustRead(t, b)
	if len(f.Loads) != 3 || f.Loads[0] != (Load{}) || f.LoadAlign != 0x1000 || f.Soname != "demo.so" {
		t.Errorf("%+v, align %#x, soname %q", f.Loads, f.LoadAlign, f.Soname)
	}
	for _, at := range []int{b.at["ph:relro"], b.at["ph:data"]} {
		clear(b.data[at+4:][:52])
	}
	if f, err := Read(bytes.NewReader(b.data), int64(len(b.data))); f != nil || err == nil || err.Error() != "PT_LOAD: no loadable segment" {
		t.Errorf("nothing but empty segments: %v, %v", f, err)
	}
}
