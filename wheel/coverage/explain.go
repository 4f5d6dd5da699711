package coverage

import (
	"fmt"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
)

// Candidate is one offer and its result on a target.
type Candidate struct {
	Offer
	Taken  bool
	Tag    tags.Tag    // by which a wheel fits
	Reason tags.Reason // why it is not taken; Code is "" if it is
}

// Candidates explains every offer of the row for one target, in the order of the
// source.
func (r *Row) Candidates(target int) []Candidate {
	t := &r.targets[target]
	byOffer := map[int]*file{}
	files := r.project.files()
	for i := range files {
		byOffer[files[i].at] = &files[i]
	}
	taken := byOffer[int(r.Cells[target].taken)]
	c := newChooser(r.project)
	var out []Candidate
	for i, offer := range r.project.offers {
		one := Candidate{Offer: offer}
		f := byOffer[i]
		switch {
		case f == nil:
			one.Reason = tags.Reason{Code: ReasonNoFiles, Message: "its name is invalid"}
		case taken != nil && f.at == taken.at:
			one.Taken = true
			one.Tag, _, _ = t.Best(&f.name.Tags)
		default:
			one.Tag, one.Reason = c.why(t, f, taken)
			if r.leftOut(target) || one.Reason.Code == wheel.ReasonVersionFalls && r.notes != nil && r.notes[target].set {
				one.Reason = r.notes[target].reason // whatever the file
			}
		}
		out = append(out, one)
	}
	return out
}

// leftOut reports whether no file of the package is considered for a target.
func (r *Row) leftOut(target int) bool {
	return r.notes != nil && r.notes[target].set && r.notes[target].state <= Unsupported
}

// why explains why a file is not taken.
func (c *chooser) why(t *Target, f, taken *file) (tags.Tag, tags.Reason) {
	offer := &c.project.offers[f.at]
	var tag tags.Tag
	var refused *tags.Reason
	if f.isWheel {
		tag, _, _ = t.Best(&f.name.Tags)
		if _, refused = wheel.RankVariant(t.Target, &f.name, c.project.variantsOf(f)); refused == nil {
			refused = wheel.Fit(t.Target, &f.name, offer.RequiresPython)
		}
	} else {
		refused = wheel.CheckPython(t.Target, offer.RequiresPython)
	}
	from := 0
	for _, to := range c.ends {
		if refused == nil && c.files[from].version.Equal(f.version) {
			refused = c.unreadable(t, c.files[from:to])
		}
		from = to
	}
	if refused != nil {
		return tag, *refused
	}
	limited, byLimits := c.project.limits.refuse(f, offer)
	switch {
	case !c.project.allows(f):
		return tag, tags.Reason{Code: ReasonNoVersion, Have: f.version.String(), Need: c.project.allowedBrief(),
			Message: fmt.Sprintf("version %s is not in %s", f.version, c.project.allowedBrief())}
	case byLimits:
		return tag, limited
	case offer.Yanked:
		message := "yanked by its project"
		if offer.YankedReason != "" {
			message += ": " + offer.YankedReason
		}
		return tag, tags.Reason{Code: ReasonYanked, Message: message}
	case taken == nil && f.version.IsPrerelease() && c.finals:
		return tag, tags.Reason{Code: wheel.ReasonPreRelease, Have: f.version.String(), Message: fmt.Sprintf("%s is a pre-release, and a yanked final release would fit", f.version)}
	case taken != nil && !taken.version.IsPrerelease() && f.version.IsPrerelease() && c.finals:
		return tag, tags.Reason{Code: wheel.ReasonPreRelease, Have: f.version.String(), Message: fmt.Sprintf("%s is a pre-release, and a final release fits", f.version)}
	case taken == nil || taken.version.Compare(f.version) < 0:
		return tag, tags.Reason{Code: wheel.ReasonVersionFalls, Have: f.version.String(),
			Message: fmt.Sprintf("fits, but another file of version %s has a better tag and is for other Pythons; %s then skips the whole version", f.version, t.Profile())}
	case taken.version.Compare(f.version) != 0:
		return tag, tags.Reason{Code: wheel.ReasonOlderVersion, Need: taken.version.String(), Have: f.version.String(),
			Message: fmt.Sprintf("version %s is newer than %s and fits", taken.version, f.version)}
	case !f.isWheel:
		return tag, tags.Reason{Code: ReasonSdist, Message: "a wheel of the same version fits"}
	}
	return tag, c.second(t, f, taken)
}

// second explains why the wheel taken is preferred to another that fits.
func (c *chooser) second(t *Target, f, taken *file) tags.Reason {
	candidates := []wheel.Candidate{{Name: taken.name, Variants: c.project.variantsOf(taken)}, {Name: f.name, Variants: c.project.variantsOf(f)}}
	if f.at < taken.at {
		candidates[0], candidates[1] = candidates[1], candidates[0]
	}
	for _, s := range wheel.Select(t.Target, candidates, wheel.SelectOptions{Pre: true}) {
		for _, rejected := range s.Rejected {
			return rejected.Reason
		}
	}
	return tags.Reason{}
}

// Reason explains a cell: for a hole what the nearest wheel lacks, otherwise why
// the package is left out, built or unknown. It is zero for a wheel.
func (r *Row) Reason(target int) tags.Reason {
	if r.notes != nil && r.notes[target].set {
		return r.notes[target].reason
	}
	cell := r.Cells[target]
	switch {
	case cell.State == Pure || cell.State == Wheel || cell.State == Excluded:
		return tags.Reason{}
	case cell.State == Unknown:
		return tags.Reason{Code: ReasonNoFiles, Message: "its files are not known; add a directory, a page or a lock file that lists them"}
	}
	if len(r.project.offers) == 0 {
		return tags.Reason{Code: ReasonNoFiles, Message: "the index has no files of it"}
	}
	return r.nearest(target)
}

// reasonWeight orders reasons by how near a wheel comes: one that lacks only a
// newer libc is nearer than one for another Python or another machine.
var reasonWeight = map[tags.ReasonCode]int{
	ReasonHash: 10, tags.ReasonRequiresPython: 9, ReasonYanked: 8, "glibc-version": 7, "musl-version": 7, "macos-version": 7, ReasonNoVersion: 6,
	"libc-family": 5, "machine": 4, "os": 3,
}

// Nearness orders the reasons why files are not taken: higher is nearer to fitting.
func Nearness(code tags.ReasonCode) int { return reasonWeight[code] }

// nearest is the reason of the wheel that comes nearest to fitting.
func (r *Row) nearest(target int) tags.Reason {
	var best tags.Reason
	found := -1
	wheels := false
	for _, c := range r.Candidates(target) {
		if c.Reason.Code == "" || c.Reason.Code == wheel.ReasonOlderVersion || c.Tag == (tags.Tag{}) && c.Reason.Code == ReasonSdist {
			continue
		}
		wheels = true
		if w := reasonWeight[c.Reason.Code]; w > found {
			best, found = c.Reason, w
		}
	}
	if !wheels {
		return tags.Reason{Code: ReasonSourceOnly, Message: "only source is available"}
	}
	return best
}
