package tags

import (
	"iter"
	"slices"
	"strings"
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
type Set struct {
	text    [3]string // the parts, in lower case
	count   [3]uint32 // members of each part
	inline  [inlineMembers]member
	spilled []member // all members when they do not fit inline
}

// ParseSet reads "py2.py3-none-any". It accepts what packaging 26.3's parse_tag
// accepts, keeps members in their order with repeats, and folds letters to
// lower case. The error is a [*SetError].
func ParseSet(s string) (Set, error) {
	var set Set
	err := set.parse(s)
	return set, err
}

func (s *Set) parse(text string) error {
	if len(text) > MaxSetLength {
		return &SetError{Input: text, Code: FaultTooLong}
	}
	lowered := lower(text)
	total, err := s.split(text, lowered)
	if err != nil {
		return err
	}
	dst := s.inline[:]
	if total > inlineMembers {
		s.spilled = make([]member, total)
		dst = s.spilled
	}
	for c, part := range s.text {
		var read func(string) member
		switch Component(c) {
		case Interpreter:
			read = interpreterMember
		case ABI:
			read = abiMember
		default:
			read = platformMember
		}
		start := 0
		for n := s.count[c]; n > 0; n-- {
			end := start
			for end < len(part) && part[end] != '.' {
				end++
			}
			m := read(part[start:end])
			if m == 0 {
				m = otherMember(start, end)
			}
			dst[0] = m
			dst = dst[1:]
			start = end + 1
		}
	}
	return nil
}

// split finds the three parts and counts their members, in the order of
// packaging's checks: empty members first, then the number of parts, then the
// spelling of interpreters. It looks at raw text, because lower-casing may
// change what is an identifier and where an offset lies.
func (s *Set) split(raw, lowered string) (total int, err error) {
	if c, at := emptyMember(raw); at >= 0 {
		return 0, &SetError{Input: raw, Component: c, Offset: at, Code: FaultEmptyMember}
	}
	first := strings.IndexByte(lowered, '-')
	last := strings.LastIndexByte(lowered, '-')
	if first < 0 || first == last || strings.IndexByte(lowered[first+1:last], '-') >= 0 {
		return 0, &SetError{Input: raw, Code: FaultParts}
	}
	offset := 0
	for name := range strings.SplitSeq(raw[:strings.IndexByte(raw, '-')], ".") {
		if !isIdentifier(name) {
			return 0, &SetError{Input: raw, Component: Interpreter, Member: name, Offset: offset, Code: FaultIdentifier}
		}
		offset += len(name) + 1
	}
	s.text = [3]string{lowered[:first], lowered[first+1 : last], lowered[last+1:]}
	for c, part := range s.text {
		n := strings.Count(part, ".") + 1
		s.count[c] = uint32(n)
		total += n
	}
	return total, nil
}

// emptyMember finds the first empty member and its offset, -1 if there is none.
func emptyMember(s string) (Component, int) {
	c := Interpreter
	before := byte('.')
	for i := 0; i < len(s); i++ {
		b := s[i]
		if b == '.' || b == '-' {
			if before == '.' || before == '-' {
				return c, i
			}
			if b == '-' && c < PlatformTag {
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
func (s *Set) members(c Component) []member {
	all := s.inline[:]
	if s.spilled != nil {
		all = s.spilled
	}
	switch c {
	case Interpreter:
		return all[:s.count[0]]
	case ABI:
		return all[s.count[0] : s.count[0]+s.count[1]]
	}
	from := s.count[0] + s.count[1]
	return all[from : from+s.count[2]]
}

// Component gives one part as written in the file name, in lower case.
func (s *Set) Component(c Component) string { return s.text[c] }

// Members yields the members of one part in their order.
func (s *Set) Members(c Component) iter.Seq[string] {
	if s.count[c] == 0 {
		return func(func(string) bool) {}
	}
	return strings.SplitSeq(s.text[c], ".")
}

// Len is the number of combinations, repeats included. It may exceed any
// number of tags that could be listed; see [Set.Tags].
func (s *Set) Len() int {
	return int(s.count[0]) * int(s.count[1]) * int(s.count[2])
}

// Tags yields the combinations lazily, the platform changing fastest.
func (s *Set) Tags() iter.Seq[Tag] {
	return func(yield func(Tag) bool) {
		for i := range s.Members(Interpreter) {
			for a := range s.Members(ABI) {
				for p := range s.Members(PlatformTag) {
					if !yield(Tag{i, a, p}) {
						return
					}
				}
			}
		}
	}
}

// String gives the compressed form, in lower case.
func (s *Set) String() string {
	if s.count[0] == 0 {
		return ""
	}
	return s.text[0] + "-" + s.text[1] + "-" + s.text[2]
}

// Unsorted names the first part whose members are not in ascending byte order
// without repeats, which PEP 425 wants and much of a real index lacks.
func (s *Set) Unsorted() (Component, bool) {
	for c := range s.text {
		members := slices.Collect(s.Members(Component(c)))
		if !slices.IsSorted(members) {
			return Component(c), true
		}
	}
	return 0, false
}

// Has reports whether a part has the member; the member is in lower case.
func (s *Set) Has(c Component, member string) bool {
	for m := range s.Members(c) {
		if m == member {
			return true
		}
	}
	return false
}
