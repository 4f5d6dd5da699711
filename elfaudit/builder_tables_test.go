package elfaudit

import (
	"bytes"
	"debug/elf"
)

// tables appends everything the dynamic table leads to, and that table.
func (b *builder) tables() (dynamicAt int) {
	w := uint64(b.size(4, 8))
	for _, n := range b.needed {
		b.entry("DT_NEEDED", elf.DT_NEEDED, uint64(b.str(n)))
	}
	for _, n := range b.filters {
		b.entry("DT_FILTER", dtFilter, uint64(b.str(n)))
	}
	for _, n := range b.auxiliaries {
		b.entry("DT_AUXILIARY", dtAuxiliary, uint64(b.str(n)))
	}
	for _, s := range []struct {
		tag   string
		t     elf.DynTag
		value string
	}{{"DT_SONAME", elf.DT_SONAME, b.soname}, {"DT_RPATH", elf.DT_RPATH, b.rpath}, {"DT_RUNPATH", elf.DT_RUNPATH, b.runpath}} {
		if s.value != "" {
			b.entry(s.tag, s.t, uint64(b.str(s.value)))
		}
	}
	need, def := b.verneed(), b.verdef()
	syms, versym := b.symtab()
	addr := func(off int) uint64 { return uint64(off) + textBase }
	if b.sysvHash != "" {
		b.entry("DT_HASH", elf.DT_HASH, addr(b.place("DT_HASH", b.sysv())))
	}
	if b.gnuHash != "" {
		b.entry("DT_GNU_HASH", elf.DT_GNU_HASH, addr(b.place("DT_GNU_HASH", b.gnu())))
	}
	if b.strFirst {
		b.entry("DT_STRTAB", elf.DT_STRTAB, addr(b.place("DT_STRTAB", b.names)))
	}
	b.entry("DT_SYMTAB", elf.DT_SYMTAB, addr(b.place("DT_SYMTAB", syms)))
	b.data = append(b.data, bytes.Repeat([]byte{b.fill}, b.gap)...)
	if !b.strFirst {
		b.at["DT_STRTAB"] = len(b.data)
		b.entry("DT_STRTAB", elf.DT_STRTAB, addr(len(b.data)))
		b.data = append(b.data, b.names...)
	}
	b.entry("DT_STRSZ", elf.DT_STRSZ, uint64(len(b.names)))
	b.entry("DT_SYMENT", elf.DT_SYMENT, uint64(b.size(16, 24)))
	if len(b.needs)+len(b.defs) > 0 {
		b.entry("DT_VERSYM", elf.DT_VERSYM, addr(b.place("DT_VERSYM", versym)))
	}
	if len(b.needs) > 0 {
		b.entry("DT_VERNEED", elf.DT_VERNEED, addr(b.place("DT_VERNEED", need)))
		b.entry("DT_VERNEEDNUM", elf.DT_VERNEEDNUM, uint64(len(b.needs)+b.needCount))
	}
	if len(b.defs) > 0 {
		b.entry("DT_VERDEF", elf.DT_VERDEF, addr(b.place("DT_VERDEF", def)))
		b.entry("DT_VERDEFNUM", elf.DT_VERDEFNUM, uint64(len(b.defs)))
	}
	if b.relocate {
		rela := b.relocations()
		b.entry("DT_JMPREL", elf.DT_JMPREL, addr(b.place("DT_JMPREL", rela)))
		b.entry("DT_PLTRELSZ", elf.DT_PLTRELSZ, uint64(len(rela)))
		b.entry("DT_PLTREL", elf.DT_PLTREL, uint64(elf.DT_RELA))
	}
	if b.rela != nil {
		table := b.relocationTable(b.rela, true)
		b.entry("DT_RELA", elf.DT_RELA, addr(b.place("DT_RELA", table)))
		b.entry("DT_RELASZ", elf.DT_RELASZ, uint64(len(table)))
		b.entry("DT_RELAENT", elf.DT_RELAENT, 3*w)
	}
	if b.rel != nil {
		table := b.relocationTable(b.rel, false)
		b.entry("DT_REL", elf.DT_REL, addr(b.place("DT_REL", table)))
		b.entry("DT_RELSZ", elf.DT_RELSZ, uint64(len(table)))
		b.entry("DT_RELENT", elf.DT_RELENT, 2*w)
	}
	if b.relr != nil {
		var table []byte
		for _, word := range b.relr {
			table = b.p(table, w, word)
		}
		b.entry("DT_RELR", DTRelr, addr(b.place("DT_RELR", table)))
		b.entry("DT_RELRSZ", DTRelrsz, uint64(len(table)))
		b.entry("DT_RELRENT", DTRelrent, w)
	}
	for _, e := range b.extra {
		b.raw("extra", e[0], e[1])
	}
	b.entry("DT_NULL", elf.DT_NULL, 0)
	var table []byte
	for _, e := range b.dyn {
		table = b.p(table, w, e[0], w, e[1])
	}
	dynamicAt = b.place("PT_DYNAMIC", table)
	for i, tag := range b.tags {
		b.at["tag:"+tag] = dynamicAt + 2*i*int(w)
		b.at["val:"+tag] = dynamicAt + (2*i+1)*int(w)
	}
	return dynamicAt
}

