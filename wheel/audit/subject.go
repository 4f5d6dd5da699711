package audit

import (
	"context"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/unzip"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/detect"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// Subject is a wheel, a bare ELF file or a source distribution that was read once, with
// everything that
// the checks ask about it. It is not safe for concurrent use.
type Subject struct {
	Filename string
	Bare     bool // an ELF file without a wheel around it
	Sdist    bool // a source distribution: its native code is not read
	NameErr  error
	Claims   []tags.PlatformTag // the platform tags of the file name; nil with NameErr
	ELF      *linkset.Set       // every ELF file
	Needs    manylinux.Needs

	size      int64 // in bytes, 0 for a bare file
	policies  *manylinux.Policies
	rules     finding.Selection
	today     time.Time
	record    record
	variant   variantFacts
	sdist     sdist
	unread    error          // the archive has no directory that can be read
	verified  bool           // every file was compared with RECORD
	archiveOf *wheel.Archive // nil for a bare file; to ask for names, as the file may be closed
	dist      distInfo
	name      wheel.Name // of the file; zero with NameErr
	// archive are the problems of the archive.
	archive []*wheel.Error
	content content
	startup []startupFile
	sboms   []sbomFile
	native  []*linkset.File // the files for the machine and libc of Needs
	bundled *loads.Bundled  // how the files find each other
	read    *unzip.Stats

	elsewhere elsewhere
	excluded  []string // the needed libraries that are excluded
	exports   bool     // [Contents] have them
	company   *company // what other wheels bring; nil without any
}

// record is RECORD with the paths of its rows in their order, nil when it cannot be
// read.
type record struct {
	wheel.Record
	dir   string // the *.dist-info directory, or ""
	paths []string
}

func readRecord(info *wheel.DistInfo, err error) record {
	if err != nil {
		return record{Record: wheel.Record{Err: err}}
	}
	r := record{Record: *info.Record(), dir: info.Dir}
	if r.Err == nil {
		r.paths = make([]string, len(r.Rows))
		for i := range r.Rows {
			r.paths[i] = r.Rows[i].Path
		}
	}
	return r
}

// exempts reports whether a file need not be listed with a hash: RECORD itself and its
// signatures (PEP 427), and every file of a wheel without a RECORD, which is a fault
// by itself.
func (r *record) exempts(path string) bool {
	if r.Err != nil {
		return true
	}
	switch strings.TrimPrefix(path, r.dir) {
	case "/RECORD", "/RECORD.jws", "/RECORD.p7s":
		return true
	}
	return false
}

// Open reads the file at path: a wheel when its name ends in ".whl", a source
// distribution when it ends as [wheel.SdistStem] knows, else a bare ELF file. The error
// means that there is no answer: the file cannot be opened or read, is not an archive or
// not an ELF file, or ctx is done. Everything else is a finding.
func (a *Auditor) Open(ctx context.Context, path string) (*Subject, error) {
	if strings.HasSuffix(path, ".whl") {
		return a.readFile(ctx, path)
	}
	if _, ok := wheel.SdistStem(filepath.Base(path)); ok {
		return a.openSdist(ctx, path)
	}
	return a.openELF(path)
}

// openELF reads a bare ELF file.
func (a *Auditor) openELF(path string) (*Subject, error) {
	f, err := elfaudit.ReadFile(path)
	file := linkset.NewFile(filepath.Base(path), f, err)
	if file == nil || err != nil && !isFormat(err) {
		return nil, err
	}
	if err == nil {
		file.StripSize = stripSizeOf(path)
	}
	return bareSubject(file, a.rules, a.elsewhere), nil
}

// stripSizeOf returns how many bytes strip would remove from a file, 0 if that cannot be
// found out.
func stripSizeOf(path string) uint64 {
	r, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer r.Close()
	info, err := r.Stat()
	if err != nil {
		return 0
	}
	sections, err := elfaudit.Sections(r, info.Size())
	if err != nil {
		return 0
	}
	return elfaudit.StripSize(sections)
}

// File audits the file at path as [Auditor.File] does, with buffers of its own. For
// many files make an [Auditor].
func File(ctx context.Context, path string) (*Report, error) {
	return New(Options{}).File(ctx, path)
}

// OpenELF reads the ELF file in the first size bytes of r. It claims nothing, so
// only what is wrong in itself is found.
func OpenELF(r io.ReaderAt, size int64, name string) (*Subject, error) {
	f, err := elfaudit.Read(r, size)
	file := linkset.NewFile(name, f, err)
	if file == nil {
		return nil, err
	}
	return bareSubject(file, finding.Selection{}, elsewhere{}), nil
}

func isFormat(err error) bool {
	var f *elfaudit.FormatError
	return errors.As(err, &f)
}

func bareSubject(f *linkset.File, rules finding.Selection, o elsewhere) *Subject {
	s := &Subject{Filename: f.Path, Bare: true, policies: manylinux.Known(), rules: rules, elsewhere: o, ELF: linkset.New([]*linkset.File{f})}
	s.work()
	return s
}

// subject reads an open wheel.
func (a *Auditor) subject(ctx context.Context, archive *wheel.Archive, size int64, filename string) (*Subject, error) {
	s := &Subject{Filename: filename, size: size, policies: manylinux.Known(), rules: a.rules, today: a.today, archiveOf: archive, verified: a.verify, elsewhere: a.elsewhere}
	s.dist = readDistInfo(archive)
	s.record = readRecord(s.dist.info, s.dist.err)
	s.startup = readStartup(archive)
	s.archive = archive.Problems()
	if !a.byName { // it reads something of every member
		s.sboms = readSBOMs(archive, s.record.dir)
		framing, err := archive.CheckFraming(ctx)
		if err != nil {
			return nil, err
		}
		s.archive = append(s.archive, framing...)
	}
	// Some members go on for terabytes: stop within them too.
	found, stats, err := a.members(ctx, archive, &s.record)
	if err != nil {
		return nil, err
	}
	s.content, s.read = *found, &stats
	name, err := wheel.ParseName(filename)
	if s.name, s.NameErr = name, err; err == nil {
		for tag := range name.Tags.Members(tags.PartPlatform) {
			s.Claims = append(s.Claims, tags.ParsePlatformTag(tag))
		}
		s.variant = readVariant(archive, name.Variant)
	}
	s.ELF = linkset.New(s.content.elf)
	if len(s.content.elf) > 0 {
		s.ELF.Directories = directories(archive)
	}
	s.work()
	if a.neighbours != nil {
		s.meetNeighbours(ctx, a.neighbours, archive)
	}
	return s, nil
}

// unreadable is a wheel of which nothing is known but its name and that its archive is
// damaged.
func (a *Auditor) unreadable(size int64, filename string, err error) *Subject {
	s := &Subject{Filename: filename, size: size, unread: err, policies: manylinux.Known(), rules: a.rules, today: a.today, ELF: linkset.New(nil)}
	name, err := wheel.ParseName(filename)
	if s.name, s.NameErr = name, err; err == nil {
		for tag := range name.Tags.Members(tags.PartPlatform) {
			s.Claims = append(s.Claims, tags.ParsePlatformTag(tag))
		}
	}
	return s
}

// Unread is why nothing of a wheel could be read, or nil. Its report has that as the
// finding WT410 alone.
func (s *Subject) Unread() error { return s.unread }

// checkUnreadable reports an archive that no tool can read.
func checkUnreadable(s *Subject, report reporter) {
	report("unreadable", finding.Finding{Message: s.unread.Error()})
}

// directories lists the directories in which an archive has members, those of a
// directory one after another once.
func directories(archive *wheel.Archive) []string {
	seen := map[string]bool{}
	var list []string
	for m := range archive.Members() {
		if dir := path.Dir(m.Name()); !seen[dir] {
			seen[dir] = true
			list = append(list, dir)
		}
	}
	return list
}

// work works out what the ELF files ask for.
func (s *Subject) work() {
	s.Needs = s.policies.Needs(s.ELF, s.Claims)
	s.native = s.Needs.Native(s.ELF.Files)
	s.bundled = loads.NewBundled(s.ELF, s.isMusl, loads.MaxSteps)
	s.Needs.Demands = append(s.Needs.Demands, s.falseModules()...)
	s.Needs.Demands = append(s.Needs.Demands, s.bundled.Demands(s.policies, s.Needs, s.native)...)
	s.allowLevels(s.Needs)
	s.exclude()
	s.Needs.Demands = s.withoutExcluded(s.Needs.Demands)
}

// isMusl reports whether musl loads a file.
func (s *Subject) isMusl(f *linkset.File) bool {
	if f.Libc == elfaudit.LibcMusl || f.Libc == elfaudit.LibcGlibc {
		return f.Libc == elfaudit.LibcMusl
	}
	claimed := manylinux.ClaimedLibcs(s.Claims)
	return s.Needs.Libc == elfaudit.LibcMusl || s.Needs.Libc == elfaudit.LibcNone && len(claimed) == 1 && claimed[0] == elfaudit.LibcMusl
}

// LoadsIn says whether the code of a subject loads in a root file system; p is
// its interpreter, or nil.
func (s *Subject) LoadsIn(r *Report, root *detect.System, p *detect.Python) loads.Result {
	machine := root.Machine
	if p != nil {
		machine = p.Platform.Arch
	}
	return loads.InRoot(r.CodeOn(machine), s.ELF, root, p)
}

// Tree says where a loader finds what the files need, in a root or in none.
func (s *Subject) Tree(at loads.Place) (loads.Tree, error) {
	if s.unread != nil {
		return loads.Tree{}, s.unread
	}
	at.IsMusl = s.isMusl
	return loads.TreeOf(loads.Code{Needs: s.Needs, Files: len(s.ELF.Files), Readable: true}, s.ELF, at)
}

// isAndroid reports whether a file is for Android.
func (s *Subject) isAndroid(f *linkset.File) bool {
	return f.Libc == elfaudit.LibcBionic || f.Libc != elfaudit.LibcGlibc && f.Libc != elfaudit.LibcMusl && s.Needs.Libc == elfaudit.LibcBionic
}
