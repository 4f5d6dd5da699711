// Package manylinux audits the machine code in wheels: what it really needs of
// the system that loads it, against what the file name claims.
//
// Start with [AuditWheel], or [AuditFile] for a path: they give a [Report] with
// a verdict, the best platform tag that the wheel may honestly carry, and the
// [Finding] list, each with a rule, a file and what to do. [AuditELF] does the
// same for a bare ELF file. [Rules] is the catalogue of rules.
//
// # How the verdict comes about
//
// Every member of the archive is looked at by its content, not by its name or
// by RECORD. Each ELF file is read through its program headers by package
// elfaudit. All of them together are one world: a library that another file of
// the wheel provides is not the system's affair. What is left over sets the
// floor:
//
//   - each symbol version needed of a system library has a first policy that
//     allows it;
//   - so has each system library that a file links to;
//   - a symbol that policies ban raises the floor above the ban;
//   - code that asks for an instruction set above the machine's baseline has no
//     floor at all.
//
// The wheel's platform tag is manylinux_2_Y for the highest floor Y, or linux_*
// when something has none.
//
// # Exact floors
//
// PEP 600 defines manylinux_2_Y for every Y. Where no distribution gave a
// measured policy, GLIBC versions run up to 2.Y and everything else is that of
// the next lower policy, so a wheel that needs GLIBC_2.30 is manylinux_2_30
// here and manylinux_2_31 elsewhere. Nothing is offered below a machine's first
// policy, as no installer lists that. A wheel that claims the next measured
// policy above its floor has that claim confirmed instead: more installers know
// the measured ones, by their older names too. Report.FloorTag has the floor.
//
// # Unknown is a result
//
// A file with the ELF magic that cannot be read far enough is a finding and
// makes the verdict unknown. It is never passed over.
//
// # Stability
//
// The package is experimental: it may change in a minor release.
package manylinux
