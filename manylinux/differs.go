package manylinux

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// The codes of [AuditwheelSays.Differs]; they are stable.
const (
	DiffersPolicyGap   = "policy-gap"               // a Y between two measured policies
	DiffersNewerPolicy = "newer-policy"             // a Y above the last one it knows
	DiffersMuslName    = "musl-reserved-name"       // musl takes the library for itself
	DiffersMuslFloor   = "musl-floor"               // it gives any musl file the newest musllinux tag
	DiffersBundled     = "bundled-library-versions" // versions that a library of the wheel defines
	DiffersLoader      = "loader-symbols"           // versions of the dynamic loader
	DiffersSections    = "headers-stripped"         // it reads by section headers
	DiffersWeak        = "weak-version"             // the loader passes over a missing weak version
	DiffersUnrecorded  = "unrecorded-file"          // it sees only what RECORD lists
	DiffersForeign     = "foreign-file"             // a file for another machine or libc
	DiffersNoCode      = "no-machine-code"          // it refuses wheels without ELF files
	DiffersUnreadable  = "unreadable-file"          // it fails on damaged files, or takes them for data
	DiffersARMv6       = "armv6"                    // it takes hard-float ARMv6 for ARMv7
	DiffersLibcFree    = "libc-free"                // code that needs no libc fits both
	DiffersPurelib     = "purelib-folder"           // it refuses machine code in such a folder
	DiffersBan         = "ban-by-name"              // a banned name that another library gives
	DiffersRunPath     = "run-path"                 // a bundled library that it does not find
)

// differs says by code why our tag is not auditwheel's.
func (a *audit) differs(r *Report, says *AuditwheelSays, recorded record) []string {
	codes := []string{}
	if r.PlatformTag == says.OverallTag {
		return codes
	}
	add := func(code string, holds bool) {
		if holds && !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	add(DiffersNoCode, len(a.world.objects) == 0)
	a.differentFloors(add)
	add(DiffersMuslFloor, r.Libc == "musl" && says.OverallTag != "" && !strings.HasPrefix(says.OverallTag, "linux_"))
	external, native := map[string]bool{}, map[*object]bool{}
	for _, library := range r.External {
		external[library] = true
	}
	for _, o := range a.judged.native {
		native[o] = true
	}
	for _, library := range says.External {
		add(DiffersMuslName, r.Libc == "musl" && muslHas(library))
		add(DiffersRunPath, !external[library] && a.world.library(a.judged.machine, library) != nil)
	}
	for _, o := range a.world.objects {
		add(DiffersSections, o.sectionless)
		add(DiffersUnreadable, o.err != nil)
		add(DiffersARMv6, o.machine == "armv6l" && a.judged.machine == "armv6l")
		add(DiffersUnrecorded, !recorded.has(o.path))
		add(DiffersForeign, o.file != nil && !native[o])
	}
	add(DiffersForeign, says.Error == notPlatform && len(a.world.objects) > 0)
	add(DiffersPurelib, says.Error == inPurelibFolder)
	add(DiffersLibcFree, a.judged.libc == elfaudit.LibcNone && len(a.world.objects) > 0)
	return codes
}

// differentFloors compares where the floor comes from.
func (a *audit) differentFloors(add func(code string, holds bool)) {
	j := &a.judged
	if j.libc != elfaudit.LibcGlibc {
		return
	}
	if j.floor < never {
		known, last := false, 0
		for _, p := range a.policies.list {
			if !p.Later && slices.Contains(p.Machines, j.machine) {
				known, last = known || p.Minor == j.floor, p.Minor
			}
		}
		add(DiffersPolicyGap, !known && j.floor < last)
		add(DiffersNewerPolicy, j.floor > last)
	}
	banned := slices.ContainsFunc(j.needs, func(n need) bool { return n.rule == "WT203" })
	low := a.policies.lowest(j.machine, j.libc)
	for _, o := range j.native {
		add(DiffersBan, !banned && slices.ContainsFunc(a.policies.bansBroken(o), func(b ban) bool { return b.holds(low) }))
	}
	for _, n := range j.needs {
		add(DiffersLoader, isLoader(n.library) && n.floor > low)
	}
	for _, o := range j.native {
		for _, v := range o.file.VersionNeeds {
			bundled := a.world.provides(o, v.Library)
			for _, version := range v.Versions {
				above := a.policies.versionFloor(j.machine, version.Name) > j.floor
				add(DiffersBundled, bundled && above)
				add(DiffersWeak, version.Weak && above)
			}
		}
	}
}
