package audit

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// checkPolicies checks the lowest claim of each libc against the demands.
func checkPolicies(s *Subject, report reporter) {
	libc := s.Needs.Libc
	if c, ok := s.lowestClaim(tags.Glibc); ok && (libc == elfaudit.LibcGlibc || libc == elfaudit.LibcNone) {
		s.checkManylinux(c, report)
	}
	if c, ok := s.lowestClaim(tags.Musl); ok && (libc == elfaudit.LibcMusl || libc == elfaudit.LibcNone) {
		s.checkDemands(s.Needs.For(elfaudit.LibcMusl), c, manylinux.Floor(c.Libc.Minor), report)
	}
}

// lowestClaim is the claim for the oldest libc of a family, the one that is hardest
// to meet, among those for the machine where the name has some.
func (s *Subject) lowestClaim(family tags.LibcFamily) (lowest tags.PlatformTag, ok bool) {
	elsewhere := func(c tags.PlatformTag) bool { return !linkset.RunsOn(s.Needs.Machine, manylinux.ClaimedMachine(c)) }
	only := !slices.ContainsFunc(s.Claims, func(c tags.PlatformTag) bool { return !elsewhere(c) })
	version := func(c tags.PlatformTag) int { return c.Libc.Major*1000 + c.Libc.Minor }
	for _, c := range s.Claims {
		if c.Libc.Family == family && (only || !elsewhere(c)) && (!ok || version(c) < version(lowest)) {
			lowest, ok = c, true
		}
	}
	return lowest, ok
}

// checkPlaces finds machine code where a wheel promises to have none.
func checkPlaces(s *Subject, report reporter) {
	anywhere := slices.ContainsFunc(s.Claims, func(c tags.PlatformTag) bool { return c.Any })
	several := s.severalSystems()
	if several != nil {
		s.checkSeveralSystems(several, report)
	}
	for _, o := range s.ELF.Files {
		switch {
		case o.Err == nil && !o.Loads(): // an object file is data to every loader
		case several != nil && o.Err == nil:
		case anywhere:
			report("misplaced-binary", finding.Finding{File: o.Path, Message: "is machine code in a wheel whose tag is any", Claimed: "any"})
		case inPurelib(o.Path):
			report("misplaced-binary", finding.Finding{File: o.Path, Message: "is machine code, yet installed among pure Python code (purelib)"})
		}
	}
}

// checkMachines finds files that cannot run on any machine of the file name.
func checkMachines(s *Subject, report reporter) {
	var machines, systems []string
	for _, c := range s.Claims {
		switch {
		case c.Any || c.OS == tags.Generic:
			return // WT209 speaks of any; nothing is known of other systems
		case manylinux.ClaimedMachine(c) == "":
			systems = append(systems, c.Tag)
		case !slices.Contains(machines, manylinux.ClaimedMachine(c)):
			machines = append(machines, manylinux.ClaimedMachine(c))
		}
	}
	if len(machines) == 0 && len(systems) == 0 {
		return
	}
	s.checkEmptyClaims(machines, report)
	for _, o := range s.ELF.Files {
		if !o.Loads() || slices.ContainsFunc(machines, func(m string) bool { return linkset.RunsOn(o.Machine, m) }) {
			continue
		}
		is := o.Machine
		if is == "" {
			is = fmt.Sprintf("%s, %d-bit", strings.TrimPrefix(o.ELF.Machine.String(), "EM_"), o.ELF.Class)
			if o.ELF.ARM != nil && o.ELF.ARM.Float != elfaudit.FloatDouble {
				is += ", without hard float" // for which there is no platform tag
			}
		}
		claimed := strings.Join(append(machines, systems...), ", ")
		rule := "wrong-machine"
		if slices.ContainsFunc(s.ELF.Files, s.isOwn) && !o.IsModule() && !linkset.HasModuleName(o.Path) && !s.ELF.IsNeeded(o) && !strings.Contains(path.Base(o.Path), ".so") {
			rule = "foreign-program" // data next to the code that the name is for
		}
		report(rule, finding.Finding{
			File: o.Path, Need: is, Claimed: claimed,
			Message: fmt.Sprintf("is Linux machine code for %s; the name says %s", is, claimed),
		})
	}
}

// checkEmptyClaims finds machines of a name with several that a wheel with native code
// has none for.
func (s *Subject) checkEmptyClaims(machines []string, report reporter) {
	if slices.ContainsFunc(s.ELF.Files, func(f *linkset.File) bool { return f.Err != nil }) {
		return // it may be for any machine
	}
	runs := func(machine string) bool {
		return slices.ContainsFunc(s.ELF.Files, func(f *linkset.File) bool { return f.Loads() && linkset.RunsOn(f.Machine, machine) })
	}
	if !slices.ContainsFunc(machines, runs) {
		return // each file is reported by itself
	}
	for _, m := range machines {
		if !runs(m) {
			report("wrong-machine", finding.Finding{Claimed: m, Message: fmt.Sprintf("the name says %s, but none of the native code is for %s", strings.Join(machines, ", "), m)})
		}
	}
}

