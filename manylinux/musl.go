package manylinux

import (
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// muslReserved begin the library names that musl's loader takes for itself,
// whatever follows: everything they stand for lives in its one library.
// (Tried with the loader of musl 1.2.3; its source calls them reserved.)
var muslReserved = []string{"libc.", "libpthread.", "librt.", "libm.", "libdl.", "libutil.", "libxnet."}

// muslHas reports whether musl, or what PEP 656 lets a wheel expect beside it,
// satisfies a library name.
func muslHas(library string) bool {
	if strings.HasPrefix(library, "ld-musl-") || library == "libz.so.1" {
		return true
	}
	for _, prefix := range muslReserved {
		if strings.HasPrefix(library, prefix) {
			return true
		}
	}
	return false
}

// muslNeeds lists what a musl file needs that not every musllinux policy
// promises.
func (w *world) muslNeeds(p *Policies, o *object, machine string) []need {
	var needs []need
	for since, symbols := range w.muslSymbols(o, machine) {
		n := need{rule: "WT211", object: o, floor: muslFloor(since), library: "libc.so", symbols: symbols}
		if since > 0 {
			n.version = since.String()
		}
		needs = append(needs, n)
	}
	for _, library := range o.needed {
		if !w.provides(o, library) && !muslHas(library) {
			needs = append(needs, need{rule: "WT202", object: o, floor: never, library: library})
		}
	}
	for _, n := range w.bannedNeeds(p, o) {
		// The internals of libz are banned as they are for manylinux; the
		// other bans are about glibc.
		if n.library == "libz.so.1" {
			n.floor = never
			needs = append(needs, n)
		}
	}
	if o.file.Properties.X86ISANeeded&^elfaudit.X86Baseline != 0 {
		needs = append(needs, need{rule: "WT207", object: o, floor: never})
	}
	return needs
}
