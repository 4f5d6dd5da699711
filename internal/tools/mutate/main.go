package main

import (
	_ "embed"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	log.SetFlags(0)
	var o options
	flag.IntVar(&o.sample, "n", 0, "try `N` changes of each package, chosen at random; 0 tries all")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of the choice")
	flag.IntVar(&o.workers, "j", 2, "run tests for `N` changes at a time")
	flag.StringVar(&o.since, "since", "", "change only lines that differ from the revision `REV`; packages default to those with such lines")
	flag.StringVar(&o.with, "with", "", "comma-separated `PACKAGES` that also test what their imports change, for what the package's own tests leave")
	flag.BoolVar(&o.list, "list", false, "print the changes and try none")
	flag.Parse()
	if err := run(os.Stdout, o, flag.Args()); err != nil {
		log.Fatal("mutate: ", err)
	}
}

type options struct {
	sample, workers int
	seed            uint64
	since, with     string
	list            bool
}

func run(out io.Writer, o options, patterns []string) error {
	var changed map[string]map[int]bool
	if o.since != "" {
		var dirs []string
		var err error
		if changed, dirs, err = changedSince(o.since); err != nil {
			return err
		}
		if len(patterns) == 0 {
			patterns = dirs
		}
	}
	if len(patterns) == 0 {
		fmt.Fprintln(out, "nothing to change")
		return nil
	}
	packages, err := list(patterns...)
	if err != nil {
		return err
	}
	var with []listed
	if o.with != "" {
		if with, err = list(strings.Split(o.with, ",")...); err != nil {
			return err
		}
	}
	before := untracked()
	defer func() {
		for _, name := range untracked() {
			if name != "" && !slices.Contains(before, name) {
				fmt.Fprintf(out, "written by a test with a change, or meanwhile: %s\n", name)
			}
		}
	}()
	var all tally
	for _, p := range packages {
		if o.since != "" && len(p.TestGoFiles)+len(p.XTestGoFiles)+len(with) == 0 {
			continue
		}
		one, err := mutate(out, o, p, with, changed)
		if err != nil {
			return err
		}
		all.add(one)
	}
	if len(packages) > 1 {
		fmt.Fprintln(out, all.String("total"))
	}
	return nil
}

// tally counts mutants by what became of them.
type tally struct{ killed, survived, unreached, equivalent int }

func (t *tally) add(o tally) {
	t.killed += o.killed
	t.survived += o.survived
	t.unreached += o.unreached
	t.equivalent += o.equivalent
}

func (t tally) String(what string) string {
	n := t.killed + t.survived + t.unreached
	if n == 0 {
		return what + ": nothing to change"
	}
	return fmt.Sprintf("%s: %.1f %% killed: %d of %d; %d survived, %d reached by no test, %d known to be equivalent",
		what, 100*float64(t.killed)/float64(n), t.killed, n, t.survived, t.unreached, t.equivalent)
}

// mutate tries the changes of one package.
func mutate(out io.Writer, o options, p listed, with []listed, changed map[string]map[int]bool) (tally, error) {
	start := time.Now()
	t, err := load(p, changed)
	if err != nil {
		return tally{}, err
	}
	var counts tally
	chosen := slices.Clone(t.mutants)
	if o.sample > 0 && o.sample < len(chosen) {
		r := rand.New(rand.NewPCG(o.seed, o.seed))
		r.Shuffle(len(chosen), func(i, j int) { chosen[i], chosen[j] = chosen[j], chosen[i] })
		chosen = chosen[:o.sample]
		slices.SortFunc(chosen, func(a, b *mutant) int { return a.id - b.id })
	}
	chosen = slices.DeleteFunc(chosen, func(m *mutant) bool {
		if known[m.key()] {
			counts.equivalent++
		}
		return known[m.key()]
	})
	if o.list || len(chosen) == 0 {
		for _, m := range chosen {
			fmt.Fprintln(out, m)
		}
		fmt.Fprintf(out, "%s: %d changes\n", p.ImportPath, len(chosen))
		return tally{}, nil
	}
	suites, err := t.suites(out, p, with, o.workers)
	if err != nil {
		return tally{}, err
	}
	defer os.RemoveAll(filepath.Dir(suites[0].binaries[0]))
	fates := make([]string, len(chosen))
	each(o.workers, len(chosen), func(worker, i int) {
		fates[i] = "unreached"
		for _, s := range suites {
			killed, reached := s.notices(worker, chosen[i])
			if killed {
				fates[i] = "killed"
				return
			}
			if reached {
				fates[i] = "survived"
			}
		}
	})
	for i, m := range chosen {
		switch fates[i] {
		case "killed":
			counts.killed++
		case "survived":
			counts.survived++
			fmt.Fprintln(out, "survived ", m)
		default:
			counts.unreached++
			fmt.Fprintln(out, "unreached", m)
		}
	}
	fmt.Fprintf(out, "%s; %d changes in all, %s\n", counts.String(p.ImportPath), len(t.mutants), time.Since(start).Round(time.Second))
	return counts, nil
}

// suites builds the tests of the package and of the others that import it, and
// looks what each test reaches.
func (t *target) suites(out io.Writer, p listed, with []listed, workers int) ([]*suite, error) {
	scratch, err := os.MkdirTemp("", "mutate-")
	if err != nil {
		return nil, err
	}
	var all []*suite
	for i, q := range append([]listed{p}, with...) {
		if i > 0 && q.ImportPath == p.ImportPath || len(q.TestGoFiles)+len(q.XTestGoFiles) == 0 {
			continue
		}
		s, err := t.build(q, scratch, workers)
		if err == nil {
			err = s.survey(out)
		}
		if err != nil {
			os.RemoveAll(scratch)
			return nil, err
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		os.RemoveAll(scratch)
		return nil, fmt.Errorf("%s: no tests", p.ImportPath)
	}
	return all, nil
}

// equivalents lists the changes that change nothing, a line each: file, function,
// old text, new text and the reason, with tabs between.
//
//go:embed equivalent.txt
var equivalents string

var known = func() map[string]bool {
	all := map[string]bool{}
	for line := range strings.Lines(equivalents) {
		if part := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); len(part) == 5 {
			all[strings.Join(part[:4], "\t")] = true
		}
	}
	return all
}()

func (m *mutant) key() string {
	return strings.Join([]string{m.file.name, m.function, m.old, m.new}, "\t")
}
