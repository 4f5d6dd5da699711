package finding

import "fmt"

// Severity says what a finding does to an audit. Severities are ordered.
type Severity int

// The severities. An error fails an audit, a warning fails a strict one, a note
// never does.
const (
	Note Severity = iota + 1
	Warning
	Error
)

var severityNames = map[Severity]string{Note: "note", Warning: "warning", Error: "error"}

// ParseSeverity reads "note", "warning" or "error".
func ParseSeverity(text string) (Severity, error) {
	for s, name := range severityNames {
		if name == text {
			return s, nil
		}
	}
	return 0, fmt.Errorf("unknown severity %q; want note, warning or error", text)
}

// String returns the lower-case name, or "" for the zero value.
func (s Severity) String() string { return severityNames[s] }

// MarshalText writes the name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name.
func (s *Severity) UnmarshalText(text []byte) (err error) {
	*s, err = ParseSeverity(string(text))
	return err
}
