package pystr

import "strings"

// Glob is a pattern of Python's module fnmatch: "*" is any text, slashes included, "?"
// one character, "[abc]" and "[a-c]" one of some, "[!abc]" one that is not among them.
// A "[" without its end is an ordinary character. Letter case matters, as on POSIX.
type Glob struct {
	parts []globPart
}

// globPart is what a pattern has for one character, or for any number of them.
type globPart struct {
	star   bool
	any    bool
	not    bool
	ranges [][2]rune // of a set; a character is a range of its own
}

// ParseGlob reads a pattern. Every text is one.
func ParseGlob(pattern string) Glob {
	var g Glob
	text := []rune(pattern)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '*':
			if n := len(g.parts); n == 0 || !g.parts[n-1].star {
				g.parts = append(g.parts, globPart{star: true})
			}
		case '?':
			g.parts = append(g.parts, globPart{any: true})
		case '[':
			if end := endOfSet(text, i+1); end > 0 {
				g.parts = append(g.parts, parseSet(text[i+1:end]))
				i = end
				continue
			}
			fallthrough
		default:
			g.parts = append(g.parts, globPart{ranges: [][2]rune{{c, c}}})
		}
	}
	return g
}

// endOfSet finds the bracket that ends a set, -1 if there is none. One right at the
// beginning is a member.
func endOfSet(text []rune, i int) int {
	if i < len(text) && text[i] == '!' {
		i++
	}
	if i < len(text) && text[i] == ']' {
		i++
	}
	for ; i < len(text); i++ {
		if text[i] == ']' {
			return i
		}
	}
	return -1
}

// parseSet reads what is between the brackets. A range that is upside down is empty.
func parseSet(set []rune) globPart {
	var p globPart
	if set[0] == '!' {
		p.not, set = true, set[1:]
	}
	for i := 0; i < len(set); i++ {
		if i+2 < len(set) && set[i+1] == '-' {
			if set[i] <= set[i+2] {
				p.ranges = append(p.ranges, [2]rune{set[i], set[i+2]})
			}
			i += 2
			continue
		}
		p.ranges = append(p.ranges, [2]rune{set[i], set[i]})
	}
	return p
}

func (p *globPart) takes(c rune) bool {
	if p.any {
		return true
	}
	for _, r := range p.ranges {
		if r[0] <= c && c <= r[1] {
			return !p.not
		}
	}
	return p.not
}

// Match reports whether the pattern fits the whole of a text. It takes at most the
// product of their lengths in steps.
func (g Glob) Match(text string) bool {
	left := []rune(strings.ToValidUTF8(text, "\ufffd"))
	at, star, from := 0, -1, 0
	for i := 0; i < len(left); {
		switch {
		case at < len(g.parts) && g.parts[at].star:
			star, from = at, i
			at++
		case at < len(g.parts) && g.parts[at].takes(left[i]):
			at++
			i++
		case star >= 0: // the last star takes one more
			from++
			at, i = star+1, from
		default:
			return false
		}
	}
	for at < len(g.parts) && g.parts[at].star {
		at++
	}
	return at == len(g.parts)
}
