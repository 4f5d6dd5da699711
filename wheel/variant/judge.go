package variant

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/provider"
	"github.com/wheeltag/wheeltag/wheel/pep440"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// Support is what a system supports of the variants of one release, as uv 0.13.9 finds
// out. Make one with [Metadata.Support].
type Support struct {
	metadata *Metadata
	features map[string][]tags.VariantFeature // by namespace, in the order of preference
	unasked  map[string]string                // why the provider of a namespace is not asked
}

// Support finds what a system supports of a release's variants. A static provider
// answers by itself; any other provider gives what features describes of its namespace,
// if uv would ask it: it must not be optional, and must be one that uv has built in. The
// namespaces of a release without providers (PEP 825 alone) have no features.
func (m *Metadata) Support(features []tags.VariantFeature) *Support {
	s := &Support{metadata: m, features: map[string][]tags.VariantFeature{}, unasked: map[string]string{}}
	for _, namespace := range m.Namespaces {
		p, ok := m.Providers[namespace]
		switch {
		case !ok:
			s.unasked[namespace] = "the release names no provider for it"
		case p.Optional:
			s.unasked[namespace] = "its provider is optional"
		case p.Static != nil:
			s.features[namespace] = p.staticFeatures(namespace)
		case !p.builtIn(namespace):
			s.unasked[namespace] = "uv has no such provider built in"
		default:
			for _, f := range features {
				if f.Namespace == namespace {
					s.features[namespace] = append(s.features[namespace], f)
				}
			}
			if s.features[namespace] == nil {
				s.unasked[namespace] = "the target does not say what it has of it"
			}
		}
	}
	return s
}

// staticFeatures are the features of a static provider in its order.
func (p *Provider) staticFeatures(namespace string) []tags.VariantFeature {
	order := p.FeatureOrder
	if order == nil {
		order = sortedKeys(p.Static)
	}
	features := make([]tags.VariantFeature, 0, len(order))
	for _, name := range order {
		features = append(features, tags.VariantFeature{Namespace: namespace, Name: name, Values: p.Static[name]})
	}
	return features
}

// builtIn reports whether uv 0.13.9 takes the provider for the one that it has built in
// for the namespace: a single requirement, of the right package, without a marker, and
// the right plugin-api. Where the release that stands for the package is known, the
// requirement must allow it.
func (p *Provider) builtIn(namespace string) bool {
	known, ok := provider.Find(namespace)
	if !ok || len(p.Requires) != 1 {
		return false
	}
	r, err := pep508.ParseRequirement(p.Requires[0])
	if err != nil || r.URL != "" || !r.Marker.IsZero() || len(r.Extras) > 0 || normalize(r.Name) != known.Package {
		return false
	}
	return allows(r, known.Release) && cmp.Or(p.PluginAPI, provider.DefaultAPI(known.Package)) == known.PluginAPI
}

// allows reports whether a requirement allows the release that is built in. Where that
// is not known, any release is.
func allows(r pep508.Requirement, release string) bool {
	v, err := pep440.Parse(release)
	return err != nil || r.Specifiers.Contains(v, pep440.PrereleasesAllowed)
}

// normalize is a project's name by PEP 503; it is a valid name.
func normalize(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune("-_.", r) }), "-")
}

// Judge gives the preference of a variant, and an error where the system does not
// support it or the release does not have it.
func (s *Support) Judge(label string) (Preference, error) {
	properties, ok := s.metadata.Variants[label]
	if !ok {
		return Preference{}, fmt.Errorf("the variants of the release do not include %s", quote(label))
	}
	p := Preference{label: label}
	for _, namespace := range sortedKeys(properties) {
		for _, feature := range sortedKeys(properties[namespace]) {
			values := properties[namespace][feature]
			key, ok := s.key(namespace, feature, values)
			if !ok {
				return Preference{}, s.unsupported(namespace, feature, values)
			}
			p.keys = append(p.keys, key)
		}
	}
	slices.SortFunc(p.keys, compareKeys)
	return p, nil
}

// key is the place of a feature with its best value: of the namespace, the feature, and
// the value, each counted from 0.
func (s *Support) key(namespace, feature string, values []string) ([3]int, bool) {
	features := s.features[namespace]
	at := slices.IndexFunc(features, func(f tags.VariantFeature) bool { return f.Name == feature })
	if at < 0 {
		return [3]int{}, false
	}
	for i, value := range features[at].Values {
		if slices.Contains(values, value) {
			return [3]int{slices.Index(s.metadata.Namespaces, namespace), at, i}, true
		}
	}
	return [3]int{}, false
}

// unsupported says what a system lacks of a feature.
func (s *Support) unsupported(namespace, feature string, values []string) error {
	const most = 4
	shown := strings.Join(values[:min(len(values), most)], " or ")
	if len(values) > most {
		shown += " or others"
	}
	if why := s.unasked[namespace]; why != "" {
		return fmt.Errorf("needs %.300s: %s", namespace+" :: "+feature+" :: "+shown, why)
	}
	for _, f := range s.features[namespace] {
		if f.Name == feature && len(f.Values) > 0 {
			return fmt.Errorf("needs %.300s; the target has %.100s", namespace+" :: "+feature+" :: "+shown, f.Values[0])
		}
	}
	return fmt.Errorf("needs %.300s, and the target has no such feature", namespace+" :: "+feature+" :: "+shown)
}

// Properties returns the properties of a variant that the system supports, which are
// what markers see (PEP 825, "Evaluating variant markers").
func (s *Support) Properties(label string) Properties {
	found := Properties{}
	for namespace, features := range s.metadata.Variants[label] {
		for feature, values := range features {
			for _, value := range values {
				if _, ok := s.key(namespace, feature, []string{value}); ok {
					if found[namespace] == nil {
						found[namespace] = map[string][]string{}
					}
					found[namespace][feature] = append(found[namespace][feature], value)
				}
			}
		}
	}
	return found
}

// Preference is the place of a variant among those that a system supports.
type Preference struct {
	keys  [][3]int
	label string
}

// Compare is negative if p is preferred to q. The best values of the features are
// compared in order; of two variants with the same ones as far as they go, that with
// more features is preferred, and then the label that comes first.
func (p Preference) Compare(q Preference) int {
	for i := range min(len(p.keys), len(q.keys)) {
		if order := compareKeys(p.keys[i], q.keys[i]); order != 0 {
			return order
		}
	}
	return cmp.Or(cmp.Compare(len(q.keys), len(p.keys)), cmp.Compare(p.label, q.label))
}

func compareKeys(a, b [3]int) int { return slices.Compare(a[:], b[:]) }
