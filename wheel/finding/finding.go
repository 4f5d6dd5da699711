package finding

// Finding says that a file breaks a rule.
type Finding struct {
	Rule string `json:"rule"` // its id
	// Severity is what the run makes of the finding, RuleSeverity what the catalogue
	// says of the rule.
	Severity     Severity `json:"severity"`
	RuleSeverity Severity `json:"rule_severity,omitzero"`
	// File is the path inside the wheel, or "" for the wheel itself.
	File    string `json:"file"`
	Message string `json:"message"`

	// The parts of the message as data; each rule fills those that it is about.
	Library string   `json:"library,omitempty"` // a soname
	Version string   `json:"version,omitempty"` // a symbol version or a release
	Symbols []string `json:"symbols,omitempty"`
	Claimed string   `json:"claimed,omitempty"` // the tag that the file does not meet
	Need    string   `json:"need,omitempty"`    // the lowest tag that it meets, or what is there instead
	Others  []string `json:"others,omitempty"`  // paths of other files that it is about
	Suggest string   `json:"suggest,omitempty"` // a better file name
}

// Set gives the finding the id and the default severity of a rule, named by its
// id or name. It panics when there is no such rule: a check names its own.
func (f *Finding) Set(rule string) {
	r, ok := Lookup(rule)
	if !ok {
		panic("finding: no rule is called " + rule)
	}
	f.Rule, f.Severity, f.RuleSeverity = r.ID, r.Severity, r.Severity
}

// Silenced counts the findings of a rule that a selection took out.
type Silenced struct {
	Rule  string `json:"rule"` // its id
	Count int    `json:"count"`
	By    string `json:"by"` // as [Decision] has it
}

// Verdict sums findings up.
type Verdict string

// The verdicts. Unknown outranks Fail: what cannot be read may hide worse.
const (
	Pass    Verdict = "pass"
	Fail    Verdict = "fail"
	Unknown Verdict = "unknown"
)

// Judge sums findings up: Unknown when a rule leaves the answer open, otherwise
// Fail when a finding is at least as severe as failing.
func Judge(findings []Finding, failing Severity) Verdict {
	v := Pass
	for _, f := range findings {
		if rule, _ := Lookup(f.Rule); rule.Undecided {
			return Unknown
		}
		if f.Severity >= failing {
			v = Fail
		}
	}
	return v
}
