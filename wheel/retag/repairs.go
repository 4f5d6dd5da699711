package retag

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// tagRules are the rules that other platform tags may satisfy.
var tagRules = []string{
	"symbol-version", "external-library", "banned-symbol", "musl-symbol", "wrong-machine", "wrong-libc", "misplaced-binary",
	"packed-relocations", "loader-refusal", "macos-minor", "could-be-manylinux",
}

// Repairs gives the options that repair what an audit found: the platform tags that the
// native code qualifies for, if the report says that those of the name are wrong. Tags such
// as linux_x86_64, which indexes reject, are no repair. Everything else is repaired anyway.
func Repairs(r *audit.Report) Options {
	list := r.Platforms()
	wrong := func(f finding.Finding) bool {
		rule, _ := finding.Lookup(f.Rule)
		return f.Severity >= finding.Warning && slices.Contains(tagRules, rule.Name)
	}
	if !slices.ContainsFunc(r.Findings, wrong) || slices.ContainsFunc(list, func(tag string) bool { return strings.HasPrefix(tag, "linux_") }) {
		return Options{}
	}
	return Options{Platform: strings.Join(list, ".")}
}

// Repaired reports whether there is a change that is worth a new file, which sorted tags in
// the file name alone are not.
func Repaired(changes []Change) bool {
	return slices.ContainsFunc(changes, func(c Change) bool { return c.Kind != KindName })
}
