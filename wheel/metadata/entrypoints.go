package metadata

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/wheeltag/wheeltag/wheel"
)

// CodeEntryPoints is of entry_points.txt: a line that cannot be read, or an entry that
// names no object.
const CodeEntryPoints wheel.Code = "entry-points"

// EntryPoint is a row of entry_points.txt.
type EntryPoint struct {
	Group  string // such as "console_scripts"
	Name   string
	Module string   // such as "demo.cli"
	Object string   // within the module, such as "main"; empty for the module itself
	Extras []string // as written; they are deprecated
}

// newlines makes all of Python's ends of lines the same.
var newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// ReadEntryPoints reads entry_points.txt as Python's configparser does with = alone
// between name and value, and gives what is wrong with it.
func ReadEntryPoints(path string, text []byte) ([]EntryPoint, []*wheel.Error) {
	var points []EntryPoint
	var faults []*wheel.Error
	number := 0
	fault := func(format string, args ...any) {
		if len(faults) < maxFaults {
			err := fmt.Errorf("line %d: "+format, append([]any{number}, args...)...)
			faults = append(faults, &wheel.Error{Path: path, Code: CodeEntryPoints, Err: err})
		}
	}
	if !utf8.Valid(text) {
		number = 1
		fault("is not UTF-8")
		return nil, faults
	}
	group := ""
	seen := map[string]bool{}
	for line := range strings.Lines(newlines.Replace(string(text))) {
		number++
		trimmed := strings.TrimSpace(line)
		name, value, ok := strings.Cut(trimmed, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		switch {
		case trimmed == "" || trimmed[0] == '#' || trimmed[0] == ';':
		case trimmed[0] == '[' && strings.HasSuffix(trimmed, "]"):
			if group = strings.TrimSpace(trimmed[1 : len(trimmed)-1]); seen["["+group] {
				fault("the group %q is there twice", clip(group))
			}
			seen["["+group] = true
		case group == "":
			fault("%q is in no group", clip(trimmed))
		case !ok || name == "":
			fault("%q has not the form NAME = MODULE:OBJECT", clip(trimmed))
		case seen[group+"\n"+name]:
			fault("the entry %q is there twice", clip(name))
		default:
			seen[group+"\n"+name] = true
			if point, err := parseEntry(group, name, value); err != nil {
				fault("%w", err)
			} else {
				points = append(points, point)
			}
		}
	}
	return points, faults
}

// parseEntry reads the name and the value of an entry.
func parseEntry(group, name, value string) (EntryPoint, error) {
	p := EntryPoint{Group: group, Name: name}
	object, extras, hasExtras := strings.Cut(value, "[")
	if hasExtras {
		list, ok := strings.CutSuffix(strings.TrimSpace(extras), "]")
		if !ok {
			return p, fmt.Errorf("%q has no end of its extras", clip(value))
		}
		for extra := range strings.SplitSeq(list, ",") {
			p.Extras = append(p.Extras, strings.TrimSpace(extra))
		}
	}
	var colon bool
	p.Module, p.Object, colon = strings.Cut(strings.TrimSpace(object), ":")
	p.Module, p.Object = strings.TrimSpace(p.Module), strings.TrimSpace(p.Object)
	script := group == "console_scripts" || group == "gui_scripts"
	switch {
	case !dotted(p.Module), colon && !dotted(p.Object):
		return p, fmt.Errorf("%q is not MODULE:OBJECT", clip(value))
	case script && !colon:
		return p, fmt.Errorf("the script %q has no function: %q is a module", clip(name), clip(value))
	case script && strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789_.-") != "":
		return p, fmt.Errorf("the script %q has a name with other characters than letters, digits, dots, dashes and underscores", clip(name))
	}
	return p, nil
}

// dotted reports whether text is identifiers with dots between. Keywords can be imported
// by their text.
func dotted(text string) bool {
	for part := range strings.SplitSeq(text, ".") {
		if !IsIdentifier(part) && !keywords[part] {
			return false
		}
	}
	return true
}
