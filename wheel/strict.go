package wheel

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

// ParseStrict is [ParseName] for names as they should be written: in the normal
// form of PEP 503 and 625 that PyPI demands, with sorted tag sets as PEP 425
// demands. The first one is the error, a [*NameError].
func ParseStrict(filename string) (Name, error) {
	n, err := ParseName(filename)
	if err != nil {
		return Name{}, err
	}
	for departure := range n.NormalizationErrors() {
		return Name{}, departure
	}
	return n, nil
}

// NormalizationErrors yields each way in which a name that parses is not in normal form,
// nothing for the zero Name.
func (n Name) NormalizationErrors() iter.Seq[*NameError] {
	return func(yield func(*NameError) bool) {
		if n.Filename == "" {
			return
		}
		report := func(code NameCode, part string, offset int, cause error) bool {
			return yield(nameError(n.Filename, code, part, offset, cause))
		}
		want := strings.ReplaceAll(n.NormalizedName(), "-", "_")
		if n.Distribution != want && !report(CodeNameForm, n.Distribution, 0, fmt.Errorf("write %s", want)) {
			return
		}
		offset := len(n.Distribution) + 1
		version := n.Version.Source()
		if v := n.Version.String(); v != version && !report(CodeVersionForm, version, offset, fmt.Errorf("write %s", v)) {
			return
		}
		offset += len(version) + 1
		if n.Build.Digits != "" {
			end := strings.IndexByte(n.Filename[offset:], '-')
			build := n.Filename[offset : offset+end]
			if cause := buildError(build); cause != nil && !report(CodeBuildForm, build, offset, cause) {
				return
			}
			offset += end + 1
		}
		n.tagErrors(offset, report)
	}
}

func buildError(build string) error {
	for _, b := range []byte(build) {
		if b|0x20-'a' > 'z'-'a' && b-'0' > 9 && b != '_' && b != '.' {
			return fmt.Errorf("write letters, digits, dots and underscores only")
		}
	}
	return nil
}

func (n Name) tagErrors(offset int, report func(NameCode, string, int, error) bool) {
	written := strings.TrimSuffix(n.Filename[offset:], extension)
	if n.Variant != "" {
		written = strings.TrimSuffix(written, "-"+n.Variant)
	}
	for part := range strings.SplitSeq(written, "-") {
		members := strings.Split(part, ".")
		if strings.ToLower(part) != part && !report(CodeTagCase, part, offset, nil) {
			return
		}
		if !slices.IsSorted(members) {
			sorted := slices.Sorted(slices.Values(members))
			if !report(CodeTagOrder, part, offset, fmt.Errorf("write %s", strings.Join(sorted, "."))) {
				return
			}
		}
		if repeats(members) && !report(CodeTagRepeat, part, offset, nil) {
			return
		}
		offset += len(part) + 1
	}
}

func repeats(members []string) bool {
	sorted := slices.Sorted(slices.Values(members))
	return len(slices.Compact(sorted)) != len(members)
}

// Rule is the rule of the catalogue, by its name, that a fault of
// [Name.NormalizationErrors] breaks; "" for one that common build tools produce and no
// tool minds: auditwheel and maturin sort sets of manylinux and musllinux tags by policy,
// with the alias manylinux2014 last.
func (e *NameError) Rule() string {
	if e.Code != CodeTagOrder {
		return "not-normal"
	}
	for tag := range strings.SplitSeq(e.Part, ".") {
		if !strings.HasPrefix(tag, "manylinux") && !strings.HasPrefix(tag, "musllinux") {
			return "tag-order"
		}
	}
	return ""
}
