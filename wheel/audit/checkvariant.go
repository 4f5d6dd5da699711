package audit

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
	"github.com/wheeltag/wheeltag/wheel/variant"
)

// variantFacts are what a wheel says of its variant (PEP 825).
type variantFacts struct {
	label    string // of the file name, "" if it has none
	path     string // of variant.json
	metadata *variant.Metadata
	err      error // wraps wheel.ErrNoMember if there is no variant.json
}

func readVariant(archive *wheel.Archive, label string) variantFacts {
	v := variantFacts{label: label}
	info, err := archive.DistInfo()
	if err != nil {
		v.err = err // which the checks of the archive report
		return v
	}
	v.path = info.Dir + "/variant.json"
	text, err := info.ReadFile("variant.json")
	if err != nil {
		v.err = err
		return v
	}
	v.metadata, v.err = variant.Parse(text)
	return v
}

// processorLevel is the level of x86-64 that the variant says every machine has which
// takes the wheel, or 0: the lowest one, if it lists several.
func (v *variantFacts) processorLevel() int {
	if v.metadata == nil || v.label == "" {
		return 0
	}
	level := 0
	for _, value := range v.metadata.Variants[v.label]["x86_64"]["level"] {
		n, err := strconv.Atoi(strings.TrimPrefix(value, "v"))
		if err != nil {
			return 0
		}
		if level == 0 || n < level {
			level = n
		}
	}
	return level
}

// allowLevels lowers the demands for levels of x86-64 that the variant includes: the
// platform tag need not promise those.
func (s *Subject) allowLevels(needs manylinux.Needs) {
	has := s.variant.processorLevel()
	for i, d := range needs.Demands {
		if d.Kind != manylinux.KindProcessor {
			continue
		}
		level, err := strconv.Atoi(strings.TrimPrefix(d.Version, "x86-64-v"))
		if err == nil && level <= has {
			d.Floor = 0
			needs.Demands[i] = s.policies.Complete(d, needs.Libc, needs.Machine)
		}
	}
}

// processorMessage says what a file needs, and what the wheel promises instead.
func (s *Subject) processorMessage(level string) string {
	text := fmt.Sprintf("needs a processor of level %s; ", level)
	switch {
	case s.variant.label == "":
		return text + "wheels are for every " + s.Needs.Machine
	case s.variant.processorLevel() > 0:
		return text + fmt.Sprintf("the variant %s is for x86_64 :: level :: v%d", s.variant.label, s.variant.processorLevel())
	}
	return text + fmt.Sprintf("the variant %s does not ask for one", s.variant.label)
}

// checkVariant compares variant.json with the label in the file name.
func checkVariant(s *Subject, report reporter) {
	v := &s.variant
	fault := func(rule, format string, args ...any) {
		report(rule, finding.Finding{File: v.path, Message: fmt.Sprintf(format, args...)})
	}
	missing := errors.Is(v.err, wheel.ErrNoMember)
	switch {
	case v.path == "" || v.label == "" && missing:
		return
	case missing:
		fault("variant-metadata", "is missing, and the file name has the variant label %s", v.label)
		return
	case v.err != nil:
		fault("variant-metadata", "cannot be read: %s", strings.TrimPrefix(v.err.Error(), v.path+": "))
		return
	}
	labels := v.metadata.Labels()
	switch {
	case v.label == "":
		fault("variant-metadata", "is there, but the file name has no variant label: installers take the wheel on every system")
	case !slices.Equal(labels, []string{v.label}):
		fault("variant-metadata", "has %s; it must have the variant of the file name alone, %s", describeLabels(labels), v.label)
	}
	for _, err := range v.metadata.Check() {
		fault("variant-form", "%v", err)
	}
	if v.metadata.Draft() {
		fault("variant-draft", "follows a draft of the format, %.200s", v.metadata.Schema)
	}
}

// describeLabels lists the first variants of a file.
func describeLabels(labels []string) string {
	if len(labels) == 0 {
		return "no variant"
	}
	short := slices.Clone(labels)
	for i, label := range short {
		short[i] = fmt.Sprintf("%.100s", label)
	}
	return "the variants " + strings.Join(first(short, 3), ", ")
}
