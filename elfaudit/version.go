package elfaudit

import (
	"fmt"
	"slices"
)

// VersionNeed is a library and the versions of it that the file was linked
// against. glibc refuses to load a file for which one of them is missing.
type VersionNeed struct {
	Library  string // as in DT_NEEDED
	Versions []Version
}

// Version is one symbol version needed from a library.
type Version struct {
	Name  string
	Weak  bool   // VER_FLG_WEAK: the loader only warns when it is missing
	Index uint16 // how the symbol table refers to it
}

// VersionDef is one symbol version that the file defines.
type VersionDef struct {
	Name    string
	Base    bool     // VER_FLG_BASE: names the file itself, not a set of symbols
	Weak    bool     // VER_FLG_WEAK: no symbol has it
	Index   uint16   // how the symbol table refers to it
	Parents []string // versions that it includes
}

// Flags of version records, and the parts of a symbol's version number.
const (
	verFlagBase   = 1
	verFlagWeak   = 2
	verHidden     = 0x8000
	verIndexMask  = 0x7fff
	verFirstIndex = 2 // 0 is local, 1 is global without a version
)

// versionRef is what a version index means to a symbol.
type versionRef struct {
	name    string
	library string // "" for a version that the file defines
}

// readVersions reads both version tables and the index over them.
func (p *parser) readVersions() error {
	if err := p.readVersionNeeds(); err != nil {
		return err
	}
	return p.readVersionDefs()
}

// chain walks linked version records within one loadable segment. glibc's loader
// follows the links and ignores the counts, other readers do the opposite; where
// the two disagree the file is refused.
type chain struct {
	end   int64 // of the segment's bytes
	left  *int  // records that may still be read, over all chains of the table
	field string
}

// walk calls visit with the file offset of each of n records of size bytes
// from off on. visit returns the distance to the next record.
func (c chain) walk(off int64, n uint64, size int64, visit func(off int64) (next uint32, err error)) error {
	for i := uint64(0); i < n; i++ {
		if *c.left--; *c.left < 0 {
			return bad(CodeLimit, off, c.field, "more than 65,536 version records")
		}
		next, err := visit(off)
		if err != nil {
			return err
		}
		if last := i == n-1; last != (next == 0) {
			return bad(CodeVersion, off, c.field, "its chain and its count of records disagree")
		}
		if next != 0 && int64(next) < size {
			return bad(CodeVersion, off, c.field, "version records overlap")
		}
		off += int64(next)
	}
	return nil
}

// versionTable locates a version table and its number of records.
func (p *parser) versionTable(table, count entry, field string) (off int64, n uint64, c chain, err error) {
	d := &p.dyn
	if !d.has[count] || d.value[count] == 0 {
		return 0, 0, c, bad(CodeDynamic, d.off, field, "the number of its records is missing or zero")
	}
	off, end, err := p.locate(d.value[table], field)
	left := maxVersions
	return off, d.value[count], chain{end: end, left: &left, field: field}, err
}

// readVersionNeeds reads DT_VERNEED: for each library a chain of versions.
func (p *parser) readVersionNeeds() error {
	if !p.dyn.has[dynVerneed] {
		return nil
	}
	const size = 16 // of both sorts of record
	off, n, c, err := p.versionTable(dynVerneed, dynVerneednum, "DT_VERNEED")
	if err != nil {
		return err
	}
	needs := make([]VersionNeed, 0, min(n, 8))
	versions := make([]Version, 0, 16) // of all libraries, divided at the end
	err = c.walk(off, n, size, func(off int64) (uint32, error) {
		b, err := p.at(off, size, c.end, c.field)
		if err != nil {
			return 0, err
		}
		if p.u16(b) != 1 {
			return 0, bad(CodeVersion, off, c.field, "not revision 1 of the format")
		}
		count, nameAt, aux, next := p.u16(b[2:]), p.u32(b[4:]), p.u32(b[8:]), p.u32(b[12:])
		library, err := p.strs.get(uint64(nameAt), c.field)
		if err != nil {
			return 0, err
		}
		if count == 0 {
			return 0, bad(CodeVersion, off, c.field, "a library without a version")
		}
		first := len(versions)
		err = c.walk(off+int64(aux), uint64(count), size, func(off int64) (uint32, error) {
			v, next, err := p.readVersion(off, library, c)
			versions = append(versions, v)
			return next, err
		})
		// versions may move while it grows; the slice is corrected below.
		needs = append(needs, VersionNeed{Library: library, Versions: versions[first:]})
		return next, err
	})
	if err != nil {
		return err
	}
	for i := range needs {
		count := len(needs[i].Versions)
		needs[i].Versions, versions = versions[:count:count], versions[count:]
	}
	p.f.VersionNeeds = needs
	return nil
}

