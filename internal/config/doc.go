// Package config reads policies of one's own and allowances, for audits
// that must know of driver libraries, internal distributions and the like.
//
// Start with [Read]. [File.Policy] finds a policy by name, for the question
// whether a wheel may carry it.
//
// # The file
//
// The file is TOML:
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
//	reason = "the driver comes with the machine"
//	expires = 2027-01-31
//
// An allowance needs a reason and a last day. From the day after, what it
// allowed is a warning for thirty days and then fails again. Nothing allows
// WT206: what cannot be read cannot be judged.
package config
