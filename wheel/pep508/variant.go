package pep508

import "strings"

// variantVariables are those that PEP 825 adds.
var variantVariables = [...]string{"variant_label", "variant_properties", "variant_features", "variant_namespaces"}

// variant returns the value of one of variantVariables.
func (ev *evaluation) variant(name string) (value, bool) {
	parts := 3 // of a property
	switch name {
	case "variant_label":
		return value{text: ev.env.VariantLabel}, true
	case "variant_properties":
	case "variant_features":
		parts = 2
	case "variant_namespaces":
		parts = 1
	default:
		return value{}, false
	}
	set := &nameSet{normal: normalizeProperty}
	for _, property := range ev.env.VariantProperties {
		all := strings.SplitN(normalizeProperty(property), "::", 3)
		set.names = append(set.names, strings.Join(all[:min(parts, len(all))], "::"))
	}
	return value{set: set}, true
}

// normalizeProperty removes the white space around each "::", which does not matter.
func normalizeProperty(text string) string {
	parts := strings.Split(text, "::")
	for i, part := range parts {
		if i > 0 {
			part = strings.TrimLeft(part, " \t")
		}
		if i < len(parts)-1 {
			part = strings.TrimRight(part, " \t")
		}
		parts[i] = part
	}
	return strings.Join(parts, "::")
}
