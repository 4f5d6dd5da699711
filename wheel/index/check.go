package index

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// The rules of findings, by their names in the catalogue of package finding.
const (
	FoundDeadLink        = "dead-link"          // a dangling symbolic link
	FoundSameName        = "same-name"          // several files with one name and different bytes
	FoundSameBytes       = "same-bytes"         // the same content as an earlier file
	FoundBadName         = "bad-name"           // not a wheel's name, or not safe in a URL
	FoundBadSdistName    = "bad-sdist-name"     // not the name of a source distribution
	FoundNotNormal       = "not-normal"         // the name is not normalised
	FoundTagOrder        = "tag-order"          // a set of tags is not sorted
	FoundImpossible      = "impossible-tag"     // tags that no installer takes
	FoundUnreadable      = "unreadable"         // cannot be read, or is not a wheel
	FoundMismatch        = "mismatch"           // METADATA has another project or version
	FoundRequiresPython  = "requires-python"    // an invalid field, which installers treat differently
	FoundNoTarget        = "no-target"          // fits none of the targets
	FoundShadowed        = "shadowed"           // another build is always preferred
	FoundVariant         = "variant-metadata"   // variant.json does not go with the file name
	FoundVariantConflict = "variant-conflict"   // variant wheels of a release contradict each other
	FoundOutside         = "outside-link"       // a symbolic link that leads out of the directory
	FoundNoPkgInfo       = "no-pkg-info"        // a source distribution without PKG-INFO
	FoundProvenance      = "bad-provenance"     // the provenance next to a file cannot be read
	FoundPrivate         = "private-file"       // other users of the machine cannot read it
	FoundCouldBe         = "could-be-manylinux" // a linux_* wheel that qualifies for a manylinux or musllinux tag
)

// find adds a finding of a rule, unless the rule is not looked at.
func (i *Item) find(rule, format string, args ...any) *finding.Finding {
	f := finding.Finding{Message: fmt.Sprintf(format, args...)}
	f.Set(rule)
	known, _ := finding.Lookup(rule)
	d := i.rules.Decide(known, i.Name, i.Project)
	if d.By != "" {
		return &f
	}
	f.Severity = d.Severity
	i.Findings = append(i.Findings, f)
	return &i.Findings[len(i.Findings)-1]
}

// fails reports whether there is an error among the findings; such a file is not
// offered.
func (i *Item) fails() bool {
	return i.outside || slices.ContainsFunc(i.Findings, func(f finding.Finding) bool { return f.Severity == finding.Error })
}

// checkForm checks that a name is normalised.
func (i *Item) checkForm() {
	if !i.IsWheel {
		if _, fault := wheel.CheckSdistName(i.Name); fault != nil {
			i.find(string(fault.Code), "%v", fault)
		}
		return
	}
	for departure := range i.name.NormalizationErrors() {
		if rule := departure.Rule(); rule != "" {
			i.find(rule, "%v", departure)
		}
	}
	if r := i.name.Tags.Impossible(); r != nil {
		i.find(FoundImpossible, "%s", r.Message)
	}
}

// checkFacts checks the content of a file against its name.
func (i *Item) checkFacts() {
	switch {
	case i.facts.Project == unknownMetadata:
		return
	case i.IsWheel:
		i.checkIdentity()
	default:
		name, _ := wheel.CheckSdistName(i.Name)
		for _, fault := range name.Compare(i.facts.Project != noMetadata, i.facts.Project, i.facts.Version) {
			i.find(string(fault.Code), "%v", fault)
		}
		if i.facts.Project == noMetadata {
			return
		}
	}
	i.checkVariant()
	var err error
	if i.RequiresPython, err = cleanRequires(i.facts.RequiresPython); err != nil {
		i.find(FoundRequiresPython, "invalid Requires-Python is left out: %v", err)
	}
	if i.facts.SuggestedName != "" {
		i.find(FoundCouldBe, "its native code qualifies for the name %s", i.facts.SuggestedName).Suggest = i.facts.SuggestedName
	}
}

// checkIdentity compares METADATA of a wheel with its name.
func (i *Item) checkIdentity() {
	if wheel.NormalizeName(i.facts.Project) != i.Project {
		i.find(FoundMismatch, "METADATA has the project %q", clip(i.facts.Project))
	}
	if v, err := pep440.Parse(i.facts.Version); err != nil || !v.Equal(i.version) {
		i.find(FoundMismatch, "METADATA has the version %q", clip(i.facts.Version))
	}
}

// cleanRequires prepares Requires-Python for a page: on one line, and only if it
// is valid. Any text is valid after ===, so its characters are checked as well.
func cleanRequires(field string) (string, error) {
	const most = 1000
	if len(field) > most {
		return "", fmt.Errorf("longer than %d bytes", most)
	}
	text := strings.Join(strings.Fields(field), " ")
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
		return "", fmt.Errorf("%q has characters that are not allowed in versions", clip(text))
	}
	if _, err := pep440.ParseSpecifierSet(text); err != nil {
		return "", err
	}
	return text, nil
}

// compare compares the files with each other and decides which are offered.
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
			i.find(FoundSameBytes, "has the same bytes as %s", first.Path).Others = []string{first.Path}
		}
		i.Offered = !i.fails() && byName[i.Name][0] == i
	}
	c.withdrawQuarantined()
	c.mergeVariants()
	c.compareBuilds()
}

// differs reports files of the same name with different bytes. It lists the first
// of them only: a directory may have very many.
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
	i.find(FoundSameName, "files of this name have different bytes, so none is offered: sha256 of this one is %.16s%s", i.facts.SHA256, &text).Others = others
	return true
}

// compareBuilds finds wheels that no installer will ever take, because another
// build of the same version fits wherever they do.
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
				// A build for fewer Pythons does not replace the other everywhere.
				if better.RequiresPython == "" || better.RequiresPython == i.RequiresPython {
					i.shadow(better)
					break
				}
			}
		}
	}
}

// shadow reports which of two wheels wins.
func (i *Item) shadow(better *Item) {
	var f *finding.Finding
	if i.name.Build.Compare(better.name.Build) == 0 {
		f = i.find(FoundShadowed, "same version, build and tags as %s; pip takes the one listed last, uv the one listed first", better.Name)
	} else {
		f = i.find(FoundShadowed, "build %s of the same version and tags is preferred: %s", better.name.Build, better.Name)
	}
	f.Others = []string{better.Path}
}

// tagKey is equal for wheels of a project with the same tags and variant label.
func (i *Item) tagKey() string {
	parts := []string{i.Project, i.name.Variant}
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
