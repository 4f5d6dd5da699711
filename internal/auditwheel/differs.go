package auditwheel

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/manylinux"
)

// The codes of [Differs]; they are stable.
const (
	DiffersPolicyGap   = "policy-gap"               // a Y between two measured policies
	DiffersNewerPolicy = "newer-policy"             // a Y above the last one it knows
	DiffersMuslName    = "musl-reserved-name"       // musl resolves the library to itself
	DiffersMuslFloor   = "musl-floor"               // it gives any musl file the newest musllinux tag
	DiffersBundled     = "bundled-library-versions" // versions that a library of the wheel defines
	DiffersLoader      = "loader-symbols"           // versions of the dynamic loader
	DiffersSections    = "headers-stripped"         // it reads by section headers
	DiffersWeak        = "weak-version"             // the loader ignores a missing weak version
	DiffersUnversioned = "unversioned-symbol"       // symbols of glibc that a file takes without their versions
	DiffersUnrecorded  = "unrecorded-file"          // it sees only what RECORD lists
	DiffersForeign     = "foreign-file"             // a file for another machine or libc
	DiffersNoCode      = "no-machine-code"          // it refuses wheels without ELF files
	DiffersUnreadable  = "unreadable-file"          // it fails on damaged files, or takes them for data
	DiffersARMv6       = "armv6"                    // it takes hard-float ARMv6 for ARMv7
	DiffersLibcFree    = "libc-free"                // code that needs no libc fits both
	DiffersPurelib     = "purelib-folder"           // it refuses native code in such a directory
	DiffersBan         = "ban-by-name"              // a banned name that another library provides
	DiffersRunPath     = "run-path"                 // a bundled library that it does not find
	DiffersRefused     = "loader-refusal"           // a file that loaders refuse
)

// Ours is our own answer for the same wheel.
type Ours struct {
	PlatformTag string
	External    []string
	Needs       manylinux.Needs
	Set         *linkset.Set
	Recorded    []string // the paths of RECORD
}

// comparison gathers the codes.
type comparison struct {
	Ours
	policies *manylinux.Policies
	codes    []string
}

func (c *comparison) add(code string, holds bool) {
	if holds && !slices.Contains(c.codes, code) {
		c.codes = append(c.codes, code)
	}
}

// Differs says by code why our platform tag is not auditwheel's; it is empty where
// they are the same.
func Differs(p *manylinux.Policies, ours Ours, theirs Result) []string {
	c := &comparison{Ours: ours, policies: p, codes: []string{}}
	if ours.PlatformTag == theirs.OverallTag {
		return c.codes
	}
	files, musl := ours.Set.Files, ours.Needs.Libc == elfaudit.LibcMusl && len(ours.Set.Files) > 0
	c.add(DiffersNoCode, len(files) == 0)
	native := ours.Needs.Native(files)
	c.floors(native)
	c.add(DiffersMuslFloor, musl && theirs.OverallTag != "" && !strings.HasPrefix(theirs.OverallTag, "linux_"))
	for _, library := range theirs.External {
		c.add(DiffersMuslName, musl && manylinux.MuslHas(library))
		c.add(DiffersRunPath, !slices.Contains(ours.External, library) && ours.Set.Library(ours.Needs.Machine, library) != nil)
	}
	c.files(native)
	c.add(DiffersForeign, theirs.Error == notPlatform && len(files) > 0)
	c.add(DiffersPurelib, theirs.Error == inPurelib)
	c.add(DiffersRefused, slices.ContainsFunc(ours.Needs.Demands, refused))
	c.add(DiffersLibcFree, ours.Needs.Libc == elfaudit.LibcNone && len(files) > 0)
	return c.codes
}

// files looks at what auditwheel makes of single files.
func (c *comparison) files(native []*linkset.File) {
	recorded, isNative := map[string]bool{}, map[*linkset.File]bool{}
	for _, path := range c.Recorded {
		recorded[path] = true
	}
	for _, f := range native {
		isNative[f] = true
	}
	for _, f := range c.Set.Files {
		c.add(DiffersSections, f.Sectionless)
		c.add(DiffersUnreadable, f.Err != nil)
		c.add(DiffersARMv6, f.Machine == "armv6l" && c.Needs.Machine == "armv6l")
		c.add(DiffersUnrecorded, !recorded[f.Path])
		c.add(DiffersForeign, f.ELF != nil && !isNative[f])
	}
}

// floors compares where the floor comes from.
func (c *comparison) floors(native []*linkset.File) {
	if c.Needs.Libc != elfaudit.LibcGlibc {
		return
	}
	p, machine, floor := c.policies, c.Needs.Machine, c.policies.Floor(c.Needs)
	if floor < manylinux.NoPolicy {
		known, last := false, manylinux.Floor(0)
		for _, policy := range p.All() {
			if !policy.Later && slices.Contains(policy.Machines, machine) {
				known, last = known || policy.Minor == floor, policy.Minor
			}
		}
		c.add(DiffersPolicyGap, !known && floor < last)
		c.add(DiffersNewerPolicy, floor > last)
	}
	banned := slices.ContainsFunc(c.Needs.Demands, func(d manylinux.Demand) bool { return d.Kind == manylinux.KindBan })
	low := p.Lowest(c.Needs)
	for _, f := range native {
		byName := !banned && !f.Sectionless
		c.add(DiffersBan, byName && slices.ContainsFunc(p.BansBroken(f), func(b manylinux.Ban) bool { return b.In(low) }))
	}
	for _, d := range c.Needs.Demands {
		c.add(DiffersLoader, manylinux.IsLoader(d.Library) && d.Floor > low)
		c.add(DiffersUnversioned, d.Kind == manylinux.KindVersion && d.Floor > low && unnamed(native, d))
	}
	for _, f := range native {
		for _, v := range f.ELF.VersionNeeds {
			bundled := c.Set.Provides(f, v.Library)
			for _, version := range v.Versions {
				above := p.VersionFloor(machine, version.Name) > floor
				c.add(DiffersBundled, bundled && above)
				c.add(DiffersWeak, version.Weak && above)
			}
		}
	}
}

// unnamed reports whether the file of a demand for a version does not name it itself.
func unnamed(native []*linkset.File, d manylinux.Demand) bool {
	i := slices.IndexFunc(native, func(f *linkset.File) bool { return f.Path == d.File })
	return i >= 0 && !slices.ContainsFunc(native[i].ELF.VersionNeeds, func(v elfaudit.VersionNeed) bool {
		return v.Library == d.Library && slices.ContainsFunc(v.Versions, func(n elfaudit.Version) bool { return n.Name == d.Version })
	})
}

// refused reports whether a demand is one for which loaders refuse a file whatever the
// system has, of which auditwheel knows none.
func refused(d manylinux.Demand) bool {
	switch d.Kind {
	case manylinux.KindRelocations, manylinux.KindStack, manylinux.KindHeader, manylinux.KindTLS, manylinux.KindModule, manylinux.KindPath, manylinux.KindOrphan, manylinux.KindBundled, manylinux.KindElsewhere:
		return d.Floor >= manylinux.NoPolicy || d.Kind == manylinux.KindHeader && d.From != ""
	}
	return false
}
