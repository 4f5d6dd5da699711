package audit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/internal/binfile"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// checkNameForm reports departures from the normal form of the file name. Package index
// asks the same functions.
func checkNameForm(s *Subject, report reporter) {
	for departure := range s.name.NormalizationErrors() {
		if rule := departure.Rule(); rule != "" {
			report(rule, finding.Finding{Message: departure.Error()})
		}
	}
}

// checkImpossibleTags reports a name that no installer takes for any system.
func checkImpossibleTags(s *Subject, report reporter) {
	reason := s.name.Tags.Impossible()
	if reason == nil {
		return
	}
	f := finding.Finding{Claimed: reason.Tag.String(), Message: reason.Message}
	if need := s.macTagFor(reason.Tag.Platform); need != "" {
		f.Claimed, f.Need = reason.Tag.Platform, need
		f.Message += "; write " + need
	}
	report("impossible-tag", f)
}

// macTagFor gives the tag in the place of one for a minor release of macOS: that which
// the code qualifies for, or the next that there is.
func (s *Subject) macTagFor(tag string) string {
	c := tags.ParsePlatformTag(tag)
	if c.OS != tags.MacOS || c.Major <= 10 || c.Minor == 0 {
		return ""
	}
	if own := s.otherTag(); own != "" {
		return own
	}
	return appleTag(appleClaim{claim: c, on: binfile.MacOS}, binfile.Version{Major: c.Major, Minor: c.Minor})
}

// olderName is the name that a policy had for a machine before PEP 600, "" for none
// (PEP 513, 571 and 599).
func olderName(glibc int, machine string) string {
	name := map[int]string{5: "manylinux1_", 12: "manylinux2010_", 17: "manylinux2014_"}[glibc]
	machines := []string{"i686", "x86_64"}
	if glibc == 17 {
		machines = append(machines, "aarch64", "armv7l", "ppc64", "ppc64le", "s390x")
	}
	if name == "" || !slices.Contains(machines, machine) {
		return ""
	}
	return name + machine
}

// checkAliases reports manylinux tags that the installers of old Pythons know by another
// name, where the wheel is for one of these.
func checkAliases(s *Subject, report reporter) {
	var missing []string
	claimed := func(tag string) bool {
		return slices.ContainsFunc(s.Claims, func(c tags.PlatformTag) bool { return c.Tag == tag })
	}
	for _, c := range s.Claims {
		if c.Libc.Family != tags.Glibc || c.Legacy || c.Libc.Major != 2 {
			continue
		}
		if alias := olderName(c.Libc.Minor, c.Arch); alias != "" && !claimed(alias) {
			missing = append(missing, alias)
		}
	}
	if missing == nil || !s.forOldPythons() {
		return
	}
	report("missing-alias", finding.Finding{Need: strings.Join(missing, ", "), Message: "lacks the tag " + strings.Join(missing, ", ") + ", by which pip before 20.3 knows the policy"})
}

// lastOldMinor is of the last Python 3 that brought a pip before 20.3 along.
const lastOldMinor = 9

// forOldPythons reports whether a Python of that time may install the wheel.
func (s *Subject) forOldPythons() bool {
	fits := false
	for tag := range s.name.Tags.Members(tags.PartInterpreter) {
		digits := strings.TrimLeft(tag, "abcdefghijklmnopqrstuvwxyz")
		minor, err := strconv.Atoi(digits[min(1, len(digits)):])
		if len(digits) == 1 || err == nil && (digits[0] == '2' || minor <= lastOldMinor) {
			fits = true
		}
	}
	if !fits || s.dist.metadata == nil {
		return fits
	}
	requires := s.dist.metadata.RequiresPython
	for minor := range lastOldMinor + 1 {
		if requires.AllowsPython(3, minor, 0) || requires.AllowsPython(3, minor, 20) {
			return true
		}
	}
	return requires.AllowsPython(2, 7, 18)
}

// checkForgottenRepair reports a linux_* wheel with code that qualifies for a policy.
func checkForgottenRepair(s *Subject, report reporter) {
	for _, c := range s.Claims {
		if c.OS != tags.Linux || c.Libc.Family != tags.NoLibc {
			return
		}
	}
	for _, f := range s.ELF.Files {
		if f.Err != nil {
			return // it may need anything
		}
	}
	r := &Report{File: s.Filename, Machine: s.Needs.Machine, ELF: make([]ELF, len(s.ELF.Files))}
	s.fillTags(r)
	for _, other := range s.otherMachines() {
		r.Others = append(r.Others, other.part())
	}
	name := r.SuggestedName()
	if name == "" || !s.repairable(r) {
		return
	}
	report("could-be-manylinux", finding.Finding{Need: r.PlatformTag, Suggest: name, Message: fmt.Sprintf("its native code qualifies for the name %s", name)})
}

// repairable reports whether there is code for each machine of the name, and all of it
// qualifies for a policy.
func (s *Subject) repairable(r *Report) bool {
	parts := append([]Part{{Machine: r.Machine, PlatformTag: r.PlatformTag}}, r.Others...)
	for _, p := range parts {
		if !strings.HasPrefix(p.PlatformTag, "manylinux") && !strings.HasPrefix(p.PlatformTag, "musllinux") {
			return false
		}
	}
	for _, c := range s.Claims {
		if !slices.ContainsFunc(parts, func(p Part) bool { return p.Machine == c.Arch }) {
			return false
		}
	}
	return true
}
