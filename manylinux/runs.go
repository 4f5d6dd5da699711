package manylinux

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
)

// ReleaseAnswer says whether a wheel's machine code loads on a release of a
// distribution, as far as its C library, C++ library and compiler support go.
type ReleaseAnswer struct {
	Release   string   `json:"release"`
	EndOfLife string   `json:"end_of_life,omitempty"`
	Loads     Loading  `json:"loads"`
	Missing   []string `json:"missing,omitempty"` // what it lacks, heaviest first
	Untold    []string `json:"untold,omitempty"`  // what was not measured there

	// Libraries are the libraries from outside the wheel and where they were
	// found, when a real root was asked.
	Libraries map[string]string `json:"libraries,omitempty"`
}

// Loading is whether machine code loads somewhere.
type Loading string

// LoadsUnknown means that nothing is known to be missing, but that a library
// which matters was not measured.
const (
	LoadsYes     Loading = "yes"
	LoadsNo      Loading = "no"
	LoadsUnknown Loading = "unknown"
)

// releases answers for every known release that was built for the machine.
func (r *Report) releases() iter.Seq[ReleaseAnswer] {
	return func(yield func(ReleaseAnswer) bool) {
		if len(r.ELF) == 0 || r.PlatformTag == "" {
			return
		}
		for release := range distro.Releases() {
			// The images that wheels are built in are no systems to run on.
			image := release.Distro == "manylinux" || release.Distro == "musllinux"
			if image || release.Libc.Family == tags.NoLibc || !slices.Contains(release.Machines, r.Machine) {
				continue
			}
			answer := r.LoadsOn(tags.Platform{OS: tags.Linux, Arch: r.Machine, Libc: release.Libc}, &release)
			answer.Release, answer.EndOfLife = release.Name(), release.EndOfLife
			if !yield(answer) {
				return
			}
		}
	}
}

// LoadsOn says whether the wheel's machine code loads on a platform. release,
// if known, tells which symbol versions the platform's libraries have; without
// it only the version of the libc is known. The answer has no release's name.
func (r *Report) LoadsOn(p tags.Platform, release *distro.Release) ReleaseAnswer {
	answer := ReleaseAnswer{Loads: LoadsYes}
	if r.audit == nil || len(r.ELF) == 0 {
		return answer
	}
	j := &r.audit.judged
	if missing := j.strange(p); missing != "" {
		return ReleaseAnswer{Loads: LoadsNo, Missing: []string{missing}}
	}
	if j.libc == elfaudit.LibcNone {
		return answer
	}
	offer := readOffer(p, release)
	needs := slices.Clone(j.needs)
	slices.SortStableFunc(needs, heaviest)
	said := map[string]bool{"": true}
	for _, n := range needs {
		text, known := offer.lacks(n)
		if said[text] {
			continue
		}
		said[text] = true
		switch {
		case known:
			answer.Missing = append(answer.Missing, text)
		default:
			answer.Untold = append(answer.Untold, text)
		}
	}
	switch {
	case len(answer.Missing) > 0:
		answer.Loads = LoadsNo
	case len(answer.Untold) > 0 || r.Verdict == Unknown:
		answer.Loads = LoadsUnknown
	}
	return answer
}

// strange names what a platform lacks of the kind that the code was built for:
// the system, the machine or the libc; "" when it is of that kind.
func (j *judgement) strange(p tags.Platform) string {
	switch {
	case p.OS != tags.Linux:
		return "Linux"
	case !runsOn(j.machine, p.Arch) && (p.Arch != "armv8l" || j.machine != "armv7l"):
		return "a machine that runs " + orUnknown(j.machine)
	case j.libc == elfaudit.LibcGlibc && p.Libc.Family != tags.Glibc:
		return "glibc"
	case j.libc == elfaudit.LibcMusl && p.Libc.Family != tags.Musl:
		return "musl"
	}
	return ""
}

func orUnknown(machine string) string {
	if machine == "" {
		return "this code"
	}
	return machine
}

// offer is what a platform has.
type offer struct {
	libc     tags.Libc
	musl     release
	versions map[string][]string // by namespace; nil when not measured
}

