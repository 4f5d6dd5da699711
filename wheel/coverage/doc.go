// Package coverage answers, for packages and described targets, what an
// installer would do without a network: take a wheel, build from source, fail,
// or leave the package out.
//
// Start with [Pool.Rows] for a pool of files, or [Locked] for what a lock file
// says, and give both the targets from [NewTarget]. Each [Row] has one [Cell] per
// target; [Row.Reason] and [Row.Candidates] say why, and are computed only when
// asked for, because a matrix of half a million cells is nothing unusual.
//
// # States
//
// A cell is wheel (a wheel for this platform or Python fits), pure (one that
// fits everywhere does), build (only a source distribution fits, or the source
// is a repository or a folder), missing (nothing fits), excluded (markers say
// that the target does not need the package) or unknown (nothing is known about
// the package's files).
//
// # What is taken
//
// The newest version of which any file fits; of that the wheel with the best
// tag, then the highest build tag, as wheel.Select has it; a source distribution
// where no wheel of that version fits. Requires-Python counts for both kinds.
// Pre-releases count where no final release fits.
//
// Yanked files count only when the version is pinned to theirs. With pip's
// profile they then wait until nothing else fits, and a yanked final release
// still rules pre-releases out. With uv's profile the best file of a version is
// chosen by its tags alone, and when that one is for other Pythons the whole
// version is passed over. Both are what those tools do; recordings of real pip
// and real uv hold this package to it.
package coverage
