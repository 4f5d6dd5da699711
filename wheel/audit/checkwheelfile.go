package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// wheelRules are the rules that checkWheelFile reports.
var wheelRules = []string{"wheel-version", "root-is-purelib", "native-purelib"}

// checkWheelFile reports what installers refuse about the fields of WHEEL.
func checkWheelFile(s *Subject, report reporter) {
	w := s.dist.wheel
	if w == nil {
		return
	}
	file := s.dist.info.Dir + "/WHEEL"
	major, minor, ok := strings.Cut(w.WheelVersion, ".")
	switch {
	case w.WheelVersion == "":
		report("wheel-version", finding.Finding{File: file, Message: "has no field Wheel-Version"})
	case !ok || !isNumber(major) || !isNumber(minor):
		report("wheel-version", finding.Finding{File: file, Message: fmt.Sprintf("Wheel-Version %q is not a version such as 1.0", clip(w.WheelVersion))})
	case strings.TrimLeft(major, "0") != "1":
		report("wheel-version", finding.Finding{File: file, Message: fmt.Sprintf("Wheel-Version is %s; installers know version 1", clip(w.WheelVersion))})
	}
	switch strings.ToLower(w.RootIsPurelib) {
	case "true", "false":
	case "":
		report("root-is-purelib", finding.Finding{File: file, Message: "has no field Root-Is-Purelib"})
	default:
		report("root-is-purelib", finding.Finding{File: file, Message: fmt.Sprintf("Root-Is-Purelib is %q; want true or false", clip(w.RootIsPurelib))})
	}
	if w.IsPurelib() {
		s.checkPureRoot(file, report)
	}
}

// checkPureRoot finds native code that is installed among pure Python code because WHEEL
// says so. Where the tag is any, or the file is below purelib, another rule says it.
func (s *Subject) checkPureRoot(file string, report reporter) {
	if slices.ContainsFunc(s.Claims, func(c tags.PlatformTag) bool { return c.Any }) {
		return
	}
	var native []string
	for _, f := range s.ELF.Files {
		if f.Loads() {
			native = append(native, f.Path)
		}
	}
	for _, f := range s.content.binaries {
		native = append(native, f.path)
	}
	for _, path := range native {
		if top, _, _ := strings.Cut(path, "/"); !strings.HasSuffix(top, ".data") {
			report("native-purelib", finding.Finding{File: file, Others: []string{path}, Message: fmt.Sprintf("Root-Is-Purelib is true, but there is native code such as %s", clip(path))})
			return
		}
	}
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// maxTags bounds the tags of a name that are written out.
const maxTags = 10_000

// checkWheelTags compares the Tag and Build fields of WHEEL with the file name.
func checkWheelTags(s *Subject, report reporter) {
	w := s.dist.wheel
	if w == nil || s.name.Tags.Len() > maxTags {
		return
	}
	file := s.dist.info.Dir + "/WHEEL"
	claimed := map[string]bool{}
	for t := range s.name.Tags.Tags() {
		claimed[t.String()] = true
	}
	said := map[string]bool{}
	var others, missing []string
	for _, tag := range w.ExpandedTags() {
		if said[tag] = true; !claimed[tag] {
			others = append(others, tag)
		}
	}
	for tag := range claimed {
		if !said[tag] {
			missing = append(missing, tag)
		}
	}
	slices.Sort(missing)
	switch {
	case len(w.Tags) == 0:
		report("wheel-tags", finding.Finding{File: file, Message: "has no field Tag"})
	case len(others) > 0 && len(missing) > 0:
		report("wheel-tags", finding.Finding{File: file, Need: others[0], Message: fmt.Sprintf("has the tag %s, which the file name has not, and lacks %s", some(others), some(missing))})
	case len(others) > 0:
		report("wheel-tags", finding.Finding{File: file, Need: others[0], Message: fmt.Sprintf("has the tag %s, which the file name has not", some(others))})
	case len(missing) > 0:
		report("wheel-tags", finding.Finding{File: file, Claimed: missing[0], Message: fmt.Sprintf("lacks the tag %s of the file name", some(missing))})
	}
	if build := s.name.Build.String(); w.Build != build {
		report("wheel-tags", finding.Finding{File: file, Need: w.Build, Claimed: build, Message: fmt.Sprintf("has the build tag %q; the file name has %q", clip(w.Build), build)})
	}
}

// some names the first of a list and how many more there are.
func some(list []string) string {
	if len(list) == 1 {
		return clip(list[0])
	}
	return fmt.Sprintf("%s (and %d more)", clip(list[0]), len(list)-1)
}
