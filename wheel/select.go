package wheel

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
)

// Candidate is a wheel on offer to an installer.
type Candidate struct {
	Name Name

	// RequiresPython is the field of its metadata as written; empty when it
	// has none or when nothing but the file name is known.
	RequiresPython string

	// Variants are the variants of the release, nil when it has no file that lists them
	// or the file is not known. They matter where the target's profile knows variants.
	Variants *ReleaseVariants
}

// SelectOptions change what [Select] takes; the zero value is an installer's
// default.
type SelectOptions struct {
	// Pre treats pre-releases like any other version, as --pre does.
	Pre bool
}

// Selection is the answer for one project.
type Selection struct {
	Project  string     // normalised by PEP 503
	Wheel    *Candidate // the one taken, an element of Select's argument; nil when none fits
	Tag      tags.Tag   // the tag by which it fits
	Rank     int        // the place of that tag in the target's list, from 0
	Rejected []Rejected // the others, in the order given
}

// Rejected is a wheel that was not taken.
type Rejected struct {
	Wheel  *Candidate
	Reason tags.Reason
}

// Why a wheel that does fit is not taken. Need is then what the wheel that was
// taken has, and Have what this one has in its place.
const (
	ReasonOlderVersion tags.ReasonCode = "older-version" // a newer version fits
	ReasonPreRelease   tags.ReasonCode = "pre-release"   // final releases go first
	ReasonVariantOrder tags.ReasonCode = "variant-order" // another variant is preferred
	ReasonTagRank      tags.ReasonCode = "tag-rank"      // another wheel's tag is preferred
	ReasonBuildTag     tags.ReasonCode = "build-tag"     // another wheel has a higher build tag
	ReasonListed       tags.ReasonCode = "listed"        // equal in all but the place in the list
	ReasonVersionFalls tags.ReasonCode = "version-falls" // uv: the best file of the version is for other Pythons
)

// Select answers, for each project among the candidates and in the order of
// their first appearance, which wheel the target's installer takes and why not
// the others. The target's profile says which installer.
//
// Of the wheels that fit, the newest version is taken, then the best variant where the
// installer knows variants, with the wheels that are none last, then the best tag, then
// the highest build tag. Of wheels that are equal so far, pip takes the one
// listed last, the others the one listed first. Pre-releases count only where no
// final release fits, or with SelectOptions.Pre. uv chooses the file of a version by
// its tags alone and drops the version when that file is for other Pythons.
// packaging itself only sorts by
// tags; for its profile the build tag decides as PEP 427 says.
//
// Candidates are taken as acceptable otherwise: hashes, yanked files and
// version constraints are for the caller to apply before.
func Select(target *tags.Target, candidates []Candidate, options SelectOptions) []Selection {
	s := selector{target: target, options: options}
	var selections []Selection
	var groups [][]entry
	index := map[string]int{}
	for i := range candidates {
		c := &candidates[i]
		project := c.Name.NormalizedName()
		at, ok := index[project]
		if !ok {
			at = len(groups)
			index[project] = at
			groups = append(groups, nil)
			selections = append(selections, Selection{Project: project})
		}
		groups[at] = append(groups[at], s.judge(c))
	}
	for i := range selections {
		s.choose(&selections[i], groups[i])
	}
	return selections
}

type selector struct {
	target  *tags.Target
	options SelectOptions
}

// entry is a candidate and what the target makes of it by itself.
type entry struct {
	*Candidate
	tag    tags.Tag
	rank   int
	place  VariantRank
	reason tags.Reason // Code is empty when the wheel fits
}

// judge keeps the tag of a wheel that is refused for its Requires-Python: uv
// chooses by it.
func (s *selector) judge(c *Candidate) entry {
	e := entry{Candidate: c}
	e.tag, e.rank, _ = s.target.Best(&c.Name.Tags)
	var reason *tags.Reason
	if e.place, reason = RankVariant(s.target, &c.Name, c.Variants); reason == nil {
		reason = Fit(s.target, &c.Name, c.RequiresPython)
	}
	if reason != nil {
		e.reason = *reason
	}
	return e
}

// choose fills in the answer for one project.
func (s *selector) choose(selection *Selection, entries []entry) {
	if s.target.Profile().Variants() {
		s.dropUnreadable(entries)
	}
	if s.target.Profile().Tool() == tags.UV {
		s.dropVersions(entries)
	}
	finalsOnly := !s.options.Pre && hasFinal(entries)
	best := -1
	for i := range entries {
		e := &entries[i]
		if e.reason.Code == "" && finalsOnly && e.Name.Version.IsPrerelease() {
			e.reason = s.preRelease(e)
		}
		if e.reason.Code != "" {
			continue
		}
		if best < 0 || s.beats(e, &entries[best]) {
			best = i
		}
	}
	for i := range entries {
		e := &entries[i]
		switch {
		case i == best:
			selection.Wheel, selection.Tag, selection.Rank = e.Candidate, e.tag, e.rank
			continue
		case e.reason.Code == "":
			e.reason = s.passedOver(e, &entries[best])
		}
		selection.Rejected = append(selection.Rejected, Rejected{e.Candidate, e.reason})
	}
}

