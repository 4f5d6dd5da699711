package variant

import (
	"slices"
)

// Null is the label of the variant without properties.
const Null = "null"

// The schemas of the drafts, by which $schema names a format.
const (
	SchemaPEP825 = "https://variants-schema.wheelnext.dev/peps/825/v0.1.1.json" // without providers
	SchemaPEP850 = "https://variants-schema.wheelnext.dev/peps/850/v0.2.0.json" // with providers
)

// Metadata is a variant.json or {name}-{version}-variants.json.
type Metadata struct {
	Schema     string   // the URL in $schema
	Namespaces []string // in the order of preference (default-priorities.namespace)
	Variants   map[string]Properties
	Providers  map[string]Provider // by namespace (PEP 850); nil if there are none
}

// Properties are the values of each feature, by namespace and feature. A namespace
// without features is left out.
type Properties map[string]map[string][]string

// Provider is what knows which properties of a namespace a system supports (PEP 850).
// One of Static, Requires and Builtin is set.
type Provider struct {
	Optional bool // not asked unless a user wants it

	Static       map[string][]string // by feature: the values that every system supports, best first
	FeatureOrder []string            // of Static, best first; may be nil for a single feature

	Requires  []string // requirements of a plug-in
	PluginAPI string   // its module and object, "" for the default

	Builtin string // the name of a provider of the installer
}

// Labels returns the labels in ascending order.
func (m *Metadata) Labels() []string { return sortedKeys(m.Variants) }

// List returns the properties as "namespace :: feature :: value", in ascending order.
func (p Properties) List() []string {
	var list []string
	for namespace, features := range p {
		for feature, values := range features {
			for _, value := range values {
				list = append(list, namespace+" :: "+feature+" :: "+value)
			}
		}
	}
	slices.Sort(list)
	return list
}

// Equal reports whether two variants have the same properties, whatever the order of
// the values.
func (p Properties) Equal(q Properties) bool { return slices.Equal(p.List(), q.List()) }
