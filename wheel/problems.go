package wheel

import (
	"fmt"
	"strings"

	"github.com/wheeltag/wheeltag/internal/unzip"
)

// Problems lists what is wrong with the directory of the archive: where tools that read
// zip files disagree about it, and what installers or PyPI refuse. It reads no more of
// the file than [Open] did, and reports up to 1,000 problems.
func (a *Archive) Problems() []*Error {
	var p problems
	a.endProblems(&p)
	a.zip64Problems(&p)
	paths := newPathSet(len(a.dir.Entries))
	for i := range a.dir.Entries {
		e := &a.dir.Entries[i]
		nameProblems(&p, e)
		pathProblems(&p, e)
		entryProblems(&p, e)
		paths.add(&p, e)
	}
	paths.conflicts(&p, a.dir.Entries)
	a.sizeProblems(&p)
	return p
}

// ambiguous gives the first problem of the directory by which readers see different
// files, or nil.
func (a *Archive) ambiguous() *Error {
	var p problems
	a.endProblems(&p)
	a.zip64Problems(&p)
	for i := range a.dir.Entries {
		nameProblems(&p, &a.dir.Entries[i])
		overlapProblem(&p, &a.dir.Entries[i])
	}
	for _, one := range p {
		if one.Code.Ambiguous() {
			return one
		}
	}
	return nil
}

// endProblems judges the end record and the place of the directory.
func (a *Archive) endProblems(p *problems) {
	d := a.dir
	end := &d.End
	if d.TwoDirectories {
		p.add("", d.Start, CodeTwoDirectories, "the directory that the archive states, at offset %d, is not the one before its end record, at offset %d", end.Totals.Offset, d.Start)
	} else if d.Shift != 0 {
		p.add("", 0, CodePrefix, "offsets are wrong by %d bytes: something was put before the archive or into it", d.Shift)
	}
	if n := uint64(len(d.Entries)); n != end.Entries || n != end.DiskEntries {
		p.add("", end.Offset, CodeEntryCount, "the directory has %d entries; %d are stated", n, end.Entries)
	}
	if d.Rest > 0 {
		p.add("", d.Start, CodeDirectorySize, "the last entry ends %d bytes after the directory", d.Rest)
	}
	if end.Disk != 0 || end.StartDisk != 0 {
		p.add("", end.Offset, CodeDisk, "the archive states that it is part %d of several", end.Disk)
	}
	switch behind := end.Behind - int64(end.CommentSize); {
	case behind > 0:
		p.add("", a.size-behind, CodeTrailing, "%d bytes follow the archive", behind)
	case behind < 0:
		p.add("", end.Offset, CodeComment, "the comment of the archive lacks %d of %d bytes", -behind, end.CommentSize)
	}
}

// zip64Problems judges the ZIP64 end record and its locator.
func (a *Archive) zip64Problems(p *problems) {
	end := &a.dir.End
	z, plain := end.Zip64, end.Plain
	refers := plain.Entries == 1<<16-1 || plain.DiskEntries == 1<<16-1 || plain.Size == 1<<32-1 || plain.Offset == 1<<32-1
	switch {
	case z == nil && refers && plain.Offset+plain.Size > uint64(end.Offset):
		p.add("", end.Offset, CodeZip64Missing, "the end record refers to a ZIP64 end record, and there is none")
		return
	case z == nil:
		return
	case !z.Found:
		p.add("", z.Locator, CodeZip64Missing, "the ZIP64 locator does not follow a ZIP64 end record")
		return
	}
	if z.Stated != z.Offset {
		p.add("", z.Locator, CodeZip64Locator, "the ZIP64 end record is at offset %d; its locator states %d", z.Offset, z.Stated)
	}
	if z.RecordSize != 44 {
		p.add("", z.Offset, CodeZip64Size, "the ZIP64 end record states a size of %d bytes in place of 44", z.RecordSize)
	}
	differs := func(plain, zip64, sentinel uint64) bool { return plain != sentinel && plain != zip64 }
	if differs(plain.Entries, end.Entries, 1<<16-1) || differs(plain.DiskEntries, end.DiskEntries, 1<<16-1) ||
		differs(plain.Size, end.Size, 1<<32-1) || differs(plain.Offset, end.Totals.Offset, 1<<32-1) {
		p.add("", z.Offset, CodeZip64Unasked, "the ZIP64 end record differs from the end record, which does not refer to it")
	}
}

