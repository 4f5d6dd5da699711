package tags

// noMatch is the block or index of a set that has none in the list.
const noMatch = int(^uint(0) >> 1)

// Rank gives the place of the set's best tag in the target's ordered list,
// counted from 0, and false when none of its tags is in it. It builds no list
// and allocates nothing: the cost is the number of members, not of
// combinations.
func (t *Target) Rank(s *Set) (rank int, ok bool) {
	block, tail := t.firstBlock(s)
	if block != noMatch {
		if p := t.index(s); p >= 0 {
			return block*t.platforms.n + p, true
		}
	}
	if tail != noMatch && s.hasAny() {
		return t.blocks*t.platforms.n + tail, true
	}
	return 0, false
}

// firstBlock gives the first block for a pair of the set's interpreters and ABIs,
// and their first index in the tail of the list; noMatch where there is none.
func (t *Target) firstBlock(s *Set) (block, tail int) {
	return t.firstBlockOf(s, s.members(PartInterpreter), s.members(PartABI))
}

// firstBlockOf is firstBlock for some of the set's members.
func (t *Target) firstBlockOf(s *Set, interpreters, abis []member) (block, tail int) {
	own, any := false, false
	older, py := noMatch, noMatch
	for _, m := range interpreters {
		switch m.kind() {
		case kindCPython:
			if i := t.python.Minor - 1 - m.minor(); uint(i) < uint(t.olderABI3) && m.major() == t.python.Major {
				older = min(older, i)
			}
		case kindPy:
			if i := t.pyIndex(m); i >= 0 {
				py = min(py, i)
			}
		case kindOther:
			own = own || t.interpreter == 0 && s.isText(PartInterpreter, m, t.interpreterTag)
			any = any || t.anyPacked == 0 && t.anyTag != "" && s.isText(PartInterpreter, m, t.anyTag)
			continue
		}
		own = own || m == t.interpreter
		any = any || m == t.anyPacked
	}
	if !own && !any && older == noMatch && py == noMatch {
		return noMatch, noMatch
	}
	abi := t.readABIs(s, abis)
	block, tail = noMatch, noMatch
	if own {
		block = t.interpreterBlock(abi)
	}
	if abi.stable && older != noMatch {
		block = min(block, t.olderABI3At+older)
	}
	if abi.none && py != noMatch {
		block = min(block, t.pyAt+py)
		tail = py + t.anyOwn()
	}
	if abi.none && any {
		tail = 0
	}
	return block, tail
}

// interpreterBlock is the first block of the target's own interpreter tag.
func (t *Target) interpreterBlock(abi abiMatch) int {
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
	own    int // lowest own block, or noMatch
	stable bool
	none   bool
}

func (t *Target) readABIs(s *Set, abis []member) abiMatch {
	match := abiMatch{own: noMatch}
	for _, m := range abis {
		match.stable = match.stable || m == t.stable && m != 0
		match.none = match.none || m.kind() == kindNone
		for i, own := range t.packedABIs {
			if i >= match.own {
				break
			}
			if m == own || own == 0 && s.isText(PartABI, m, t.abis[i]) {
				match.own = i
			}
		}
	}
	return match
}

// pyIndex is the index of a generic interpreter tag in py311, py3, py310 ...
func (t *Target) pyIndex(m member) int {
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

// index is the lowest index of the set's platforms, -1 if none is accepted.
func (t *Target) index(s *Set) int {
	best := -1
	for _, m := range s.members(PartPlatform) {
		if t.platforms.arch != 0 && m.arch() != t.platforms.arch {
			continue
		}
		if p := t.indexOf(s, m); p >= 0 && (best < 0 || p < best) {
			best = p
		}
	}
	return best
}

// indexOf is the index of one platform, -1 if it is not accepted.
func (t *Target) indexOf(s *Set, m member) int {
	for i := range t.platforms.spans {
		r := &t.platforms.spans[i]
		if r.low == 0 {
			if s.isText(PartPlatform, m, r.text) {
				return r.at
			}
		} else if p := r.index(m); p >= 0 {
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
