package tags

// Rank gives the place of the set's best tag in the target's ordered list,
// counted from 0, and false when none of its tags is in it. It builds no list
// and allocates nothing: the cost is the number of members, not of
// combinations.
func (t *Target) Rank(s *Set) (rank int, ok bool) {
	const none = int(^uint(0) >> 1)
	abis := t.readABIs(s)
	block, tail := none, none
	for _, m := range s.members(Interpreter) {
		b, a := t.bestBlock(s, m, abis)
		block, tail = min(block, b), min(tail, a)
	}
	rank = none
	if block != none {
		if p := t.place(s); p >= 0 {
			rank = block*t.ladder.n + p
		}
	}
	if tail != none && rank == none && s.hasAny() {
		rank = t.blocks*t.ladder.n + tail
	}
	return rank, rank != none
}

// abiMatch is what the ABIs of a set mean to a target.
type abiMatch struct {
	own    int // lowest own block, or noBlock
	stable bool
	none   bool
}

const noBlock = int(^uint(0) >> 1)

func (t *Target) readABIs(s *Set) abiMatch {
	match := abiMatch{own: noBlock}
	for _, m := range s.members(ABI) {
		match.stable = match.stable || m == t.stable && m != 0
		match.none = match.none || m.kind() == kindNone
		for i, own := range t.ownPacked {
			if i >= match.own {
				break
			}
			if m == own || own == 0 && s.isText(ABI, m, t.ownABIs[i]) {
				match.own = i
			}
		}
	}
	return match
}

// bestBlock gives the first block that the interpreter member reaches with the
// set's ABIs, and its first place in the tail; noBlock where there is none.
func (t *Target) bestBlock(s *Set, m member, abis abiMatch) (block, tail int) {
	block, tail = noBlock, noBlock
	if m == t.own || t.own == 0 && s.isText(Interpreter, m, t.ownTag) {
		switch {
		case abis.own != noBlock:
			block = abis.own
		case abis.stable && t.stableAt >= 0:
			block = t.stableAt
		case abis.none && t.noneAt >= 0:
			block = t.noneAt
		}
	} else if abis.stable && m.kind() == kindCPython && m.major() == t.python.Major {
		if i := t.python.Minor - 1 - m.minor(); i >= 0 && i < t.stairs {
			block = t.stairsAt + i
		}
	}
	if !abis.none {
		return block, tail
	}
	shift := 0
	if t.anyTag != "" {
		shift = 1
		if m == t.anyPacked && m != 0 || t.anyPacked == 0 && s.isText(Interpreter, m, t.anyTag) {
			tail = 0
		}
	}
	if i := t.pyPlace(m); i >= 0 {
		block = min(block, t.pyAt+i)
		tail = min(tail, shift+i)
	}
	return block, tail
}

// pyPlace is the place of a generic interpreter tag in py311, py3, py310 ...
func (t *Target) pyPlace(m member) int {
	if m.kind() != kindPy || m.major() != t.python.Major {
		return -1
	}
	minor := m.minor()
	switch {
	case t.python.Minor < 0:
		if minor == noMinor {
			return 0
		}
		return -1
	case minor == noMinor:
		return 1
	case minor == t.python.Minor:
		return 0
	case minor < t.python.Minor:
		return t.python.Minor + 1 - minor
	}
	return -1
}

// place is the lowest place of the set's platforms, -1 if none is accepted.
func (t *Target) place(s *Set) int {
	best := -1
	for _, m := range s.members(PlatformTag) {
		for i := range t.ladder.runs {
			r := &t.ladder.runs[i]
			if r.low == 0 {
				if s.isText(PlatformTag, m, r.text) && (best < 0 || r.at < best) {
					best = r.at
				}
				continue
			}
			if p := r.place(m); p >= 0 {
				if best < 0 || p < best {
					best = p
				}
				break
			}
		}
	}
	return best
}

func (s *Set) hasAny() bool {
	for _, m := range s.members(PlatformTag) {
		if m.kind() == kindAny {
			return true
		}
	}
	return false
}

// isText compares a member without a packed form by its text.
func (s *Set) isText(c Component, m member, text string) bool {
	return m.kind() == kindOther && s.text[c][m.major():m.minor()] == text
}
