package metadata

import (
	"strings"
	"unicode"
)

// keywords cannot be the name of a module. Source: keyword.kwlist of Python 3.14.
var keywords = map[string]bool{
	"False": true, "None": true, "True": true, "and": true, "as": true, "assert": true, "async": true, "await": true, "break": true,
	"class": true, "continue": true, "def": true, "del": true, "elif": true, "else": true, "except": true, "finally": true, "for": true,
	"from": true, "global": true, "if": true, "import": true, "in": true, "is": true, "lambda": true, "nonlocal": true, "not": true,
	"or": true, "pass": true, "raise": true, "return": true, "try": true, "while": true, "with": true, "yield": true,
}

// IsIdentifier reports whether Python can import a module by a name without dots.
func IsIdentifier(s string) bool {
	for i, c := range s {
		if c != '_' && !unicode.IsLetter(c) && !unicode.Is(unicode.Nl, c) && (i == 0 || !unicode.In(c, unicode.Nd, unicode.Mn, unicode.Mc, unicode.Pc)) {
			return false
		}
	}
	return s != "" && !keywords[s]
}

// imports reads Import-Name and Import-Namespace (PEP 794).
func (r *reader) imports() {
	for _, list := range []struct {
		field     string
		values    []string
		namespace bool
	}{{"Import-Name", r.m.ImportNames, false}, {"Import-Namespace", r.m.ImportNamespaces, true}} {
		for _, value := range list.values {
			name, option, hasOption := strings.Cut(value, ";")
			name = strings.TrimRight(name, " \t")
			if name == "" && !hasOption && len(list.values) == 1 && !list.namespace {
				break // nothing to import
			}
			for part := range strings.SplitSeq(name, ".") {
				if !IsIdentifier(part) {
					r.fault(CodeImportName, "%s %q is not the name of a module", list.field, clip(value))
					name = ""
					break
				}
			}
			private := strings.TrimLeft(option, " \t") == "private"
			if hasOption && !private {
				r.fault(CodeImportName, "%s %q has an option other than private", list.field, clip(value))
				continue
			}
			if name != "" {
				r.m.Imports = append(r.m.Imports, Import{name, private, list.namespace})
			}
		}
	}
}
