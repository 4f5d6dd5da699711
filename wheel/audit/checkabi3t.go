package audit

import (
	"fmt"
	"path"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// firstABI3T is the minor version of the first Python with the stable ABI for
// free-threaded builds (PEP 803).
const firstABI3T = 15

// checkFreeStableABI reports what is wrong with the stable ABI for free-threaded Pythons:
// a name for Pythons that do not have it, and modules that these cannot load. Objects of
// the ABI are opaque, so that a module is made from slots and not from a PyModuleDef.
func checkFreeStableABI(s *Subject, report reporter) {
	for _, abi := range s.abis() {
		if abi == "abi3t" && !s.hasABI3T() {
			report("free-threaded-abi", finding.Finding{Claimed: abi, Message: fmt.Sprintf("the stable ABI abi3t begins with CPython 3.%d; the name is for older ones", firstABI3T)})
		}
	}
	for _, f := range s.ELF.Files {
		module, ok := suffixOf(f.Path)
		if !ok || module.abi != "abi3t" || !f.Loads() || f.IsProgram() {
			continue
		}
		stem, _, _ := strings.Cut(path.Base(f.Path), ".")
		if !exportsSlots(f, stem) {
			want := "PyModExport_" + stem
			report("free-threaded-abi", finding.Finding{File: f.Path, Symbols: []string{want}, Message: fmt.Sprintf("does not export %s, by which modules for abi3t are loaded", want)})
		}
	}
}

// hasABI3T reports whether some interpreter tag of the name is for a Python with abi3t.
func (s *Subject) hasABI3T() bool {
	for python := range s.name.Tags.Members(tags.PartInterpreter) {
		if minor, ok := minorOf(python); ok && minor >= firstABI3T {
			return true
		}
	}
	return false
}

// exportsSlots reports whether a file has the function that gives the slots of a module.
func exportsSlots(f *linkset.File, module string) bool {
	for _, init := range f.ELF.ExtensionInit() {
		if init.Kind == elfaudit.InitExport && init.Module == module {
			return true
		}
	}
	return false
}
