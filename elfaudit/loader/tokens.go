package loader

import "strings"

// expand replaces the dynamic string tokens of a run path entry or of a name in
// DT_NEEDED, for a file in the directory origin. There are several results where it is
// not known what a token means, and none where it has no meaning.
func (l *Loader) expand(text, origin string) []string {
	if !strings.Contains(text, "$") {
		return []string{text}
	}
	results := []string{""}
	for text != "" {
		plain, rest, ok := strings.Cut(text, "$")
		results = appendEach(results, plain)
		if !ok {
			break
		}
		token, length := tokenAt(rest)
		switch token {
		case "ORIGIN":
			results = appendEach(results, origin)
		case "LIB":
			results = appendEach(results, l.Lib...)
		case "PLATFORM":
			results = appendEach(results, l.Platform...)
		default: // glibc keeps what it does not know
			results = appendEach(results, "$")
		}
		text = rest[length:]
	}
	return results
}

// maxExpansions bounds the results of a text with very many tokens.
const maxExpansions = 64

// appendEach returns each beginning with each end.
func appendEach(beginnings []string, ends ...string) []string {
	var all []string
	for _, b := range beginnings {
		for _, e := range ends {
			if len(all) < maxExpansions {
				all = append(all, b+e)
			}
		}
	}
	return all
}

// tokenAt returns the token at the start of a text behind a $, with or without braces,
// and its length; "" if there is none. A name that goes on with a letter, a digit or _
// is another one (is_dst in elf/dl-load.c).
func tokenAt(text string) (token string, length int) {
	for _, token := range []string{"ORIGIN", "PLATFORM", "LIB"} {
		if strings.HasPrefix(text, "{"+token+"}") {
			return token, len(token) + 2
		}
		if rest, ok := strings.CutPrefix(text, token); ok && (rest == "" || !isNameByte(rest[0])) {
			return token, len(token)
		}
	}
	return "", 0
}

func isNameByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

// expandMusl replaces $ORIGIN as musl does, which knows nothing else: ok is false if
// there is another $, and then it ignores the whole run path.
func expandMusl(entry, origin string) (dir string, ok bool) {
	var b strings.Builder
	for {
		plain, rest, more := strings.Cut(entry, "$")
		b.WriteString(plain)
		if !more {
			return b.String(), true
		}
		after, ok := strings.CutPrefix(rest, "{ORIGIN}")
		if !ok {
			if after, ok = strings.CutPrefix(rest, "ORIGIN"); !ok {
				return "", false
			}
		}
		b.WriteString(origin)
		entry = after
	}
}
