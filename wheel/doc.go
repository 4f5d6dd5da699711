// Package wheel reads Python wheels: their file names and their archives.
//
// Start with [ParseName] for a file name: it gives the project, the
// [pep440.Version], the build tag and the compressed set of tags, which package
// tags then ranks for a target. [ParseStrict] also demands the normal form that
// PyPI wants, and [Name.NormalizationErrors] lists what is amiss.
//
// For the content, [OpenFile] or [Open] reads the archive's directory;
// [Archive.Metadata], [Archive.Info] and [Archive.Record] read the files of the
// *.dist-info directory, and [Archive.Members] yields every file.
//
// # Which names are wheels
//
// ParseName accepts exactly what packaging 26.3 accepts, because that is what
// pip installs: any script's letters in a name, versions that are not in normal
// form, tags that no interpreter has. A name that is refused comes with a
// [NameError] that says which rule it breaks and where.
//
// # Input is hostile
//
// A name may hold millions of combinations of tags, an archive may lie about
// sizes, repeat names or point out of its folder. Nothing is expanded or
// allocated on a claim alone, and nothing is written to disk.
//
// # Stability
//
// The package is part of the stable core: what it exports stays compatible from
// v0.1.0 on.
package wheel
