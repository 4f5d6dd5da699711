// Package lockfile reads the files in which Python tools record what to install:
// uv.lock, pylock.toml (PEP 751), poetry.lock, pdm.lock, Pipfile.lock, requirements and
// constraints files as pip reads them, reports of pip, and what pip installs of
// environment.yml, conda-lock.yml and pixi.lock.
//
// # Where to start
//
// [ReadFile] reads a lock from disk, [Read] from any reader, [ReadOpen] with a
// function that opens files, for requirements files that include others. All
// return a [Lock]: the packages with their sources, files, hashes and line
// numbers. [Lock.Needed] then reports which of them a described Python needs.
// [ReadConstraints] reads constraints files in order of precedence.
//
// # Errors and problems
//
// An [*Error] means that there is no answer: the file cannot be read, is
// truncated, or has an unknown lock version. Everything else that is wrong is a
// [Problem] in Lock.Problems with file, line and a stable code, and the rest of
// the file is used. A problem that is a note needs no action.
//
// # Which packages are needed
//
// The formats differ in what they record:
//
//   - uv.lock is a graph. The answer comes from following dependencies with true
//     markers, and the extras that they ask for, from the projects on.
//   - pylock.toml has a marker for each package, which may ask for extras and
//     dependency groups.
//   - poetry.lock has groups and markers for each package since lock-version
//     2.1, and pdm.lock with the strategy inherit_metadata.
//   - Older files of both leave the project's own requirements to
//     pyproject.toml, which is read if it is next to the file. Without it an
//     answer is Unknown unless only false markers lead to a package.
//   - conda-lock.yml and pixi.lock list packages for each platform, and the latter for
//     each environment. The environments are groups that exclude each other.
//   - Each line of a requirements file has its marker. The file does not record
//     what the packages depend on.
//
// A package is [Required], [Excluded] with the marker, extra or group that
// excludes it, or [Unknown] with the reason. Unknown is never treated as yes or
// no.
//
// # Limits
//
// Files may have up to [MaxSize] bytes, in YAML up to 32 MiB. Time and memory grow linearly with the
// size of the file, whatever its contents. Files are only opened through the
// caller's function or, in ReadFile, by the names in a requirements file and as
// pyproject.toml next to a lock file. Options
// of requirements files that name indexes or servers are ignored.
//
// # Stability
//
// The package is experimental: it may change in a minor release.
package lockfile