func readOffer(p tags.Platform, r *distro.Release) offer {
	o := offer{libc: p.Libc, musl: release(p.Libc.Major*10000 + p.Libc.Minor*100)}
	if r == nil || r.Libc != p.Libc {
		return o
	}
	o.versions = r.SymbolVersions(p.Arch)
	if exact, err := readRelease(r.LibcVersion); err == nil && p.Libc.Family == tags.Musl {
		o.musl = exact
	}
	return o
}

// lacks names what a need is about when the platform does not have it, or, with
// known false, when it was not measured there.
func (o offer) lacks(n need) (text string, known bool) {
	switch n.rule {
	case "WT202":
		if n.floor >= never {
			return n.library + " from outside the wheel", true
		}
	case "WT207":
		return "the level of its processors", false
	case "WT211":
		since, err := readRelease(n.version)
		if n.version == "" || err == nil && since > o.musl {
			return strings.Join(first(n.symbols, 3), ", ") + " in musl", true
		}
	case "WT201":
		if has, known := o.has(n); !has {
			return fmt.Sprintf("%s in %s", n.version, n.library), known
		}
	}
	// Symbols that policies ban are there on some systems; which, only a look
	// at the library itself tells.
	return "", true
}

// has reports whether a symbol version is there, and whether that is known.
func (o offer) has(n need) (has, known bool) {
	namespace, number, _ := strings.Cut(n.version, "_")
	if o.versions != nil && Known().knows(namespace) {
		return slices.Contains(o.versions[namespace], number), true
	}
	if minor, plain := glibcMinor(n.version); plain {
		return o.libc.Major > 2 || minor <= o.libc.Minor, true
	}
	// A policy at or below the platform's glibc promises the version.
	if o.libc.Major > 2 || n.floor <= o.libc.Minor {
		return true, true
	}
	return false, n.version == "GLIBC_PRIVATE"
}

// CheckPolicyTag says what is wrong with a tag for [Report.Carries], before there
// is a report.
func CheckPolicyTag(tag string) error {
	_, err := readPolicyTag(tag, "")
	return err
}

// readPolicyTag reads a tag, which is for a machine if it names none.
func readPolicyTag(tag, machine string) (tags.PlatformTag, error) {
	claim := tags.ParsePlatformTag(tag)
	if claim.OS != tags.Linux {
		claim = tags.ParsePlatformTag(tag + "_x86_64")
		claim.Arch = machine
	}
	if claim.Libc.Family == tags.NoLibc {
		return claim, fmt.Errorf("%q is not a manylinux or musllinux tag such as manylinux_2_28", tag)
	}
	return claim, nil
}

// Carries reports whether the wheel may carry a platform tag, and if not the
// causes that are in its way. A tag without a machine, such as manylinux_2_28,
// means the wheel's own.
func (r *Report) Carries(tag string) (bool, []Cause, error) {
	if r.audit == nil {
		return false, nil, fmt.Errorf("%s was not audited", r.File)
	}
	j := &r.audit.judged
	claim, err := readPolicyTag(tag, j.machine)
	if err != nil {
		return false, nil, err
	}
	switch {
	case len(r.ELF) == 0:
		return true, nil, nil
	case r.Verdict == Unknown || !runsOn(j.machine, claim.Arch):
		return false, nil, nil
	case j.libc == elfaudit.LibcNone:
		return true, nil, nil
	case (j.libc == elfaudit.LibcGlibc) != (claim.Libc.Family == tags.Glibc):
		return false, nil, nil
	}
	var causes []Cause
	for _, c := range r.audit.causes() {
		if c.floor > claim.Libc.Minor && claim.Libc.Major == 2 || c.floor > claim.Libc.Minor && claim.Libc.Family == tags.Musl || c.floor >= never {
			causes = append(causes, c)
		}
	}
	low := r.audit.policies.lowest(j.machine, j.libc)
	return len(causes) == 0 && (low <= claim.Libc.Minor || claim.Libc.Major > 2), causes, nil
}
