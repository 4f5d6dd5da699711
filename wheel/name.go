package wheel

import (
	"strings"

	"github.com/wheeltag/wheeltag/internal/pystr"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// Name is what a wheel's file name says:
//
//	{distribution}-{version}[-{build}]-{python}-{abi}-{platform}[-{variant}].whl
type Name struct {
	Filename     string         // as given to ParseName
	Distribution string         // the project's name as written
	Version      pep440.Version // Version.Source is the text as written
	Build        Build          // zero when the name has none
	Tags         tags.Set       // compressed, never expanded

	// Variant is the label of a variant wheel (PEP 825), "" for any other wheel.
	// Tags alone do not decide about a wheel that has one: [Fit] and [Select] ask
	// whether the installer knows variants, and what the label means.
	Variant string
}

// extension ends every wheel's name; letter case matters.
const extension = ".whl"

// ParseName reads the base name of a wheel (PEP 427). It accepts and refuses
// what packaging 26.3's parse_wheel_filename does, with three exceptions: numbers
// of more than 4,300 digits are read, where Python stops; names that are out
// of all proportion are refused, see [pep440.MaxLength] and [tags.MaxSetLength];
// and names of variant wheels are read as uv 0.13.9 does, see [Name.ReadableBy]. The
// error is a [*NameError]. At most one allocation is made, and none for names of up
// to eight tag members in lower case.
func ParseName(filename string) (Name, error) {
	var n Name
	if err := n.parse(filename); err != nil {
		return Name{}, err
	}
	return n, nil
}

// parse fills an empty Name; it is in place because a Name is large to copy.
func (n *Name) parse(filename string) error {
	stem, ok := strings.CutSuffix(filename, extension)
	if !ok {
		return nameError(filename, CodeExtension, "", len(filename), nil)
	}
	var dash [7]int
	dashes := 0
	for from := 0; dashes < len(dash); dashes++ {
		next := strings.IndexByte(stem[from:], '-')
		if next < 0 {
			break
		}
		dash[dashes] = from + next
		from += next + 1
	}
	if dashes < 4 || dashes > 6 {
		return nameError(filename, CodeParts, "", 0, nil)
	}
	n.Filename, n.Distribution = filename, stem[:dash[0]]
	if at := badDistribution(n.Distribution); at >= 0 {
		return nameError(filename, CodeDistribution, n.Distribution, at, nil)
	}
	version := stem[dash[0]+1 : dash[1]]
	var err error
	if n.Version, err = pep440.Parse(version); err != nil {
		return nameError(filename, CodeVersion, version, dash[0]+1+versionOffset(err), err)
	}
	rest := dash[1] + 1
	// Of six parts, the third is a build tag if it begins with a digit, which no
	// interpreter tag does.
	build := dashes == 6 || dashes == 5 && (rest == dash[2] || stem[rest]-'0' <= 9)
	if build {
		build := stem[rest:dash[2]]
		if n.Build, ok = parseBuild(build); !ok {
			return nameError(filename, CodeBuild, build, rest, nil)
		}
		rest = dash[2] + 1
	}
	if dashes == 6 || dashes == 5 && !build {
		last := dash[dashes-1]
		n.Variant = stem[last+1:]
		if at := badLabel(n.Variant); at >= 0 {
			return nameError(filename, CodeVariantLabel, n.Variant, last+1+at, nil)
		}
		stem = stem[:last]
	}
	if err := n.Tags.Parse(stem[rest:]); err != nil {
		return tagError(filename, stem[rest:], rest, err)
	}
	return nil
}

// badDistribution gives the offset of the first byte that a project's name may
// not have, -1 if there is none. Letters and numbers of any script, dots and
// single underscores are allowed.
func badDistribution(s string) int {
	if s == "" {
		return 0
	}
	for i := 0; i < len(s); i++ {
		b := s[i]
		switch {
		case b|0x20-'a' <= 'z'-'a', b-'0' <= 9, b == '.':
		case b == '_':
			if i > 0 && s[i-1] == '_' {
				return i
			}
		default:
			if b >= 0x80 {
				return badUnicode(s)
			}
			return i
		}
	}
	return -1
}

func badUnicode(s string) int {
	before := rune(0)
	for i, r := range s {
		if r != '.' && !pystr.IsWord(r) || r == '_' && before == '_' {
			return i
		}
		before = r
	}
	return -1
}

// badLabel gives the offset of the first byte that a variant label may not have, -1
// if there is none (PEP 825: ^[0-9a-z_.]+$).
func badLabel(s string) int {
	if s == "" {
		return 0
	}
	for i := 0; i < len(s); i++ {
		if b := s[i]; b-'a' > 'z'-'a' && b-'0' > 9 && b != '_' && b != '.' {
			return i
		}
	}
	return -1
}

// ReadableBy gives the error that the tools of a profile make of the name, and nil
// when they read it: packaging and pip cannot read the name of a variant wheel, and
// ignore such a file. uv reads it, and takes the wheel with its preview feature alone,
// see [Fit]. The error is a [*NameError].
func (n *Name) ReadableBy(profile tags.Profile) error {
	if n.Variant == "" || profile.Tool() == tags.UV {
		return nil
	}
	return nameError(n.Filename, CodeVariant, n.Variant, len(n.Filename)-len(extension)-len(n.Variant), nil)
}

// NormalizedName is the project's name by PEP 503: lower case, with each run of
// dashes, dots and underscores as one dash.
func (n Name) NormalizedName() string { return NormalizeName(n.Distribution) }

// NormalizeName normalises a project's name by PEP 503. It gives the argument
// itself when nothing changes.
func NormalizeName(name string) string {
	if isNormalized(name) {
		return name
	}
	name = pystr.Lower(name)
	var b strings.Builder
	b.Grow(len(name))
	for i := 0; i < len(name); i++ {
		switch name[i] {
		case '-', '_', '.':
			if i == 0 || !strings.ContainsRune("-_.", rune(name[i-1])) {
				b.WriteByte('-')
			}
		default:
			b.WriteByte(name[i])
		}
	}
	return b.String()
}

func isNormalized(name string) bool {
	before := byte(0)
	for i := 0; i < len(name); i++ {
		b := name[i]
		switch {
		case b-'a' <= 'z'-'a', b-'0' <= 9:
		case b == '-' && before != '-':
		default:
			return false
		}
		before = b
	}
	return true
}

// String gives the file name as parsed.
func (n Name) String() string { return n.Filename }
