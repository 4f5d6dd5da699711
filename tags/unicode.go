package tags

import (
	"strings"
	"unicode"
)

// lower folds to lower case as Python's str.lower does. ASCII, which is every
// real name, is returned as it is when nothing changes.
func lower(s string) string {
	upper, ascii := false, true
	for i := 0; i < len(s); i++ {
		b := s[i]
		upper = upper || 'A' <= b && b <= 'Z'
		ascii = ascii && b < 0x80
	}
	switch {
	case !ascii:
		return lowerUnicode(s)
	case upper:
		return strings.ToLower(s)
	}
	return s
}

// lowerUnicode adds the two rules in which full case mapping differs from the
// mapping of single code points: the dotted capital I becomes two code points,
// and a capital sigma that ends a word becomes the final form.
func lowerUnicode(s string) string {
	runes := []rune(s)
	var b strings.Builder
	for i, r := range runes {
		switch {
		case r == 0x130:
			b.WriteString("i\u0307")
		case r == 0x3A3 && endsWord(runes, i):
			b.WriteRune(0x3C2)
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func endsWord(runes []rune, i int) bool {
	j := i - 1
	for j >= 0 && caseIgnorable(runes[j]) {
		j--
	}
	if j < 0 || !cased(runes[j]) {
		return false
	}
	j = i + 1
	for j < len(runes) && caseIgnorable(runes[j]) {
		j++
	}
	return j == len(runes) || !cased(runes[j])
}

func cased(r rune) bool {
	return unicode.IsUpper(r) || unicode.IsLower(r) || unicode.IsTitle(r) ||
		unicode.Is(unicode.Other_Lowercase, r) || unicode.Is(unicode.Other_Uppercase, r)
}

func caseIgnorable(r rune) bool {
	switch r {
	case '\'', '.', ':', 0xB7, 0x387, 0x55F, 0x5F4, 0x2018, 0x2019, 0x2024, 0x2027,
		0xFE13, 0xFE52, 0xFE55, 0xFF07, 0xFF0E, 0xFF1A:
		return true
	}
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Lm, unicode.Sk)
}

// isIdentifier reports whether Python's str.isidentifier holds: XID_Start or an
// underscore, then XID_Continue (UAX 31), by the Unicode version of this Go.
func isIdentifier(s string) bool {
	if s == "" {
		return false
	}
	for i := 0; i < len(s); i++ {
		b := s[i]
		switch {
		case b >= 0x80:
			return isUnicodeIdentifier(s)
		case b|0x20 >= 'a' && b|0x20 <= 'z', b == '_', i > 0 && '0' <= b && b <= '9':
		default:
			return false
		}
	}
	return true
}

func isUnicodeIdentifier(s string) bool {
	for i, r := range s {
		if r == unicode.ReplacementChar || !xidContinue(r) || i == 0 && !xidStart(r) {
			return false
		}
	}
	return true
}

func xidStart(r rune) bool {
	if r == '_' {
		return true
	}
	return unicode.In(r, unicode.L, unicode.Nl, unicode.Other_ID_Start) && !notXIDStart(r)
}

func xidContinue(r rune) bool {
	if unicode.In(r, unicode.L, unicode.Nl, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc,
		unicode.Other_ID_Start, unicode.Other_ID_Continue) {
		return !notXIDContinue(r)
	}
	return false
}

// notXIDContinue lists what UAX 31 takes out of ID_Continue because its
// compatibility normal form (NFKC) would not be an identifier.
func notXIDContinue(r rune) bool {
	switch {
	case r == 0x037A, 0xFC5E <= r && r <= 0xFC63, r == 0xFDFA, r == 0xFDFB,
		r == 0xFE70, r == 0xFE72, r == 0xFE74, r == 0xFE76, r == 0xFE78, r == 0xFE7A, r == 0xFE7C, r == 0xFE7E,
		r == 0x2E2F, r == 0x309B, r == 0x309C:
		return true
	}
	return false
}

// notXIDStart adds what may go on but not begin an identifier.
func notXIDStart(r rune) bool {
	switch r {
	case 0x0E33, 0x0EB3, 0xFF9E, 0xFF9F, 0x2E2F:
		return true
	}
	return notXIDContinue(r)
}
