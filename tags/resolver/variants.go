package resolver

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/provider"
)

// cutVariants takes the short forms of variants off the end of a word. The suffix
// begins with the first plus sign, and is empty where there is none. A word that the
// configuration has as a name is left alone, and so are paths.
func (r *Resolver) cutVariants(word string) (base, suffix string, features []tags.VariantFeature, err error) {
	at := strings.IndexByte(word, '+')
	if _, isRoot := parseRootWord(word); at < 0 || isRoot || r.Fleet != nil && r.Fleet.Lookup(word) != nil {
		return word, "", nil, nil
	}
	base, suffix = word[:at], word[at:]
	for short := range strings.SplitSeq(suffix[1:], "+") {
		one, err := provider.Short(short)
		if err != nil {
			return "", "", nil, &Error{Word: word, Code: CodeWord, Detail: err.Error(), Err: err}
		}
		features = provider.Merge(features, one)
	}
	return base, suffix, features, nil
}

// machines are the namespaces of one machine each, by the names that tags use.
var machines = map[string][]string{"x86_64": {"x86_64", "amd64"}, "aarch64": {"aarch64", "arm64"}}

// fitsMachine reports whether a feature can be one of the target's machine.
func (t *Target) fitsMachine(f tags.VariantFeature) bool {
	names, bound := machines[f.Namespace]
	return !bound || slices.Contains(names, strings.ToLower(t.Platform().Arch))
}

// describe adds variant features: those of the run where they are of the machine, and
// those of the word, which must be.
func (t *Target) describe(word, suffix string, run, own []tags.VariantFeature) error {
	for _, f := range own {
		if !t.fitsMachine(f) {
			return &Error{Word: word, Code: CodeOption, Detail: fmt.Sprintf("%s :: %s is not of its machine, which is %s", f.Namespace, f.Name, t.Platform().Arch)}
		}
	}
	run = slices.DeleteFunc(slices.Clone(run), func(f tags.VariantFeature) bool { return !t.fitsMachine(f) })
	if len(run)+len(own) > 0 {
		t.Target = t.Target.WithVariantFeatures(provider.Merge(run, own))
	}
	if suffix != "" {
		t.Target = t.Target.WithName(t.Name() + suffix)
	}
	return nil
}
