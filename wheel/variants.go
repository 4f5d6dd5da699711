package wheel

import (
	"fmt"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/pep440"
	"github.com/wheeltag/wheeltag/wheel/variant"
)

// VariantsName is what the name of the file says that lists the variants of a release:
//
//	{name}-{version}-variants.json
type VariantsName struct {
	Filename string         // as given to ParseVariantsName
	Name     string         // normalised by PEP 503
	Version  pep440.Version // Version.Source is the text as written
}

// variantsEnd ends the name of the file of a release.
const variantsEnd = "-variants.json"

// ParseVariantsName reads the base name of a {name}-{version}-variants.json (PEP 825).
func ParseVariantsName(filename string) (VariantsName, error) {
	stem, ok := strings.CutSuffix(filename, variantsEnd)
	name, text, dash := strings.Cut(stem, "-")
	if !ok || !dash || badDistribution(name) >= 0 {
		return VariantsName{}, fmt.Errorf("%q is not the name of a file with the variants of a release; want NAME-VERSION-variants.json", clip(filename))
	}
	version, err := pep440.Parse(text)
	if err != nil {
		return VariantsName{}, fmt.Errorf("%q: %w", clip(filename), err)
	}
	return VariantsName{filename, NormalizeName(name), version}, nil
}

// VariantsFile is the name of the file with the variants of the wheel's release.
func (n *Name) VariantsFile() string {
	return strings.ReplaceAll(n.NormalizedName(), "-", "_") + "-" + n.Version.String() + variantsEnd
}

// ReleaseVariants is what a release's {name}-{version}-variants.json says, or why it
// cannot be read.
type ReleaseVariants struct {
	Metadata *variant.Metadata
	Err      error // of [variant.Parse]; uv then skips a release with variant wheels
}

// VariantRank is the place of a wheel's variant among those that a target supports.
// The zero value is that of a wheel without a variant label.
type VariantRank struct {
	variant    bool
	preference variant.Preference
}

// Compare is negative if r is preferred to q. A wheel without a label comes after every
// variant.
func (r VariantRank) Compare(q VariantRank) int {
	switch {
	case r.variant && q.variant:
		return r.preference.Compare(q.preference)
	case r.variant:
		return -1
	case q.variant:
		return 1
	}
	return 0
}

// RankVariant gives the rank of a wheel's variant, or the reason why the target's
// installer refuses the wheel for its label. release is nil where there is no file with
// the variants of the release, and uv then takes no variant of it, not even "null".
func RankVariant(t *tags.Target, name *Name, release *ReleaseVariants) (VariantRank, *tags.Reason) {
	refuse := func(message string) (VariantRank, *tags.Reason) {
		return VariantRank{}, &tags.Reason{Code: ReasonVariant, Need: name.Variant, Message: message}
	}
	switch {
	case name.Variant == "":
		return VariantRank{}, nil
	case ignoresVariant(t, name):
		return refuse(ignoredVariant(t.Profile()))
	case release == nil:
		return refuse("it is a wheel variant, and " + name.VariantsFile() + " is not here, which says for which systems")
	}
	if release.Err != nil {
		return refuse(fmt.Sprintf("%s cannot be read: %v", name.VariantsFile(), release.Err))
	}
	p, err := release.Metadata.Support(t.VariantFeatures()).Judge(name.Variant)
	if err != nil {
		return refuse(err.Error())
	}
	return VariantRank{true, p}, nil
}
