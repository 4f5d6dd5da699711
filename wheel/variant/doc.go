// Package variant reads and writes the metadata of wheel variants (PEP 825): the file
// variant.json in a variant wheel, and {name}-{version}-variants.json, which lists all
// variants of a release. Both have one structure, [Metadata].
//
// [Parse] accepts what uv 0.13.9 accepts, with the providers of PEP 850; [Metadata.Check]
// lists what the standard demands beyond that. [Merge] makes the file of a release from
// those of its wheels, and says where they contradict each other. [Metadata.Judge] says
// whether a system supports a variant, and [Preference] which of two variants is
// preferred there.
//
// # Terms
//
// A property is a namespace, a feature and a value: x86_64 :: level :: v3. A variant is
// a label with properties. A system supports the variant if it supports one value of
// each feature. The label "null" has no properties, and every system supports it.
//
// # Input is hostile
//
// A file has at most [MaxSize] bytes. A key that is there twice is an error, because
// readers disagree about which one counts.
//
// # Stability
//
// The package is experimental: it may change in a minor release. The format is a
// draft: versions 0.x of its schema must not be used in production.
package variant
