package tags

import (
	"iter"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/pystr"
)

// MaxSetLength is the longest accepted text of a compressed set in bytes. Real
// file names stay under 1 KiB; operating systems stop at 255 bytes a name.
const MaxSetLength = 1 << 20

// inlineMembers is how many members a Set holds without allocating. Of 3,910
// names on a real index all but a handful have eight or fewer.
const inlineMembers = 8

// Set is the compressed tag set of a wheel's file name: the members of its
// three parts, meaning every combination of them. Make one with [ParseSet].
// The zero Set is empty and fits no target.
//
// A Set is a plain value that may be copied. It is larger than most values, so
// that the functions asked a million times, such as [Target.Rank], take a
// pointer to one.
type Set struct {
	count   [3]uint32 // members of each part
	inline  [inlineMembers]member
	spilled []member  // all members when they do not fit inline
	text    [3]string // the parts, in lower case
}

// ParseSet reads "py2.py3-none-any". It accepts what packaging 26.3's parse_tag
// accepts, keeps members in their order with repeats, and folds letters to
// lower case. The error is a [*SetError].
func ParseSet(s string) (set Set, err error) {
	err = set.Parse(s)
	return set, err
}

// Parse is [ParseSet] into s, for sets that are part of something larger. After
// an error s is empty.
func (s *Set) Parse(text string) error {
	*s = Set{}
	if err := s.parse(text); err != nil {
		*s = Set{}
		return err
	}
	return nil
}

// parse reads every member in one pass. What is wrong with a refused text is
// found out afterwards, in the order of packaging's checks.
func (s *Set) parse(text string) error {
	lowered, ascii := pystr.LowerASCII(text)
	if len(text) > MaxSetLength {
		return &SetError{Input: text, Code: FaultTooLong}
	}
	if !ascii {
		// Lower-casing can turn a text into an identifier or out of one.
		if err := fault(text); err != nil {
			return err
		}
		lowered = lowerMembers(text)
	}
	c, n, part, start := PartInterpreter, 0, 0, 0
	dst := s.inline[:]
	for start <= len(lowered) {
		i := separator(lowered, start)
		if n == len(dst) {
			dst = s.spill(lowered[i:])
		}
		m := readMember(c, lowered[start:i], start-part)
		if m == 0 || ascii && c == PartInterpreter && m.kind() == kindOther && !pystr.IsIdentifier(lowered[start:i]) {
			return fault(text)
		}
		dst[n] = m
		n++
		s.count[c]++
		start = i + 1
		if i < len(lowered) && lowered[i] == '.' {
			continue
		}
		s.text[c] = lowered[part:i]
		part = start
		if c++; c > PartPlatform && i < len(lowered) {
			return fault(text)
		}
	}
	if c <= PartPlatform {
		return fault(text)
	}
	return nil
}

// lowerMembers lowers each member by itself: the last letter of a member ends a
// word, which matters to the Greek sigma.
func lowerMembers(text string) string {
	var b strings.Builder
	start := 0
	for i := 0; i <= len(text); i++ {
		if i == len(text) || text[i] == '.' || text[i] == '-' {
			b.WriteString(pystr.Lower(text[start:i]))
			b.WriteString(text[i:min(i+1, len(text))])
			start = i + 1
		}
	}
	return b.String()
}

// spill moves the members to a slice that holds those of the rest as well.
func (s *Set) spill(rest string) []member {
	more := strings.Count(rest, ".") + strings.Count(rest, "-") + 1
	s.spilled = make([]member, inlineMembers+more)
	copy(s.spilled, s.inline[:])
	return s.spilled
}

// readMember packs one member, 0 if it is empty. offset is its place in the
// part's text.
func readMember(c Part, text string, offset int) (m member) {
	if text == "" {
		return 0
	}
	switch c {
	case PartInterpreter:
		m = interpreterMember(text)
	case PartABI:
		m = abiMember(text)
	default:
		m = platformMember(text)
	}
	if m == 0 {
		m = otherMember(offset, offset+len(text))
	}
	return m
}

// fault says what is wrong with a set, nil if nothing is: empty members first,
// then the number of parts, then the spelling of interpreters.
func fault(text string) error {
	if c, at := emptyMember(text); at >= 0 {
		return &SetError{Input: text, Part: c, Offset: at, Code: FaultEmptyMember}
	}
	if strings.Count(text, "-") != 2 {
		return &SetError{Input: text, Code: FaultParts}
	}
	offset := 0
	for name := range strings.SplitSeq(text[:strings.IndexByte(text, '-')], ".") {
		if !pystr.IsIdentifier(name) {
			return &SetError{Input: text, Part: PartInterpreter, Member: name, Offset: offset, Code: FaultIdentifier}
		}
		offset += len(name) + 1
	}
	return nil
}

// emptyMember finds the first empty member and its offset, -1 if there is none.
func emptyMember(s string) (Part, int) {
	c := PartInterpreter
	before := byte('.')
	for i := 0; i < len(s); i++ {
		b := s[i]
		if b == '.' || b == '-' {
			if before == '.' || before == '-' {
				return c, i
			}
			if b == '-' && c < PartPlatform {
				c++
			}
		}
		before = b
	}
	if before == '.' || before == '-' {
		return c, len(s)
	}
	return 0, -1
}

// members gives the encoded members of one part.
func (s *Set) members(c Part) []member {
	all := s.inline[:]
	if s.spilled != nil {
		all = s.spilled
	}
	switch c {
	case PartInterpreter:
		return all[:s.count[0]]
	case PartABI:
		return all[s.count[0] : s.count[0]+s.count[1]]
	}
	from := s.count[0] + s.count[1]
	return all[from : from+s.count[2]]
}

// Part gives one part as written in the file name, in lower case.
func (s Set) Part(c Part) string { return s.text[c] }

// Members yields the members of one part in their order.
func (s Set) Members(c Part) iter.Seq[string] {
	if s.count[c] == 0 {
		return func(func(string) bool) {}
	}
	return strings.SplitSeq(s.text[c], ".")
}

// Len is the number of combinations, repeats included. It may exceed any
// number of tags that could be listed; see [Set.Tags].
func (s Set) Len() int {
	return int(s.count[0]) * int(s.count[1]) * int(s.count[2])
}

// Tags yields the combinations lazily, the platform changing fastest.
func (s Set) Tags() iter.Seq[Tag] {
	return func(yield func(Tag) bool) {
		for i := range s.Members(PartInterpreter) {
			for a := range s.Members(PartABI) {
				for p := range s.Members(PartPlatform) {
					if !yield(Tag{i, a, p}) {
						return
					}
				}
			}
		}
	}
}

// String gives the compressed form, in lower case.
func (s Set) String() string {
	if s.count[0] == 0 {
		return ""
	}
	return s.text[0] + "-" + s.text[1] + "-" + s.text[2]
}

// Unsorted names the first part whose members are not in ascending byte order
// without repeats, which PEP 425 wants and much of a real index lacks.
func (s Set) Unsorted() (Part, bool) {
	for c := range s.text {
		members := slices.Collect(s.Members(Part(c)))
		if !slices.IsSorted(members) {
			return Part(c), true
		}
	}
	return 0, false
}

// Has reports whether a part has the member; the member is in lower case.
func (s Set) Has(c Part, member string) bool {
	for m := range s.Members(c) {
		if m == member {
			return true
		}
	}
	return false
}
