package audit

import (
	"fmt"
	"slices"

	"github.com/wheeltag/wheeltag/tags"
)

// checkWindows wants code for one of the machines. Windows emulates older
// machines for programs, but a process cannot load a library of another one.
func (p *platforms) checkWindows(f binaryFile, program bool, report reporter) {
	is := f.facts.Slices[0].Machine
	for _, c := range p.windows {
		if c.Arch == is {
			return
		}
	}
	emulated := func(c tags.PlatformTag) bool {
		return is == "x86" && c.Arch != "x86" || is == "amd64" && c.Arch == "arm64"
	}
	if i := slices.IndexFunc(p.windows, emulated); program && i >= 0 {
		found := p.another(f)
		found.Message = fmt.Sprintf("is a Windows program for %s, which %s Windows runs by emulation", is, p.windows[i].Arch)
		report("foreign-program", found)
		return
	}
	report(p.ruleForAnother(f), p.another(f))
}
