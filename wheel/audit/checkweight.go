package audit

import (
	"fmt"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

func checkUnused(s *Subject, f *linkset.File, report reporter) {
	for _, library := range s.ELF.Unused(f) {
		report("unused-library", finding.Finding{
			File: f.Path, Library: library,
			Message: fmt.Sprintf("needs %s of the wheel, but takes no symbol from it, and the library runs nothing when it is loaded", library),
		})
	}
}

func checkStripSize(s *Subject, f *linkset.File, report reporter) {
	if f.StripSize < heavySections {
		return
	}
	report("debug-sections", finding.Finding{
		File: f.Path, Need: fmt.Sprint(f.StripSize),
		Message: fmt.Sprintf("has %.1f MiB of debugging information and symbols that strip would remove", float64(f.StripSize)/(1<<20)),
	})
}
