//go:build linux

package main

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/wheeltag/wheeltag/manylinux/loads"
)

// openText lists mutants that are known to be judged wrongly.
//
//go:embed open.tsv
var openText string

// isOpen reports whether a mutant is listed in open.tsv.
func isOpen(environment string, t *trial) bool {
	for line := range strings.Lines(openText) {
		f := strings.Split(line, "\t")
		if len(f) == 4 && f[0] == environment && f[1] == t.base && slices.Contains(strings.Split(f[2], ","), fmt.Sprint(t.number)) {
			return true
		}
	}
	return false
}

//go:embed accepted.tsv
var acceptedText string

// accepted is a reason for which wheeltag refuses files that some loader takes.
type accepted struct {
	environment string // the start of names
	reason      string // the start of our reason
	why         string
}

// readAccepted reads accepted.tsv: the environment, our reason, and why it is right.
func readAccepted() (list []accepted, err error) {
	lines := bufio.NewScanner(strings.NewReader(acceptedText))
	for n := 1; lines.Scan(); n++ {
		if strings.HasPrefix(lines.Text(), "#") || lines.Text() == "" {
			continue
		}
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) != 3 || slices.Contains(fields[1:], "") {
			return nil, fmt.Errorf("accepted.tsv:%d: not three fields", n)
		}
		list = append(list, accepted{fields[0], fields[1], fields[2]})
	}
	return list, lines.Err()
}

// result counts the trials of one environment.
type result struct {
	environment string
	count       int
	agree       [2]int            // both refuse, both load
	wrong       []*trial          // said to load, and refused
	open        int               // the same, known from open.tsv
	strict      []*trial          // said not to load for a reason that is not accepted, and loaded
	listed      map[string]int    // the same with accepted reasons, by reason
	unknown     [2]map[string]int // no answer: refused and loaded, by reason
}

// compare sorts the trials of an environment.
func (h *harness) compare(e *environment, list []trial) *result {
	r := &result{environment: e.name, count: len(list), listed: map[string]int{}, unknown: [2]map[string]int{{}, {}}}
	for i := range list {
		t := &list[i]
		loaded := 0
		if t.loaded() {
			loaded = 1
		}
		switch said := t.ours.loads; {
		case said == loads.Unknown:
			r.unknown[loaded][t.ours.kind()]++
		case said == loads.Yes && loaded == 0 && isOpen(e.name, t):
			r.open++
		case said == loads.Yes && loaded == 0:
			r.wrong = append(r.wrong, t)
		case said == loads.No && loaded == 1 && !h.accepts(e, t):
			r.strict = append(r.strict, t)
		case said == loads.No && loaded == 1:
			r.listed[t.ours.kind()]++
		default:
			r.agree[loaded]++
		}
	}
	return r
}

// accepts reports whether one of our reasons is listed.
func (h *harness) accepts(e *environment, t *trial) bool {
	return slices.ContainsFunc(h.accepted, func(a accepted) bool {
		return strings.HasPrefix(e.name, a.environment) && slices.ContainsFunc(t.ours.reasons, func(r string) bool { return strings.HasPrefix(r, a.reason) })
	})
}

func (r *result) failed() bool { return len(r.wrong)+len(r.strict) > 0 }

// write prints the counts, and the differences that fail.
func (r *result) write(w io.Writer, took time.Duration, verbose bool) {
	fmt.Fprintf(w, "%s: %d mutants in %.0f s: %d load, %d do not, in both opinions\n", r.environment, r.count, took.Seconds(), r.agree[1], r.agree[0])
	fmt.Fprintf(w, "  said to load, and refused: %d\n", len(r.wrong))
	writeTrials(w, r.wrong, verbose)
	fmt.Fprintf(w, "  the same, known: %d\n", r.open)
	fmt.Fprintf(w, "  said not to load, and loaded, not listed: %d\n", len(r.strict))
	writeTrials(w, r.strict, verbose)
	writeCounts(w, "said not to load, and loaded, listed", r.listed)
	writeCounts(w, "unknown, and refused", r.unknown[0])
	writeCounts(w, "unknown, and loaded", r.unknown[1])
}

func writeCounts(w io.Writer, what string, counts map[string]int) {
	sum := 0
	for _, n := range counts {
		sum += n
	}
	fmt.Fprintf(w, "  %s: %d\n", what, sum)
	for _, reason := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(w, "    %5d %s\n", counts[reason], reason)
	}
}

// writeTrials prints some of each sort, or all.
func writeTrials(w io.Writer, list []*trial, verbose bool) {
	sorts := map[string][]*trial{}
	for _, t := range list {
		sort := general(t.theirs) + " | " + t.ours.kind()
		sorts[sort] = append(sorts[sort], t)
	}
	const some = 3
	for _, sort := range slices.Sorted(maps.Keys(sorts)) {
		trials := sorts[sort]
		fmt.Fprintf(w, "    %5d %s\n", len(trials), sort)
		for i, t := range trials {
			if i == some && !verbose {
				break
			}
			fmt.Fprintf(w, "          %s mutant %d: %s\n", t.base, t.number, strings.Join(t.changes, "; "))
		}
	}
}
