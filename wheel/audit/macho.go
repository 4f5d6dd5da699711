package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/binfile"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// appleClaim is one machine of one tag for macOS or iOS.
type appleClaim struct {
	machine string
	claim   tags.PlatformTag
	on      binfile.Platform
	oldest  binfile.Version // of the system, for this machine
	// optional claims are met by meeting any one: no file has code for an
	// iPhone and the simulator at once, and "universal" has no one meaning.
	optional bool
}

// macMachines are the machines that a tag for several is for, by the sets of
// CPython's build system. fat32 is an older name of fat3. A tag without an entry
// is for one machine.
var macMachines = map[string][]string{
	"universal2": {"x86_64", "arm64"},
	"intel":      {"i386", "x86_64"},
	"fat":        {"ppc", "i386"},
	"fat3":       {"ppc", "i386", "x86_64"},
	"fat32":      {"ppc", "i386", "x86_64"},
	"fat64":      {"ppc64", "x86_64"},
	// The word has meant all four machines to CPython and the first two to
	// Apple, so a file with code for any one of them keeps it.
	"universal": {"ppc", "i386", "x86_64", "ppc64"},
}

func (p *platforms) addMacOS(c tags.PlatformTag) {
	machines := macMachines[c.Arch]
	if machines == nil {
		machines = []string{c.Arch}
	}
	for _, machine := range machines {
		oldest := binfile.Version{Major: c.Major, Minor: c.Minor}
		// 10.16 is what macOS 11 calls itself to old programs, and there is no
		// older system for arm64.
		if eleven := (binfile.Version{Major: 11}); oldest == (binfile.Version{Major: 10, Minor: 16}) || machine == "arm64" && oldest.Compare(eleven) < 0 {
			oldest = eleven
		}
		p.apple = append(p.apple, appleClaim{machine, c, binfile.MacOS, oldest, c.Arch == "universal"})
	}
}

// checkApple wants code for every machine that the tags promise, built for a
// system no newer than theirs. When several tags promise a machine, the oldest
// system counts.
func (p *platforms) checkApple(f binaryFile, report reporter) {
	var missing []string
	found := false
	ios := isIOS(f.facts)
	for i, a := range p.apple {
		if ios == (a.on == binfile.MacOS) {
			continue
		}
		needs, ok := needsSystem(f.facts, a)
		if !ok {
			if !a.optional && !slices.Contains(missing, a.machine) {
				missing = append(missing, a.machine)
			}
			continue
		}
		found = true
		older := func(b appleClaim) bool {
			return b.machine == a.machine && b.on == a.on && b.oldest.Compare(a.oldest) < 0
		}
		same := func(b appleClaim) bool { return b.machine == a.machine && b.on == a.on && b.oldest == a.oldest }
		if needs.Compare(a.oldest) > 0 && !slices.ContainsFunc(p.apple, older) && !slices.ContainsFunc(p.apple[:i], same) {
			rule := "symbol-version"
			if a.on == binfile.MacOS && needs.Major == a.oldest.Major && needs.Major > 10 {
				rule = "macos-minor" // no tag could say it
			}
			report(rule, tooNew(f, a, needs))
		}
	}
	if !found {
		report("wrong-machine", p.another(f))
		return
	}
	if len(missing) > 0 {
		lacks := p.another(f)
		lacks.Message = fmt.Sprintf("has no code for %s; it is %s; the name says %s", strings.Join(missing, ", "), describe(f.facts), strings.Join(p.systems, ", "))
		report("wrong-machine", lacks)
	}
}

// isIOS reports whether a file was built for iOS or its simulator.
func isIOS(f *binfile.File) bool {
	return slices.ContainsFunc(f.Slices, func(s binfile.Slice) bool {
		return slices.ContainsFunc(s.Builds, func(b binfile.Build) bool {
			return b.Platform == binfile.IOS || b.Platform == binfile.IOSSimulator
		})
	})
}

// needsSystem is the oldest system on which a file runs on the machine of a
// claim; ok is false when it does not run there at all. A slice that does not
// say which system it is for runs on each.
func needsSystem(f *binfile.File, a appleClaim) (oldest binfile.Version, ok bool) {
	for _, s := range f.Slices {
		if s.Machine != a.machine || !s.Kind.Loads() {
			continue
		}
		needs, fits := binfile.Version{}, len(s.Builds) == 0
		for _, b := range s.Builds {
			if b.Platform == a.on {
				needs, fits = b.Minimum, true
			}
		}
		if fits && (!ok || needs.Compare(oldest) < 0) { // arm64e beside arm64
			oldest, ok = needs, true
		}
	}
	return oldest, ok
}

// tooNew is the finding that a file needs a newer system than its tag says.
func tooNew(f binaryFile, a appleClaim, needs binfile.Version) finding.Finding {
	on := ""
	if len(f.facts.Slices) > 1 {
		on = " on " + a.machine
	}
	return finding.Finding{
		File: f.path, Version: needs.String(), Claimed: a.claim.Tag, Need: appleTag(a, needs),
		Message: fmt.Sprintf("needs %s %s or newer%s; the name says %s", a.on, needs, on, a.claim.Tag),
	}
}

// appleTag is the tag for the oldest system that is new enough. Tags of macOS
// have no minor number from 11 on, and the release after 15 is 26.
func appleTag(a appleClaim, v binfile.Version) string {
	if v.Patch > 0 && v.Major <= 10 || v.Patch > 0 && a.on != binfile.MacOS {
		v = binfile.Version{Major: v.Major, Minor: v.Minor + 1}
	}
	if a.on != binfile.MacOS {
		return fmt.Sprintf("ios_%d_%d_%s", v.Major, v.Minor, a.claim.Arch)
	}
	if v.Major > 10 {
		v = binfile.Version{Major: v.Major}
	}
	if v.Major == 10 && v.Minor > 15 {
		v = binfile.Version{Major: 11}
	}
	if v.Major > 15 && v.Major < 26 {
		v = binfile.Version{Major: 26}
	}
	return fmt.Sprintf("macosx_%d_%d_%s", v.Major, v.Minor, a.claim.Arch)
}
