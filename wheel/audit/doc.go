// Package audit is the gate for wheels: it reads the native code in a wheel, checks
// it against what the file name claims, and reports every fault that it knows.
//
// Start with [File] for a path, or make an [Auditor] for many files: they return a
// [Report] with a verdict, the best platform tag that the code qualifies for, and
// the [finding.Finding] list, each with a rule, a file and a message. [Explain]
// says what sets the tag and where the code loads.
//
// # How a verdict comes about
//
// Every member of the archive is recognised by its content, not by its name or by
// RECORD. Each ELF file is read through its program headers by package elfaudit.
// All of them together are one set: a bundled library is not an external
// dependency. Package manylinux works out what is left over as demands on the
// system, and the lowest policy that meets them. That floor is no rule: ignoring a
// rule changes what is reported, never the tag.
//
// The checks are a table: each names the rules that it reports and the facts that
// it needs. Findings with severity error make the verdict fail.
//
// # Unknown is a result
//
// A file with the magic number of native code that cannot be read far enough is a
// finding and makes the verdict unknown. It is never silently skipped.
//
// # Reports are data
//
// A Report holds the whole answer. It can be written as JSON and read again;
// every question about it has the same answer then.
//
// The package is experimental: it may change in a minor release.
package audit
