package auditwheel

import (
	"debug/elf"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/manylinux"
)

// showMusl: any musl file fits the newest policy by symbols; only its two
// libraries are allowed, and "libc.so" is not one of them to auditwheel.
func (m *model) showMusl(r *Result) error {
	tag := newestMusllinux + m.machine
	r.SymTag, r.OverallTag = tag, tag
	libc := "libc.musl-" + muslName(m.machine) + ".so.1"
	external, err := m.external([]func(string) bool{func(n string) bool { return n == libc || n == "libz.so.1" }})
	if err != nil {
		return err
	}
	r.External = slices.AppendSeq(r.External, maps.Keys(external[0]))
	banned := slices.ContainsFunc(m.broken(), func(b manylinux.Ban) bool { return b.Library == "libz.so.1" && b.In(lastMinor) })
	if len(r.External) > 0 || banned || m.wantsISA() || m.obsolete() {
		r.OverallTag = "linux_" + m.machine
	}
	return nil
}

// muslName is musl's own word for a machine, as in libc.musl-armv7.so.1.
func muslName(machine string) string {
	switch machine {
	case "i686":
		return "x86"
	case "armv7l":
		return "armv7"
	}
	return machine
}

// showGlibc takes the best of its policies that each check allows, and the
// least of those.
func (m *model) showGlibc(r *Result) error {
	required := m.versions()
	var allows []func(string) bool
	for _, minor := range m.minors {
		allows = append(allows, func(n string) bool {
			first, ok := m.policies.LibraryIn(n)
			return ok && first <= minor
		})
	}
	external, err := m.external(allows)
	if err != nil {
		return err
	}
	symbols := m.symbolFloor(required, external)
	links := m.best(func(i int) bool { return len(external[i]) == 0 })
	broken := m.broken()
	bans := m.best(func(i int) bool {
		return !slices.ContainsFunc(broken, func(b manylinux.Ban) bool { return b.In(m.minors[i]) })
	})
	overall := max(symbols, links, bans)
	if m.wantsISA() || m.obsolete() {
		overall = manylinux.NoPolicy
	}
	r.SymTag, r.OverallTag = m.tag(symbols), m.tag(overall)
	if len(external) > 0 {
		// The list is that of the policy that the symbols allow best.
		r.External = slices.AppendSeq(r.External, maps.Keys(external[0]))
	}
	return nil
}

// symbolFloor is the lowest policy by symbol versions. What a policy would have to take
// from the directories of --ldpaths into the wheel counts for that policy.
func (m *model) symbolFloor(required map[string]bool, external []map[string]*linkset.File) manylinux.Floor {
	floor := manylinux.NoPolicy
	for i, minor := range m.minors {
		all := required
		for _, found := range external[i] {
			if found != nil {
				all = maps.Clone(all)
				addVersions(all, found)
			}
		}
		own := m.best(func(j int) bool { return m.allows(m.minors[j], all) })
		floor = min(floor, max(minor, own))
	}
	return floor
}

func (m *model) tag(minor manylinux.Floor) string {
	if minor >= manylinux.NoPolicy {
		return "linux_" + m.machine
	}
	return fmt.Sprintf("manylinux_2_%d_%s", minor, m.machine)
}

// best is the lowest of its policies that passes by its place, or manylinux.NoPolicy.
func (m *model) best(passes func(i int) bool) manylinux.Floor {
	for i, minor := range m.minors {
		if passes(i) {
			return minor
		}
	}
	return manylinux.NoPolicy
}

// versions are all symbol versions needed by any file, bundled providers
// included, those of the loader left out.
func (m *model) versions() map[string]bool {
	all := map[string]bool{}
	for _, o := range m.files {
		addVersions(all, o)
	}
	return all
}

// addVersions adds the symbol versions that a file needs.
func addVersions(all map[string]bool, o *linkset.File) {
	if o.Sectionless {
		return // it finds the table by the name of its section
	}
	for _, v := range o.ELF.VersionNeeds {
		if strings.HasPrefix(v.Library, "ld-linux") || v.Library == "ld64.so.1" || v.Library == "ld64.so.2" {
			continue
		}
		for _, version := range v.Versions {
			all[version.Name] = true
		}
	}
}

// allows reports whether a policy has every version of the namespaces that it
// knows; others are passed over.
func (m *model) allows(minor manylinux.Floor, required map[string]bool) bool {
	for v := range required {
		namespace, _, _ := strings.Cut(v, "_")
		if !m.policies.Knows(namespace) {
			continue
		}
		if first, ok := m.policies.VersionIn(m.machine, v); !ok || first > minor {
			return false
		}
	}
	return true
}

// bansBroken lists the bans that a file breaks as far as auditwheel sees: it reads
// symbols by section headers.
func (m *model) bansBroken(o *linkset.File) []manylinux.Ban {
	if o.Sectionless {
		return nil
	}
	return m.policies.BansBroken(o)
}

// broken lists the bans that the files at the top break.
func (m *model) broken() []manylinux.Ban {
	var all []manylinux.Ban
	for _, o := range m.top {
		for _, b := range m.bansBroken(o) {
			if !m.excluded[o][b.Library] {
				all = append(all, b)
			}
		}
	}
	return all
}

func (m *model) wantsISA() bool {
	return m.machine == "x86_64" && slices.ContainsFunc(m.top, func(o *linkset.File) bool {
		return !o.Sectionless && o.ELF.Properties.X86ISANeeded&(elfaudit.X86V2|elfaudit.X86V3|elfaudit.X86V4) != 0
	})
}

// obsolete finds narrow-Unicode builds for Python 2 and the floating-point
// hooks of early Pythons, which auditwheel lets be linux only.
func (m *model) obsolete() bool {
	for _, o := range m.files {
		if !m.modules[o] {
			continue
		}
		for s := range o.ELF.Undefined() {
			switch {
			case strings.HasPrefix(s.Name, "PyUnicodeUCS2_") && s.Type == elf.STT_FUNC:
				return true
			case s.Name == "PyFPE_jbuf", s.Name == "PyFPE_dummy", s.Name == "PyFPE_counter":
				return true
			}
		}
	}
	return false
}
