// Package config reads the one configuration file of the command: wheeltag.toml, or
// the table tool.wheeltag of pyproject.toml.
//
// Start with [Find] for the nearest file and [Parse] for its content. Everything
// in a [Config] is data of other packages: targets for tags/resolver, a selection
// and allowances for wheel/finding, policies for manylinux.
//
// # The file
//
//	required-version = ">=0.3, <1"
//	select = ["WT2"]                   # only these rules, by id, prefix or name
//	ignore = ["hardening"]             # not these
//	fail-on = "warning"
//	require = { linux = "acme_el8", musl = "musllinux_1_2" }
//
//	[severity]
//	WT215 = "error"                    # in place of the rule's own
//
//	[per-project."torch*"]             # and [per-file."*-win_amd64.whl"]
//	warn = ["WT202"]
//
//	[[targets]]                        # see package tags/fleet
//	name = "api"
//	platform = "debian:12"
//	arch = "arm64"
//
//	[[policy]]
//	name = "acme_el8"                  # for audit --require acme_el8
//	extends = "manylinux_2_28"         # a known policy, or one above in this file
//	libraries = ["libcuda.so.*"]       # also allowed, as globs
//
//	[[allow]]
//	rule = "WT202"                     # never WT206
//	library = "libcuda.so.*"
//	reason = "the driver comes with the machine"
//	expires = 2027-01-31
//
// The page docs/config.md has every key. A [Table] is what the general part, a project
// and a file may have each; [Config.Selection] and [Config.For] put them over each other.
//
// An unknown key is a mistake, with its line and the key that was probably meant.
package config