// nameProblems judges the name of a member and its extra fields.
func nameProblems(p *problems, e *unzip.Entry) {
	f := e.Faults
	switch {
	case f&unzip.FaultName != 0:
		p.add(e.Name, e.Offset, CodeNameEncoding, "the name is flagged to be UTF-8 and is not")
	case f&unzip.FaultOtherName != 0:
		p.add(e.Name, e.Offset, CodeUnicodeName, "a Unicode path field gives this name to the member %q", clip(e.RawName))
	case e.Name != e.RawName && !strings.ContainsRune(e.RawName, 0):
		p.add(e.Name, e.Offset, CodeNameCharset, "the name is neither ASCII nor flagged to be UTF-8")
	}
	if strings.ContainsRune(e.RawName, 0) {
		p.add(e.Name, e.Offset, CodeNameNUL, "the name has a NUL: %q", clip(e.RawName))
	}
	if fault := extraFault(f); fault != "" {
		p.add(e.Name, e.Offset, CodeExtraField, "%s", fault)
	}
}

// extraFault says what is wrong with extra fields.
func extraFault(f unzip.Faults) string {
	switch {
	case f&unzip.FaultExtra != 0:
		return "an extra field is longer than all of them"
	case f&unzip.FaultZip64 != 0:
		return "the ZIP64 field lacks a number"
	case f&unzip.FaultUnicodeName != 0:
		return "the Unicode path field is cut short or not UTF-8"
	case f&unzip.FaultRepeated != 0:
		return "a ZIP64 or Unicode path field is there twice"
	case f&unzip.FaultZip64Length != 0:
		return "the ZIP64 field has more numbers than are referred to"
	}
	return ""
}

// maxVersion is the version of the format, times ten, up to which every reader unpacks
// stored and deflated members: that of Info-ZIP's unzip 6.0. Python's zipfile has 63.
const maxVersion = 46

// entryProblems judges the rest of an entry.
func entryProblems(p *problems, e *unzip.Entry) {
	add := func(code Code, format string, args ...any) { p.add(e.Name, e.Offset, code, format, args...) }
	if e.Comment != "" {
		add(CodeMemberComment, "the member has a comment of %d bytes", len(e.Comment))
	}
	if e.Version&0xff > maxVersion {
		add(CodeVersionNeeded, "needs version %s of the zip format", version(e.Version))
	}
	if e.Disk != 0 {
		add(CodeDisk, "is in part %d of several of the archive", e.Disk)
	}
	if e.Flags&(unzip.FlagEncrypted|unzip.FlagStrong) != 0 {
		add(CodeEncrypted, "is encrypted")
	}
	if e.Flags&unzip.FlagPatched != 0 {
		add(CodeMethod, "is compressed patch data, which cannot be unpacked alone")
	}
	if e.Method != unzip.Stored && e.Method != unzip.Deflated {
		add(CodeMethod, "is compressed with %s", unzip.MethodName(e.Method))
	}
	overlapProblem(p, e)
}

func version(v uint16) string { return fmt.Sprintf("%d.%d", v&0xff/10, v&0xff%10) }

func overlapProblem(p *problems, e *unzip.Entry) {
	if overlaps(e) {
		p.add(e.Name, e.Offset, CodeOverlap, "reaches into another member or into the directory")
	}
}

// overlaps reports whether a member has not the room for its data and for a local
// header without extra fields.
func overlaps(e *unzip.Entry) bool {
	const header = 30
	room := e.Limit - e.Place - header - int64(len(e.RawName))
	return e.Place < 0 || room < 0 || e.Packed > uint64(room)
}