// readVersion reads one version needed from library. glibc compares hashes before
// names (elf/dl-version.c), so it never finds a version with a wrong hash.
func (p *parser) readVersion(off int64, library string, c chain) (v Version, next uint32, err error) {
	b, err := p.at(off, 16, c.end, c.field)
	if err != nil {
		return v, 0, err
	}
	hash := p.u32(b)
	v.Weak = p.u16(b[4:])&verFlagWeak != 0
	v.Index = p.u16(b[6:]) & verIndexMask
	nameAt, next := p.u32(b[8:]), p.u32(b[12:])
	if v.Name, err = p.strs.get(uint64(nameAt), c.field); err != nil {
		return v, 0, err
	}
	if hash != sysvHash(v.Name) {
		return v, 0, bad(CodeVersion, off, c.field, fmt.Sprintf("the hash of version %s is not that of its name", v.Name))
	}
	return v, next, p.addVersion(off, v.Index, versionRef{v.Name, library}, c.field)
}

// readVersionDefs reads DT_VERDEF: for each version a chain of names, its own
// and those of its parents.
func (p *parser) readVersionDefs() error {
	if !p.dyn.has[dynVerdef] {
		return nil
	}
	const size, nameSize = 20, 8
	off, n, c, err := p.versionTable(dynVerdef, dynVerdefnum, "DT_VERDEF")
	if err != nil {
		return err
	}
	defs := make([]VersionDef, 0, min(n, 16))
	names := make([]string, 0, 16) // of all versions, divided at the end
	err = c.walk(off, n, size, func(off int64) (uint32, error) {
		b, err := p.at(off, size, c.end, c.field)
		if err != nil {
			return 0, err
		}
		if p.u16(b) != 1 {
			return 0, bad(CodeVersion, off, c.field, "not revision 1 of the format")
		}
		flags, count := p.u16(b[2:]), p.u16(b[6:])
		def := VersionDef{Base: flags&verFlagBase != 0, Weak: flags&verFlagWeak != 0, Index: p.u16(b[4:]) & verIndexMask}
		hash, aux, next := p.u32(b[8:]), p.u32(b[12:]), p.u32(b[16:])
		if count == 0 {
			return 0, bad(CodeVersion, off, c.field, "a version without a name")
		}
		first := len(names)
		err = c.walk(off+int64(aux), uint64(count), nameSize, func(off int64) (uint32, error) {
			b, err := p.at(off, nameSize, c.end, c.field)
			if err != nil {
				return 0, err
			}
			next := p.u32(b[4:])
			name, err := p.strs.get(uint64(p.u32(b)), c.field)
			names = append(names, name)
			return next, err
		})
		if err != nil {
			return 0, err
		}
		def.Name, def.Parents = names[first], names[first:]
		if !def.Base && hash != sysvHash(def.Name) {
			return 0, bad(CodeVersion, off, c.field, fmt.Sprintf("the hash of version %s is not that of its name", def.Name))
		}
		defs = append(defs, def)
		return next, p.addVersion(off, def.Index, versionRef{name: def.Name}, c.field)
	})
	if err != nil {
		return err
	}
	for i := range defs {
		count := len(defs[i].Parents) // with its own name
		defs[i].Parents = nil
		if count > 1 {
			defs[i].Parents = names[1:count:count]
		}
		names = names[count:]
	}
	p.f.VersionDefs = defs
	return nil
}

// addVersion enters a version in the index that symbols refer to.
func (p *parser) addVersion(off int64, index uint16, ref versionRef, field string) error {
	if index < verFirstIndex {
		return nil // no symbol can refer to it
	}
	table := p.f.syms.versions
	if more := int(index) + 1 - len(table); more > 0 {
		table = slices.Grow(table, max(more, 16-len(table)))[:index+1]
		p.f.syms.versions = table
	}
	if old := table[index]; old.name != "" && old != ref {
		return bad(CodeVersion, off, field, fmt.Sprintf("version index %d means both %s and %s", index, old.name, ref.name))
	}
	table[index] = ref
	return nil
}
