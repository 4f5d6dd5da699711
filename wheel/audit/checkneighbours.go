package audit

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// checkNeighbours reports what the libraries of other wheels lack.
func checkNeighbours(s *Subject, report reporter) {
	for _, d := range s.demands() {
		if d.Wheel == "" {
			continue
		}
		f := finding.Finding{File: d.File, Library: d.Library, Version: d.Version, Need: d.Wheel}
		for _, symbol := range d.Symbols {
			f.Symbols = append(f.Symbols, symbol.Name)
		}
		switch {
		case d.Kind == manylinux.KindPath:
			f.Message = fmt.Sprintf("needs %s, which %s has, but no run path leads there; the package must load it first", d.Library, d.Wheel)
			report("unreached-dependency", f)
		case d.Kind != manylinux.KindElsewhere:
		case d.Version != "":
			f.Message = fmt.Sprintf("needs %s of %s, which %s has, but not with that version", d.Version, d.Library, d.Wheel)
			report("dependency-version", f)
		default:
			names := strings.Join(first(f.Symbols, maxSymbols), ", ") + more(len(f.Symbols)-maxSymbols)
			f.Message = fmt.Sprintf("takes %s, which neither %s nor another library here has", names, d.Wheel)
			rule := "dependency-symbol"
			if d.Unsure {
				f.Message += "; a library that is not here may have it"
				rule = "unsure-dependency-symbol"
			}
			report(rule, f)
		}
	}
}

// reportProvided reports a library that the claim does not allow and another wheel has.
func (s *Subject) reportProvided(d manylinux.Demand, f finding.Finding, report reporter) {
	p, _ := s.company.of(d.File, d.Library)
	f.Need = p.Wheel
	f.Message = fmt.Sprintf("needs %s, which %s does not promise; %s has it as %s", d.Library, f.Claimed, p.Wheel, p.Path)
	if p.Requires == "" {
		f.Message += ", to which no Requires-Dist leads"
		report("undeclared-dependency", f)
		return
	}
	f.Message += fmt.Sprintf(", required by %s", p.By)
	if p.Extra != "" {
		f.Message += fmt.Sprintf(" for the extra %s", p.Extra)
	}
	f.Message += cmp.Or(map[string]string{"run path": "; the run path " + p.Way + " leads there", "import": "; " + p.Way + " loads it first"}[p.Reached], "")
	report("dependency-library", f)
}
