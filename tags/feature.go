package tags

import "slices"

// VariantFeature is a feature of wheel variants (PEP 825) that a target supports: one
// {namespace} :: {feature} with its compatible values, most preferred first. What a
// processor or GPU offers is described by package tags/provider.
type VariantFeature struct {
	Namespace, Name string
	Values          []string
}

// WithVariantFeatures gives the same target with the variant features that it supports.
// Features of a namespace are in order, most preferred first. They matter to the
// profile [UVVariants] alone.
func (t *Target) WithVariantFeatures(features []VariantFeature) *Target {
	described := *t
	described.features = slices.Clone(features)
	return &described
}

// VariantFeatures gives what [Target.WithVariantFeatures] set. The caller must not
// change it.
func (t *Target) VariantFeatures() []VariantFeature { return t.features }
