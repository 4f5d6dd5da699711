package distro

import (
	"fmt"
	"strings"
)

// Code tells the errors of [Parse] apart for programs.
type Code string

// The codes of [Error]. [UnknownError] has [CodeUnknown].
const (
	CodeSyntax      Code = "syntax"       // not of the form [PYTHON@]PLATFORM
	CodeHost        Code = "host"         // "host" is the command's business
	CodeUnknown     Code = "unknown"      // a word that no table holds
	CodePython      Code = "python"       // a Python that cannot be
	CodeNoPython    Code = "no-python"    // no Python named and none implied
	CodeLibc        Code = "libc"         // a libc that cannot be, or where none belongs
	CodeNoLibc      Code = "no-libc"      // no libc named and none implied
	CodeTwoLibcs    Code = "two-libcs"    // two libcs for one target
	CodeMachine     Code = "machine"      // a machine that cannot be
	CodeTwoMachines Code = "two-machines" // two machines for one target
	CodeNotBuilt    Code = "not-built"    // a machine the release is not recorded for
	CodeNoPlatform  Code = "no-platform"  // a word that means no one platform
	CodeImage       Code = "image"        // an image whose release is not known
)

// Error is a target that is understood but cannot be described.
type Error struct {
	Code   Code
	Word   string // the word as given; "" when it is no whole target
	Detail string // what is wrong with it and what to write instead
}

func (e *Error) Error() string { return prefix(e.Word) + e.Detail }

// prefix names the target that an error is about.
func prefix(word string) string {
	if word == "" {
		return ""
	}
	return fmt.Sprintf("target %q: ", word)
}

// Part is the part of a target that an [UnknownError] is about.
type Part string

// The parts of a target.
const (
	PartPlatform Part = "platform"
	PartRelease  Part = "release"
	PartPython   Part = "Python"
	PartMachine  Part = "machine"
)

// UnknownError is a word that no table holds.
type UnknownError struct {
	Word    string   // the word as given; "" when it is no whole target
	Part    Part     // which part of it is unknown
	Unknown string   // that part
	Nearest []string // known words like it, nearest first, at most 5
	Known   []string // every known word of the part where there are few: the distro's releases, the machines
}

// Code is always [CodeUnknown].
func (e *UnknownError) Code() Code { return CodeUnknown }

func (e *UnknownError) Error() string {
	var b strings.Builder
	b.WriteString(prefix(e.Word))
	switch e.Unknown {
	case "":
		b.WriteString("it names no " + string(e.Part))
	case e.Word:
		b.WriteString("unknown " + string(e.Part))
	default:
		fmt.Fprintf(&b, "unknown %s %q", e.Part, e.Unknown)
	}
	if len(e.Nearest) > 0 {
		b.WriteString("; did you mean " + orList(e.Nearest) + "?")
	}
	// The releases of one distro help even beside a guess.
	if len(e.Known) > 0 && (len(e.Nearest) == 0 || e.Part == PartRelease) {
		separator := "; "
		if len(e.Nearest) > 0 {
			separator = " " // after the question mark
		}
		b.WriteString(separator + "known are " + strings.Join(e.Known, ", "))
	}
	if len(e.Nearest)+len(e.Known) == 0 && e.Part == PartPlatform {
		b.WriteString("; name a release (debian:12), an image of python or pypy (python:3.12-bookworm), a platform tag (manylinux_2_28_x86_64) or a triple (x86_64-unknown-linux-gnu), or read a root or image, as in image:FILE")
	}
	if len(e.Nearest) == 0 && e.Part == PartPython {
		b.WriteString("; write it like 3.11, cp311, 3.13t or pypy3.10")
	}
	return b.String()
}

// orList joins words as "a, b or c".
func orList(words []string) string {
	n := len(words) - 1
	if n == 0 {
		return words[0]
	}
	return strings.Join(words[:n], ", ") + " or " + words[n]
}
