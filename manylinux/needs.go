package manylinux

import (
	"slices"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/machine"
	"github.com/wheeltag/wheeltag/tags"
)

// Needs is what the native code of one wheel asks of a system, all files taken
// together. It is plain data: nothing here reads a file again.
type Needs struct {
	Machine string        // as in platform tags, "" when there is no Linux code
	Libc    elfaudit.Libc // LibcUnknown when nothing says which
	Demands []Demand
	// Claims are the platform tags of the file name. They decide what the
	// files leave open, never what they ask for.
	Claims []tags.PlatformTag
}

// Needs works out what the files of a set ask for, by the machine and the libc
// of most of them or, where files for that exist, of the claims.
func (p *Policies) Needs(set *linkset.Set, claims []tags.PlatformTag) Needs {
	n := Needs{Machine: mainMachine(set.Files, claims), Claims: claims}
	n.Libc = mainLibc(set.Files, n.Machine, claims)
	for _, f := range n.Native(set.Files) {
		n.Demands = append(n.Demands, p.Demands(set, f, n.Libc, n.Machine)...)
	}
	return n
}

// Native returns the files for the machine and the libc.
func (n Needs) Native(files []*linkset.File) []*linkset.File {
	var native []*linkset.File
	for _, f := range files {
		if f.Loads() && linkset.RunsOn(f.Machine, n.Machine) && (f.Libc == n.Libc || f.Libc == elfaudit.LibcNone || f.Libc == elfaudit.LibcUnknown) {
			native = append(native, f)
		}
	}
	return native
}

// For returns the needs of code that needs no C library on systems of one: what is only
// about the other is left out. Other needs are returned as they are.
func (n Needs) For(libc elfaudit.Libc) Needs {
	if n.Libc != elfaudit.LibcNone {
		return n
	}
	other := func(d Demand) bool { return d.Libc != "" && d.Libc != libc.String() }
	n.Libc, n.Demands = libc, slices.DeleteFunc(slices.Clone(n.Demands), other)
	return n
}

// Floor returns the lowest policy that meets every demand; of code that needs no C
// library the lowest manylinux policy.
func (p *Policies) Floor(n Needs) Floor {
	return p.floor(n, anyDemand)
}

func anyDemand(Demand) bool { return true }

// SymbolFloor returns the lowest policy that meets the demands for symbols and
// their versions.
func (p *Policies) SymbolFloor(n Needs) Floor {
	return p.floor(n, ofSymbols)
}

func ofSymbols(d Demand) bool { return d.Kind == KindVersion || d.Kind == KindMusl }

func (p *Policies) floor(n Needs, counts func(Demand) bool) Floor {
	if n.Libc == elfaudit.LibcNone {
		n = n.For(elfaudit.LibcGlibc)
	}
	floor := p.highest(n, counts)
	if n.Libc == elfaudit.LibcMusl {
		return muslLine(floor, n.Claims)
	}
	return floor
}

// highest is the floor of the demands that count.
func (p *Policies) highest(n Needs, counts func(Demand) bool) Floor {
	floor := p.lowest(n.Machine, n.Libc)
	for _, d := range n.Demands {
		if counts(d) {
			floor = max(floor, d.Floor)
		}
	}
	return floor
}

// muslLine raises the floor of musl code to the release line that the file name
// claims, or to the newest one. musl's symbols have no versions: that nothing newer
// is used does not prove that an older release will do, but a claim is accepted
// as long as no symbol contradicts it.
func muslLine(floor Floor, claims []tags.PlatformTag) Floor {
	line := muslLines[len(muslLines)-1].minor
	for _, c := range claims {
		if c.Libc.Family == tags.Musl && Floor(c.Libc.Minor) >= floor {
			line = min(line, Floor(c.Libc.Minor))
		}
	}
	return max(floor, line)
}

// lowest is the floor of code that asks for nothing: the first policy of the
// machine. musllinux is the same for every machine.
func (p *Policies) lowest(machine string, libc elfaudit.Libc) Floor {
	if libc == elfaudit.LibcMusl {
		return muslLines[0].minor
	}
	low, _, ok := p.span(machine)
	if !ok {
		return NoPolicy
	}
	return low
}

// Lowest returns the first policy of the machine and libc of needs.
func (p *Policies) Lowest(n Needs) Floor { return p.lowest(n.Machine, n.Libc) }

// mainMachine is the machine that the file name claims, if a file runs on it,
// else that of most files, the first one on a tie.
func mainMachine(files []*linkset.File, claims []tags.PlatformTag) string {
	count := map[string]int{}
	best := ""
	for _, f := range files {
		if !f.Loads() || f.Machine == "" {
			continue
		}
		for _, c := range claims {
			if machine := ClaimedMachine(c); linkset.RunsOn(f.Machine, machine) {
				return machine
			}
		}
		if count[f.Machine]++; count[f.Machine] > count[best] {
			best = f.Machine
		}
	}
	if best == "armv6l" && count["armv7l"] > 0 {
		return "armv7l" // all of it runs there
	}
	return best
}

// ClaimedMachine is the machine of a platform tag in the words of ELF files, ""
// when the tag is not for Linux or Android.
func ClaimedMachine(c tags.PlatformTag) string {
	switch c.OS {
	case tags.Linux:
		return c.Arch
	case tags.Android:
		m, _ := machine.Find(c.OS.String(), c.Arch)
		return m.Reports
	}
	return ""
}

// mainLibc is the libc that the file name claims, if a file is for it, else that
// of most files. Where the files do not say, the claim decides; without one it
// stays unknown.
func mainLibc(files []*linkset.File, machine string, claims []tags.PlatformTag) elfaudit.Libc {
	count := map[elfaudit.Libc]int{}
	for _, f := range files {
		if f.Loads() && linkset.RunsOn(f.Machine, machine) {
			count[f.Libc]++
		}
	}
	claimed := ClaimedLibcs(claims)
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
		return libcByNames(files, machine)
	}
	return elfaudit.LibcNone
}

// libcByNames recognises musl by "libc.so", which its own toolchains write.
// Android has that name too, but its files carry a note.
func libcByNames(files []*linkset.File, machine string) elfaudit.Libc {
	for _, f := range files {
		if f.Loads() && linkset.RunsOn(f.Machine, machine) && slices.Contains(f.ELF.Needed, "libc.so") {
			return elfaudit.LibcMusl
		}
	}
	return elfaudit.LibcUnknown
}

// ClaimedLibcs lists the C libraries that platform tags are for.
func ClaimedLibcs(claims []tags.PlatformTag) []elfaudit.Libc {
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
