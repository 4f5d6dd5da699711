package audit

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/binfile"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// severalSystems lists the systems of the native code of a wheel with the tag any, each
// with the machines, such as "Linux (aarch64, x86_64)". It is nil for other wheels, and
// where one tag could say it all: for code for one machine, and for macOS alone.
func (s *Subject) severalSystems() []string {
	if !slices.ContainsFunc(s.Claims, func(c tags.PlatformTag) bool { return c.Any }) {
		return nil
	}
	machines := map[string][]string{}
	add := func(system, machine string) {
		if machine = cmp.Or(machine, "unknown"); !slices.Contains(machines[system], machine) {
			machines[system] = append(machines[system], machine)
		}
	}
	for _, f := range s.ELF.Files {
		switch {
		case !f.Loads():
		case f.ELF.Android != nil:
			add("Android", f.Machine)
		default:
			add("Linux", f.Machine)
		}
	}
	for _, f := range s.content.binaries {
		if f.facts == nil || !f.facts.Loads() {
			continue
		}
		for _, part := range f.facts.Slices {
			add(systemOf(f.facts), part.Machine)
		}
	}
	if len(machines) < 2 && len(machines["Linux"]) < 2 && len(machines["Windows"]) < 2 {
		return nil
	}
	var list []string
	for _, system := range slices.Sorted(maps.Keys(machines)) {
		slices.Sort(machines[system])
		list = append(list, fmt.Sprintf("%s (%s)", system, strings.Join(machines[system], ", ")))
	}
	return list
}

// checkSeveralSystems reports code for several systems in a wheel for all of them, once.
// Programs for Windows alone are launchers, which installers carry along.
func (s *Subject) checkSeveralSystems(systems []string, report reporter) {
	var files []string
	for _, f := range s.ELF.Files {
		if f.Loads() {
			files = append(files, f.Path)
		}
	}
	for _, f := range s.content.binaries {
		if f.facts != nil && f.facts.Loads() && (f.facts.Format != binfile.PE || f.facts.Slices[0].Kind != binfile.Executable) {
			files = append(files, f.path)
		}
	}
	if len(files) == 0 {
		return
	}
	slices.Sort(files)
	report("misplaced-binary", finding.Finding{
		File: files[0], Others: files[1:], Claimed: "any", Need: strings.Join(systems, ", "),
		Message: fmt.Sprintf("is one of %d files with machine code for %s in a wheel whose tag is any", len(files), strings.Join(systems, ", ")),
	})
}
