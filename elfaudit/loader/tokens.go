package loader

import "strings"

// maxPath is the length of the longest path that Linux takes.
const maxPath = 4096

// expand replaces the dynamic string tokens of a run path entry or of a name in
// DT_NEEDED, for a file in the directory origin. There are several results where it is
// not known what a token means, and none where it has no meaning or the text is too
// long for a path.
func (l *Loader) expand(text, origin string) []string {
	if !strings.Contains(text, "$") {
		return []string{text}
	}
	if len(text) > maxPath {
		return nil
	}
	libs, platforms := []string{""}, []string{""}
	if uses(text, "LIB") {
		libs = l.Lib
	}
	if uses(text, "PLATFORM") {
		platforms = l.Platform
	}
	var results []string
	for _, lib := range libs {
		for _, platform := range platforms {
			if result, ok := replaceTokens(text, map[string]string{"ORIGIN": origin, "LIB": lib, "PLATFORM": platform}); ok {
				results = append(results, result)
			}
		}
	}
	return results
}

// uses reports whether a text has a token.
func uses(text, token string) bool {
	for {
		_, rest, ok := strings.Cut(text, "$")
		if !ok {
			return false
		}
		found, length := tokenAt(rest)
		if found == token {
			return true
		}
		text = rest[length:]
	}
}

// replaceTokens puts values in place of tokens, as far as a path may be long. glibc keeps
// what it does not know.
func replaceTokens(text string, values map[string]string) (result string, ok bool) {
	var b strings.Builder
	for {
		plain, rest, ok := strings.Cut(text, "$")
		b.WriteString(plain)
		if !ok || b.Len() > maxPath {
			return b.String(), b.Len() <= maxPath
		}
		token, length := tokenAt(rest)
		if token == "" {
			b.WriteByte('$')
		} else {
			b.WriteString(values[token])
		}
		text = rest[length:]
	}
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
	if len(entry) > maxPath {
		return entry, true // which leads nowhere
	}
	var b strings.Builder
	for {
		plain, rest, more := strings.Cut(entry, "$")
		b.WriteString(plain)
		if !more || b.Len() > maxPath { // a longer path leads nowhere
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
