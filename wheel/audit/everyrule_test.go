package audit

import (
	"flag"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// nearEnough is how many parts two subjects may differ in to be neighbours: a file and
// its row of RECORD in the one, the same in the other.
const nearEnough = 4

// witness notes what the checks report while the tests run. A rule is proved when one
// subject triggers it and a neighbour of that does not.
type witness struct {
	sync.Mutex
	shapes []map[uint64]*shape // by check
}

// shape is what a subject consists of.
type shape struct {
	parts []uint64       // sorted: of its name and of each of its files
	calls int            // of the check
	fired map[string]int // those in which a rule was reported
}

// TestMain watches the checks, and says after all tests which rules of audit none of
// them triggers, and which none nearly triggers.
func TestMain(m *testing.M) {
	flag.Parse()
	var w witness
	if whole() {
		w.watch()
	}
	status := m.Run()
	if status == 0 && whole() {
		for _, fault := range w.unproved() {
			fmt.Println(fault)
			status = 1
		}
	}
	os.Exit(status)
}

// whole reports whether all tests run.
func whole() bool {
	for _, name := range []string{"run", "skip", "list", "bench", "fuzz"} {
		if flag.Lookup("test."+name).Value.String() != "" {
			return false
		}
	}
	return true
}

// watch puts itself between the table of checks and the checks.
func (w *witness) watch() {
	for i := range checks {
		run, seen := checks[i].run, map[uint64]*shape{}
		w.shapes = append(w.shapes, seen)
		checks[i].run = func(s *Subject, report reporter) {
			fired := map[string]bool{}
			run(s, func(rule string, f finding.Finding) {
				fired[rule] = true
				report(rule, f)
			})
			w.note(seen, partsOf(s), fired)
		}
	}
}

// mostParts leaves out subjects that are large for a test of limits.
const mostParts = 100

func (w *witness) note(seen map[uint64]*shape, parts []uint64, fired map[string]bool) {
	if len(parts) > mostParts {
		return
	}
	h := fnv.New64a()
	fmt.Fprint(h, parts)
	w.Lock()
	defer w.Unlock()
	s := seen[h.Sum64()]
	if s == nil {
		s = &shape{parts: parts, fired: map[string]int{}}
		seen[h.Sum64()] = s
	}
	s.calls++
	for rule := range fired {
		s.fired[rule]++
	}
}

// partsOf lists the parts of a subject as hashes. A subject that a test puts together by
// hand has facts in place of members.
func partsOf(s *Subject) []uint64 {
	var parts []uint64
	add := func(format string, args ...any) {
		h := fnv.New64a()
		fmt.Fprintf(h, format, args...)
		parts = append(parts, h.Sum64())
	}
	add("name %s %v", s.Filename, s.Claims)
	switch {
	case s.archiveOf != nil:
		for m := range s.archiveOf.Members() {
			if add("member %s %d %d", m.Name(), m.CRC32(), m.ClaimedSize()); len(parts) > mostParts {
				break
			}
		}
	case s.ELF != nil:
		for _, f := range s.ELF.Files {
			add("file %s %+v", f.Path, f)
		}
	}
	slices.Sort(parts)
	return parts
}

// unproved lists what is missing for the rules of the checks.
func (w *witness) unproved() []string {
	triggered, near := map[string]bool{}, map[string]bool{}
	var rules []string
	for i, c := range checks {
		for _, rule := range c.rules {
			rules = append(rules, rule)
			var on, off []*shape
			for _, s := range w.shapes[i] {
				if s.fired[rule] > 0 {
					on = append(on, s)
				}
				if s.fired[rule] < s.calls {
					off = append(off, s)
				}
			}
			if c.needs == unreadFacts { // is not run for archives that can be read: the other checks are
				off = w.read()
			}
			triggered[rule] = triggered[rule] || on != nil
			near[rule] = near[rule] || anyNear(on, off)
		}
	}
	var faults []string
	slices.Sort(rules)
	for _, rule := range slices.Compact(rules) {
		switch {
		case !triggered[rule]:
			faults = append(faults, "no test triggers the rule "+rule)
		case !near[rule]:
			faults = append(faults, "no test nearly triggers the rule "+rule+": each wheel without it differs in more than one file from those with it")
		}
	}
	return faults
}

// read lists the wheels of which files could be read.
func (w *witness) read() []*shape {
	var list []*shape
	for i, c := range checks {
		if c.needs&archiveFacts != 0 {
			list = slices.AppendSeq(list, maps.Values(w.shapes[i]))
		}
	}
	return list
}

func anyNear(on, off []*shape) bool {
	for _, a := range on {
		for _, b := range off {
			if differ(a.parts, b.parts) <= nearEnough {
				return true
			}
		}
	}
	return false
}

// differ counts the elements that only one of two sorted lists has, as far as that
// matters.
func differ(a, b []uint64) int {
	n := 0
	for len(a) > 0 && len(b) > 0 && n <= nearEnough {
		switch {
		case a[0] == b[0]:
			a, b = a[1:], b[1:]
		case a[0] < b[0]:
			a, n = a[1:], n+1
		default:
			b, n = b[1:], n+1
		}
	}
	return n + len(a) + len(b)
}

// TestRulesHaveChecks: a rule of the catalogue is in the table of checks, or package
// index reports it, whose tests have a pair of directories for each of its rules.
func TestRulesHaveChecks(t *testing.T) {
	reported := []string{
		"not-normal", "could-be-manylinux", "unreadable",
		"dead-link", "same-name", "same-bytes", "no-target", "shadowed", "variant-conflict", "outside-link", "no-pkg-info", "private-file", "bad-provenance",
	}
	for r := range finding.Rules() {
		if r.Category == finding.CategoryRelease { // those of package release, which its own tests break
			reported = append(reported, r.Name)
		}
	}
	for _, c := range checks {
		reported = append(reported, c.rules...)
	}
	for r := range finding.Rules() {
		if r.Category == finding.CategoryRelease {
			continue // package release compares the files of one
		}
		if !slices.Contains(reported, r.Name) {
			t.Errorf("%s %s: nothing reports it", r.ID, r.Name)
		}
	}
	for _, rule := range reported {
		if _, ok := finding.Lookup(rule); !ok {
			t.Errorf("%s is not in the catalogue", rule)
		}
	}
}
