package index

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep440"
	"github.com/wheeltag/wheeltag/wheel/variant"
)

// maxVariant limits the variant.json of one wheel, which has one variant, in bytes.
const maxVariant = 256 << 10

// release is the {name}-{version}-variants.json of a release with variant wheels. An
// index must have one, and list it with the wheels (PEP 825).
type release struct {
	name    string // of the file
	project string
	version pep440.Version
	text    []byte
}

// readVariant reads variant.json, which wheels without a variant label do not have.
func (f *facts) readVariant(a *wheel.Archive) {
	info, err := a.DistInfo()
	if err != nil {
		return // METADATA was read by it
	}
	text, err := info.ReadFile("variant.json")
	if errors.Is(err, wheel.ErrNoMember) {
		return
	}
	var m *variant.Metadata
	if err == nil && len(text) > maxVariant {
		err = fmt.Errorf("longer than %d bytes", maxVariant)
	}
	if err == nil {
		m, err = variant.Parse(text)
	}
	if err != nil {
		f.VariantError = "cannot be read: " + valid(strings.TrimPrefix(err.Error(), info.Dir+"/variant.json: "))
		return
	}
	f.Variant = string(m.JSON())
}

// checkVariant compares variant.json with the label in the file name.
func (i *Item) checkVariant() {
	label := i.name.Variant
	if label == "" {
		if i.facts.Variant != "" || i.facts.VariantError != "" {
			i.find(FoundVariant, "has a variant.json, but its name has no variant label: installers take it on every system")
		}
		return
	}
	m, err := variant.Parse([]byte(i.facts.Variant))
	switch {
	case i.facts.Variant == "" && i.facts.VariantError == "":
		i.find(FoundVariant, "variant.json is missing, and the name has the variant label %s", label)
	case i.facts.VariantError != "":
		i.find(FoundVariant, "variant.json %s", i.facts.VariantError)
	case err != nil:
		i.find(FoundVariant, "variant.json cannot be read: %v", err)
	case !slices.Equal(m.Labels(), []string{label}):
		i.find(FoundVariant, "variant.json does not have the variant %s alone", label)
	default:
		i.variant = m
	}
}

// mergeVariants puts the variants of each release together. Of wheels that contradict
// each other, the first is offered.
func (c *Collection) mergeVariants() {
	groups := map[string][]*Item{}
	var order []string
	for _, i := range c.Items {
		if !i.Offered || i.variant == nil {
			continue
		}
		name := i.name.VariantsFile()
		if groups[name] == nil {
			order = append(order, name)
		}
		groups[name] = append(groups[name], i)
	}
	slices.Sort(order)
	for _, name := range order {
		items := groups[name]
		_, conflicts := mergeItems(items)
		for _, conflict := range conflicts {
			i := items[slices.IndexFunc(items, func(i *Item) bool { return i.Name == conflict.Name })]
			i.find(FoundVariantConflict, "%s", conflict.Message)
			i.Offered = !i.fails()
		}
		items = slices.DeleteFunc(items, func(i *Item) bool { return !i.Offered })
		if m, _ := mergeItems(items); m != nil {
			for _, i := range items {
				i.release = &wheel.ReleaseVariants{Metadata: m}
			}
			c.releases = append(c.releases, release{name, items[0].Project, items[0].version, m.JSON()})
		}
	}
}

func mergeItems(items []*Item) (*variant.Metadata, []variant.Conflict) {
	var parts []*variant.Metadata
	var names []string
	for _, i := range items {
		parts, names = append(parts, i.variant), append(names, i.Name)
	}
	return variant.Merge(parts, names)
}

// addReleases adds the files of the releases to the projects that have variant wheels
// of them.
func (c *Collection) addReleases(projects []project) {
	byName := map[string]*release{}
	for at := range c.releases {
		byName[c.releases[at].name] = &c.releases[at]
	}
	for at := range projects {
		p := &projects[at]
		for _, i := range p.files {
			if i.variant == nil {
				continue
			}
			r := byName[i.name.VariantsFile()]
			if n := len(p.releases); n == 0 || p.releases[n-1].name != r.name {
				p.releases = append(p.releases, *r)
			}
		}
	}
}
