package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A test is a test, example or fuzz target with its seeds, or a subtest of a slow one.
type test struct {
	pattern string // for -test.run
	sub     bool   // a subtest, which cannot be selected together with others
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
		s.binaries[worker], "-test.short", "-test.failfast", "-test.v", "-test.run", tests, "-test.timeout", (2 * limit).String())
	cmd.Dir = s.dir
	cmd.WaitDelay = time.Second
	endGroup := inGroup(cmd) // a test may start programs that never end
	out, err := cmd.CombinedOutput()
	endGroup()
	if ctx.Err() != nil {
		err = errTimeout
	}
	return string(out), err
}

var errTimeout = errors.New("timed out")

// survey runs each test alone, and records what it reaches and how long it takes.
// Tests that fail with no mutant switched on are left out, and named: they count
// allocations or measure time, which the switches change. Of a slow test its
// subtests are surveyed, so that a mutant costs those that reach it alone.
func (s *suite) survey(out io.Writer) error {
	cmd := exec.Command(s.binaries[0], "-test.list", ".")
	cmd.Dir = s.dir
	text, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s: listing the tests: %w", s.path, err)
	}
	names := slices.DeleteFunc(strings.Fields(string(text)), func(n string) bool { return strings.HasPrefix(n, "Benchmark") })
	tests := make([]test, len(names))
	subtests := make([][]test, len(names))
	each(len(s.binaries), len(names), func(worker, i int) {
		tests[i].pattern = exactly(names[i])
		said := s.trace(out, worker, &tests[i])
		if tests[i].took < quick {
			return
		}
		for _, m := range subtest.FindAllStringSubmatch(said, -1) {
			sub := test{pattern: exactly(names[i]) + "/" + exactly(m[1]), sub: true}
			s.trace(out, worker, &sub)
			subtests[i] = append(subtests[i], sub)
			for id := range sub.reaches {
				delete(tests[i].reaches, id) // the subtest is there for it
			}
		}
	})
	s.tests = append(slices.Concat(subtests...), tests...)
	slices.SortStableFunc(s.tests, func(a, b test) int { return cmp.Compare(a.took, b.took) })
	return nil
}

// subtest matches what -test.v says of a subtest.
var subtest = regexp.MustCompile(`(?m)^    --- PASS: \w+/([^/ ]+) \(`)

// trace runs one test and fills in what it reaches; nothing when it fails.
func (s *suite) trace(out io.Writer, worker int, t *test) (said string) {
	file := s.binaries[worker] + ".trace"
	os.Remove(file)
	start := time.Now()
	said, err := s.exec(worker, "trace "+file, t.pattern, 5*time.Minute)
	t.took, t.reaches = time.Since(start), map[int]bool{}
	if err != nil {
		line, _, _ := strings.Cut(strings.TrimSpace(said), "\n")
		fmt.Fprintf(out, "left out: %s of %s fails with no change switched on: %v: %s\n", t.pattern, s.path, err, line)
		return ""
	}
	text, _ := os.ReadFile(file) // there is none when nothing was reached
	for _, line := range strings.Fields(string(text)) {
		if id, err := strconv.Atoi(line); err == nil {
			t.reaches[id] = true
		}
	}
	return said
}

// notices reports whether a test of the suite fails with a mutant, and whether any
// reaches it.
func (s *suite) notices(worker int, m *mutant) (killed, reached bool) {
	for _, g := range s.groups(m) {
		if _, err := s.exec(worker, strconv.Itoa(m.id), g.pattern, 5*time.Second+8*g.took); err != nil {
			return true, true
		}
		reached = true
	}
	return false, reached
}

// groups are the tests that reach a mutant, the fast ones first: those that take no
// longer than quick together, then the other tests, with each subtest by itself.
func (s *suite) groups(m *mutant) []test {
	var all []test
	joined := -1 // the group that a test may join
	for _, t := range s.tests {
		switch {
		case !t.reaches[m.id]:
		case !t.sub && joined >= 0 && all[joined].took+t.took <= quick:
			all[joined].pattern = strings.TrimSuffix(all[joined].pattern, ")$") + "|" + strings.TrimPrefix(t.pattern, "^(")
			all[joined].took += t.took
		default:
			if !t.sub {
				joined = len(all)
			}
			all = append(all, t)
		}
	}
	return all
}

// exactly is the pattern that selects a test by name.
func exactly(name string) string { return "^(" + regexp.QuoteMeta(name) + ")$" }

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
