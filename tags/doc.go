// Package tags answers which wheels a described Python can install.
//
// Start with [New]: it takes a [Python] and a [Platform] that describe an
// interpreter which need not exist on this machine, and gives a [Target].
// [Target.Rank] says whether a compressed tag [Set], the last three parts of a
// wheel's file name, fits that target and how well; [Target.Explain] says in
// words and in numbers why it does not; [Target.Tags] lists every compatible
// tag, most preferred first.
//
// # Tags
//
// A tag is a triple interpreter-ABI-platform (PEP 425), for example
// cp311-cp311-manylinux_2_17_x86_64. A file name carries a compressed set of
// them: each part may hold several members joined by dots, and the wheel
// supports every combination. A [Set] never expands that product, so a hostile
// name with 300 x 300 x 300 members costs no more than its length.
//
// # Profiles
//
// Installers disagree about the list for one and the same target. A [Profile]
// selects whose list is meant: [Packaging] (release 26.3), [Packaging262] (the
// order before 26.3), [Pip] or [UV]. Each list equals the tool's own byte for
// byte; where a tool is wrong, the list is wrong with it, because the question
// is what that tool will do.
//
// # How ranking works
//
// The ordered list is a sequence of blocks, one for each accepted pair of
// interpreter and ABI, each holding every platform in the same order. The
// place of a tag is therefore block x platforms + place of the platform, and
// both factors come from comparing a few numbers. No list is built to rank.
//
// All values are immutable after construction and safe for concurrent use. The
// package imports the standard library alone.
//
// # Stability
//
// The package is part of the stable core: what it exports stays compatible from
// v0.1.0 on.
package tags