// dropUnreadable rejects the versions with variant wheels whose variants cannot be read,
// as uv does: neither their variants nor their other files are taken.
func (s *selector) dropUnreadable(entries []entry) {
	unreadable := map[string]*entry{}
	for i := range entries {
		if e := &entries[i]; e.Name.Variant != "" && e.Variants != nil && e.Variants.Err != nil {
			unreadable[e.Name.Version.String()] = e
		}
	}
	for i := range entries {
		e := &entries[i]
		if broken := unreadable[e.Name.Version.String()]; broken != nil && e.reason.Code == "" {
			e.reason = *VersionUnreadable(&broken.Name, broken.Variants)
			e.reason.Tag = e.tag
		}
	}
}

// VersionUnreadable is the reason why uv takes no file of a version: it has variant
// wheels, such as the given one, and the file that lists them cannot be read.
func VersionUnreadable(name *Name, release *ReleaseVariants) *tags.Reason {
	return &tags.Reason{Code: ReasonVariant, Have: name.Version.String(),
		Message: fmt.Sprintf("%s cannot be read, and uv then skips the whole version: %v", name.VariantsFile(), release.Err)}
}

// dropVersions rejects versions as uv does: the best file of a version is chosen
// by its tags alone, and when that one is for other Pythons the others of the
// version fall with it.
func (s *selector) dropVersions(entries []entry) {
	// Versions are sorted, as comparing each with each other would take long.
	var fits []*entry
	for i := range entries {
		if e := &entries[i]; e.reason.Code == "" || e.reason.Code == tags.ReasonRequiresPython {
			fits = append(fits, e)
		}
	}
	slices.SortStableFunc(fits, func(a, b *entry) int { return a.Name.Version.Compare(b.Name.Version) })
	for len(fits) > 0 {
		n, best := 1, fits[0]
		for n < len(fits) && fits[n].Name.Version.Equal(fits[0].Name.Version) {
			if s.beats(fits[n], best) {
				best = fits[n]
			}
			n++
		}
		if best.reason.Code == tags.ReasonRequiresPython {
			s.drop(fits[:n], best)
		}
		fits = fits[n:]
	}
}

// drop rejects the files of a version because of the best one.
func (s *selector) drop(version []*entry, refused *entry) {
	for _, e := range version {
		if e.reason.Code == "" {
			e.reason = tags.Reason{Code: ReasonVersionFalls, Tag: e.tag, Need: refused.RequiresPython, Have: e.Name.Version.String(),
				Message: fmt.Sprintf("fits, but %s has the better tag and is for other Pythons, and uv then drops the whole version", brief(refused.Name.Filename))}
		}
	}
}

// hasFinal reports whether a final release fits, which rules pre-releases out.
func hasFinal(entries []entry) bool {
	for i := range entries {
		if entries[i].reason.Code == "" && !entries[i].Name.Version.IsPrerelease() {
			return true
		}
	}
	return false
}

// beats reports whether e, which comes later in the list, is preferred.
func (s *selector) beats(e, best *entry) bool {
	order := cmp.Or(
		e.Name.Version.Compare(best.Name.Version),
		best.place.Compare(e.place),
		cmp.Compare(best.rank, e.rank),
		e.Name.Build.Compare(best.Name.Build),
	)
	return order > 0 || order == 0 && s.target.Profile() == tags.Pip
}

func (s *selector) preRelease(e *entry) tags.Reason {
	v := e.Name.Version.String()
	return tags.Reason{
		Code: ReasonPreRelease, Have: v, Tag: e.tag,
		Message: fmt.Sprintf("%s is a pre-release, which %s takes only on request or where no final release fits", v, s.target.Profile()),
	}
}

// brief shortens what the wheel that was taken says in the reasons of all others.
func brief(s string) string {
	const most = 512
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}

// passedOver says what the wheel taken has over one that fits as well.
func (s *selector) passedOver(e, best *entry) tags.Reason {
	r := tags.Reason{Tag: e.tag}
	switch {
	case e.Name.Version.Compare(best.Name.Version) != 0:
		r.Code, r.Need, r.Have = ReasonOlderVersion, brief(best.Name.Version.String()), brief(e.Name.Version.String())
		r.Message = fmt.Sprintf("version %s is newer than %s and fits", r.Need, r.Have)
	case best.place.Compare(e.place) != 0:
		r.Code, r.Need, r.Have = ReasonVariantOrder, brief(best.Name.Variant), brief(e.Name.Variant)
		r.Message = fmt.Sprintf("%s prefers the variant %s to %s", s.target.Profile().Tool(), r.Need, cmp.Or(r.Have, "a wheel that is none"))
	case e.rank != best.rank:
		r.Code, r.Need, r.Have = ReasonTagRank, best.tag.String(), e.tag.String()
		r.Message = fmt.Sprintf("%s prefers the tag %s to %s", s.target.Profile(), r.Need, r.Have)
	case e.Name.Build.Compare(best.Name.Build) != 0:
		r.Code, r.Need, r.Have = ReasonBuildTag, brief(best.Name.Build.String()), brief(e.Name.Build.String())
		r.Message = fmt.Sprintf("build %s is higher than %s", r.Need, cmp.Or(r.Have, "no build tag"))
	default:
		place := "first"
		if s.target.Profile() == tags.Pip {
			place = "last"
		}
		r.Code, r.Need, r.Have = ReasonListed, best.Name.Filename, e.Name.Filename
		r.Message = fmt.Sprintf("equal to %s; of equals, %s takes the one listed %s", brief(r.Need), s.target.Profile(), place)
	}
	return r
}
