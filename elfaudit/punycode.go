package elfaudit

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// Parameters of Punycode, RFC 3492 section 5.
const (
	punyBase    = 36
	punyTMin    = 1
	punyTMax    = 26
	punySkew    = 38
	punyDamp    = 700
	punyBias    = 72
	punyFirst   = 128
	punyLongest = 256 // digits accepted, which bounds the insertions
)

// decodePunycode decodes RFC 3492 as PEP 489 writes it, with an underscore
// for the hyphen that ends the ASCII part.
func decodePunycode(s string) (string, bool) {
	var out []rune
	if cut := strings.LastIndexByte(s, '_'); cut >= 0 {
		out, s = []rune(s[:cut]), s[cut+1:]
	}
	if len(s) > punyLongest {
		return "", false
	}
	next, bias, i := punyFirst, punyBias, 0 // rune and place of the next insertion
	for len(s) > 0 {
		delta, rest, ok := punycodeDelta(s, bias)
		if !ok || delta > math.MaxInt32-i {
			return "", false
		}
		length := len(out) + 1
		bias = punycodeBias(delta, length, i == 0 && next == punyFirst)
		i += delta
		next += i / length
		i %= length
		if next > unicode.MaxRune {
			return "", false
		}
		out = slices.Insert(out, i, rune(next))
		i++
		s = rest
	}
	return string(out), true
}

// punycodeDelta decodes one number of variable length.
func punycodeDelta(s string, bias int) (delta int, rest string, ok bool) {
	weight := 1
	for k := punyBase; len(s) > 0; k += punyBase {
		digit := punycodeDigit(s[0])
		s = s[1:]
		if digit < 0 || digit > (math.MaxInt32-delta)/weight {
			return 0, "", false
		}
		delta += digit * weight
		threshold := min(max(k-bias, punyTMin), punyTMax)
		if digit < threshold {
			return delta, s, true
		}
		if weight > math.MaxInt32/(punyBase-threshold) {
			return 0, "", false
		}
		weight *= punyBase - threshold
	}
	return 0, "", false
}

// punycodeBias adapts the bias to the number just decoded.
func punycodeBias(delta, length int, first bool) int {
	if first {
		delta /= punyDamp
	} else {
		delta /= 2
	}
	delta += delta / length
	k := 0
	for ; delta > (punyBase-punyTMin)*punyTMax/2; k += punyBase {
		delta /= punyBase - punyTMin
	}
	return k + (punyBase-punyTMin+1)*delta/(delta+punySkew)
}

// punycodeDigit returns the value of a digit, or -1.
func punycodeDigit(c byte) int {
	switch {
	case c >= 'a' && c <= 'z':
		return int(c - 'a')
	case c >= 'A' && c <= 'Z':
		return int(c - 'A')
	case c >= '0' && c <= '9':
		return int(c-'0') + 26
	}
	return -1
}
