package elfaudit

import (
	"debug/elf"
	"errors"
	"io"
	"testing"
)

// TestStringTableEnd: a string without an end has the place where it begins in the
// error.
func TestStringTableEnd(t *testing.T) {
	for text, want := range map[string]string{"": "", "\x00a\x00": "", "ab\x00cd": "DT_STRTAB: the last string has no end (at offset 0x67)", "x": "DT_STRTAB: the last string has no end (at offset 0x64)"} {
		if _, err := newStringTable(text, 100); want == "" && err != nil || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// TestAddVersion: an index may be there twice with one meaning, and 0 and 1 mean none.
func TestAddVersion(t *testing.T) {
	p := parser{f: &File{}}
	ref := versionRef{"GLIBC_2.17", "libc.so.6"}
	for index, want := range []int{0, 0, 3, 4} {
		if err := errors.Join(p.addVersion(9, uint16(index), ref, "DT_VERNEED"), p.addVersion(9, uint16(index), ref, "DT_VERNEED")); err != nil || len(p.f.syms.versions) != want {
			t.Errorf("%d: %v, %d in the index", index, err, len(p.f.syms.versions))
		}
	}
	err := p.addVersion(9, 3, versionRef{"GLIBC_2.34", "libc.so.6"}, "DT_VERNEED")
	if err == nil || err.Error() != "DT_VERNEED: version index 3 means both GLIBC_2.17 and GLIBC_2.34 (at offset 0x9)" {
		t.Error(err)
	}
	if p.f.syms.versions[3] != ref {
		t.Errorf("%v", p.f.syms.versions)
	}
}

// TestOfGlibc: the libraries that glibc is made of, its loader among them.
func TestOfGlibc(t *testing.T) {
	for name, want := range map[string]bool{
		"libc.so.6": true, "libm.so.6": true, "libpthread.so.0": true, "libdl.so.2": true, "librt.so.1": true, "libutil.so.1": true, "libmvec.so.1": true, "libresolv.so.2": true,
		"libanl.so.1": true, "libnsl.so.1": true, "ld-linux-x86-64.so.2": true, "ld64.so.2": true, "libgcc_s.so.1": false, "libc.musl-x86_64.so.1": false, "libm.dylib": false,
	} {
		if ofGlibc(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}

// TestFindSegment: an address is in the segment with it, which may be writable, or in
// none.
func TestFindSegment(t *testing.T) {
	w := writable{loads: []segment{{vaddr: 0x1000, memsz: 0x100, flags: elf.PF_R}, {vaddr: 0x2000, memsz: 0x100, flags: elf.PF_R | elf.PF_W}}}
	for _, c := range []struct {
		addr       uint64
		inside, ok bool
	}{{0x1000, true, false}, {0x10ff, true, false}, {0x1100, false, false}, {0xfff, false, false}, {0x2000, true, true}, {0x20ff, true, true}, {0x2100, false, false}, {0x1000, true, false}} {
		if inside, ok := w.find(c.addr); inside != c.inside || ok != c.ok {
			t.Errorf("%#x: %v, %v", c.addr, inside, ok)
		}
	}
}

// TestSharedPage: two segments may share a page if both take it from one place of the
// file, and the first has no zeros behind its bytes.
func TestSharedPage(t *testing.T) {
	for _, c := range []struct {
		what   string
		memsz  uint64
		vaddr  uint64
		shared bool
	}{
		{"one place", 0x100, 0x10300, true},
		{"zeros", 0x200, 0x10300, false},
		{"another place", 0x100, 0x10400, false},
		{"another page", 0x200, 0x11300, true},
		{"one behind the other", 0x300, 0x10300, false},
		{"over each other", 0x301, 0x10300, false},
	} {
		p := parser{image: image{loads: []segment{{vaddr: c.vaddr, off: 0x300, filesz: 1, memsz: 1}, {vaddr: 0x10000, off: 0, filesz: 0x100, memsz: c.memsz}}}}
		if err := p.checkOverlap(); (err == nil) != c.shared {
			t.Errorf("%s: %v", c.what, err)
		}
	}
}

// TestRelocationEntries: each tag about relocations has an entry of its own.
func TestRelocationEntries(t *testing.T) {
	for tag, want := range map[elf.DynTag]entry{
		elf.DT_RELA: dynRela, elf.DT_RELASZ: dynRelasz, elf.DT_RELAENT: dynRelaent, elf.DT_REL: dynRel, elf.DT_RELSZ: dynRelsz, elf.DT_RELENT: dynRelent,
		DTRelr: dynRelr, DTRelrsz: dynRelrsz, DTRelrent: dynRelrent, elf.DT_JMPREL: dynJmprel, elf.DT_PLTRELSZ: dynPltrelsz, elf.DT_PLTREL: dynPltrel,
		elf.DT_RELACOUNT: dynRelacount, elf.DT_RELCOUNT: dynRelcount,
	} {
		if got, ok := relocationEntryOf(tag); !ok || got != want {
			t.Errorf("%v: %v, %v", tag, got, ok)
		}
	}
	if got, ok := relocationEntryOf(elf.DT_NEEDED); ok || got != 0 {
		t.Errorf("DT_NEEDED: %v", got)
	}
}

// TestFormatErrorText: an error of the reader is part of the message.
func TestFormatErrorText(t *testing.T) {
	for want, e := range map[string]*FormatError{
		"DT_HASH: wrong (at offset 0x10)":     {Offset: 16, Field: "DT_HASH", Reason: "wrong"},
		"e_phnum: wrong":                      {Offset: -1, Field: "e_phnum", Reason: "wrong"},
		"e_ident: wrong (at offset 0x0): EOF": {Field: "e_ident", Reason: "wrong", Cause: io.EOF},
	} {
		if e.Error() != want || e.Unwrap() != e.Cause {
			t.Errorf("%s, want %s", e, want)
		}
	}
}

// TestStaticNeedsNoLoader: a program that names an interpreter is not static, even if it
// needs no library.
func TestStaticNeedsNoLoader(t *testing.T) {
	for _, interp := range []string{"", "/lib/ld.so"} {
		m := newModel(true, false, elf.EM_X86_64)
		m.typ, m.interp, m.needed, m.needs, m.soname = elf.ET_EXEC, interp, nil, nil, ""
		m.symbols = m.symbols[3:]
		if f := mustRead(t, m.build()); f.Static != (interp == "") || f.Kind != KindExecutable {
			t.Errorf("interpreter %q: static %v, %v", interp, f.Static, f.Kind)
		}
	}
}

// TestPunycodeLast: the last character of Unicode is decoded, and nothing above it.
func TestPunycodeLast(t *testing.T) {
	if got, ok := decodePunycode("dn32g"); !ok || got != "\U0010ffff" {
		t.Errorf("%q, %v", got, ok)
	}
	if got, ok := decodePunycode("en32g"); ok {
		t.Errorf("%q", got)
	}
}
