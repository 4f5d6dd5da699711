package audit

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// checkBundled reports what the files of a wheel ask of each other and do not get.
func checkBundled(s *Subject, report reporter) {
	for _, d := range s.demands() {
		if d.Wheel != "" {
			continue // of another wheel
		}
		f := finding.Finding{File: d.File, Library: d.Library, Version: d.Version}
		switch d.Kind {
		case manylinux.KindOrphan:
			f.Message = fmt.Sprintf("needs %s of %s, but does not name that library in DT_NEEDED", d.Version, d.Library)
			report("orphan-version", f)
		case manylinux.KindBundled:
			for _, symbol := range d.Symbols {
				f.Symbols = append(f.Symbols, symbol.Name)
			}
			f.Message = fmt.Sprintf("needs %s of %s, which the wheel has, but not with that version", d.Version, d.Library)
			report("bundled-version", f)
		case manylinux.KindPath:
			s.reportPath(d, f, report)
		}
	}
}

// reportPath reports a library of the wheel that a file does not find. One that another
// file finds may be loaded by the time it matters, which is only a note.
func (s *Subject) reportPath(d manylinux.Demand, f finding.Finding, report reporter) {
	needer := s.native[slices.IndexFunc(s.native, func(f *linkset.File) bool { return f.Path == d.File })]
	f.Need = s.ELF.Library(needer.Machine, d.Library).Files[0].Path
	if d.By != "" {
		f.Message = fmt.Sprintf("needs %s, to which only files such as %s lead; one of them must be loaded first", d.Library, d.By)
		report("library-order", f)
		return
	}
	rule, last := "unreachable-library", ""
	if d.Unsure {
		rule, last = "preloaded-library", "; the package must load it first"
	}
	if link := s.linkTo(d.Library); link != "" {
		f.Need = link
		f.Message = fmt.Sprintf("needs %s, which the wheel has as %s, a symbolic link: installers write its text as a file, and the loader refuses that%s", d.Library, link, last)
		report(rule, f)
		return
	}
	f.Message = fmt.Sprintf("needs %s, which the wheel has as %s, but no run path leads there", d.Library, f.Need)
	if paths := needer.RunPaths(); len(paths) > 0 {
		f.Message += fmt.Sprintf(" (it has %s)", strings.Join(first(paths, maxPaths), ":")+more(len(paths)-maxPaths))
	}
	f.Message += last
	report(rule, f)
}

// linkTo returns the path of a symbolic link member with the name of a library, or "".
func (s *Subject) linkTo(name string) string {
	i := slices.IndexFunc(s.content.links, func(link string) bool { return path.Base(link) == name })
	if i < 0 {
		return ""
	}
	return s.content.links[i]
}

func checkSteps(s *Subject, report reporter) {
	if s.bundled.Incomplete {
		report("unreadable-binary", finding.Finding{Message: "cannot be judged: its files need each other in too many ways"})
	}
}

// maxPaths is how many entries of a run path a finding names.
const maxPaths = 10

// more says that a list goes on, if it does.
func more(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" and %d more", n)
}
