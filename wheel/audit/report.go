package audit

import (
	"slices"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/unzip"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// Report is the result of auditing a wheel, a bare ELF file or a source distribution. It is plain
// data: its JSON form is the record of the audit command and holds everything.
type Report struct {
	File    string          `json:"file"`
	Verdict finding.Verdict `json:"verdict"`
	// Sdist is true for a source distribution. Its native code is not read, so that the
	// fields about it are empty.
	Sdist bool `json:"sdist,omitempty"`
	// Claimed are the platform tags of the file name, in order.
	Claimed []string `json:"claimed"`
	// PlatformTag is the best tag the wheel qualifies for: "any" for one
	// without native code, "linux_*" when no policy fits, empty when that
	// cannot be determined. For macOS it has the machines of all files and the
	// oldest system on which they run, for Windows their machine.
	PlatformTag string `json:"platform_tag"`
	// PlatformTags is PlatformTag with its older names; for code that needs
	// no libc, the tags of both libcs.
	PlatformTags []string `json:"platform_tags"`
	// FloorTag is the lowest tag of all, exact by PEP 600 for every Y. It is
	// below PlatformTag where the name claims the next measured policy.
	FloorTag string `json:"floor_tag"`
	// SymbolTag is PlatformTag by symbol versions alone.
	SymbolTag string `json:"symbol_tag"`
	// Others say the same of the other machines that the file name claims and that
	// there is native code for.
	Others []Part `json:"other_machines,omitempty"`
	// Systems are what the native code of a wheel with the tag any is for, such as
	// "x86_64 Linux", if that is more than one thing. No platform tag is right for it.
	Systems []string `json:"systems,omitempty"`
	Libc    string   `json:"libc"`    // "glibc", "musl", "bionic", "none" or "" when unknown
	Machine string   `json:"machine"` // as in platform tags, "" when there is none
	// Needs are the symbol versions needed of each library from outside the
	// wheel, sorted; a library without versions has an empty list.
	Needs map[string][]string `json:"needs"`
	// Demands are the same needs file by file, with what sets the tag.
	Demands []manylinux.Demand `json:"demands"`
	// External are the libraries that no policy of the libc allows, for other systems
	// those of its files.
	External []string `json:"external"`
	// Excluded are the needed libraries that [Options.Exclude] names: they count as
	// provided. Outside are the external libraries that were found in
	// [Options.LibraryPath], and those that they need in turn.
	Excluded []string  `json:"excluded,omitempty"`
	Outside  []Outside `json:"outside,omitempty"`
	// Contents are facts to be compared with those of other files; nil for what is not a
	// wheel.
	Contents *Contents `json:"contents,omitempty"`
	// Provided are the libraries that wheels of [Options.Neighbours] have.
	Provided []Provided `json:"provided,omitempty"`
	ELF      []ELF      `json:"elf"`
	// Other are the Mach-O and PE files.
	Other    []Other           `json:"other,omitempty"`
	Findings []finding.Finding `json:"findings"`
	// Silenced counts the findings that the selection of rules took out.
	Silenced []finding.Silenced `json:"silenced,omitempty"`
	// Auditwheel is nil for a bare ELF file and a source distribution.
	Auditwheel *AuditwheelResult `json:"auditwheel,omitempty"`
	// Unseen is how many members were not looked at, because of their names.
	Unseen int `json:"unseen,omitempty"`
	// Read is how much was unpacked for the report; nil for a bare ELF file
	// and for a report that was read from JSON.
	Read *unzip.Stats `json:"-"`
}

// Part is what a report says of the native code for one machine of several.
type Part struct {
	Machine      string             `json:"machine"`
	Libc         string             `json:"libc"`
	PlatformTag  string             `json:"platform_tag"`
	PlatformTags []string           `json:"platform_tags"`
	FloorTag     string             `json:"floor_tag"`
	SymbolTag    string             `json:"symbol_tag"`
	Demands      []manylinux.Demand `json:"demands"`
}

// ELF is the record of one ELF file.
type ELF struct {
	Path        string   `json:"path"`
	Machine     string   `json:"machine"`
	Libc        string   `json:"libc"`
	Kind        string   `json:"kind"`
	Soname      string   `json:"soname,omitempty"`
	Needed      []string `json:"needed"`
	RPath       []string `json:"rpath,omitempty"`
	RunPath     []string `json:"runpath,omitempty"`
	Interpreter string   `json:"interpreter,omitempty"`
	// PlatformTag is the tag for this file alone, with the other files of its
	// wheel around it.
	PlatformTag string `json:"platform_tag"`
	// Unused are the libraries of the wheel that the file needs without taking a
	// symbol from them. StripSize is how many bytes strip would remove, where that is
	// much or the file was audited by itself.
	Unused    []string `json:"unused,omitempty"`
	StripSize uint64   `json:"strip_size,omitempty"`
	Error     string   `json:"error,omitempty"`
}

// Other is the record of one Mach-O or PE file.
type Other struct {
	Path     string   `json:"path"`
	Format   string   `json:"format,omitempty"`   // Mach-O or PE
	Machines []string `json:"machines,omitempty"` // as platform tags of its system name them
	Kind     string   `json:"kind,omitempty"`     // of the first: dylib, bundle, executable or what no system loads
	// Minimums are the oldest systems that a Mach-O file was built for.
	Minimums []Minimum `json:"minimums,omitempty"`
	Needed   []string  `json:"needed,omitempty"` // the libraries that it names
	// External are the libraries that it needs and that neither its system, Python nor
	// the wheel, where the loader looks, has.
	External []string `json:"external,omitempty"`
	Error    string   `json:"error,omitempty"`
}

// Minimum is the oldest version of a system that code for one machine was built for.
type Minimum struct {
	Machine string `json:"machine"`
	System  string `json:"system"`  // such as macOS
	Version string `json:"version"` // such as 11.0
	Command string `json:"command"` // the load command that says so
}

// AuditwheelResult is what auditwheel 6.8.2 prints for the same wheel on a neutral
// host, by "show --json" with an empty --ldpaths, or what it finds with the exclusions and
// directories of the run. It is worked out by that tool's rules, the wrong ones
// included, so that verdicts can be compared one to one.
type AuditwheelResult struct {
	OverallTag string   `json:"overall_tag"`
	SymTag     string   `json:"sym_tag"`
	External   []string `json:"external"`
	Error      string   `json:"error,omitempty"` // its own refusal, then the tags are empty
	// Differs says by code why PlatformTag is another than OverallTag.
	Differs []string `json:"differs"`
}

// Fails reports whether a finding is at least as severe as an error, or as a
// warning when strict.
func (r *Report) Fails(strict bool) bool {
	failing := finding.Error
	if strict {
		failing = finding.Warning
	}
	for _, f := range r.Findings {
		if f.Severity >= failing {
			return true
		}
	}
	return false
}

// SetFindings replaces the findings, as after allowances, and judges again.
func (r *Report) SetFindings(findings []finding.Finding) {
	r.Findings = findings
	if r.Findings == nil {
		r.Findings = []finding.Finding{}
	}
	r.Verdict = finding.Judge(r.Findings, finding.Error)
}

// Code returns what the report says of the native code, for the questions of
// packages manylinux and loads; of code for several machines that for Machine.
func (r *Report) Code() loads.Code {
	return r.code(r.Machine, r.Libc, r.Demands, r.Claimed)
}

// Codes returns the same for each machine of the file name that there is code for, that
// of Machine first.
func (r *Report) Codes() []loads.Code {
	list := []loads.Code{r.Code()}
	for _, p := range r.Others {
		var claimed []string
		for _, tag := range r.Claimed {
			if manylinux.ClaimedMachine(tags.ParsePlatformTag(tag)) == p.Machine {
				claimed = append(claimed, tag)
			}
		}
		list = append(list, r.code(p.Machine, p.Libc, p.Demands, claimed))
	}
	return list
}

// CodeOn returns the code for a machine, that of Machine if none is for it.
func (r *Report) CodeOn(machine string) loads.Code {
	list := r.Codes()
	for _, c := range list {
		if c.Machine == machine {
			return c
		}
	}
	for _, c := range list {
		if linkset.RunsOn(c.Machine, machine) {
			return c
		}
	}
	return list[0]
}

func (r *Report) code(machine, libc string, demands []manylinux.Demand, claimed []string) loads.Code {
	n := manylinux.Needs{Machine: machine, Libc: libcNamed(libc), Demands: demands}
	for _, tag := range claimed {
		n.Claims = append(n.Claims, tags.ParsePlatformTag(tag))
	}
	return loads.Code{Needs: n, Files: len(r.ELF), Readable: r.Verdict != finding.Unknown, Excluded: slices.Concat(r.Excluded, r.providedNames())}
}

// providedNames are the names of the libraries that other wheels have.
func (r *Report) providedNames() []string {
	var names []string
	for _, p := range r.Provided {
		names = append(names, p.Library)
	}
	return names
}

func libcNamed(name string) elfaudit.Libc {
	for _, libc := range []elfaudit.Libc{elfaudit.LibcGlibc, elfaudit.LibcMusl, elfaudit.LibcBionic, elfaudit.LibcNone} {
		if libc.String() == name {
			return libc
		}
	}
	return elfaudit.LibcUnknown
}

// Qualifies reports whether the wheel may carry a platform tag, and if not the
// demands that the tag's policy does not meet. A tag without a machine, such as
// manylinux_2_28, means every machine that the wheel is for; a custom policy takes the
// place of the tag if it is not nil.
func (r *Report) Qualifies(tag string, custom *manylinux.Custom) (manylinux.Answer, []manylinux.Demand, error) {
	if custom != nil {
		tag = custom.Base
	}
	if err := CheckTag(tag); err != nil {
		return "", nil, err
	}
	if claim := tags.ParsePlatformTag(tag); otherSystem(claim) {
		answer, unmet := r.qualifiesElsewhere(claim)
		return answer, unmet, nil
	}
	switch {
	case len(r.Systems) > 0:
		return manylinux.NotApplicable, nil, nil // no tag is right for all of it
	case slices.ContainsFunc(r.Findings, func(f finding.Finding) bool { return f.Rule == "WT410" }):
		return manylinux.Unknown, nil, nil // nothing of the archive could be read
	case len(r.ELF) == 0 && r.PlatformTag != "any":
		return manylinux.NotApplicable, nil, nil // a wheel for another system
	case len(r.ELF) == 0:
		return manylinux.Yes, nil, nil
	case r.Verdict == finding.Unknown:
		return manylinux.Unknown, nil, nil
	}
	codes := r.Codes()
	if machine := manylinux.ClaimedMachine(tags.ParsePlatformTag(tag)); machine != "" {
		codes = []loads.Code{r.CodeOn(machine)}
	}
	answers := map[manylinux.Answer]bool{}
	var unmet []manylinux.Demand
	for _, c := range codes {
		answer, causes, err := qualifies(c.Needs, tag, custom)
		if err != nil {
			return "", nil, err
		}
		answers[answer] = true
		unmet = append(unmet, causes...)
	}
	for _, answer := range []manylinux.Answer{manylinux.No, manylinux.Unknown, manylinux.Yes} {
		if answers[answer] {
			return answer, unmet, nil
		}
	}
	return manylinux.NotApplicable, nil, nil
}

func qualifies(n manylinux.Needs, tag string, custom *manylinux.Custom) (manylinux.Answer, []manylinux.Demand, error) {
	if custom != nil {
		return custom.Qualifies(manylinux.Known(), n)
	}
	return manylinux.Known().Qualifies(n, tag)
}
