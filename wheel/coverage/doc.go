// Package coverage reports, for packages and described targets, what an installer
// would do: use a wheel, build from source, fail, or leave the package out. It
// needs no network.
//
// Start with [Pool.Rows] for a pool of files, or [Locked] for a lock file, with
// targets from [NewTarget]. Each [Row] has one [Cell] per target. [Row.Reason] and
// [Row.Candidates] explain it; they are computed on demand, because a matrix can
// have half a million cells.
//
// # States
//
// A cell is wheel (a wheel for this platform or Python fits), pure (one that
// fits everywhere does), build (only a source distribution fits, or the source
// is a repository or a directory), missing (nothing fits), excluded (the target
// does not need the package), unknown (nothing is known about its files) or
// unsupported (the lock file as a whole is not for the target).
//
// # What is taken
//
// The newest version that has a fitting file. Of that version, the wheel with the
// best tag, then the highest build tag, as in wheel.Select; a source distribution
// if no wheel of that version fits. Requires-Python applies to both kinds.
// Pre-releases are used if no final release fits.
//
// Yanked files are used only if the version is pinned to theirs. With pip's
// profile they are used only if nothing else fits, and a yanked final release
// still excludes pre-releases. With uv's profile the best file of a version is
// chosen by its tags alone, and if that one is for other Pythons the whole version
// is skipped. Both match the tools; tests compare with recordings of real pip and
// real uv.
//
// # Stability
//
// The package is experimental: it may change in a minor release.
package coverage
