package audit

import (
	"fmt"
	"path"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// checkSBOMs reports bills of materials that cannot be read, and bundled libraries that
// none of them names.
func checkSBOMs(s *Subject, report reporter) {
	for _, f := range s.sboms {
		switch {
		case f.err != nil:
			report("sbom", finding.Finding{File: f.path, Message: "cannot be read: " + clip(f.err.Error())})
		case f.faults > 0:
			message := f.fault
			if n := f.faults - 1; n > 0 {
				message = fmt.Sprintf("%s (and %d more like this)", message, n)
			}
			report("sbom", finding.Finding{File: f.path, Message: message})
		}
	}
	s.checkCoverage(report)
}

// checkCoverage compares the bundled libraries with what the bills of materials name:
// files, or the packages that they are from. A package of a system may have libraries
// with any name, so that without files nothing follows from its name.
func (s *Subject) checkCoverage(report reporter) {
	var names []string
	system := false
	for _, f := range s.sboms {
		if f.unread || f.err != nil || !strings.HasSuffix(f.path, ".json") || f.names == nil {
			return // what is not named there cannot be known
		}
		names = append(names, f.names...)
		system = system || f.system
	}
	bases := make(map[string]bool, len(names))
	for _, name := range names {
		bases[path.Base(name)] = true
	}
	var uncovered []string
	files := false // the bills of materials name files
	for m := range s.files() {
		if top, _, nested := strings.Cut(m.Name(), "/"); !nested || !isLibraryDirectory(top) {
			continue
		}
		if bases[strings.ToLower(path.Base(m.Name()))] {
			files = true
		} else {
			uncovered = append(uncovered, m.Name())
		}
	}
	if len(names) == 0 || !files && (system || len(uncovered)*len(names) > maxComparisons) {
		return
	}
	var missing group
	for _, library := range uncovered {
		if files || !named(names, path.Base(library)) {
			missing.add(library, "is a bundled library that no bill of materials of the wheel names")
		}
	}
	missing.report("sbom-coverage", report)
}

// maxComparisons bounds how often a library is compared with a component.
const maxComparisons = 10_000_000

// named reports whether one of some names may be about a library: it contains what is
// left of the file name without lib, the hash of a repair tool and versions, or is
// contained in that. Names of packages and of libraries are often a little different.
func named(names []string, library string) bool {
	stem := libraryStem(library)
	for _, name := range names {
		short := strings.TrimPrefix(name, "lib")
		if strings.Contains(name, stem) || len(short) >= 3 && strings.Contains(stem, short) {
			return true
		}
	}
	return false
}

// libraryStem gives gfortran for libgfortran-040039e1.so.5.0.0.
func libraryStem(library string) string {
	stem, _, _ := strings.Cut(strings.ToLower(library), ".so")
	stem = strings.TrimSuffix(stem, ".dylib")
	stem = strings.TrimPrefix(stem, "lib")
	if at := strings.LastIndexByte(stem, '-'); at > 0 && len(stem)-at == 9 && strings.Trim(stem[at+1:], "0123456789abcdef") == "" {
		stem = stem[:at]
	}
	if cut := strings.TrimRight(stem, "0123456789.-_"); cut != "" {
		stem = cut
	}
	return stem
}
