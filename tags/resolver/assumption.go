package resolver

import (
	"fmt"

	"github.com/wheeltag/wheeltag/tags"
)

// AssumptionKind says what a word leaves open; the kinds are stable.
type AssumptionKind string

// The kinds of [Assumption].
const (
	// AssumedMachine: no machine is named; Platform.Arch is the default.
	AssumedMachine AssumptionKind = "machine"
	// AssumedDate: the word means something else as time goes by; Platform is
	// what it meant at AsOf.
	AssumedDate AssumptionKind = "date"
	// AssumedPython: no Python is named; Python is the release's own python3.
	AssumedPython AssumptionKind = "python"
	// AssumedMissing: the root lacks the Python that is named; Python is described
	// on the root's Platform.
	AssumedMissing AssumptionKind = "missing-python"
)

// Assumption is something that a word leaves open and what was taken instead.
type Assumption struct {
	Kind     AssumptionKind
	Word     string        // as given, or the name of the root
	Platform tags.Platform // of the target
	Python   tags.Python   // of AssumedPython and AssumedMissing
	AsOf     string        // of AssumedDate, as 2006-01-02
	Meant    string        // of AssumedDate, the name of the target
}

// String says it in a sentence.
func (a Assumption) String() string {
	switch a.Kind {
	case AssumedMachine:
		return fmt.Sprintf("%s: no machine named, assuming %s", a.Word, a.Platform.Arch)
	case AssumedDate:
		return fmt.Sprintf("%s is a moving tag; resolved as of %s: %s, %s", a.Word, a.AsOf, a.Meant, a.Platform)
	case AssumedPython:
		return fmt.Sprintf("%s: no Python named, assuming the release's own %s", a.Word, a.Python)
	case AssumedMissing:
		return fmt.Sprintf("%s: %s not found; assuming it on %s", a.Word, a.Python, a.Platform)
	}
	return fmt.Sprintf("%s: %s", a.Word, a.Kind)
}
