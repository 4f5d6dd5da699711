package coverage

import (
	"fmt"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
)

// Change is a change of the target, or of the version, by which a wheel would
// fit.
type Change struct {
	Kind string // "libc", "python", "version" or "macos"
	Need string // "glibc 2.34", "Python 3.12", "1.26.4"
	File string // the wheel that would fit then
}

// String describes the change.
func (c Change) String() string {
	switch c.Kind {
	case "version":
		return fmt.Sprintf("version %s has a wheel, %s", c.Need, c.File)
	}
	return fmt.Sprintf("%s would use %s", c.Need, c.File)
}

// Nearest returns the smallest changes that would fill a hole, at most one of each
// kind: a newer libc or macOS on the same machine, the nearest other Python, the
// newest other version. It is empty for a cell that is not a hole, and if no single
// change helps.
func (r *Row) Nearest(target int) []Change {
	if r.notes != nil && r.notes[target].set || r.Cells[target].State < Build {
		return nil
	}
	var changes []Change
	for _, find := range []func(int) (Change, bool){r.newerSystem, r.otherPython, r.otherVersion} {
		if c, ok := find(target); ok {
			changes = append(changes, c)
		}
	}
	return changes
}

// with returns the file that would be taken on a target with another Python or
// platform.
func (r *Row) with(target int, python tags.Python, platform tags.Platform) (string, bool) {
	old := r.targets[target]
	changed, err := tags.New(python, platform, old.Profile())
	if err != nil {
		return "", false
	}
	t := NewTarget(changed.WithName(old.Name()).WithVariantFeatures(old.VariantFeatures()))
	cell := newChooser(r.project).cell(&t, wheel.NewFitter(t.Target))
	if cell.State != Wheel && cell.State != Pure {
		return "", false
	}
	return r.project.offers[cell.taken].Name, true
}

// newerSystem looks for the lowest newer libc, or macOS, with which a wheel fits.
func (r *Row) newerSystem(target int) (Change, bool) {
	t := r.targets[target]
	p := t.Platform()
	switch {
	case p.OS == tags.Linux && p.Libc.Family != tags.NoLibc:
		const furthest = 60 // minor versions
		for minor := p.Libc.Minor + 1; minor <= furthest; minor++ {
			p.Libc.Minor = minor
			if file, ok := r.with(target, t.Python(), p); ok {
				return Change{"libc", p.Libc.String(), file}, true
			}
		}
	case p.OS == tags.MacOS:
		for major := p.Major + 1; major <= 30; major++ {
			p.Major, p.Minor = major, 0
			if file, ok := r.with(target, t.Python(), p); ok {
				return Change{"macos", fmt.Sprintf("macOS %d", major), file}, true
			}
		}
	}
	return Change{}, false
}

// otherPython looks for the nearest other minor version, newer before older.
func (r *Row) otherPython(target int) (Change, bool) {
	t := r.targets[target]
	py := t.Python()
	if py.ABIs != nil || py.Minor < 0 {
		return Change{}, false
	}
	for distance := 1; distance <= 8; distance++ {
		for _, minor := range []int{py.Minor + distance, py.Minor - distance} {
			if other := py; minor >= 6 && minor <= 16 {
				other.Minor, other.FullVersion = minor, ""
				if file, ok := r.with(target, other, t.Platform()); ok {
					return Change{"python", other.String(), file}, true
				}
			}
		}
	}
	return Change{}, false
}

// otherVersion looks for the newest other version of which a wheel fits; only
// pools have any.
func (r *Row) otherVersion(target int) (Change, bool) {
	var best *file
	files := r.project.files()
	t := &r.targets[target]
	for i := range files {
		f := &files[i]
		if !f.isWheel || r.project.offers[f.at].Yanked || best != nil && f.version.Compare(best.version) <= 0 {
			continue
		}
		if _, refused := r.project.limits.refuse(f, &r.project.offers[f.at]); refused {
			continue
		}
		if _, refused := wheel.RankVariant(t.Target, &f.name, r.project.variantsOf(f)); refused == nil && wheel.Fit(t.Target, &f.name, r.project.offers[f.at].RequiresPython) == nil {
			best = f
		}
	}
	if best == nil {
		return Change{}, false
	}
	return Change{"version", best.version.String(), r.project.offers[best.at].Name}, true
}
