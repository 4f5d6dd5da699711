package pystr

import "unicode"

// IsIdentifier reports what Python's str.isidentifier does: XID_Start or an
// underscore, then XID_Continue (UAX 31), by the Unicode version of this Go.
func IsIdentifier(s string) bool {
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

// notXIDContinue lists the characters that UAX 31 excludes from ID_Continue because
// their compatibility normal form (NFKC) would not be an identifier.
func notXIDContinue(r rune) bool {
	switch {
	case r == 0x037A, 0xFC5E <= r && r <= 0xFC63, r == 0xFDFA, r == 0xFDFB,
		r == 0xFE70, r == 0xFE72, r == 0xFE74, r == 0xFE76, r == 0xFE78, r == 0xFE7A, r == 0xFE7C, r == 0xFE7E,
		r == 0x2E2F, r == 0x309B, r == 0x309C:
		return true
	}
	return false
}

// notXIDStart adds characters that may continue but not start an identifier.
func notXIDStart(r rune) bool {
	switch r {
	case 0x0E33, 0x0EB3, 0xFF9E, 0xFF9F, 0x2E2F:
		return true
	}
	return notXIDContinue(r)
}

// IsWord reports whether a regular expression's \w matches r: a letter, any
// kind of number, or the underscore.
func IsWord(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r)
}
