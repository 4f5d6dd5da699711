package coverage

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
	"github.com/wheeltag/wheeltag/wheel/pep440"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// Locked yields a row for each package of a lock file that the project depends
// on, in the order of the file. Files of the locked version in pool count as well,
// so that custom wheels may fill holes. On a target that the lock file is not for,
// every package is Unsupported.
//
// For a requirements file all files come from the pool.
func Locked(lock *lockfile.Lock, selection lockfile.Selection, pool *Pool, targets []Target) (iter.Seq[Row], error) {
	needs, err := needsOf(lock, selection, targets)
	if err != nil {
		return nil, err
	}
	return func(yield func(Row) bool) {
		fitters := newFitters(targets)
		rows := map[string]int{}
		for i := range lock.Packages {
			p := &lock.Packages[i]
			if p.Project || p.Source.Kind == lockfile.FromVirtual {
				continue
			}
			from := pool
			if rows[p.Name]++; rows[p.Name] > maxRows {
				from = nil
			}
			one := lockedProject(lock, p, from)
			if lock.Constraints != nil && lock.Unlisted() {
				one.constrain(lock.Constraints, targets)
			}
			notes := make([]note, len(targets))
			for t := range targets {
				notes[t] = needs[t].note(lock, i, &targets[t], len(one.offers) == 0)
				if !notes[t].set && rows[p.Name] > maxRows && pool != nil {
					notes[t] = note{Unknown, true, tags.Reason{Code: ReasonNoFiles,
						Message: fmt.Sprintf("more than %d entries of the package; files of the rest are not looked up", maxRows)}}
				}
			}
			row := newRow(one, targets, fitters, notes)
			row.Version, row.Line = p.Version, p.Line
			for t := range targets {
				needs[t].doubt(&row, i, t)
			}
			if !yield(row) {
				return
			}
		}
	}, nil
}

// maxRows is for how many entries of one package the whole pool is searched. Real
// lock files have one, or one for each of a few markers.
const maxRows = 1000

// need is what a lock file asks of one target.
type need struct {
	refused tags.Reason // why the file is not for the target at all; zero if it is
	needed  []lockfile.Needed
	hashes  bool // every requirement must have one
}

// needsOf evaluates the lock file for each target. An error of the selection is
// the same for all of them.
func needsOf(lock *lockfile.Lock, selection lockfile.Selection, targets []Target) ([]need, error) {
	needs := make([]need, len(targets))
	required := map[bool]bool{false: lock.HashesRequired(false), true: lock.HashesRequired(true)}
	for i := range targets {
		needs[i].hashes = required[targets[i].Profile() == tags.UV]
		needed, err := lock.Needed(&targets[i].Environment, selection)
		switch code := refusedBy(err); {
		case err == nil:
			needs[i].needed = needed
		case code != "":
			needs[i].refused = refusal(lock.PythonFor(selection), code, &targets[i])
		default:
			return nil, err
		}
	}
	return needs, nil
}

// refusedBy is the code of an error that says that a lock file is not for a target, "" for
// any other.
func refusedBy(err error) lockfile.Code {
	var refused *lockfile.Error
	if errors.As(err, &refused) && (refused.Code == lockfile.CodeRequiresPython || refused.Code == lockfile.CodeEnvironment) {
		return refused.Code
	}
	return ""
}

// refusal says why the lock file is not for a target.
func refusal(python lockfile.PythonRange, code lockfile.Code, t *Target) tags.Reason {
	if code != lockfile.CodeRequiresPython {
		return tags.Reason{Code: ReasonLock, Message: "the lock is not for the environment of " + t.Name()}
	}
	r := tags.Reason{Code: ReasonLock, Need: brief(python.String()), Have: pythonOf(t)}
	r.Message = "the lock is for Python " + r.Need + "; " + t.Name() + " has " + r.Have
	return r
}

// pythonOf is the version of a target's Python, as far as it is known.
func pythonOf(t *Target) string {
	if t.Environment.AnyPatch {
		return t.Environment.PythonVersion
	}
	return t.Environment.PythonFullVersion
}

// note returns the cell if it does not depend on files.
func (n *need) note(lock *lockfile.Lock, at int, t *Target, fileless bool) note {
	p := &lock.Packages[at]
	if n.refused.Code != "" {
		return note{Unsupported, true, n.refused}
	}
	switch needed := &n.needed[at]; {
	case needed.State != lockfile.Excluded && n.hashes && !p.Hashed():
		return note{Missing, true, tags.Reason{Code: ReasonHash, Message: "the requirements need hashes, and this one has none, or no version pinned by =="}}
	case needed.State == lockfile.Excluded:
		return note{Excluded, true, tags.Reason{Code: ReasonNotNeeded, Message: needed.Reason.String()}}
	case needed.Reason.Code == lockfile.ReasonRequiresPython:
		have := pythonOf(t)
		return note{Missing, true, tags.Reason{
			Code: tags.ReasonRequiresPython, Need: p.RequiresPython.String(), Have: have,
			Message: "requires Python " + p.RequiresPython.String() + "; " + t.Name() + " has " + have,
		}}
	case fileless && lock.Format == lockfile.UV && p.Source.Kind == lockfile.FromIndex && needed.State == lockfile.Required:
		return note{Missing, true, tags.Reason{Code: ReasonNoFiles, Message: "the lock file lists no files of it, and uv uses no others"}}
	case fileless && builds(p.Source.Kind):
		return note{Build, true, tags.Reason{Code: ReasonSourceOnly, Message: "it comes from " + sourceText(p.Source)}}
	}
	return note{}
}

