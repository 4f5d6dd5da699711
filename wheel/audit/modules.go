package audit

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/binfile"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// falseModules are the files that Python on Linux takes for extension modules by their
// names and that no loader for ELF files takes. What they are is reported by the check
// for files of their kind.
func (s *Subject) falseModules() []manylinux.Demand {
	if !s.forLinux() {
		return nil
	}
	var demands []manylinux.Demand
	add := func(path string) {
		if linkset.HasModuleName(path) && !strings.HasSuffix(path, "-darwin.so") {
			d := manylinux.Demand{Kind: manylinux.KindModule, File: path, Floor: manylinux.NoPolicy}
			demands = append(demands, s.policies.Complete(d, s.Needs.Libc, s.Needs.Machine))
		}
	}
	for _, d := range s.content.damaged {
		if d.rule == "not-a-binary" {
			add(d.path)
		}
	}
	for _, f := range s.ELF.Files {
		if f.Err == nil && !f.Loads() {
			add(f.Path)
		}
	}
	for _, f := range s.content.binaries {
		if f.facts != nil {
			add(f.path)
		}
	}
	return demands
}

// checkEmpty notes a wheel for one platform without any native code.
func checkEmpty(s *Subject, report reporter) {
	generic := slices.ContainsFunc(s.Claims, func(c tags.PlatformTag) bool { return c.Any })
	if generic || len(s.ELF.Files)+len(s.content.binaries)+len(s.content.nested)+len(s.content.devices)+len(s.content.debug)+len(s.content.damaged)+s.content.unseen > 0 {
		return
	}
	var claimed []string
	for _, c := range s.Claims {
		claimed = append(claimed, c.Tag)
	}
	report("no-native-code", finding.Finding{Claimed: strings.Join(claimed, ", "), Message: "has no native code, but its name is for " + strings.Join(claimed, ", ") + " alone"})
}

// forLinux reports whether the name lets the files be installed on Linux.
func (s *Subject) forLinux() bool {
	return len(s.Claims) == 0 || slices.ContainsFunc(s.Claims, func(c tags.PlatformTag) bool {
		return c.Any || c.OS == tags.Linux || c.OS == tags.Generic
	})
}

// isModuleOf reports whether a file of macOS or Windows that nothing loads is named as
// an extension module: by the ABI in its name, or simply as a shared library where the
// name of the wheel is for Linux, whose libraries are ELF files.
func (s *Subject) isModuleOf(f binaryFile) bool {
	return linkset.HasModuleName(f.path) || strings.HasSuffix(f.path, ".so") && f.facts.Format == binfile.MachO && s.forLinux()
}
