package variant

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Conflict is where a part of a release contradicts an earlier one.
type Conflict struct {
	Name    string // of the part
	Message string
}

func (c Conflict) Error() string { return c.Name + ": " + c.Message }

// Merge puts the metadata of a release together: the longest list of namespaces and the
// union of the variants (PEP 825, "Metadata consistency"). The conflicts say where the
// parts contradict each other; the result keeps the earlier part then, and is not
// consistent with the later one. Parts have names for messages, the same number of them.
// Without parts the result is nil.
func Merge(parts []*Metadata, names []string) (*Metadata, []Conflict) {
	if len(parts) == 0 {
		return nil, nil
	}
	merged := &Metadata{Schema: parts[0].Schema, Namespaces: parts[0].Namespaces, Variants: map[string]Properties{}, Providers: maps.Clone(parts[0].Providers)}
	var faults []Conflict
	longest := names[0]
	from := map[string]string{}
	for i, part := range parts {
		fault := func(format string, args ...any) {
			faults = append(faults, Conflict{names[i], fmt.Sprintf(format, args...)})
		}
		short, long := merged.Namespaces, part.Namespaces
		if len(short) > len(long) {
			short, long = long, short
		}
		if !slices.Equal(short, long[:len(short)]) {
			fault("its order of namespaces contradicts that of %s", longest)
		} else if len(part.Namespaces) > len(merged.Namespaces) {
			merged.Namespaces, longest = part.Namespaces, names[i]
		}
		if part.Schema != merged.Schema {
			fault("its schema is not that of %s", names[0])
		}
		for _, namespace := range sortedKeys(part.Providers) {
			p := part.Providers[namespace]
			switch was, ok := merged.Providers[namespace]; {
			case !ok && merged.Providers == nil:
				merged.Providers = map[string]Provider{namespace: p}
			case !ok:
				merged.Providers[namespace] = p
			case !reflect.DeepEqual(was, p):
				fault("its provider of %s is not that of another file of the release", namespace)
			}
		}
		for _, label := range part.Labels() {
			switch was, ok := merged.Variants[label]; {
			case !ok:
				merged.Variants[label], from[label] = part.Variants[label], names[i]
			case !was.Equal(part.Variants[label]):
				fault("the variant %s has other properties than in %s", label, from[label])
			}
		}
	}
	return merged, faults
}
