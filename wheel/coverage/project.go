package coverage

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// project is a package and the files on offer for it.
type project struct {
	name     string
	complete bool // there are no other files
	pinned   bool // offers are of one version only
	pre      bool // pre-releases count like final releases
	allowed  pep440.SpecifierSet
	offers   []Offer
	limits   limits

	variants map[string]*wheel.ReleaseVariants // by version

	verdicts    []verdict // whether allowed has each offer, as far as it was evaluated
	allowedText string    // see allowedBrief
}

// verdict is whether the version of an offer is allowed.
type verdict uint8

const (
	unasked verdict = iota
	yes
	no
)

// allows reports whether the version of a file is allowed. Each is evaluated once,
// because there may be very many specifiers.
func (p *project) allows(f *file) bool {
	if p.allowed.Len() == 0 {
		return true
	}
	if p.verdicts == nil {
		p.verdicts = make([]verdict, len(p.offers))
	}
	if p.verdicts[f.at] == unasked {
		p.verdicts[f.at] = no
		if p.allowed.Contains(f.version, pep440.PrereleasesAllowed) {
			p.verdicts[f.at] = yes
		}
	}
	return p.verdicts[f.at] == yes
}

// allowedBrief is the allowed versions as text, shortened for messages.
func (p *project) allowedBrief() string {
	if p.allowedText == "" {
		p.allowedText = brief(p.allowed.String())
	}
	return p.allowedText
}

// brief shortens text of a file for messages.
func brief(text string) string {
	const most = 1000 // bytes
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "..."
	}
	return text
}

// file is an offer with its parsed name. Names are large, so they are parsed again
// for each row and not kept.
type file struct {
	at      int // index into the offers
	name    wheel.Name
	version pep440.Version
	isWheel bool
}

// files reads the names of all offers that may be taken, newest version first and
// otherwise in the order given. Offers with invalid names are left out; they were
// reported when the source was read.
func (p *project) files() []file {
	files := make([]file, 0, len(p.offers))
	for i := range p.offers {
		f := file{at: i}
		if name, err := wheel.ParseName(p.offers[i].Name); err == nil {
			f.name, f.version, f.isWheel = name, name.Version, true
		} else if sdist, err := wheel.ParseSdistName(p.offers[i].Name, p.name); err == nil {
			f.version = sdist.Version
		} else {
			continue
		}
		files = append(files, f)
	}
	if !p.pinned {
		slices.SortStableFunc(files, func(a, b file) int { return b.version.Compare(a.version) })
	}
	return files
}

// chooser answers for one project and many targets.
type chooser struct {
	project *project
	files   []file
	ends    []int // where the files of each version end
	finals  bool  // some allowed version is final, so that pre-releases wait
}

func newChooser(p *project) *chooser {
	c := &chooser{project: p, files: p.files()}
	c.files = slices.DeleteFunc(c.files, func(f file) bool {
		_, refused := p.limits.refuse(&f, &p.offers[f.at])
		return refused || !p.allows(&f)
	})
	for i := 1; i <= len(c.files); i++ {
		if i == len(c.files) || !p.pinned && c.files[i].version.Compare(c.files[i-1].version) != 0 {
			c.ends = append(c.ends, i)
		}
	}
	c.finals = !p.pre && !p.pinned && slices.ContainsFunc(c.files, func(f file) bool { return !f.version.IsPrerelease() })
	return c
}

// cell answers for one target.
func (c *chooser) cell(t *Target, fitter *wheel.Fitter) Cell {
	if len(c.project.offers) == 0 && !c.project.complete {
		return Cell{Unknown, -1}
	}
	uv := t.Profile().Tool() == tags.UV
	passes := []pass{{finals: c.finals, yanked: uv && c.project.pinned}}
	if c.finals {
		passes = append(passes, pass{})
	}
	if c.project.pinned && !uv {
		passes = append(passes, pass{yanked: true})
	}
	for _, p := range passes {
		if c.finals && !p.finals && !uv && c.withdrawn(t, fitter) {
			break
		}
		from := 0
		for _, to := range c.ends {
			if best := c.best(c.files[from:to], t, fitter, p); best != nil {
				return c.taken(t, best)
			}
			from = to
		}
	}
	return Cell{Missing, -1}
}

