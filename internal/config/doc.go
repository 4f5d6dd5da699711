// Package config reads the one configuration file of the command: wheeltag.toml, or
// the table tool.wheeltag of pyproject.toml.
//
// Start with [Find] for the nearest file and [Parse] for its content. Everything
// in a [Config] is data of other packages: targets for tags/resolver, a selection
// and allowances for wheel/finding, policies for manylinux.
//
// # The file
//
//	select = ["WT2"]                   # only these rules, by id, prefix or name
//	ignore = ["hardening"]             # not these
//
//	[severity]
//	WT215 = "error"                    # in place of the rule's own
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
//	versions = ["GLIBCXX_3.4.25"]      # also allowed
//	unban = { "libz.so.1" = ["inflate_fast"] }
//
//	[[allow]]
//	rule = "WT202"                     # never WT206
//	project = "torch*"                 # glob on the normalised name; left out: all
//	library = "libcuda.so.*"           # glob; left out: all
//	symbol = "cu*"                     # glob that every symbol of the finding matches
//	file = "torch/lib/*"               # glob on the path in the wheel; left out: all
//	reason = "the driver comes with the machine"
//	expires = 2027-01-31
//
// An allowance needs a reason and an expiry date. From the day after, what it
// accepted is a warning for thirty days and then fails again. Nothing accepts or
// ignores WT206: what cannot be read cannot be judged.
//
// An unknown key is a mistake, with its line and the key that was probably meant.
package config
