package manylinux

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/tags"
)

// judgement is what the world of one wheel needs, all files taken together.
type judgement struct {
	machine string
	libc    elfaudit.Libc
	native  []*object // the files for that machine and libc
	needs   []need
	floor   int // of the whole: Y of manylinux_2_Y or musllinux_1_Y, or never
	symbols int // of the symbols alone, or never
}

// settleMusl raises the floors of musl code to the release line that the file
// name claims, or to the newest one. musl has no versions to its symbols: that
// nothing newer is used is no promise that an older release will do, but what a
// name claims is believed as long as no symbol speaks against it.
func (j *judgement) settleMusl(claims []tags.PlatformTag) {
	newest := muslLines[len(muslLines)-1].minor
	for _, floor := range []*int{&j.floor, &j.symbols} {
		line := newest
		for _, c := range claims {
			if c.Libc.Family == tags.Musl && c.Libc.Minor >= *floor {
				line = min(line, c.Libc.Minor)
			}
		}
		*floor = max(*floor, line)
	}
}

// judge finds the machine and libc of a wheel and the lowest policy that gives
// its files what they need.
func (w *world) judge(p *Policies, claims []tags.PlatformTag) judgement {
	j := judgement{machine: w.mainMachine(claims)}
	j.libc = w.mainLibc(j.machine, claims)
	for _, o := range w.objects {
		if o.loads() && runsOn(o.machine, j.machine) && (o.libc == j.libc || o.libc == elfaudit.LibcNone || o.libc == elfaudit.LibcUnknown) {
			j.native = append(j.native, o)
		}
	}
	j.floor = p.lowest(j.machine, j.libc)
	j.symbols = j.floor
	for _, o := range j.native {
		needs := w.needsOf(p, o, j.libc, j.machine)
		j.needs = append(j.needs, needs...)
		for _, n := range needs {
			j.floor = max(j.floor, n.floor)
			if n.rule == "WT201" || n.rule == "WT211" {
				j.symbols = max(j.symbols, n.floor)
			}
		}
	}
	if j.libc == elfaudit.LibcMusl {
		j.settleMusl(claims)
	}
	return j
}

// lowest is the floor of code that needs nothing: the first policy of the
// machine. musllinux is the same for every machine.
func (p *Policies) lowest(machine string, libc elfaudit.Libc) int {
	if libc == elfaudit.LibcMusl {
		return muslLines[0].minor
	}
	low, _, ok := p.span(machine)
	if !ok {
		return never
	}
	return low
}

func (w *world) needsOf(p *Policies, o *object, libc elfaudit.Libc, machine string) []need {
	if libc == elfaudit.LibcMusl {
		return w.muslNeeds(p, o, machine)
	}
	return w.glibcNeeds(p, o, machine)
}

// mainMachine is the machine that the file name claims, if a file runs on it,
// else that of most files, the first one on a tie.
func (w *world) mainMachine(claims []tags.PlatformTag) string {
	count := map[string]int{}
	best := ""
	for _, o := range w.objects {
		if !o.loads() || o.machine == "" {
			continue
		}
		for _, c := range claims {
			if machine := claimedMachine(c); runsOn(o.machine, machine) {
				return machine
			}
		}
		if count[o.machine]++; count[o.machine] > count[best] {
			best = o.machine
		}
	}
	if best == "armv6l" && count["armv7l"] > 0 {
		return "armv7l" // all of it runs there
	}
	return best
}

// claimedMachine is the machine of a platform tag in the words of ELF files,
// "" when the tag is not for Linux or Android.
func claimedMachine(c tags.PlatformTag) string {
	switch c.OS {
	case tags.Linux:
		return c.Arch
	case tags.Android:
		return androidMachines[c.Arch]
	}
	return ""
}

// mainLibc is the libc that the file name claims, if a file is for it, else
// that of most files. Where the files do not say, the claim decides; without
// one it stays unknown.
func (w *world) mainLibc(machine string, claims []tags.PlatformTag) elfaudit.Libc {
	count := map[elfaudit.Libc]int{}
	for _, o := range w.objects {
		if o.loads() && runsOn(o.machine, machine) {
			count[o.libc]++
		}
	}
	claimed := claimedLibcs(claims)
	for _, libc := range claimed {
		if count[libc] > 0 {
			return libc
		}
	}
	switch glibc, musl := count[elfaudit.LibcGlibc], count[elfaudit.LibcMusl]; {
	case glibc > 0 && glibc >= musl:
		return elfaudit.LibcGlibc
	case musl > 0:
		return elfaudit.LibcMusl
	case count[elfaudit.LibcBionic] > 0:
		return elfaudit.LibcBionic
	case count[elfaudit.LibcUnknown] > 0 && len(claimed) > 0:
		return claimed[0]
	case count[elfaudit.LibcUnknown] > 0:
		return w.libcByNames(machine)
	}
	return elfaudit.LibcNone
}

// libcByNames tells musl by "libc.so", which its own toolchains write. Android
// has that name too, but its files carry a note.
func (w *world) libcByNames(machine string) elfaudit.Libc {
	for _, o := range w.objects {
		if o.loads() && runsOn(o.machine, machine) && slices.Contains(o.file.Needed, "libc.so") {
			return elfaudit.LibcMusl
		}
	}
	return elfaudit.LibcUnknown
}

func claimedLibcs(claims []tags.PlatformTag) []elfaudit.Libc {
	var libcs []elfaudit.Libc
	for _, c := range claims {
		libc := elfaudit.LibcUnknown
		switch {
		case c.Libc.Family == tags.Glibc:
			libc = elfaudit.LibcGlibc
		case c.Libc.Family == tags.Musl:
			libc = elfaudit.LibcMusl
		case c.OS == tags.Android:
			libc = elfaudit.LibcBionic
		}
		if libc != elfaudit.LibcUnknown && !slices.Contains(libcs, libc) {
			libcs = append(libcs, libc)
		}
	}
	return libcs
}

// platformTags gives the best tag and its older names for a floor. The first
// is the best.
func (p *Policies) platformTags(machine string, libc elfaudit.Libc, floor int) []string {
	switch {
	case machine == "":
		return nil
	case floor >= never && libc != elfaudit.LibcUnknown && libc != elfaudit.LibcBionic:
		return []string{"linux_" + machine}
	}
	switch libc {
	case elfaudit.LibcGlibc:
		return p.manylinuxTags(machine, floor)
	case elfaudit.LibcMusl:
		return []string{fmt.Sprintf("musllinux_1_%d_%s", floor, machine)}
	case elfaudit.LibcNone:
		return append(p.manylinuxTags(machine, floor), "musllinux_1_1_"+machine)
	}
	return nil
}

func (p *Policies) manylinuxTags(machine string, floor int) []string {
	list := []string{fmt.Sprintf("manylinux_2_%d_%s", floor, machine)}
	for _, alias := range p.aliases(floor) {
		list = append(list, alias+"_"+machine)
	}
	return list
}

// heaviest orders needs by floor, highest first, then by file and library.
func heaviest(a, b need) int {
	return cmp.Or(cmp.Compare(b.floor, a.floor), cmp.Compare(a.object.path, b.object.path),
		cmp.Compare(a.library, b.library), cmp.Compare(a.version, b.version))
}
