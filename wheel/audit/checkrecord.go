package audit

import (
	"errors"
	"fmt"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// group collects the files of a fault that a wheel may have many times, for one finding
// about all of them.
type group struct {
	message string // about the first
	files   []string
}

func (g *group) add(file, format string, args ...any) {
	if len(g.files) == 0 {
		g.message = fmt.Sprintf(format, args...)
	}
	g.files = append(g.files, file)
}

// report reports the group, if there is one.
func (g *group) report(rule string, report reporter) {
	if len(g.files) == 0 {
		return
	}
	f := finding.Finding{File: g.files[0], Message: g.message, Others: g.files[1:]}
	if n := len(f.Others); n > 0 {
		f.Message += fmt.Sprintf(" (and %d more like this)", n)
	}
	report(rule, f)
}

// files yields the files of a wheel.
func (s *Subject) files() iter.Seq[wheel.Member] {
	if s.archiveOf == nil {
		return func(func(wheel.Member) bool) {}
	}
	return s.archiveOf.Members()
}

// recordRules are the rules that checkRecordRows reports.
var recordRules = []string{"unrecorded-file", "record-hash", "unverified-file", "record-row", "weak-hash", "absent-file", "directory-row", "record-path"}

// checkRecordRows compares RECORD with the files of the archive: their names, and if
// they were not unpacked the sizes that the archive states.
func checkRecordRows(s *Subject, report reporter) {
	if s.record.Err != nil || s.archiveOf == nil {
		return
	}
	var unlisted, sizes group
	listed := 0
	native := s.nativePaths()
	for m := range s.files() {
		rows := s.record.Lookup(m.Name())
		if listed += len(rows); len(rows) == 0 && !s.record.exempts(m.Name()) && !s.verified {
			if native[m.Name()] {
				report("unrecorded-file", finding.Finding{File: m.Name(), Message: "is not listed in RECORD"})
				continue
			}
			unlisted.add(m.Name(), "is not listed in RECORD")
		}
		for _, row := range rows {
			if row.Size >= 0 && uint64(row.Size) != m.ClaimedSize() && !s.verified {
				sizes.add(m.Name(), "has %d bytes; RECORD says %d", m.ClaimedSize(), row.Size)
				break
			}
		}
	}
	unlisted.report("unrecorded-file", report)
	sizes.report("record-hash", report)
	s.checkRowForms(report)
	twice := slices.ContainsFunc(s.archive, func(e *wheel.Error) bool { return e.Code == wheel.CodeDuplicateName })
	if listed < len(s.record.Rows) || twice {
		s.checkAbsent(report)
	}
}

// nativePaths are the files with native code for Linux: those that auditwheel does not
// see if RECORD does not list them.
func (s *Subject) nativePaths() map[string]bool {
	paths := make(map[string]bool, len(s.ELF.Files))
	for _, f := range s.ELF.Files {
		paths[f.Path] = true
	}
	return paths
}

// checkRowForms reports rows that verify nothing, whatever the file is.
func (s *Subject) checkRowForms(report reporter) {
	var malformed, weak, unverified group
	seen := make(map[string]bool, len(s.record.Rows))
	for _, row := range s.record.Rows {
		if strings.HasSuffix(row.Path, "/") || s.record.exempts(row.Path) && row.Err == nil {
			continue
		}
		var fault *wheel.Error
		if errors.As(row.Err, &fault) {
			malformed.add(row.Path, "has a malformed row in RECORD: %v", fault.Err)
			continue
		}
		if seen[row.Path] {
			unverified.add(row.Path, "has %d rows in RECORD", len(s.record.Lookup(row.Path)))
			continue
		}
		seen[row.Path] = true
		_, err := row.Hash.New()
		switch {
		case row.Hash == (wheel.Hash{}):
			unverified.add(row.Path, "has no hash in RECORD")
		case errors.Is(err, wheel.ErrWeakHash):
			weak.add(row.Path, "cannot be verified by RECORD: %v", err)
		case err != nil:
			unverified.add(row.Path, "cannot be verified by RECORD: %v", err)
		}
	}
	malformed.report("record-row", report)
	weak.report("weak-hash", report)
	unverified.report("unverified-file", report)
}

// checkAbsent reports rows for what the archive does not have.
func (s *Subject) checkAbsent(report reporter) {
	there := map[string]bool{}
	directories := map[string]bool{}
	for m := range s.files() {
		there[m.Name()] = true
		for dir := path.Dir(m.Name()); dir != "." && dir != "/" && !directories[dir]; dir = path.Dir(dir) {
			directories[dir] = true
		}
	}
	var absent, rows, outside group
	for _, row := range s.record.Rows {
		spelled := strings.ReplaceAll(row.Path, `\`, "/")
		switch {
		case there[row.Path]:
		case row.Path == "": // an empty line, which has a finding of its own
		case strings.HasPrefix(spelled, "/") || slices.Contains(strings.Split(spelled, "/"), "..") || len(spelled) > 1 && spelled[1] == ':':
			outside.add(row.Path, "is listed in RECORD, and leads out of the wheel")
		case strings.HasSuffix(spelled, "/") || directories[spelled]:
			rows.add(row.Path, "is a directory, yet RECORD lists it")
		default:
			absent.add(row.Path, "is listed in RECORD, but the wheel does not have it")
		}
	}
	outside.report("record-path", report)
	rows.report("directory-row", report)
	absent.report("absent-file", report)
}

// checkSignatures reports signatures inside the wheel.
func checkSignatures(s *Subject, report reporter) {
	for _, name := range []string{"RECORD.jws", "RECORD.p7s"} {
		if file := s.record.dir + "/" + name; s.record.dir != "" && s.hasFile(file) {
			report("signature-file", finding.Finding{File: file, Message: "is a signature of RECORD, which PEP 815 deprecates; no installer checks it"})
		}
	}
}

// hasFile reports whether the archive has a file with the path.
func (s *Subject) hasFile(path string) bool {
	for m := range s.files() {
		if m.Name() == path {
			return true
		}
	}
	return false
}

// schemes are the directories below NAME-VERSION.data (PEP 427, PEP 491).
var schemes = []string{"purelib", "platlib", "headers", "scripts", "data"}

// checkDataSchemes reports files below *.data that no installer, or not every one, knows
// a place for.
func checkDataSchemes(s *Subject, report reporter) {
	var unknown, other group
	want := strings.TrimSuffix(s.record.dir, ".dist-info") + ".data"
	for m := range s.files() {
		top, rest, _ := strings.Cut(m.Name(), "/")
		if !strings.HasSuffix(top, ".data") || rest == "" {
			continue
		}
		scheme, file, _ := strings.Cut(rest, "/")
		switch {
		case s.record.dir != "" && top != want:
			other.add(m.Name(), "is below %s; the directory of this wheel is %s", top, want)
		case file == "" || !slices.Contains(schemes, scheme):
			unknown.add(m.Name(), "is in none of the directories %s of %s", strings.Join(schemes, ", "), top)
		}
	}
	other.report("data-scheme", report)
	unknown.report("data-scheme", report)
}
