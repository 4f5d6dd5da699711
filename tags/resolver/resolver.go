package resolver

import (
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/detect"
	"github.com/wheeltag/wheeltag/tags/distro"
	"github.com/wheeltag/wheeltag/tags/fleet"
)

// Resolver turns words into targets. Its methods are safe for concurrent use.
type Resolver struct {
	// Profile is the installer whose tags the targets list.
	Profile tags.Profile

	// Options override or complete what a word says, as in [distro.Parse]. Names
	// of a configuration and sets describe their targets in full, so that options
	// are an error with them.
	Options distro.Options

	// Variants are the variant features that every target of a fitting machine
	// supports, see [tags.VariantFeature]. A word may add more: see [Resolver.Resolve].
	Variants []tags.VariantFeature

	// Fleet holds the targets that a configuration has names for; nil has none.
	Fleet *fleet.Fleet

	// Today decides which releases the set @supported has; the zero time means
	// now.
	Today time.Time

	// Host is what the environment of this process says for the word host: PATH
	// and LD_LIBRARY_PATH.
	Host detect.Options

	// Interpreter is the path of the one Python to read in roots and images; empty
	// means all that are found.
	Interpreter string

	mu   sync.Mutex
	open []io.Closer // roots and images that targets go on reading
}

// Target is what a word means.
type Target struct {
	*tags.Target

	// Release is the record of the release that the word names; nil when it names
	// none, or when an option gives it another libc: what is recorded of the
	// release is not true of the target then.
	Release *distro.Release

	// System is the root that the target was read from, nil for a described one.
	// Interpreter is the Python in it, nil when the root has none that the word
	// asks for.
	System      *System
	Interpreter *detect.Python

	// Assumed lists what the word leaves open.
	Assumed []Assumption
}

// Resolve gives the targets that a word means: mostly one, several for a set, for
// a name of several rows and for an image of several platforms. Behind a word other
// than root:DIR, image:FILE and host, +x86_64_v3 and the other short forms of package
// provider describe what the machine supports of wheel variants.
func (r *Resolver) Resolve(word string) ([]Target, error) {
	base, suffix, features, err := r.cutVariants(word)
	if err != nil {
		return nil, err
	}
	targets, err := r.resolve(base)
	if err != nil {
		return nil, err
	}
	for i := range targets {
		if err := targets[i].describe(word, suffix, r.Variants, features); err != nil {
			return nil, err
		}
	}
	return targets, nil
}

// resolve gives the targets of a word without variants.
func (r *Resolver) resolve(word string) ([]Target, error) {
	if w, ok := parseRootWord(word); ok {
		return r.fromRoot(w)
	}
	members, err := r.Lookup(word)
	switch {
	case err != nil:
		return nil, err
	case members == nil:
		return r.describe(word)
	case r.Options != (distro.Options{}):
		return nil, &Error{Word: word, Code: CodeOption, Detail: "its targets are complete; no Python, machine or libc can be given with it"}
	}
	targets := make([]Target, 0, len(members))
	for _, m := range members {
		t, err := r.ready(word, m.Name, m.Description)
		if err != nil {
			return nil, err
		}
		targets = append(targets, t)
	}
	return targets, nil
}

// Lookup gives the targets that the configuration or a built-in set has under a
// word, without making them ready. It is nil for any other word.
func (r *Resolver) Lookup(word string) ([]fleet.Target, error) {
	set := strings.HasPrefix(word, "@")
	switch {
	case word == "@fleet" && (r.Fleet == nil || len(r.Fleet.Targets) == 0):
		return nil, &Error{Word: word, Code: CodeNoFleet, Detail: "it means the targets of a configuration, and there are none"}
	case word == "@fleet":
		return r.Fleet.Targets, nil
	case set:
		today := r.Today
		if today.IsZero() {
			today = time.Now().UTC()
		}
		targets, err := fleet.Set(word, today)
		if err != nil {
			return nil, &Error{Word: word, Code: CodeWord, Err: err}
		}
		return targets, nil
	case r.Fleet == nil:
		return nil, nil
	}
	return r.Fleet.Lookup(word), nil
}

// describe reads a word of package distro.
func (r *Resolver) describe(word string) ([]Target, error) {
	d, err := distro.Parse(word, r.Options)
	if err != nil {
		return nil, &Error{Word: word, Code: CodeWord, Err: err}
	}
	t, err := r.ready(word, d.Name, d)
	if err != nil {
		return nil, err
	}
	if d.AssumedArch {
		t.Assumed = append(t.Assumed, Assumption{Kind: AssumedMachine, Word: word, Platform: d.Platform})
	}
	if d.AsOf != "" {
		t.Assumed = append(t.Assumed, Assumption{Kind: AssumedDate, Word: word, Platform: d.Platform, AsOf: d.AsOf, Meant: d.Name})
	}
	if d.AssumedPython {
		t.Assumed = append(t.Assumed, Assumption{Kind: AssumedPython, Word: word, Platform: d.Platform, Python: d.Python})
	}
	return []Target{t}, nil
}

// ready makes a target of a description.
func (r *Resolver) ready(word, name string, d distro.Description) (Target, error) {
	ready, err := tags.New(d.Python, d.Platform, r.Profile)
	if err != nil {
		return Target{}, &Error{Word: word, Code: CodeWord, Detail: err.Error(), Err: err}
	}
	t := Target{Target: ready.WithName(name), Release: d.Release}
	if d.GivenLibc {
		t.Release = nil
	}
	return t, nil
}

// keep notes what Close is to close.
func (r *Resolver) keep(c io.Closer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open = append(r.open, c)
}

// Close closes the roots and images that targets of the Resolver were read from.
// Their Systems must not be used after it; the rest of a target may.
func (r *Resolver) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for _, c := range r.open {
		errs = append(errs, c.Close())
	}
	r.open = nil
	return errors.Join(errs...)
}