// checkLibcs finds files that were linked against a libc other than claimed.
func checkLibcs(s *Subject, report reporter) {
	claimed := manylinux.ClaimedLibcs(s.Claims)
	if len(claimed) == 0 {
		return
	}
	for _, o := range s.ELF.Files {
		if !o.Loads() || o.Libc == elfaudit.LibcUnknown || o.Libc == elfaudit.LibcNone {
			continue
		}
		for _, libc := range claimed {
			if o.Libc == libc {
				continue
			}
			report("wrong-libc", finding.Finding{
				File: o.Path, Need: o.Libc.String(), Claimed: libc.String(),
				Message: fmt.Sprintf("is linked against %s (%s); the name says %s", o.Libc, o.Evidence, libc),
			})
		}
	}
}

// checkManylinux checks the lowest manylinux claim against the demands.
func (s *Subject) checkManylinux(c tags.PlatformTag, report reporter) {
	policy := manylinux.Floor(c.Libc.Minor)
	if c.Libc.Major > 2 {
		policy = manylinux.NoPolicy - 1
	}
	s.checkDemands(s.Needs.For(elfaudit.LibcGlibc), c, policy, report)
	// Only a measured policy is worth a new file name.
	machine := s.Needs.Machine
	if measured, ok := s.policies.Measured(machine, s.policies.Floor(s.Needs)); ok && measured < policy && c.Arch == machine {
		tag := s.policies.ManylinuxTags(machine, measured)[0]
		report("lower-policy", finding.Finding{
			Message: fmt.Sprintf("claims %s; by its needs it could be %s", c.Tag, tag),
			Claimed: c.Tag, Need: tag,
		})
	}
}

// maxSymbols is how many symbols a finding names.
const maxSymbols = 10

// ruleOf is the rule that a claim below a demand's floor breaks. A processor level
// breaks its rule whatever the claim, which another check reports.
var ruleOf = map[manylinux.Kind]string{
	manylinux.KindVersion: "symbol-version", manylinux.KindLibrary: "external-library",
	manylinux.KindBan: "banned-symbol", manylinux.KindMusl: "musl-symbol", manylinux.KindRelocations: "packed-relocations",
	manylinux.KindHeader: "loader-refusal",
}

// checkDemands reports the demands above a policy, heaviest first.
func (s *Subject) checkDemands(n manylinux.Needs, c tags.PlatformTag, policy manylinux.Floor, report reporter) {
	for _, d := range n.Heaviest(policy) {
		rule, ok := ruleOf[d.Kind]
		if !ok || (d.Kind == manylinux.KindRelocations || d.Kind == manylinux.KindHeader) && d.Floor >= manylinux.NoPolicy {
			continue // what no claim changes is another check's
		}
		f := finding.Finding{File: d.File, Library: d.Library, Version: d.Version, Claimed: c.Tag, Need: d.Lowest}
		if d.Kind != manylinux.KindLibrary {
			for _, symbol := range d.Symbols {
				f.Symbols = append(f.Symbols, symbol.Name)
			}
		}
		if d.Kind == manylinux.KindLibrary && d.Wheel != "" {
			s.reportProvided(d, f, report)
			continue
		}
		f.Message = sentence(d, c, f.Symbols)
		report(rule, f)
	}
}

func sentence(d manylinux.Demand, c tags.PlatformTag, symbols []string) string {
	lowest := "no policy allows it"
	if d.Lowest != "" {
		lowest = "allowed from " + d.Lowest
	}
	named := strings.Join(first(symbols, maxSymbols), ", ")
	switch d.Kind {
	case manylinux.KindVersion:
		return fmt.Sprintf("needs %s of %s%s, which %s lacks; %s", d.Version, d.Library, someSymbols(symbols), c.Tag, lowest)
	case manylinux.KindLibrary:
		return fmt.Sprintf("needs %s, which is neither in the wheel nor promised by %s; %s", d.Library, c.Tag, lowest)
	case manylinux.KindHeader:
		return fmt.Sprintf("%s; glibc before %s cannot load it, which %s includes; %s", d.Reason, d.From, c.Tag, lowest)
	case manylinux.KindRelocations:
		return fmt.Sprintf("has packed relocations (DT_RELR), which systems of %s may not read; %s", c.Tag, lowest)
	case manylinux.KindMusl:
		if d.Version == "" {
			return fmt.Sprintf("takes %s, which neither musl nor a file of the wheel has; importing fails", named)
		}
		return fmt.Sprintf("takes %s, which musl has from %s on; systems of %s may be older", named, d.Version, c.Tag)
	}
	return fmt.Sprintf("takes %s from %s, which %s bans; %s", named, d.Library, c.Tag, lowest)
}

// someSymbols puts a few names in brackets.
func someSymbols(symbols []string) string {
	const most = 3
	switch {
	case len(symbols) == 0:
		return ""
	case len(symbols) > most:
		return fmt.Sprintf(" (%s and %d more)", strings.Join(symbols[:most], ", "), len(symbols)-most)
	}
	return " (" + strings.Join(symbols, ", ") + ")"
}

func first(list []string, n int) []string { return list[:min(n, len(list))] }

// inPurelib reports whether a file is installed among pure Python code, from the
// directory NAME.data/purelib.
func inPurelib(name string) bool {
	top, rest, _ := strings.Cut(name, "/")
	return strings.HasSuffix(top, ".data") && strings.HasPrefix(rest, "purelib/")
}
