package wheel

import (
	"fmt"
	"slices"

	"github.com/wheeltag/wheeltag/tags"
)

// Choice is the file that an installer takes for one project, and why not the
// others.
type Choice struct {
	Project  string // in normal form
	Chosen   *Name  // nil when no file fits
	Tag      tags.Tag
	Rank     int // place of Tag in the target's list
	Rejected []Rejection
}

// Rejection is a file that was not chosen.
type Rejection struct {
	Name   *Name
	Reason tags.Reason // with a code of tags, or one of the Passed codes
}

// The codes of files that fit but are not the best.
const (
	PassedPrerelease tags.ReasonCode = "pre-release"   // a final release is there
	PassedVersion    tags.ReasonCode = "older-version" // a newer version is there
	PassedRank       tags.ReasonCode = "lower-rank"    // a better tag of the same version
	PassedBuild      tags.ReasonCode = "lower-build"   // a higher build of the same version and tag
	PassedOrder      tags.ReasonCode = "listed-order"  // the same in everything that counts
)

// Select picks the file that an installer would take for each project among the
// names: the newest version that fits, of that the best tag, of that the
// highest build (pip's candidate order, which uv shares). Pre-releases count
// only when nothing else fits, or with pre. Of files equal in all of that uv
// takes the first listed and pip the last; packaging, which sorts stably, the
// first. Choices come in the order in which projects are first named.
func Select(t *tags.Target, names []Name, pre bool) []Choice {
	var order []string
	groups := map[string][]*Name{}
	for i := range names {
		project := names[i].NormalizedName()
		if groups[project] == nil {
			order = append(order, project)
		}
		groups[project] = append(groups[project], &names[i])
	}
	choices := make([]Choice, 0, len(order))
	for _, project := range order {
		choices = append(choices, choose(t, project, groups[project], pre))
	}
	return choices
}

// contender is a file that fits.
type contender struct {
	name *Name
	tag  tags.Tag
	rank int
}

func choose(t *tags.Target, project string, names []*Name, pre bool) Choice {
	c := Choice{Project: project}
	var fit []contender
	final := false
	for _, n := range names {
		tag, rank, ok := t.Best(&n.Tags)
		if !ok {
			reason, _ := t.Explain(&n.Tags)
			c.Rejected = append(c.Rejected, Rejection{n, reason})
			continue
		}
		fit = append(fit, contender{n, tag, rank})
		final = final || !n.Version.IsPrerelease()
	}
	if !pre && final {
		fit = slices.DeleteFunc(fit, func(f contender) bool {
			early := f.name.Version.IsPrerelease()
			if early {
				c.reject(f, PassedPrerelease, fmt.Sprintf("%s is a pre-release", f.name.Version))
			}
			return early
		})
	}
	if len(fit) == 0 {
		return c
	}
	best := 0
	for i := 1; i < len(fit); i++ {
		if order := better(fit[i], fit[best]); order > 0 || order == 0 && t.Profile() == tags.Pip {
			best = i
		}
	}
	c.Chosen, c.Tag, c.Rank = fit[best].name, fit[best].tag, fit[best].rank
	for i, f := range fit {
		if i != best {
			c.passOver(f, fit[best])
		}
	}
	return c
}

// better is positive when an installer prefers a.
func better(a, b contender) int {
	if c := a.name.Version.Compare(b.name.Version); c != 0 {
		return c
	}
	if a.rank != b.rank {
		return b.rank - a.rank
	}
	return a.name.Build.Compare(b.name.Build)
}

func (c *Choice) reject(f contender, code tags.ReasonCode, message string) {
	c.Rejected = append(c.Rejected, Rejection{f.name, tags.Reason{Code: code, Message: message, Tag: f.tag}})
}

// passOver says in what the chosen file is better.
func (c *Choice) passOver(f, best contender) {
	switch {
	case f.name.Version.Compare(best.name.Version) != 0:
		c.reject(f, PassedVersion, fmt.Sprintf("%s is newer than %s", best.name.Version, f.name.Version))
	case f.rank != best.rank:
		c.reject(f, PassedRank, fmt.Sprintf("the tag %s is preferred to %s", best.tag, f.tag))
	case f.name.Build.Compare(best.name.Build) != 0:
		c.reject(f, PassedBuild, fmt.Sprintf("build %s is higher than %q", best.name.Build, f.name.Build))
	default:
		c.reject(f, PassedOrder, "equal in version, tag and build; the installer goes by the order of the list")
	}
}
