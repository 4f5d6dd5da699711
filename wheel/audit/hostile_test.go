package audit

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// elfHash is the hash of a name in version records (gABI).
func elfHash(name string) (h uint32) {
	for _, c := range []byte(name) {
		h = h<<4 + uint32(c)
		h = (h ^ h&0xf0000000>>24) & 0x0fffffff
	}
	return h
}

// hugeELF writes an extension module of many names: libraries that it needs,
// versions of libc.so.6, and symbols bound to those in turn.
func hugeELF(libraries, versions, symbols int) []byte {
	le := binary.LittleEndian
	names := []byte{0}
	name := func(s string) uint32 {
		names = append(append(names, s...), 0)
		return uint32(len(names) - len(s) - 1)
	}
	libc, symbol := name("libc.so.6"), name("exp")
	dynamic := [][2]uint64{{uint64(elf.DT_NEEDED), uint64(libc)}, {uint64(elf.DT_RUNPATH), uint64(name("$ORIGIN"))}}
	for i := range libraries {
		dynamic = append(dynamic, [2]uint64{uint64(elf.DT_NEEDED), uint64(name(fmt.Sprintf("lib%d.so", i)))})
	}
	needs := le.AppendUint16(le.AppendUint16(nil, 1), uint16(versions))
	needs = le.AppendUint32(le.AppendUint32(le.AppendUint32(needs, libc), 16), 0)
	for i := range versions {
		next := uint32(16)
		if i == versions-1 {
			next = 0
		}
		version := fmt.Sprintf("GLIBC_2.%d", 1000+i)
		needs = le.AppendUint16(le.AppendUint16(le.AppendUint32(needs, elfHash(version)), 0), uint16(2+i))
		needs = le.AppendUint32(le.AppendUint32(needs, name(version)), next)
	}
	table, bound := make([]byte, 24), make([]byte, 2)
	for i := range symbols {
		table = append(le.AppendUint32(table, symbol), byte(elf.STB_GLOBAL)<<4)
		table = append(table, make([]byte, 19)...)
		bound = le.AppendUint16(bound, uint16(2+i%versions))
	}
	hash := le.AppendUint32(le.AppendUint32(nil, 1), uint32(symbols+1))
	hash = append(hash, make([]byte, 4*(symbols+2))...)

	data := make([]byte, 64+2*56)
	place := func(tag elf.DynTag, part []byte) {
		dynamic = append(dynamic, [2]uint64{uint64(tag), uint64(len(data))})
		data = append(data, part...)
		data = append(data, make([]byte, -len(data)&7)...)
	}
	place(elf.DT_SYMTAB, table)
	place(elf.DT_STRTAB, names)
	place(elf.DT_HASH, hash)
	place(elf.DT_VERSYM, bound)
	place(elf.DT_VERNEED, needs)
	dynamic = append(dynamic, [][2]uint64{{uint64(elf.DT_VERNEEDNUM), 1}, {uint64(elf.DT_STRSZ), uint64(len(names))}, {}}...)
	at := uint64(len(data))
	for _, e := range dynamic {
		data = le.AppendUint64(le.AppendUint64(data, e[0]), e[1])
	}
	var head bytes.Buffer
	binary.Write(&head, le, elf.Header64{
		Ident: [16]byte{0x7f, 'E', 'L', 'F', 2, 1, 1}, Type: uint16(elf.ET_DYN), Machine: uint16(elf.EM_X86_64), Version: 1,
		Phoff: 64, Ehsize: 64, Phentsize: 56, Phnum: 2,
	})
	size := uint64(len(data))
	binary.Write(&head, le, elf.Prog64{Type: uint32(elf.PT_LOAD), Flags: uint32(elf.PF_R | elf.PF_W), Filesz: size, Memsz: size, Align: 4096})
	binary.Write(&head, le, elf.Prog64{Type: uint32(elf.PT_DYNAMIC), Off: at, Vaddr: at, Filesz: size - at, Memsz: size - at})
	copy(data, head.Bytes())
	return data
}

// TestManyNames: the work stays linear in the names of a file. Where each name
// is searched among all others this takes minutes.
func TestManyNames(t *testing.T) {
	libraries, versions, symbols, others := 8000, 8000, 150_000, 500
	if testing.Short() {
		libraries, versions, symbols, others = 3000, 3000, 30_000, 200
	}
	files := map[string][]byte{"demo.so": hugeELF(libraries, versions, symbols)}
	small := hugeELF(0, 1, 1)
	for i := range others {
		files[fmt.Sprintf("%d/demo.so", i)] = small
		files[fmt.Sprintf("demo.libs/lib%d.so", i)] = small
	}
	w := wheelOf(t, files)
	r, err := New(Options{}).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), fuzzName)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	bound := 0
	for _, f := range r.Findings {
		if f.File == "demo.so" {
			count[f.Rule]++
			bound += len(f.Symbols)
		}
	}
	// The first libraries are in the wheel, where no run path leads, and the file is
	// not a module.
	if count["WT201"] != versions || count["WT202"] != libraries-others || count["WT230"] != others || bound != symbols {
		t.Errorf("%v, %d symbols", count, bound)
	}
	e := Explain(r)
	// No file has a stack header, and none of the others is found.
	if len(e.Floor) != versions+libraries-others+4*others+1 || !strings.HasPrefix(e.Sentence, "Does not qualify for any manylinux or musllinux tag") {
		t.Errorf("%d causes: %s", len(e.Floor), e.Sentence)
	}
}

// TestManyTables: the tables of all files together are bounded, and beyond that
// nothing is said about any of them.
func TestManyTables(t *testing.T) {
	files := map[string][]byte{}
	for i := range 20 {
		files[fmt.Sprintf("%d.so", i)] = hugeELF(100, 100, 100)
	}
	w := wheelOf(t, files)
	for _, jobs := range []int{1, 4} {
		a := New(Options{Jobs: jobs})
		need := int64(0)
		for most, want := range map[int64]finding.Verdict{1 << 10: finding.Unknown, 1 << 30: finding.Fail} {
			a.tables = most
			archive, err := wheel.Open(bytes.NewReader(w), int64(len(w)))
			if err != nil {
				t.Fatal(err)
			}
			s, err := a.subject(t.Context(), archive, int64(len(w)), fuzzName)
			if err != nil {
				t.Fatal(err)
			}
			unread := 0
			for _, f := range s.ELF.Files {
				need += f.Footprint()
				if f.Err != nil {
					unread++
				}
			}
			r := s.Report()
			if r.Verdict != want || (unread == len(files)) != (want == finding.Unknown) {
				t.Errorf("%d bytes, %d jobs: %s, %d of %d files unread", most, jobs, r.Verdict, unread, len(r.ELF))
			}
		}
		// The sum decides, to the byte.
		for most, want := range map[int64]finding.Verdict{need - 1: finding.Unknown, need: finding.Fail} {
			a.tables = most
			if r, err := a.Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), fuzzName); err != nil || r.Verdict != want {
				t.Errorf("%d bytes: %v, %v", most, r.Verdict, err)
			}
		}
	}
}
