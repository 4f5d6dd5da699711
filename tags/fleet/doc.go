// Package fleet holds many targets under names: those that people keep in a
// file, and sets that are built in.
//
// Start with [Read] for a file and [Set] for a built-in set; [Describe] reads a
// single target word with the care that a fleet needs. What comes out are
// [Target] values whose Description goes to tags.New.
//
// # The file
//
// A file is TOML, usually called wheeltag.toml, with an array of rows:
//
//	[[targets]]
//	name = "api"
//	platform = "debian:12"
//	arch = "arm64"
//	python = "3.11"
//
//	[[targets]]
//	name = "workers"
//	platforms = ["ubuntu:22.04", "ubuntu:24.04"]
//	arches = ["amd64", "arm64"]
//	pythons = ["3.11", "3.12"]
//
// platform is any word that package tags/distro knows; arch (or
// cpu_architecture) is x86_64 where it is left out, python what the platform
// brings; glibc or musl complete a platform that does not say its version. A row
// with the plural keys stands for every combination, and its name for all of
// them. The same array is accepted as JSON, bare or under the key "targets".
//
// # Errors
//
// A file is read completely: every fault in it is an [Error] with its line, and
// several are joined. A machine that a release was never built for, an unknown
// release and a name given twice are faults.
//
// # Stability
//
// The package is experimental: it may change in a minor release.
package fleet
