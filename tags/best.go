package tags

// Best gives the set's best tag for the target and its place in the ordered
// list. It costs more than [Target.Rank] alone, for finding the text, but never
// more than members x log(members).
func (t *Target) Best(s *Set) (tag Tag, rank int, ok bool) {
	rank, ok = t.Rank(s)
	if !ok {
		return Tag{}, 0, false
	}
	if s.count == [3]uint32{1, 1, 1} {
		return Tag{s.text[0], s.text[1], s.text[2]}, rank, true
	}
	interpreters, abis := s.members(PartInterpreter), s.members(PartABI)
	block, tail := t.firstBlockOf(s, interpreters, abis)
	inTail := rank >= t.blocks*t.platforms.n
	same := func(interpreters, abis []member) bool {
		b, a := t.firstBlockOf(s, interpreters, abis)
		return inTail && a == tail || !inTail && b == block
	}
	i := bisect(interpreters, func(half []member) bool { return same(half, abis) })
	a := bisect(abis, func(half []member) bool { return same(interpreters[i:i+1], half) })
	p := 0
	for n, m := range s.members(PartPlatform) {
		if inTail && m.kind() == kindAny || !inTail && t.indexOf(s, m) == rank%t.platforms.n {
			p = n
			break
		}
	}
	return Tag{s.member(PartInterpreter, i), s.member(PartABI, a), s.member(PartPlatform, p)}, rank, true
}

// bisect finds the first member that has the property alone, which the whole
// has because one of its members does.
func bisect(members []member, has func([]member) bool) int {
	from, to := 0, len(members)
	for to-from > 1 {
		middle := (from + to) / 2
		if has(members[from:middle]) {
			to = middle
		} else {
			from = middle
		}
	}
	return from
}

// member gives the text of the n-th member of a part.
func (s *Set) member(c Part, n int) string {
	for text := range s.Members(c) {
		if n == 0 {
			return text
		}
		n--
	}
	return ""
}
