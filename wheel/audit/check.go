package audit

import (
	"maps"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// facts are what a check needs of its subject; a check runs only where they are
// there.
type facts uint8

const (
	nameFacts    facts = 1 << iota // the file name of a wheel
	elfFacts                       // at least one ELF file
	binaryFacts                    // at least one Mach-O or PE file
	archiveFacts                   // the members of a wheel
	sdistFacts                     // a source distribution
	unreadFacts                    // an archive that cannot be read
	machineFacts                   // the ELF files for one machine and libc, and what they ask for
)

// check is an entry of the table of checks.
type check struct {
	rules []string // the names of the rules that it reports
	needs facts
	run   func(*Subject, reporter)
}

// reporter takes a finding of a rule, by the rule's name. The rule sets the id and
// the severity.
type reporter func(rule string, f finding.Finding)

// checks are all checks of a wheel, ELF file or source distribution.
var checks = []check{
	{sdistRules, sdistFacts, checkSdist},
	{[]string{"unreadable"}, unreadFacts, checkUnreadable},
	{[]string{"bad-name"}, archiveFacts, checkName},
	{archiveRules, archiveFacts, checkArchive},
	{distInfoRules, archiveFacts, checkDistInfo},
	{[]string{"mismatch"}, archiveFacts | nameFacts, checkIdentity},
	{wheelRules, archiveFacts, checkWheelFile},
	{[]string{"wheel-tags"}, archiveFacts | nameFacts, checkWheelTags},
	{metadataRules, archiveFacts, checkMetadata},
	{[]string{"license-file"}, archiveFacts, checkLicenseFiles},
	{[]string{"absent-import"}, archiveFacts, checkImports},
	{[]string{"entry-points"}, archiveFacts, checkEntryPoints},
	{[]string{"module-suffix"}, archiveFacts | nameFacts, checkSuffixes},
	{[]string{"unstable-abi", "later-abi"}, archiveFacts | nameFacts, checkStableABI},
	{[]string{"free-threaded-abi"}, archiveFacts | nameFacts, checkFreeStableABI},
	{[]string{"module-init"}, archiveFacts | elfFacts, checkModuleInit},
	{[]string{"not-a-binary", "damaged-member", "hidden-data", "record-hash", "unverified-file"}, archiveFacts, checkMembers},
	{[]string{"variant-metadata", "variant-form", "variant-draft"}, archiveFacts | nameFacts, checkVariant},
	{[]string{"no-native-code"}, archiveFacts | nameFacts, checkEmpty},
	{[]string{"nested-archive"}, archiveFacts, checkNested},
	{[]string{"device-code", "debug-file"}, archiveFacts, checkOtherELF},
	{[]string{"unreadable-binary", "wrong-machine", "misplaced-binary", "symbol-version", "macos-minor", "foreign-program", "not-a-binary"}, binaryFacts, checkBinaries},
	{[]string{"external-library", "unreachable-library", "foreign-library", "libpython"}, binaryFacts | nameFacts, checkOtherNeeds},
	{[]string{"impossible-tag"}, archiveFacts | nameFacts, checkImpossibleTags},
	{[]string{"not-normal", "tag-order"}, archiveFacts | nameFacts, checkNameForm},
	{[]string{"missing-alias"}, archiveFacts | nameFacts, checkAliases},
	{uploadRules, archiveFacts | nameFacts, checkUpload},
	{[]string{"upload-stdlib-name"}, archiveFacts | nameFacts, checkUploadProject},
	{[]string{"upload-stdlib-name"}, sdistFacts, checkUploadProject},
	{[]string{"upload-size"}, archiveFacts, checkUploadSize},
	{[]string{"upload-size"}, sdistFacts, checkUploadSize},
	{[]string{"could-be-manylinux"}, archiveFacts | nameFacts | elfFacts, checkForgottenRepair},
	{recordRules, archiveFacts, checkRecordRows},
	{[]string{"signature-file"}, archiveFacts, checkSignatures},
	{[]string{"data-scheme"}, archiveFacts, checkDataSchemes},
	{[]string{"startup-code"}, archiveFacts, checkStartup},
	{layoutRules, archiveFacts, checkLayout},
	{[]string{"equal-files"}, archiveFacts, checkCopies},
	{[]string{"large-wheel"}, archiveFacts, checkSize},
	{pathRules, archiveFacts, checkPaths},
	{[]string{"data-library"}, archiveFacts, checkDataLibrary},
	{[]string{"sbom", "sbom-coverage"}, archiveFacts, checkSBOMs},
	{[]string{"unreadable-binary"}, elfFacts, checkReadable},
	{[]string{"misplaced-binary"}, elfFacts | nameFacts, checkPlaces},
	{[]string{"wrong-machine", "foreign-program"}, elfFacts | nameFacts, checkMachines},
	{[]string{"wrong-libc"}, elfFacts | nameFacts, checkLibcs},
	{[]string{"symbol-version", "external-library", "banned-symbol", "musl-symbol", "lower-policy", "dependency-library", "undeclared-dependency"}, elfFacts | nameFacts | machineFacts, checkPolicies},
	{[]string{"processor-level", "executable-stack", "musl-static-tls", "static-tls-size", "static-tls-room", "packed-relocations", "loader-refusal", "doubtful-header", "unversioned-symbol"}, elfFacts | machineFacts, checkLoader},
	{[]string{"musl-symbol", "ended-release"}, elfFacts | nameFacts | machineFacts, checkPatchReleases},
	{[]string{"libpython"}, elfFacts, eachFile(checkLibpython)},
	{[]string{"orphan-version", "bundled-version", "unreachable-library", "library-order", "preloaded-library"}, elfFacts | machineFacts, checkBundled},
	{[]string{"unreadable-binary"}, elfFacts, checkSteps},
	{[]string{"unreached-dependency", "dependency-version", "dependency-symbol", "unsure-dependency-symbol"}, elfFacts | archiveFacts | machineFacts, checkNeighbours},
	{[]string{"page-size"}, elfFacts, eachFile(checkPageSize)},
	{[]string{"outside-run-path"}, elfFacts, eachFile(checkRunPaths)},
	{[]string{"hardening"}, elfFacts, eachFile(checkHardening)},
	{[]string{"unused-library"}, elfFacts, eachFile(checkUnused)},
	{[]string{"debug-sections"}, elfFacts, eachFile(checkStripSize)},
}

// facts returns what the subject has.
func (s *Subject) facts() facts {
	var f facts
	if s.Sdist {
		return sdistFacts
	}
	if s.unread != nil {
		return unreadFacts
	}
	if !s.Bare {
		f |= archiveFacts
		if s.NameErr == nil {
			f |= nameFacts
		}
	}
	if len(s.ELF.Files) > 0 {
		f |= elfFacts | machineFacts
	}
	if len(s.content.binaries) > 0 {
		f |= binaryFacts
	}
	return f
}

// ask runs the checks, all of them: what the selection silences is counted.
func (s *Subject) ask() *tally {
	t := &tally{subject: s, project: s.project(), decided: map[string]finding.Decision{}, silenced: map[string]int{}}
	has, others := s.facts(), s.otherMachines()
	for _, c := range checks {
		if has&c.needs != c.needs {
			continue
		}
		c.run(s, t.report)
		if c.needs&machineFacts != 0 {
			for _, other := range others {
				if !slices.Equal(other.native, s.native) {
					c.run(other, t.report)
				}
			}
		}
	}
	order(t.findings)
	return t
}

// tally takes the findings of one subject.
type tally struct {
	subject  *Subject
	project  string
	decided  map[string]finding.Decision // by id
	findings []finding.Finding
	silenced map[string]int // by id
}

// report adds a finding of a rule, with what the selection makes of the rule.
func (t *tally) report(name string, f finding.Finding) {
	f.Set(name)
	d, known := t.decided[f.Rule]
	if !known {
		rule, _ := finding.Lookup(f.Rule)
		d = t.subject.rules.Decide(rule, t.subject.Filename, t.project)
		t.decided[f.Rule] = d
	}
	if d.By != "" {
		t.silenced[f.Rule]++
		return
	}
	f.Severity = d.Severity
	t.findings = append(t.findings, f)
}

// counts lists what was silenced in the order of the ids.
func (t *tally) counts() []finding.Silenced {
	var list []finding.Silenced
	for _, id := range slices.Sorted(maps.Keys(t.silenced)) {
		list = append(list, finding.Silenced{Rule: id, Count: t.silenced[id], By: t.decided[id].By})
	}
	return list
}

// project is the normalised name of the project that the file name belongs to, ""
// without one.
func (s *Subject) project() string {
	switch {
	case s.Bare:
		return ""
	case s.Sdist:
		name, err := wheel.ParseSdistName(s.Filename, "")
		if err != nil {
			return ""
		}
		return name.Name
	case s.NameErr != nil:
		return ""
	}
	return s.name.NormalizedName()
}

// otherMachines are views of a wheel whose name claims several machines, one for each
// machine after that of Needs for which there are files.
func (s *Subject) otherMachines() []*Subject {
	var others []*Subject
	for _, c := range s.Claims {
		machine := manylinux.ClaimedMachine(c)
		if machine == "" || machine == s.Needs.Machine || slices.ContainsFunc(others, func(o *Subject) bool { return o.Needs.Machine == machine }) {
			continue
		}
		other := *s
		other.Claims = slices.DeleteFunc(slices.Clone(s.Claims), func(c tags.PlatformTag) bool { return manylinux.ClaimedMachine(c) != machine })
		if other.work(); other.Needs.Machine == machine {
			others = append(others, &other)
		}
	}
	return others
}

func checkName(s *Subject, report reporter) {
	if s.NameErr != nil {
		report("bad-name", finding.Finding{Message: s.NameErr.Error()})
	}
}

// checkMembers reports the members that are not what the archive or RECORD says.
func checkMembers(s *Subject, report reporter) {
	for _, d := range s.content.damaged {
		report(d.rule, finding.Finding{File: d.path, Message: d.message})
	}
}

func checkNested(s *Subject, report reporter) {
	for _, n := range s.content.nested {
		report("nested-archive", finding.Finding{File: n.path, Message: "is an archive with machine code in it: " + strings.Join(first(n.files, 3), ", ")})
	}
}

// checkReadable reports files about which nothing can be said.
func checkReadable(s *Subject, report reporter) {
	for _, f := range s.ELF.Files {
		if f.Err != nil {
			report("unreadable-binary", finding.Finding{File: f.Path, Message: "cannot be judged: " + f.Err.Error()})
		}
	}
	if s.Needs.Libc == elfaudit.LibcUnknown && len(s.native) > 0 && !s.Bare {
		report("unreadable-binary", finding.Finding{
			File:    s.native[0].Path,
			Message: "cannot be judged: neither the file nor the name of the wheel says which libc it is for",
		})
	}
}
