package index

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// Finding is something that is wrong with a file, or that its keeper should know.
type Finding struct {
	Code     string // one of the Found constants
	Severity string // one of the Severity constants
	Message  string
	Others   []string // paths of other files that it is about
	Suggest  string   // a better file name, for FoundCouldBe
}

// The codes of findings. They never change.
const (
	FoundDeadLink       = "dead-link"          // error: a link to nothing
	FoundSameName       = "same-name"          // error: several files with one name and other bytes
	FoundSameBytes      = "same-bytes"         // note: the same content was there before
	FoundBadName        = "bad-name"           // error: not a wheel's name, or not fit for a URL; warning: not a source distribution's
	FoundNotNormal      = "not-normal"         // warning: the name is not in normal form
	FoundUnreadable     = "unreadable"         // error: cannot be read, or is no wheel
	FoundMismatch       = "mismatch"           // error: METADATA is of another project or version
	FoundRequiresPython = "requires-python"    // warning: the field cannot be read, and installers differ on that
	FoundNoTarget       = "no-target"          // warning: fits none of the targets
	FoundShadowed       = "shadowed"           // warning: another build is always preferred
	FoundCouldBe        = "could-be-manylinux" // note: a linux_* wheel that may carry a manylinux or musllinux tag
)

// The severities of findings. A file with an error is not offered.
const (
	SeverityError   = "error"
	SeverityWarning = "warning"
	SeverityNote    = "note"
)

// find adds a finding.
func (i *Item) find(code, severity, format string, args ...any) *Finding {
	i.Findings = append(i.Findings, Finding{Code: code, Severity: severity, Message: fmt.Sprintf(format, args...)})
	return &i.Findings[len(i.Findings)-1]
}

// fails reports whether there is an error among the findings.
func (i *Item) fails() bool {
	return slices.ContainsFunc(i.Findings, func(f Finding) bool { return f.Severity == SeverityError })
}

// checkForm holds a wheel's name against its normal form.
func (i *Item) checkForm() {
	if !i.IsWheel {
		return
	}
	for departure := range i.name.NormalizationErrors() {
		i.find(FoundNotNormal, SeverityWarning, "%v", departure)
	}
}

// checkFacts holds a wheel's content against its name.
func (i *Item) checkFacts() {
	if wheel.NormalizeName(i.facts.Project) != i.Project {
		i.find(FoundMismatch, SeverityError, "METADATA is of the project %q", clip(i.facts.Project))
	}
	if v, err := pep440.Parse(i.facts.Version); err != nil || !v.Equal(i.version) {
		i.find(FoundMismatch, SeverityError, "METADATA is of the version %q", clip(i.facts.Version))
	}
	var err error
	if i.RequiresPython, err = cleanRequires(i.facts.RequiresPython); err != nil {
		i.find(FoundRequiresPython, SeverityWarning, "Requires-Python is taken as empty: %v", err)
	}
	if i.facts.TrueName != "" {
		i.find(FoundCouldBe, SeverityNote, "its machine code allows the name %s", i.facts.TrueName).Suggest = i.facts.TrueName
	}
}

// cleanRequires readies Requires-Python for a page: on one line, and only if it is
// what it should be. After === any text would do, so that is looked at as well.
func cleanRequires(field string) (string, error) {
	const most = 1000
	if len(field) > most {
		return "", fmt.Errorf("it is longer than %d bytes", most)
	}
	text := strings.Join(strings.Fields(field), " ")
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
		return "", fmt.Errorf("%q has characters that no version has", clip(text))
	}
	if _, err := pep440.ParseSpecifierSet(text); err != nil {
		return "", err
	}
	return text, nil
}

// compare holds the files against each other and decides which are offered.
func (c *Collection) compare() {
	byName := map[string][]*Item{}
	byHash := map[string]*Item{}
	for _, i := range c.Items {
		if i.checked {
			byName[i.Name] = append(byName[i.Name], i)
		}
	}
	for _, i := range c.Items {
		if !i.checked || i.differs(byName[i.Name]) {
			continue
		}
		first := byHash[i.facts.SHA256]
		if first == nil {
			byHash[i.facts.SHA256] = i
		} else {
			i.find(FoundSameBytes, SeverityNote, "has the same bytes as %s", first.Path).Others = []string{first.Path}
		}
		i.Offered = !i.fails() && byName[i.Name][0] == i
	}
	c.compareBuilds()
}

// differs reports, and finds, files of the same name with other bytes. It names
// the first of them only: a folder may have very many.
func (i *Item) differs(namesakes []*Item) bool {
	const most = 20
	var others []string
	var text strings.Builder
	for _, o := range namesakes {
		if o.facts.SHA256 == i.facts.SHA256 {
			continue
		}
		if len(others) == most {
			text.WriteString(" ...")
			break
		}
		others = append(others, o.Path)
		fmt.Fprintf(&text, ", %s is %.16s", o.Path, o.facts.SHA256)
	}
	if others == nil {
		return false
	}
	i.find(FoundSameName, SeverityError, "other files of this name have other bytes, so none is offered: by sha256 this one is %.16s%s", i.facts.SHA256, &text).Others = others
	return true
}

// compareBuilds looks for wheels that no installer will ever take, because
// another build of the same version fits wherever they do.
func (c *Collection) compareBuilds() {
	groups := map[string][]*Item{}
	for _, i := range c.Items {
		if i.Offered && i.IsWheel {
			key := i.tagKey()
			groups[key] = append(groups[key], i)
		}
	}
	for _, group := range groups {
		slices.SortStableFunc(group, func(a, b *Item) int {
			return cmp.Or(a.version.Compare(b.version), b.name.Build.Compare(a.name.Build), cmp.Compare(a.Name, b.Name))
		})
		first := 0 // of the same version
		for at, i := range group {
			if !group[first].version.Equal(i.version) {
				first = at
			}
			for _, better := range group[first:at] {
				// A build for fewer Pythons leaves room for the other.
				if better.RequiresPython == "" || better.RequiresPython == i.RequiresPython {
					i.shadow(better)
					break
				}
			}
		}
	}
}

// shadow says which of two wheels wins.
func (i *Item) shadow(better *Item) {
	var f *Finding
	if i.name.Build.Compare(better.name.Build) == 0 {
		f = i.find(FoundShadowed, SeverityWarning, "is equal to %s in version, build and tags; pip takes the one listed last, uv the one listed first", better.Name)
	} else {
		f = i.find(FoundShadowed, SeverityWarning, "build %s of the same version and tags wins: %s", better.name.Build, better.Name)
	}
	f.Others = []string{better.Path}
}

// tagKey is the same for wheels of a project with the same tags.
func (i *Item) tagKey() string {
	parts := []string{i.Project}
	for _, part := range []tags.Part{tags.PartInterpreter, tags.PartABI, tags.PartPlatform} {
		members := slices.Sorted(i.name.Tags.Members(part))
		parts = append(parts, strings.Join(slices.Compact(members), "."))
	}
	return strings.Join(parts, "/")
}

// clip shortens text from a file for a message.
func clip(s string) string {
	const most = 100
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}
