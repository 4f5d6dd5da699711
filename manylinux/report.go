package manylinux

import "github.com/wheeltag/wheeltag/wheel"

// Verdict sums an audit up.
type Verdict string

// The verdicts. Unknown outranks Fail: what could not be read may hide worse.
const (
	Pass    Verdict = "pass"
	Fail    Verdict = "fail"
	Unknown Verdict = "unknown"
)

// Report is the result of auditing one wheel or one bare ELF file. Its JSON
// form is the record of the audit command.
type Report struct {
	File    string  `json:"file"`
	Verdict Verdict `json:"verdict"`
	// Claimed are the platform tags of the file name, in order.
	Claimed []string `json:"claimed"`
	// PlatformTag is the best tag the wheel may honestly carry: "any" for
	// one without machine code, "linux_*" when no policy fits, empty when
	// that cannot be told.
	PlatformTag string `json:"platform_tag"`
	// PlatformTags is PlatformTag with its older names; for code that needs
	// no libc, the tags of both libcs.
	PlatformTags []string `json:"platform_tags"`
	// FloorTag is the lowest tag of all, exact by PEP 600 for every Y. It is
	// below PlatformTag where the name claims the next measured policy.
	FloorTag string `json:"floor_tag"`
	// SymbolTag is PlatformTag by symbol versions alone.
	SymbolTag string `json:"symbol_tag"`
	Libc      string `json:"libc"`    // "glibc", "musl", "none" or "" when unknown
	Machine   string `json:"machine"` // as in platform tags, "" when there is none
	// Needs are the symbol versions needed of each library from outside the
	// wheel, sorted; a library without versions has an empty list.
	Needs map[string][]string `json:"needs"`
	// External are the libraries that no policy of the libc allows.
	External []string `json:"external"`
	ELF      []ELF    `json:"elf"`
	// Other are the Mach-O and PE files.
	Other    []Other   `json:"other,omitempty"`
	Findings []Finding `json:"findings"`
	// Auditwheel is nil for a bare ELF file.
	Auditwheel *AuditwheelSays `json:"auditwheel,omitempty"`
	// Unseen is how many members were not looked at, by their names.
	Unseen int `json:"unseen,omitempty"`
	// Read is how much was unpacked for the report; nil for a bare ELF file.
	Read *wheel.ScanStats `json:"-"`

	audit *audit // what the report was made of, for Explain and Carries
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
	// PlatformTag is the tag for this file alone, in the world of its wheel.
	PlatformTag string `json:"platform_tag"`
	Error       string `json:"error,omitempty"`
}

// Other is the record of one Mach-O or PE file.
type Other struct {
	Path     string   `json:"path"`
	Format   string   `json:"format,omitempty"`   // Mach-O or PE
	Machines []string `json:"machines,omitempty"` // as platform tags of its system name them
	Error    string   `json:"error,omitempty"`
}

// Finding is a rule that a wheel breaks, and where.
type Finding struct {
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	File     string   `json:"file"` // inside the wheel; empty for the wheel itself
	Message  string   `json:"message"`
	Library  string   `json:"library,omitempty"`
	Version  string   `json:"version,omitempty"`
	Symbols  []string `json:"symbols,omitempty"`
	Claimed  string   `json:"claimed,omitempty"` // the tag that is not kept
	Need     string   `json:"need,omitempty"`    // the lowest tag that would be, or what is there
}

// has reports whether a finding of the severity is there.
func (r *Report) has(s Severity) bool {
	for _, f := range r.Findings {
		if f.Severity == s {
			return true
		}
	}
	return false
}

// Keep replaces the findings, as after allowances, and judges anew.
func (r *Report) Keep(findings []Finding) {
	r.Findings = findings
	if r.Findings == nil {
		r.Findings = []Finding{}
	}
	r.Verdict = verdictOf(r.Findings)
}

// Fails reports whether the audit fails; when strict, warnings count too.
func (r *Report) Fails(strict bool) bool {
	return r.has(Error) || strict && r.has(Warning)
}
