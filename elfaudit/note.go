package elfaudit

import (
	"bytes"
	"debug/elf"
	"slices"
)

// ABITag is what .note.ABI-tag asks for. Older releases of glibc refuse a file
// that asks for another system or for a newer kernel than the running one.
type ABITag struct {
	OS     uint32    // 0 Linux, 1 Hurd, 2 Solaris, 3 FreeBSD, 4 NetBSD
	Kernel [3]uint32 // the oldest kernel release that is enough
}

// Android is what .note.android.ident states.
type Android struct {
	API uint32 // the lowest API level
	NDK string // release of the development kit, such as "r27c", or ""
}

// Types of notes, by owner.
const (
	noteABITag     = 1 // GNU
	noteBuildID    = 3 // GNU
	noteProperties = 5 // GNU
	noteAndroid    = 1 // Android
)

// readNotes reads the note segments. PT_GNU_PROPERTY comes first, because a
// loader that finds one there looks no further.
func (p *parser) readNotes() error {
	left := uint64(maxNoteBytes) // over all segments, which may share their bytes
	for _, typ := range [...]elf.ProgType{elf.PT_GNU_PROPERTY, elf.PT_NOTE} {
		for i := range p.segs {
			if s := &p.segs[i]; s.typ == typ {
				if err := p.readNoteSegment(i, s, left); err != nil {
					return err
				}
				left -= s.filesz
			}
		}
	}
	return nil
}

// readNoteSegment walks the notes of one segment of at most left bytes. Old tools
// wrote segments with other contents: like a loader, it stops where they begin.
func (p *parser) readNoteSegment(i int, s *segment, left uint64) error {
	const field = "PT_NOTE"
	size := uint64(p.size)
	switch {
	case s.off > size || s.filesz > size-s.off:
		return bad(CodeTruncated, p.headerOffset(i), field, "extends past the end of the file")
	case s.filesz > left:
		return bad(CodeLimit, p.headerOffset(i), field, "more than 1 MiB of notes")
	}
	align := int64(4)
	if s.align == 8 {
		align = 8
	}
	off, end := int64(s.off), int64(s.off+s.filesz)
	for end-off >= 12 { // fewer bytes are padding
		b, err := p.at(off, 12, end, field)
		if err != nil {
			return err
		}
		nameSize, descSize, typ := int64(p.u32(b)), int64(p.u32(b[4:])), p.u32(b[8:])
		desc := off + alignUp(12+nameSize, align)
		if desc > end || descSize > end-desc {
			p.f.NotesBroken = true
			return nil
		}
		if err := p.readNote(off+12, nameSize, desc, descSize, typ); err != nil {
			return err
		}
		off = desc + alignUp(descSize, align)
	}
	return nil
}

// alignUp rounds n up to a multiple of align, a power of two.
func alignUp(n, align int64) int64 { return (n + align - 1) &^ (align - 1) }

// readNote takes the facts of one note, if it is one of the four that matter.
func (p *parser) readNote(nameAt, nameSize, desc, descSize int64, typ uint32) error {
	if nameSize != 4 && nameSize != 8 {
		return nil
	}
	b, err := p.at(nameAt, nameSize, p.size, "note name")
	if err != nil {
		return err
	}
	switch string(b) {
	case "GNU\x00":
		return p.readGNUNote(desc, descSize, typ)
	case "Android\x00":
		if typ == noteAndroid && descSize >= 4 && p.f.Android == nil {
			return p.readAndroidNote(desc, min(descSize, 68))
		}
	}
	return nil
}

// readGNUNote reads a note of the GNU tools. The first of its type counts.
func (p *parser) readGNUNote(desc, descSize int64, typ uint32) error {
	f := p.f
	switch typ {
	case noteABITag:
		if f.ABITag != nil || descSize != 16 { // a loader looks for one of four numbers
			return nil
		}
		b, err := p.at(desc, 16, p.size, "NT_GNU_ABI_TAG")
		if err != nil {
			return err
		}
		f.ABITag = &ABITag{OS: p.u32(b), Kernel: [3]uint32{p.u32(b[4:]), p.u32(b[8:]), p.u32(b[12:])}}
	case noteBuildID:
		if f.BuildID != nil || descSize == 0 || descSize > maxBuildID {
			return nil
		}
		b, err := p.at(desc, descSize, p.size, "NT_GNU_BUILD_ID")
		if err != nil {
			return err
		}
		f.BuildID = slices.Clone(b)
	case noteProperties:
		if f.Properties.Present {
			return nil
		}
		f.Properties.Present = true
		return p.readProperties(desc, desc+descSize)
	}
	return nil
}

// readAndroidNote reads the API level and, if there, the NDK's release.
func (p *parser) readAndroidNote(desc, descSize int64) error {
	b, err := p.at(desc, descSize, p.size, "Android note")
	if err != nil {
		return err
	}
	release, _, _ := bytes.Cut(b[4:], []byte{0})
	p.f.Android = &Android{API: p.u32(b), NDK: string(release)}
	return nil
}
