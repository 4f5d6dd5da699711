// Package provider describes which properties of wheel variants (PEP 825) a system
// supports, in the words of the providers (PEP 850) that an installer would ask there.
//
// A variant wheel states properties such as
//
//	x86_64 :: level :: v3
//	nvidia :: cuda_version_lower_bound :: 12.8
//
// and fits a system that supports one value of each feature. An installer asks a
// provider on the machine itself. For a described target, [Describe] reads what the
// machine has ("x86_64::level=v3", "nvidia::cuda=12.9,sm=9.0"), and gives what the
// provider would answer: level v3 includes v2 and v1. [Short] does the same for the
// short form in the word of a target, "x86_64_v3" in debian:12/amd64+x86_64_v3.
//
// [Find] has the providers that uv 0.13.9 has built in. Properties of other namespaces
// can be described as well, value by value, but uv asks nobody for them.
//
// # Stability
//
// The package is experimental: it may change in a minor release. Wheel variants are
// provisionally accepted, and providers are a draft.
package provider
