package audit

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
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
	{[]string{"module-init"}, archiveFacts | elfFacts, checkModuleInit},
	{[]string{"not-a-binary", "damaged-member", "hidden-data", "record-hash", "unverified-file"}, archiveFacts, checkMembers},
	{[]string{"variant-metadata", "variant-form", "variant-draft"}, archiveFacts | nameFacts, checkVariant},
	{[]string{"no-native-code"}, archiveFacts | nameFacts, checkEmpty},
	{[]string{"nested-archive"}, archiveFacts, checkNested},
	{[]string{"device-code", "debug-file"}, archiveFacts, checkOtherELF},
	{[]string{"unreadable-binary", "wrong-machine", "misplaced-binary", "symbol-version", "macos-minor", "foreign-program", "not-a-binary"}, binaryFacts, checkBinaries},
	{[]string{"external-library", "unreachable-library", "foreign-library", "libpython"}, binaryFacts | nameFacts, checkOtherNeeds},
	{[]string{"impossible-tag"}, archiveFacts | nameFacts, checkImpossibleTags},
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
	{[]string{"symbol-version", "external-library", "banned-symbol", "musl-symbol", "lower-policy"}, elfFacts | nameFacts | machineFacts, checkPolicies},
	{[]string{"processor-level", "executable-stack", "musl-static-tls", "static-tls-size", "static-tls-room", "packed-relocations", "loader-refusal", "unversioned-symbol"}, elfFacts | machineFacts, checkLoader},
	{[]string{"musl-symbol", "ended-release"}, elfFacts | nameFacts | machineFacts, checkPatchReleases},
	{[]string{"libpython"}, elfFacts, eachFile(checkLibpython)},
	{[]string{"orphan-version", "bundled-version", "unreachable-library", "library-order", "preloaded-library"}, elfFacts | machineFacts, checkBundled},
	{[]string{"unreadable-binary"}, elfFacts, checkSteps},
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

// check runs the checks.
func (s *Subject) check() []finding.Finding {
	var findings []finding.Finding
	report := func(name string, f finding.Finding) {
		f.Set(name)
		rule, _ := finding.Lookup(name)
		if s.rules.Enabled(rule) {
			f.Severity = s.rules.SeverityOf(rule)
			findings = append(findings, f)
		}
	}
	has, others := s.facts(), s.otherMachines()
	for _, c := range checks {
		if has&c.needs != c.needs || !slices.ContainsFunc(c.rules, s.enabled) {
			continue
		}
		c.run(s, report)
		if c.needs&machineFacts != 0 {
			for _, other := range others {
				if !slices.Equal(other.native, s.native) {
					c.run(other, report)
				}
			}
		}
	}
	order(findings)
	return findings
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

// enabled reports whether a rule is reported in this run.
func (s *Subject) enabled(name string) bool {
	rule, _ := finding.Lookup(name)
	return s.rules.Enabled(rule)
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
