package provider

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
)

// Provider is one that an installer has built in.
type Provider struct {
	Namespace string
	Package   string // that a release names as what the provider requires
	PluginAPI string // that it states
	Release   string // of the package that is built in, "" if unknown
	features  []string
}

//go:embed data/providers.tsv
var table string

var providers = readTable()

func readTable() []Provider {
	var list []Provider
	for line := range strings.Lines(table) {
		if cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); line[0] != '#' {
			list = append(list, Provider{cells[0], cells[1], cells[2], cells[3], strings.Fields(cells[4])})
		}
	}
	return list
}

// Find returns the provider that uv 0.13.9 has for a namespace.
func Find(namespace string) (Provider, bool) {
	for _, p := range providers {
		if p.Namespace == namespace {
			return p, true
		}
	}
	return Provider{}, false
}

// DefaultAPI is the plugin-api of a provider that states none: the module of its
// package.
func DefaultAPI(normalizedPackage string) string {
	return strings.ReplaceAll(normalizedPackage, "-", "_")
}

// Merge puts descriptions together: the features of a namespace that has a provider in
// the provider's order, all others in the order given. A later description of a feature
// replaces an earlier one.
func Merge(lists ...[]tags.VariantFeature) []tags.VariantFeature {
	var all []tags.VariantFeature
	for _, f := range slices.Concat(lists...) {
		same := func(o tags.VariantFeature) bool { return o.Namespace == f.Namespace && o.Name == f.Name }
		if at := slices.IndexFunc(all, same); at >= 0 {
			all[at] = f
		} else {
			all = append(all, f)
		}
	}
	slices.SortStableFunc(all, func(a, b tags.VariantFeature) int {
		if a.Namespace != b.Namespace {
			return strings.Compare(a.Namespace, b.Namespace)
		}
		return place(a) - place(b)
	})
	return all
}

// place is where the provider of a feature's namespace has it; unknown features come
// last.
func place(f tags.VariantFeature) int {
	p, _ := Find(f.Namespace)
	if at := slices.Index(p.features, f.Name); at >= 0 {
		return at
	}
	return len(p.features)
}
