package variant

import (
	"encoding/json"
	"maps"
	"slices"
)

// JSON returns the file: indented, keys and values in ascending order, the namespaces in
// their own. It is the same for equal metadata.
func (m *Metadata) JSON() []byte {
	file := struct {
		Schema     string              `json:"$schema"`
		Priorities map[string][]string `json:"default-priorities"`
		Providers  map[string]any      `json:"providers,omitempty"`
		Variants   map[string]any      `json:"variants"`
	}{m.Schema, map[string][]string{"namespace": m.Namespaces}, nil, map[string]any{}}
	if m.Providers != nil {
		file.Providers = map[string]any{}
	}
	for namespace, p := range m.Providers {
		file.Providers[namespace] = p.fields()
	}
	for label, properties := range m.Variants {
		namespaces := map[string]map[string][]string{}
		for namespace, features := range properties {
			namespaces[namespace] = map[string][]string{}
			for feature, values := range features {
				namespaces[namespace][feature] = slices.Sorted(slices.Values(values))
			}
		}
		file.Variants[label] = namespaces
	}
	text, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		panic(err) // strings, lists and maps of them
	}
	return append(text, '\n')
}

// fields are the keys of a provider.
func (p *Provider) fields() map[string]any {
	fields := map[string]any{}
	if p.Optional {
		fields["optional"] = true
	}
	switch {
	case p.Static != nil:
		fields["static-properties"] = p.Static
		if p.FeatureOrder != nil {
			fields["feature-order"] = p.FeatureOrder
		}
	case p.Requires != nil:
		fields["requires"] = p.Requires
		if p.PluginAPI != "" {
			fields["plugin-api"] = p.PluginAPI
		}
	default:
		fields["builtin"] = p.Builtin
	}
	return fields
}

// sortedKeys are the keys of a map in ascending order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