// withdrawn reports whether a final release would fit if it were not yanked. pip
// then does not use a pre-release instead.
func (c *chooser) withdrawn(t *Target, fitter *wheel.Fitter) bool {
	return slices.ContainsFunc(c.files, func(f file) bool {
		offer := &c.project.offers[f.at]
		if !offer.Yanked || f.version.IsPrerelease() {
			return false
		}
		_, fits := c.rank(&f, offer.RequiresPython, t, fitter)
		return fits
	})
}

// pass says which offers count.
type pass struct{ finals, yanked bool }

// best is the file that is taken of one version, nil if none fits. pip skips files
// that are for other Pythons; uv takes the best file by tags, and skips the whole
// version if that one is for other Pythons.
func (c *chooser) best(files []file, t *Target, fitter *wheel.Fitter, p pass) *file {
	uv := t.Profile().Tool() == tags.UV
	if c.unreadable(t, files) != nil {
		return nil
	}
	var best *file
	var bestPlace place
	for i := range files {
		f := &files[i]
		offer := &c.project.offers[f.at]
		if offer.Yanked && !p.yanked || p.finals && f.version.IsPrerelease() {
			continue
		}
		requires := offer.RequiresPython
		if uv {
			requires = "" // asked of the best alone
		}
		at, fits := c.rank(f, requires, t, fitter)
		if !fits || best != nil && !c.beats(t, f, at, best, bestPlace) {
			continue
		}
		best, bestPlace = f, at
	}
	if uv && best != nil && !fitter.AllowsPython(c.project.offers[best.at].RequiresPython) {
		return nil
	}
	return best
}

// place is where a file is in an installer's order.
type place struct {
	variant wheel.VariantRank
	tag     int
}

// rank is the place of a file; source comes after every wheel.
func (c *chooser) rank(f *file, requires string, t *Target, fitter *wheel.Fitter) (at place, fits bool) {
	if !f.isWheel {
		return place{tag: math.MaxInt}, fitter.AllowsPython(requires)
	}
	at.tag, fits = fitter.Rank(&f.name, requires)
	if fits && f.name.Variant != "" {
		var refused *tags.Reason
		at.variant, refused = wheel.RankVariant(t.Target, &f.name, c.project.variantsOf(f))
		fits = refused == nil
	}
	return at, fits
}

// unreadable reports why uv skips the version of these files, all of one version: they
// include a variant wheel, and what lists the variants cannot be read.
func (c *chooser) unreadable(t *Target, files []file) *tags.Reason {
	if !t.Profile().Variants() {
		return nil
	}
	for i := range files {
		f := &files[i]
		if release := c.project.variantsOf(f); f.name.Variant != "" && release != nil && release.Err != nil {
			return wheel.VersionUnreadable(&f.name, release)
		}
	}
	return nil
}

// variantsOf are the variants of a file's version, or nil.
func (p *project) variantsOf(f *file) *wheel.ReleaseVariants { return p.variants[f.version.String()] }

// beats reports whether a file that comes later in the list is preferred.
func (c *chooser) beats(t *Target, f *file, at place, best *file, bestAt place) bool {
	order := cmp.Or(bestAt.variant.Compare(at.variant), cmp.Compare(bestAt.tag, at.tag), f.name.Build.Compare(best.name.Build))
	return order > 0 || order == 0 && t.Profile() == tags.Pip
}

func (c *chooser) taken(t *Target, f *file) Cell {
	state := Build
	if f.isWheel {
		state = Wheel
		if tag, _, _ := t.Best(&f.name.Tags); tag.Platform == "any" {
			state = Pure
		}
	}
	return Cell{state, int32(f.at)}
}
