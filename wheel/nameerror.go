package wheel

import (
	"errors"
	"fmt"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// NameCode says which rule a file name breaks; the codes are stable. They
// follow the checks of packaging 26.3 in their order.
type NameCode string

// What can be wrong with a wheel's file name.
const (
	CodeExtension    NameCode = "extension"       // does not end in ".whl"
	CodeParts        NameCode = "parts"           // not five to seven parts between dashes
	CodeDistribution NameCode = "distribution"    // empty, "__" or a character that is not allowed
	CodeVersion      NameCode = "version"         // not a version of PEP 440
	CodeBuild        NameCode = "build"           // the build tag does not begin with a digit, or is longer than any
	CodeTagEmpty     NameCode = "tag-empty"       // an empty tag or member of a set
	CodeTagPython    NameCode = "tag-interpreter" // an interpreter tag that is not an identifier
	CodeTagLength    NameCode = "tag-too-long"    // a tag set of over a mebibyte

	CodeVariantLabel NameCode = "variant-label" // empty, or a character that no variant label has

	// Only [Name.ReadableBy] gives this.
	CodeVariant NameCode = "variant" // a variant wheel, which the tool cannot read

	// Only [Name.NormalizationErrors] gives these.
	CodeNameForm    NameCode = "name-form"    // the name is not in normal form
	CodeVersionForm NameCode = "version-form" // the version is not in normal form
	CodeTagCase     NameCode = "tag-case"     // capital letters in a tag
	CodeTagOrder    NameCode = "tag-order"    // members of a set not in ascending order
	CodeTagRepeat   NameCode = "tag-repeat"   // a member of a set twice
	CodeBuildForm   NameCode = "build-form"   // leading zeros or odd characters in the build tag
)

// NameError is a file name that breaks a rule.
type NameError struct {
	Filename string
	Code     NameCode
	Part     string // the offending part, empty when it is the whole name
	Offset   int    // byte offset in Filename where the fault starts
	Err      error  // the cause: a *pep440.Error, a *tags.SetError or nil
}

// Unwrap gives the cause.
func (e *NameError) Unwrap() error { return e.Err }

func (e *NameError) Error() string {
	return fmt.Sprintf("%q: %s", clip(e.Filename), e.explain())
}

func (e *NameError) explain() string {
	switch e.Code {
	case CodeExtension:
		return "not a wheel: the name must end in .whl"
	case CodeParts:
		return "not a wheel name: want name-version[-build]-python-abi-platform[-variant].whl"
	case CodeDistribution:
		if e.Part == "" {
			return "the project name is empty"
		}
		return fmt.Sprintf("project name %q at offset %d: want letters, digits, dots and single underscores", clip(e.Part), e.Offset)
	case CodeBuild:
		if len(e.Part) > pep440.MaxLength {
			return fmt.Sprintf("build tag of %d bytes at offset %d is longer than %d", len(e.Part), e.Offset, pep440.MaxLength)
		}
		return fmt.Sprintf("build tag %q at offset %d must begin with a digit", clip(e.Part), e.Offset)
	case CodeVariantLabel:
		if e.Part == "" {
			return "the variant label is empty"
		}
		return fmt.Sprintf("variant label %q at offset %d: want lower-case letters, digits, dots and underscores (a build tag would begin with a digit)", clip(e.Part), e.Offset)
	case CodeVariant:
		return fmt.Sprintf("a wheel variant with the label %q, which packaging 26.4 and pip 26.3 cannot read", clip(e.Part))
	case CodeNameForm, CodeVersionForm:
		return fmt.Sprintf("%q at offset %d is not in normal form: %v", clip(e.Part), e.Offset, e.Err)
	case CodeTagCase:
		return fmt.Sprintf("tag %q at offset %d has capital letters", clip(e.Part), e.Offset)
	case CodeTagOrder:
		return fmt.Sprintf("tag set %q at offset %d is not sorted: %v", clip(e.Part), e.Offset, e.Err)
	case CodeTagRepeat:
		return fmt.Sprintf("tag set %q at offset %d names a member twice", clip(e.Part), e.Offset)
	case CodeBuildForm:
		return fmt.Sprintf("build tag %q at offset %d is not in normal form: %v", clip(e.Part), e.Offset, e.Err)
	}
	return e.Err.Error()
}

func nameError(filename string, code NameCode, part string, offset int, cause error) *NameError {
	return &NameError{Filename: filename, Code: code, Part: part, Offset: offset, Err: cause}
}

// tagError turns a fault in the tag set, which starts at offset, into one of
// the file name.
func tagError(filename, set string, offset int, err error) *NameError {
	var fault *tags.SetError
	if !errors.As(err, &fault) {
		return nameError(filename, CodeTagEmpty, set, offset, err)
	}
	code := map[tags.SetFault]NameCode{
		tags.FaultEmptyMember: CodeTagEmpty,
		tags.FaultIdentifier:  CodeTagPython,
		tags.FaultTooLong:     CodeTagLength,
	}[fault.Code]
	return nameError(filename, code, fault.Member, offset+fault.Offset, err)
}

func versionOffset(err error) int {
	var v *pep440.Error
	if errors.As(err, &v) {
		return v.Offset
	}
	return 0
}

func clip(s string) string {
	const most = 160
	if len(s) <= most {
		return s
	}
	return s[:most] + "..."
}