func (b *builder) verneed() (out []byte) {
	for i, n := range b.needs {
		next := uint64(16 + 16*len(n.Versions))
		if i == len(b.needs)-1 {
			next = 0
		}
		out = b.p(out, 2, 1, 2, uint64(len(n.Versions)), 4, uint64(b.str(n.Library)), 4, 16, 4, next)
		for j, v := range n.Versions {
			flags, next := uint64(0), uint64(16)
			if v.Weak {
				flags = verFlagWeak
			}
			if j == len(n.Versions)-1 {
				next = 0
			}
			out = b.p(out, 4, uint64(sysvHash(v.Name)), 2, flags, 2, uint64(v.Index), 4, uint64(b.str(v.Name)), 4, next)
		}
	}
	return out
}

func (b *builder) verdef() (out []byte) {
	for i, d := range b.defs {
		names := append([]string{d.Name}, d.Parents...)
		flags, next := uint64(0), uint64(20+8*len(names))
		if d.Base {
			flags |= verFlagBase
		}
		if d.Weak {
			flags |= verFlagWeak
		}
		if i == len(b.defs)-1 {
			next = 0
		}
		out = b.p(out, 2, 1, 2, flags, 2, uint64(d.Index), 2, uint64(len(names)), 4, uint64(sysvHash(d.Name)), 4, 20, 4, next)
		for j, name := range names {
			next := uint64(8)
			if j == len(names)-1 {
				next = 0
			}
			out = b.p(out, 4, uint64(b.str(name)), 4, next)
		}
	}
	return out
}

func (b *builder) symtab() (syms, versym []byte) {
	syms, versym = make([]byte, b.size(16, 24)), make([]byte, 2)
	index := map[string]uint16{}
	for _, n := range b.needs {
		for _, v := range n.Versions {
			index[v.Name] = v.Index
		}
	}
	for _, d := range b.defs {
		index[d.Name] = d.Index
	}
	for _, s := range b.symbols {
		bind := elf.STB_GLOBAL
		switch {
		case s.Local:
			bind = elf.STB_LOCAL
		case s.Weak:
			bind = elf.STB_WEAK
		case s.Unique:
			bind = stbGNUUnique
		}
		info, section, version := uint64(elf.ST_INFO(bind, s.Type)), uint64(0), uint64(1)
		if s.Defined {
			section = 7
		}
		if s.Version != "" {
			version = uint64(index[s.Version])
		}
		if s.Hidden {
			version |= verHidden
		}
		name, other := uint64(b.str(s.Name)), uint64(s.Visibility)
		if b.wide {
			syms = b.p(syms, 4, name, 1, info, 1, other, 2, section, 8, 0, 8, 0)
		} else {
			syms = b.p(syms, 4, name, 4, 0, 4, 0, 1, info, 1, other, 2, section)
		}
		versym = b.p(versym, 2, version)
	}
	return syms, versym
}

