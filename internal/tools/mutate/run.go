package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A test is a test, example or fuzz target with its seeds.
type test struct {
	name    string
	took    time.Duration
	reaches map[int]bool
}

// quick is how long the tests of the first run of a mutant may take together; the
// others run only when those notice nothing.
const quick = time.Second

// exec runs some tests of a binary, with text in the file of its mutant.
func (s *suite) exec(worker int, text, tests string, limit time.Duration) (string, error) {
	if err := os.WriteFile(s.binaries[worker]+".mutant", []byte(text), 0o600); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	// A mutant may allocate without end, or write what it reads.
	cmd := exec.CommandContext(ctx, "sh", "-c", `ulimit -v 8000000; exec "$0" "$@"`,
		s.binaries[worker], "-test.short", "-test.failfast", "-test.run", tests, "-test.timeout", (2 * limit).String())
	cmd.Dir = s.dir
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		err = errTimeout
	}
	return string(out), err
}

var errTimeout = errors.New("timed out")

// survey runs each test alone, and records what it reaches and how long it takes.
// Tests that fail with no mutant switched on are left out, and named: they count
// allocations or measure time, which the switches change.
func (s *suite) survey() error {
	cmd := exec.Command(s.binaries[0], "-test.list", ".")
	cmd.Dir = s.dir
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s: listing the tests: %w", s.path, err)
	}
	names := slices.DeleteFunc(strings.Fields(string(out)), func(n string) bool { return strings.HasPrefix(n, "Benchmark") })
	s.tests = make([]test, len(names))
	each(len(s.binaries), len(names), func(worker, i int) {
		trace := s.binaries[worker] + ".trace"
		os.Remove(trace)
		start := time.Now()
		out, err := s.exec(worker, "trace "+trace, exactly(names[i]), 5*time.Minute)
		s.tests[i] = test{name: names[i], took: time.Since(start), reaches: map[int]bool{}}
		if err != nil {
			line, _, _ := strings.Cut(strings.TrimSpace(out), "\n")
			fmt.Printf("left out: %s of %s fails with no change switched on: %v: %s\n", names[i], s.path, err, line)
			return
		}
		text, _ := os.ReadFile(trace) // there is none when nothing was reached
		for _, line := range strings.Fields(string(text)) {
			if id, err := strconv.Atoi(line); err == nil {
				s.tests[i].reaches[id] = true
			}
		}
	})
	slices.SortStableFunc(s.tests, func(a, b test) int { return cmp.Compare(a.took, b.took) })
	return nil
}

// notices reports whether a test of the suite fails with a mutant, and whether any
// reaches it.
func (s *suite) notices(worker int, m *mutant) (killed, reached bool) {
	var groups [2][]string
	var times [2]time.Duration
	for _, t := range s.tests {
		if !t.reaches[m.reach] {
			continue
		}
		i := 0
		if times[0]+t.took > quick && len(groups[0]) > 0 {
			i = 1
		}
		groups[i] = append(groups[i], t.name)
		times[i] += t.took
	}
	for i, names := range groups {
		if len(names) == 0 {
			continue
		}
		if _, err := s.exec(worker, strconv.Itoa(m.id), exactly(names...), 5*time.Second+8*times[i]); err != nil {
			return true, true
		}
	}
	return false, len(groups[0]) > 0
}

// exactly is the pattern that selects tests by name.
func exactly(names ...string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = regexp.QuoteMeta(n)
	}
	return "^(" + strings.Join(quoted, "|") + ")$"
}

// each calls f for 0 to n-1, on some workers.
func each(workers, n int, f func(worker, i int)) {
	var group sync.WaitGroup
	next := make(chan int)
	for w := range workers {
		group.Go(func() {
			for i := range next {
				f(w, i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
}
