// Package wheel reads and writes Python wheels: their file names, their archives and
// the files in their *.dist-info directories.
//
// Start with [ParseName] for a file name: it gives the project, the
// [pep440.Version], the build tag and the compressed set of tags, which package
// tags then ranks for a target. [ParseStrict] also demands the normal form that
// PyPI wants, and [Name.NormalizationErrors] lists what is amiss.
//
// For the content, [OpenFile] or [Open] reads the archive's directory.
// [Archive.DistInfo] finds the *.dist-info directory, which has METADATA, WHEEL and
// RECORD; [Archive.Members] yields every file. [Archive.Problems] and
// [Archive.CheckFraming] list what is wrong with the archive itself.
//
// [Writer] makes a wheel, from new files or from members of another one.
//
// # Which files a wheel has
//
// Tools that read zip archives disagree about some of them: one looks for the directory
// where the archive states it to be, another takes the bytes before the end record.
// Such archives are made to show one file to a checker and to install another. This
// package reads what Python's zipfile module reads, by which pip installs, and lists
// every disagreement; [Code.Ambiguous] marks those that change what is installed.
//
// # Which names are wheels
//
// ParseName accepts exactly what packaging 26.3 accepts, because that is what
// pip installs: any script's letters in a name, versions that are not in normal
// form, tags that no interpreter has. A name that is refused comes with a
// [NameError] that says which rule it breaks and where.
//
// It also reads the names of variant wheels (PEP 825), which packaging and pip cannot
// read: they have a label behind the tags, in Name.Variant. [Name.ReadableBy] says who
// reads a name; [Fit], [Fitter] and [Select] refuse such a wheel unless the target's
// profile takes variants, and [RankVariant] says whether the target supports one.
//
// # Input is hostile
//
// A name may hold millions of combinations of tags, an archive may lie about
// sizes, repeat names or point out of its directory. Nothing is expanded or
// allocated on a claim alone, and nothing is written to disk.
//
// # Stability
//
// The package is part of the stable core: what it exports stays compatible from
// v0.1.0 on.
package wheel
