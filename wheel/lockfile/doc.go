// Package lockfile reads the files in which Python tools record what to install:
// uv.lock, pylock.toml (PEP 751), poetry.lock, pdm.lock, and requirements and
// constraints files as pip reads them.
//
// # Where to start
//
// [ReadFile] reads a lock from disk, [Read] from any reader, [ReadOpen] with a
// function of the caller's that opens files, for requirements that include
// others. All give a [Lock]: the packages with their sources, files, hashes and
// the lines they stand in. [Lock.Needed] then says which of them a described
// Python needs. [ReadConstraints] reads constraints files in order of precedence.
//
// # What is wrong
//
// An [*Error] means that there is no answer: the file cannot be read, is cut
// short, or has a lock version that is not known. Everything less is a
// [Problem] in Lock.Problems with file, line and a stable code, and the rest is
// answered. A problem that is a note needs no attention.
//
// # Who needs a package
//
// The formats differ in what they record:
//
//   - uv.lock is a graph. The answer comes from a walk from the projects along
//     the dependencies whose markers hold, with the extras that they ask for.
//   - pylock.toml has a marker for each package, which may ask for extras and
//     dependency groups.
//   - poetry.lock has groups and markers for each package since lock-version
//     2.1, and pdm.lock with the strategy inherit_metadata.
//   - Older files of both leave the project's own requirements to
//     pyproject.toml, so most answers are Unknown.
//   - Requirements have a marker each. What they depend on in turn is not in the
//     file.
//
// A package is [Required], [Excluded] with the marker, extra or group that keeps
// it out, or [Unknown], with what is in doubt. An Unknown is never turned into a
// yes or a no.
//
// # Limits
//
// Files may have [MaxSize] bytes. Time and memory grow in proportion to the
// size of the file, whatever it says. No file is opened but through the caller's
// function or, in ReadFile, by the names that a requirements file gives; options
// of requirements files that name indexes or servers are never acted upon.
package lockfile