// sysv writes one bucket over all symbols.
func (b *builder) sysv() (out []byte) {
	w := uint64(4)
	if b.sysvHash == "wide" {
		w = 8
	}
	if b.sysvHash == "bucketless" {
		out = b.p(out, 4, 0, 4, uint64(len(b.symbols)+1))
	} else {
		out = b.p(out, w, 1, w, uint64(len(b.symbols)+1), w, 0)
	}
	for range len(b.symbols) + 1 {
		out = b.p(out, w, 0)
	}
	return out
}

// gnu writes one bucket over the defined symbols.
func (b *builder) gnu() (out []byte) {
	w := uint64(b.size(4, 8))
	first := 1
	for _, s := range b.symbols {
		if !s.Defined {
			first++
		}
	}
	switch {
	case b.gnuHash == "empty":
		return b.p(out, 4, 1, 4, 1, 4, 1, 4, 0, w, 0, 4, 0)
	case b.gnuHash == "unhashed":
		return b.p(out, 4, 1, 4, uint64(len(b.symbols)+1), 4, 1, 4, 0, w, 0, 4, 0)
	}
	out = b.p(out, 4, 2, 4, uint64(first), 4, 1, 4, 0, w, ^uint64(0), 4, 0, 4, uint64(first))
	for i := first; i <= len(b.symbols); i++ {
		hash := uint64(gnuHash(b.symbols[i-1].Name) &^ 1)
		if i == len(b.symbols) {
			hash |= 1
		}
		out = b.p(out, 4, hash)
	}
	return out
}

// relocations refers to each undefined symbol.
func (b *builder) relocations() (out []byte) {
	for i, s := range b.symbols {
		switch {
		case s.Defined:
		case b.wide:
			out = b.p(out, 8, 0, 8, uint64(i+1)<<32|7, 8, 0)
		default:
			out = b.p(out, 4, 0, 4, uint64(i+1)<<8|7, 4, 0)
		}
	}
	return out
}

// relocationTable writes relocations, with an addend of zero or without one.
func (b *builder) relocationTable(list []relocation, addend bool) (out []byte) {
	for _, r := range list {
		if b.wide {
			out = b.p(out, 8, r.addr, 8, uint64(r.symbol)<<32|uint64(r.typ))
		} else {
			out = b.p(out, 4, r.addr, 4, uint64(r.symbol)<<8|uint64(r.typ))
		}
		if addend {
			out = b.p(out, uint64(b.size(4, 8)), 0)
		}
	}
	return out
}

// note writes a note padded to align.
func note(order byteOrder, align int, name string, typ uint32, desc []byte) []byte {
	pad := func(b []byte) []byte {
		for len(b)%align != 0 {
			b = append(b, 0)
		}
		return b
	}
	out := order.AppendUint32(nil, uint32(len(name)+1))
	out = order.AppendUint32(out, uint32(len(desc)))
	out = order.AppendUint32(out, typ)
	out = pad(append(append(out, name...), 0))
	return pad(append(out, desc...))
}

// words writes 32-bit numbers.
func words(order byteOrder, v ...uint32) (out []byte) {
	for _, n := range v {
		out = order.AppendUint32(out, n)
	}
	return out
}

// attributeBytes writes build attributes for the whole file.
func attributeBytes(order byteOrder, vendor string, tags ...byte) []byte {
	sub := append([]byte{1}, words(order, uint32(5+len(tags)))...)
	sub = append(sub, tags...)
	section := append([]byte(vendor), 0)
	section = append(section, sub...)
	return append(append([]byte{'A'}, words(order, uint32(4+len(section)))...), section...)
}
