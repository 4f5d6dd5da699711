package manylinux

import (
	"debug/elf"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// sayMusl: any musl file fits the newest policy by symbols; only its two
// libraries are allowed, and "libc.so" is not one of them to auditwheel.
func (im *imitation) sayMusl(says *AuditwheelSays) error {
	tag := fmt.Sprintf("musllinux_1_2_%s", im.machine)
	says.SymTag, says.OverallTag = tag, tag
	libc := "libc.musl-" + muslName(im.machine) + ".so.1"
	external, err := im.external([]func(string) bool{func(n string) bool { return n == libc || n == "libz.so.1" }})
	if err != nil {
		return err
	}
	says.External = slices.AppendSeq(says.External, maps.Keys(external[0]))
	banned := slices.ContainsFunc(im.broken(), func(b ban) bool { return b.library == "libz.so.1" && b.holds(5) })
	if len(says.External) > 0 || banned || im.wantsISA() || im.obsolete() {
		says.OverallTag = "linux_" + im.machine
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

// sayGlibc takes the best of its policies that each check allows, and the
// least of those.
func (im *imitation) sayGlibc(says *AuditwheelSays) error {
	required := im.versions()
	symbols := im.best(func(i int) bool { return im.allows(im.minors[i], required) })
	var allows []func(string) bool
	for _, minor := range im.minors {
		allows = append(allows, func(n string) bool {
			first, ok := im.policies.libraries[n]
			return ok && first <= minor
		})
	}
	external, err := im.external(allows)
	if err != nil {
		return err
	}
	links := im.best(func(i int) bool { return len(external[i]) == 0 })
	broken := im.broken()
	bans := im.best(func(i int) bool {
		return !slices.ContainsFunc(broken, func(b ban) bool { return b.holds(im.minors[i]) })
	})
	overall := max(symbols, links, bans)
	if im.wantsISA() || im.obsolete() {
		overall = never
	}
	says.SymTag, says.OverallTag = im.tag(symbols), im.tag(overall)
	if len(external) > 0 {
		// The list is that of the policy that the symbols allow best.
		says.External = slices.AppendSeq(says.External, maps.Keys(external[0]))
	}
	return nil
}

func (im *imitation) tag(minor int) string {
	if minor >= never {
		return "linux_" + im.machine
	}
	return fmt.Sprintf("manylinux_2_%d_%s", minor, im.machine)
}

// best is the lowest of its policies that passes by its place, or never.
func (im *imitation) best(passes func(i int) bool) int {
	for i, minor := range im.minors {
		if passes(i) {
			return minor
		}
	}
	return never
}

// versions are all symbol versions needed by any file, bundled providers
// included, those of the loader left out.
func (im *imitation) versions() map[string]bool {
	all := map[string]bool{}
	for _, o := range im.objects {
		if o.sectionless {
			continue // it finds the table by the name of its section
		}
		for _, v := range o.file.VersionNeeds {
			if strings.HasPrefix(v.Library, "ld-linux") || v.Library == "ld64.so.1" || v.Library == "ld64.so.2" {
				continue
			}
			for _, version := range v.Versions {
				all[version.Name] = true
			}
		}
	}
	return all
}

// allows reports whether a policy has every version of the namespaces that it
// knows; others are passed over.
func (im *imitation) allows(minor int, required map[string]bool) bool {
	for v := range required {
		namespace, _, _ := strings.Cut(v, "_")
		if !im.policies.knows(namespace) {
			continue
		}
		if first, ok := im.policies.versions[versionKey{im.machine, v}]; !ok || first > minor {
			return false
		}
	}
	return true
}

// broken lists the bans that the files at the top break.
func (im *imitation) broken() []ban {
	var all []ban
	for _, o := range im.top {
		all = append(all, im.policies.bansBroken(o)...)
	}
	return all
}

// bansBroken lists the bans of which a file uses, by name alone, a symbol while
// it links directly to their library.
func (p *Policies) bansBroken(o *object) []ban {
	if o.sectionless {
		return nil
	}
	var open, broken []ban
	for library, bans := range p.bans {
		if o.needs(library) {
			open = append(open, bans...)
		}
	}
	for s := range o.file.Undefined() {
		if s.Weak || !p.banned[s.Name] {
			continue
		}
		open = slices.DeleteFunc(open, func(b ban) bool {
			if b.symbols[s.Name] {
				broken = append(broken, b)
			}
			return b.symbols[s.Name]
		})
		if len(open) == 0 {
			break
		}
	}
	return broken
}

func (im *imitation) wantsISA() bool {
	return im.machine == "x86_64" && slices.ContainsFunc(im.top, func(o *object) bool {
		return !o.sectionless && o.file.Properties.X86ISANeeded&(elfaudit.X86V2|elfaudit.X86V3|elfaudit.X86V4) != 0
	})
}

// obsolete finds narrow-Unicode builds for Python 2 and the floating-point
// hooks of early Pythons, which auditwheel lets be linux only.
func (im *imitation) obsolete() bool {
	for _, o := range im.objects {
		if !im.modules[o] {
			continue
		}
		for s := range o.file.Undefined() {
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
