package variant

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Parse reads a variant.json or {name}-{version}-variants.json. It accepts what uv
// 0.13.9 accepts, whatever the version of the schema, except for keys that are there
// twice. See [Metadata.Check] for the rest of the standard.
func Parse(data []byte) (*Metadata, error) {
	o, err := readJSON(data)
	if err != nil {
		return nil, err
	}
	return fromObject(o)
}

// FromTree reads the same structure from values that another format was read to:
// map[string]any, []any and strings. It is how pylock.toml has it.
func FromTree(tree map[string]any) (*Metadata, error) {
	v, err := toObject(tree, 0)
	if err != nil {
		return nil, err
	}
	return fromObject(v.(*object))
}

func toObject(v any, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errDepth
	}
	switch v := v.(type) {
	case map[string]any:
		o := &object{values: map[string]any{}}
		for key, value := range v {
			inner, err := toObject(value, depth+1)
			if err != nil {
				return nil, err
			}
			o.keys = append(o.keys, key)
			o.values[key] = inner
		}
		slices.Sort(o.keys)
		return o, nil
	case []any:
		list := make([]any, 0, len(v))
		for _, value := range v {
			inner, err := toObject(value, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, inner)
		}
		return list, nil
	}
	return v, nil
}

func fromObject(o *object) (*Metadata, error) {
	if err := o.only("", "$schema", "default-priorities", "providers", "variants"); err != nil {
		return nil, err
	}
	m := &Metadata{Variants: map[string]Properties{}}
	var err error
	if m.Schema, err = text(o.values["$schema"], "$schema"); err != nil {
		return nil, err
	}
	priorities, err := child(o.values["default-priorities"], "default-priorities")
	if err != nil {
		return nil, err
	}
	if err := priorities.only("default-priorities", "namespace"); err != nil {
		return nil, err
	}
	if m.Namespaces, err = texts(priorities.values["namespace"], "default-priorities.namespace", isName); err != nil {
		return nil, err
	}
	if len(m.Namespaces) == 0 || repeats(m.Namespaces) {
		return nil, errors.New("default-priorities.namespace must list at least one namespace, each once")
	}
	if err := m.readProviders(o.values["providers"]); err != nil {
		return nil, err
	}
	variants, err := child(o.values["variants"], "variants")
	if err != nil {
		return nil, err
	}
	namespaces := map[string]bool{}
	for _, n := range m.Namespaces {
		namespaces[n] = true
	}
	for _, label := range variants.keys {
		if !isValue(label) {
			return nil, fmt.Errorf("%s is not a variant label", quote(label))
		}
		if m.Variants[label], err = readProperties(variants.values[label], label, namespaces); err != nil {
			return nil, err
		}
	}
	if len(m.Variants[Null]) > 0 {
		return nil, errors.New("the variant null must not have properties")
	}
	return m, nil
}

// readProperties reads one variant.
func readProperties(v any, label string, namespaces map[string]bool) (Properties, error) {
	place := "variants." + label
	o, err := child(v, place)
	if err != nil {
		return nil, err
	}
	p := Properties{}
	for _, namespace := range o.keys {
		features, err := child(o.values[namespace], place+"."+namespace)
		if err != nil {
			return nil, err
		}
		switch {
		case !isName(namespace):
			return nil, fmt.Errorf("%s: %s is not a namespace", place, quote(namespace))
		case len(features.keys) == 0:
			continue
		case !namespaces[namespace]:
			return nil, fmt.Errorf("%s: the namespace %s is not in default-priorities.namespace", place, namespace)
		}
		p[namespace] = map[string][]string{}
		for _, feature := range features.keys {
			if !isName(feature) {
				return nil, fmt.Errorf("%s.%s: %s is not a feature", place, namespace, quote(feature))
			}
			values, err := texts(features.values[feature], place+"."+namespace+"."+feature, isValue)
			switch {
			case err != nil:
				return nil, err
			case len(values) == 0:
				return nil, fmt.Errorf("%s: %s :: %s has no value", place, namespace, feature)
			case repeats(values):
				return nil, fmt.Errorf("%s: %s :: %s lists a value twice", place, namespace, feature)
			}
			p[namespace][feature] = values
		}
	}
	return p, nil
}

// only reports a key that the format does not have.
func (o *object) only(place string, allowed ...string) error {
	for _, key := range o.keys {
		if !slices.Contains(allowed, key) {
			if place != "" {
				return fmt.Errorf("%s: unknown key %s", place, quote(key))
			}
			return fmt.Errorf("unknown key %s", quote(key))
		}
	}
	return nil
}

func child(v any, place string) (*object, error) {
	o, ok := v.(*object)
	if !ok {
		return nil, fmt.Errorf("%.200s must be an object", place)
	}
	return o, nil
}

func text(v any, place string) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", fmt.Errorf("%.200s must be a string", place)
	}
	return s, nil
}

func texts(v any, place string, valid func(string) bool) ([]string, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("%.200s must be a list of strings", place)
	}
	out := make([]string, 0, len(list))
	for _, item := range list {
		s, ok := item.(string)
		if !ok || !valid(s) {
			return nil, fmt.Errorf("%.200s: %.100s is not valid; want lower-case letters, digits and underscores, in values dots as well", place, fmt.Sprint(item))
		}
		out = append(out, s)
	}
	return out, nil
}

func repeats(list []string) bool {
	sorted := slices.Sorted(slices.Values(list))
	return len(slices.Compact(sorted)) != len(list)
}

const nameChars = "abcdefghijklmnopqrstuvwxyz0123456789_"

// isName reports whether text can be a namespace or feature.
func isName(text string) bool { return text != "" && strings.Trim(text, nameChars) == "" }

// isValue reports whether text can be a value or label.
func isValue(text string) bool { return text != "" && strings.Trim(text, nameChars+".") == "" }