// doubt makes a hole unknown if it is unknown whether the package is needed.
func (n *need) doubt(row *Row, at, target int) {
	if n.refused.Code != "" || row.Cells[target].State != Missing || row.notes[target].set {
		return
	}
	needed := &n.needed[at]
	if code := needed.Reason.Code; needed.State == lockfile.Unknown && (code == lockfile.ReasonNoRoots || code == lockfile.ReasonNoAnswer) {
		row.Cells[target] = Cell{Unknown, -1}
		row.notes[target] = note{Unknown, true, tags.Reason{Code: ReasonNeed,
			Message: "nothing fits, but the package may not be needed: " + needed.Reason.String()}}
	}
}

// builds reports whether a source without files is built where it is installed.
func builds(kind lockfile.SourceKind) bool {
	switch kind {
	case lockfile.FromVCS, lockfile.FromDirectory, lockfile.FromEditable, lockfile.FromURL, lockfile.FromPath:
		return true
	}
	return false
}

func sourceText(s lockfile.Source) string {
	switch s.Kind {
	case lockfile.FromVCS:
		return "the " + s.VCS + " repository " + s.URL
	case lockfile.FromURL:
		return s.URL
	case lockfile.FromPath, lockfile.FromDirectory, lockfile.FromEditable:
		return s.Path
	}
	return "somewhere else"
}

// lockedProject collects the offers for one locked package.
func lockedProject(lock *lockfile.Lock, p *lockfile.Package, pool *Pool) *project {
	one := &project{name: rowName(p), pinned: p.Version != ""}
	for i := range p.Files {
		if f := &p.Files[i]; offered(p, f) {
			// The package's Requires-Python has already been checked.
			one.offers = append(one.offers, Offer{Name: f.Name, Line: f.Line, Hashes: hashesOf(f.Hashes), URL: f.URL, Path: f.Path, Size: f.Size})
		}
	}
	one.limits.hash(p.Hashes)
	one.variants = variantsOf(p, pool)
	if pool == nil || lock.Unlisted() && p.Source.Kind != lockfile.FromIndex {
		return one // a requirement by URL or path allows no other file
	}
	if !lock.Unlisted() {
		own := make(map[string]bool, len(one.offers))
		for _, f := range one.offers {
			own[f.Name] = true
		}
		for _, f := range pool.offers(p.Name, p.Version) {
			if !own[f.Name] {
				own[f.Name] = true
				one.offers = append(one.offers, f)
			}
		}
		return one
	}
	one.offers, one.complete = pool.offers(p.Name, ""), pool.complete(p.Name)
	wheels, sdists := lock.Binary.For(p.Name)
	one.limits.noWheels, one.limits.noSdists = !wheels, !sdists
	one.allowed = p.Specifiers
	one.pinned = pins(p.Specifiers)
	one.pre = one.pinned
	return one
}

// variantsOf are the variants of a locked package by version: those in the lock file,
// or else those of the pool.
func variantsOf(p *lockfile.Package, pool *Pool) map[string]*wheel.ReleaseVariants {
	if v, err := pep440.Parse(p.Version); p.Variants != nil && err == nil {
		return map[string]*wheel.ReleaseVariants{v.String(): p.Variants}
	}
	if pool == nil {
		return nil
	}
	return pool.variants[p.Name]
}

// rowName is the name of a package, or the place of one that has no name before it
// is built.
func rowName(p *lockfile.Package) string { return cmp.Or(p.Name, p.Source.URL, p.Source.Path) }

// offered reports whether an installer can choose a file. The one file at a URL or
// path is taken whatever its name: an archive, such as v1.0.zip, is built, and a
// wheel with an invalid name is refused.
func offered(p *lockfile.Package, f *lockfile.File) bool {
	if p.Source.Kind == lockfile.FromIndex {
		return f.Kind == lockfile.Wheel || f.Kind == lockfile.Sdist
	}
	_, err := wheel.ParseSdistName(f.Name, rowName(p))
	return f.Kind == lockfile.Wheel || strings.HasSuffix(f.Name, ".whl") || f.Kind == lockfile.Sdist && err == nil
}

// constrain limits the allowed versions by the constraints with markers that are
// true on every target.
func (p *project) constrain(c *lockfile.Constraints, targets []Target) {
	var texts []string
	pinned := false
	for _, limit := range c.For(p.name) {
		holds := limit.Specifiers.Len() > 0
		for i := range targets {
			here, err := limit.Marker.EvalIn(pep508.Other, &targets[i].Environment)
			holds = holds && err == nil && here
		}
		if holds {
			texts = append(texts, limit.Specifiers.String())
			pinned = pinned || pins(limit.Specifiers)
		}
	}
	if texts == nil {
		return
	}
	if p.allowed.Len() > 0 {
		texts = append(texts, p.allowed.String())
	}
	// All at once, because there may be very many.
	if all, err := pep440.ParseSpecifierSet(strings.Join(texts, ",")); err == nil {
		p.allowed = all
		p.pinned = p.pinned || pinned
	}
}

// pins reports whether a specifier set leaves a single version, by == or ===.
func pins(set pep440.SpecifierSet) bool {
	for s := range set.All() {
		text := s.String()
		if len(text) > 2 && text[:2] == "==" && text[len(text)-1] != '*' {
			return true
		}
	}
	return false
}
