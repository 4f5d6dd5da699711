package tags

import (
	"fmt"
	"strings"
)

// Tag is one compatibility triple of PEP 425, all three parts in lower case.
type Tag struct {
	Interpreter string // for example "cp311" or "py3"
	ABI         string // for example "cp311", "abi3" or "none"
	Platform    string // for example "manylinux_2_17_x86_64" or "any"
}

// String joins the parts with dashes, as in a file name.
func (t Tag) String() string {
	return t.Interpreter + "-" + t.ABI + "-" + t.Platform
}

// Part names one of the three parts of a tag.
type Part uint8

// The three parts, in the order of a file name.
const (
	PartInterpreter Part = iota
	PartABI
	PartPlatform
)

var partNames = [...]string{"interpreter", "ABI", "platform"}

func (c Part) String() string {
	if int(c) < len(partNames) {
		return partNames[c]
	}
	return fmt.Sprintf("part %d", uint8(c))
}

// SetError says what is wrong with a compressed tag set.
type SetError struct {
	Input  string // the whole set as given
	Part   Part   // the part at fault
	Member string // the offending member, empty when a member is missing
	Offset int    // byte offset of the fault in Input
	Code   SetFault
}

// SetFault is the stable code of a [SetError].
type SetFault string

// What can be wrong with a tag set (packaging 26.3, parse_tag).
const (
	FaultParts       SetFault = "tag-parts"       // not exactly three parts
	FaultEmptyMember SetFault = "tag-empty"       // "py2..py3", "", "any."
	FaultIdentifier  SetFault = "tag-interpreter" // not a Python identifier
	FaultTooLong     SetFault = "tag-too-long"    // longer than [MaxSetLength]
)

func (e *SetError) Error() string {
	switch e.Code {
	case FaultParts:
		return fmt.Sprintf("tag %q must have exactly three parts, interpreter-abi-platform", clip(e.Input))
	case FaultEmptyMember:
		return fmt.Sprintf("tag %q has an empty %s member at offset %d: drop the extra dot or dash", clip(e.Input), e.Part, e.Offset)
	case FaultTooLong:
		return fmt.Sprintf("tag set of %d bytes is longer than %d", len(e.Input), MaxSetLength)
	}
	return fmt.Sprintf("interpreter tag %q at offset %d is not an identifier such as py3 or cp311", clip(e.Member), e.Offset)
}

// clip keeps error messages readable whatever the input's length.
func clip(s string) string {
	const most = 120
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
