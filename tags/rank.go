package tags

// nowhere stands for a place that a set does not reach.
const nowhere = int(^uint(0) >> 1)

// Rank gives the place of the set's best tag in the target's ordered list,
// counted from 0, and false when none of its tags is in it. It builds no list
// and allocates nothing: the cost is the number of members, not of
// combinations.
func (t *Target) Rank(s *Set) (rank int, ok bool) {
	block, tail := t.reach(s)
	if block != nowhere {
		if p := t.place(s); p >= 0 {
			return block*t.ladder.n + p, true
		}
	}
	if tail != nowhere && s.hasAny() {
		return t.blocks*t.ladder.n + tail, true
	}
	return 0, false
}

// reach gives the first block that a pair of the set's interpreters and ABIs
// stands for, and their first place in the tail of the list.
func (t *Target) reach(s *Set) (block, tail int) {
	return t.reachOf(s, s.members(PartInterpreter), s.members(PartABI))
}

// reachOf is reach for some of the set's members.
func (t *Target) reachOf(s *Set, interpreters, abis []member) (block, tail int) {
	own, any := false, false
	stair, py := nowhere, nowhere
	for _, m := range interpreters {
		switch m.kind() {
		case kindCPython:
			if i := t.python.Minor - 1 - m.minor(); uint(i) < uint(t.stairs) && m.major() == t.python.Major {
				stair = min(stair, i)
			}
		case kindPy:
			if i := t.pyPlace(m); i >= 0 {
				py = min(py, i)
			}
		case kindOther:
			own = own || t.own == 0 && s.isText(PartInterpreter, m, t.ownTag)
			any = any || t.anyPacked == 0 && t.anyTag != "" && s.isText(PartInterpreter, m, t.anyTag)
			continue
		}
		own = own || m == t.own
		any = any || m == t.anyPacked
	}
	if !own && !any && stair == nowhere && py == nowhere {
		return nowhere, nowhere
	}
	abi := t.readABIs(s, abis)
	block, tail = nowhere, nowhere
	if own {
		block = t.ownBlock(abi)
	}
	if abi.stable && stair != nowhere {
		block = min(block, t.stairsAt+stair)
	}
	if abi.none && py != nowhere {
		block = min(block, t.pyAt+py)
		tail = py + t.anyOwn()
	}
	if abi.none && any {
		tail = 0
	}
	return block, tail
}

// ownBlock is the first block of the target's own interpreter tag.
func (t *Target) ownBlock(abi abiMatch) int {
	block := abi.own
	if abi.stable && t.stableAt >= 0 {
		block = min(block, t.stableAt)
	}
	if abi.none && t.noneAt >= 0 {
		block = min(block, t.noneAt)
	}
	return block
}

// abiMatch is what the ABIs of a set mean to a target.
type abiMatch struct {
	own    int // lowest own block, or nowhere
	stable bool
	none   bool
}

func (t *Target) readABIs(s *Set, abis []member) abiMatch {
	match := abiMatch{own: nowhere}
	for _, m := range abis {
		match.stable = match.stable || m == t.stable && m != 0
		match.none = match.none || m.kind() == kindNone
		for i, own := range t.ownPacked {
			if i >= match.own {
				break
			}
			if m == own || own == 0 && s.isText(PartABI, m, t.ownABIs[i]) {
				match.own = i
			}
		}
	}
	return match
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
	for _, m := range s.members(PartPlatform) {
		if t.ladder.arch != 0 && m.arch() != t.ladder.arch {
			continue
		}
		if p := t.placeOf(s, m); p >= 0 && (best < 0 || p < best) {
			best = p
		}
	}
	return best
}

// placeOf is the place of one platform, -1 if it is not accepted.
func (t *Target) placeOf(s *Set, m member) int {
	for i := range t.ladder.runs {
		r := &t.ladder.runs[i]
		if r.low == 0 {
			if s.isText(PartPlatform, m, r.text) {
				return r.at
			}
		} else if p := r.place(m); p >= 0 {
			return p
		}
	}
	return -1
}

func (s *Set) hasAny() bool {
	for _, m := range s.members(PartPlatform) {
		if m.kind() == kindAny {
			return true
		}
	}
	return false
}

// isText compares a member without a packed form by its text.
func (s *Set) isText(c Part, m member, text string) bool {
	return m.kind() == kindOther && s.text[c][m.major():m.minor()] == text
}
