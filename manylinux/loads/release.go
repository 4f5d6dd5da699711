package loads

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
)

// Releases answers for every known release that was built for the machine.
func Releases(c Code) iter.Seq[Result] {
	return func(yield func(Result) bool) {
		for release := range distro.Releases() {
			// The images that wheels are built in are no systems to run on.
			image := release.Distro == "manylinux" || release.Distro == "musllinux"
			if image || release.Libc.Family == tags.NoLibc || !slices.Contains(release.Machines, c.Machine) {
				continue
			}
			if release.Python != "" {
				release.With = "python3" // without another, its own is meant
			}
			r := OnRelease(c, tags.Platform{OS: tags.Linux, Arch: c.Machine, Libc: release.Libc}, &release)
			r.Release, r.EndOfLife = release.Name(), release.EndOfLife
			if !yield(r) {
				return
			}
		}
	}
}

// OnRelease says whether code loads on a platform. release, if known, says which
// symbol versions the platform's libraries have; without it only the version of
// the libc is known. The result has no name.
func OnRelease(c Code, p tags.Platform, release *distro.Release) Result {
	r := Result{Loads: Yes}
	if c.Files == 0 && len(c.Demands) == 0 {
		return r
	}
	if c.Libc == elfaudit.LibcBionic && p.OS == tags.Android {
		return Result{Loads: Unknown, NoData: []string{"what Android offers"}}
	}
	if other, ok := otherSystem(c, p); ok {
		return other
	}
	c.Demands = forLibc(c, p).Demands
	offer := readOffer(p, release)
	notes := notesFor(&r)
	for _, d := range c.Heaviest(-1) {
		notes.add(offer.lacks(d))
	}
	r.Install = offer.install(c.Demands)
	r.settle(c.Readable)
	return r
}

// forLibc leaves out what is about another C library than that of the platform.
func forLibc(c Code, p tags.Platform) manylinux.Needs {
	if p.Libc.Family == tags.Musl {
		return c.For(elfaudit.LibcMusl)
	}
	return c.For(elfaudit.LibcGlibc)
}

// offer is what a platform has.
type offer struct {
	libc     tags.Libc
	musl     manylinux.MuslRelease
	exact    bool            // the patch release of musl is known
	release  *distro.Release // nil when only the libc is known
	machine  string
	versions map[string][]string // by namespace; nil when not measured
}

func readOffer(p tags.Platform, r *distro.Release) offer {
	o := offer{libc: p.Libc, musl: manylinux.MuslRelease(p.Libc.Major*10000 + p.Libc.Minor*100)}
	if r == nil || r.Libc != p.Libc {
		return o
	}
	o.release, o.machine = r, p.Arch
	o.versions = r.SymbolVersions(p.Arch)
	if exact, err := manylinux.ParseMuslRelease(r.LibcVersion); err == nil && p.Libc.Family == tags.Musl {
		o.musl, o.exact = exact, true
	}
	return o
}

// lacks names what a demand is about when the platform does not meet it, or, with
// known false, when it was not measured there.
func (o offer) lacks(d manylinux.Demand) (text string, known bool) {
	switch d.Kind {
	case manylinux.KindLibrary:
		return o.lacksLibrary(d)
	case manylinux.KindProcessor:
		return processorLevel, false
	case manylinux.KindSymbol:
		return firstNames(d.Symbols, 3) + " without a version", false
	case manylinux.KindMusl:
		text := firstNames(d.Symbols, 3) + " in musl"
		if d.Version == "" { // no release that was read has them; a later one may
			return text, o.musl <= manylinux.NewestMusl()
		}
		return o.before(d.Version, text)
	case manylinux.KindRelocations:
		if d.Floor >= manylinux.NoPolicy {
			return "the version GLIBC_ABI_DT_RELR in the file", true
		}
		return o.before(d.From, "packed relocations (DT_RELR)")
	case manylinux.KindStack:
		if text, _ := o.before(d.Before, "x"); text == "" && o.libc.Family == tags.Glibc {
			return "an executable stack", true
		}
	case manylinux.KindHeader:
		text := "a loader for a file that " + d.Reason
		switch {
		case d.From != "":
			return o.before(d.From, text)
		case d.Before == "":
			return text, !d.Unsure
		}
		if early, _ := o.before(d.Before, "x"); early == "" {
			return text, !d.Unsure
		}
	case manylinux.KindPath:
		return d.Library + " on a run path of " + d.File, !d.Unsure
	case manylinux.KindOrphan:
		return d.Library + ", which " + d.File + " does not name", !d.Unsure
	case manylinux.KindElsewhere:
		text := firstNames(d.Symbols, 3) + " in " + d.Wheel
		if d.Version != "" {
			text = d.Version + " in the " + d.Library + " of " + d.Wheel
		}
		return text, !d.Unsure
	case manylinux.KindBundled:
		return d.Version + " in the " + d.Library + " of the wheel", true
	case manylinux.KindModule:
		return "a loader for " + d.File + ", which is no ELF library", true
	case manylinux.KindTLS:
		if d.Size > 0 {
			return fmt.Sprintf("room for %d bytes of static thread-local storage", d.Size), !d.Unsure
		}
		return "room for initial-exec thread-local storage", !d.Unsure
	case manylinux.KindVersion:
		if has, known := o.has(d); !has {
			return fmt.Sprintf("%s in %s", d.Version, d.Library), known
		}
	}
	// Symbols that policies ban are there on some systems; which ones, only a
	// look at the library itself shows.
	return "", true
}

// lacksLibrary is lacks for a library. One that policies allow and that is known to be
// absent can be installed; see install.
func (o offer) lacksLibrary(d manylinux.Demand) (text string, known bool) {
	allowed := d.Floor < manylinux.NoPolicy
	if d.Wheel != "" {
		return "", true // what it takes to have it is in install
	}
	if o.release == nil { // a tag promises what its policy allows
		if allowed {
			return "", true
		}
		return d.Library + " from outside the wheel", true
	}
	has, known := o.release.HasLibrary(o.machine, d.Library)
	switch {
	case has || known && allowed:
		return "", true
	case allowed:
		return d.Library, false
	}
	return d.Library + " from outside the wheel", known
}

// install lists the libraries that policies allow and that a release is known not to
// have until they are installed, and the wheels that have other libraries.
func (o offer) install(demands []manylinux.Demand) []string {
	var list []string
	for _, d := range demands {
		if d.Kind == manylinux.KindLibrary && d.Wheel != "" && !slices.Contains(list, d.Wheel) {
			list = append(list, d.Wheel)
		}
		if o.release == nil || d.Kind != manylinux.KindLibrary || d.Floor >= manylinux.NoPolicy {
			continue
		}
		if has, known := o.release.HasLibrary(o.machine, d.Library); known && !has && !slices.Contains(list, d.Library) {
			list = append(list, d.Library)
		}
	}
	slices.Sort(list)
	return list
}

// before returns text if the platform's libc is older than a release, and whether
// that is known: of musl often only the minor series is.
func (o offer) before(release, text string) (string, bool) {
	if o.libc.Family != tags.Musl {
		minor, ok := manylinux.GlibcMinor("GLIBC_" + release)
		if ok && o.libc.Major == 2 && o.libc.Minor < int(minor) {
			return text, true
		}
		return "", true
	}
	since, err := manylinux.ParseMuslRelease(release)
	switch {
	case err != nil || since <= o.musl:
		return "", true
	case !o.exact && since.SameMinor(o.musl):
		return text, false
	}
	return text, true
}

const processorLevel = "the level of its processors"

func firstNames(symbols []manylinux.Symbol, n int) string {
	var names []string
	for _, s := range symbols[:min(n, len(symbols))] {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// has reports whether a symbol version is there, and whether that is known.
func (o offer) has(d manylinux.Demand) (has, known bool) {
	namespace, number, _ := strings.Cut(d.Version, "_")
	if o.versions != nil && manylinux.Known().Knows(namespace) {
		return slices.Contains(o.versions[namespace], number), true
	}
	if minor, plain := manylinux.GlibcMinor(d.Version); plain {
		return o.libc.Major > 2 || int(minor) <= o.libc.Minor, true
	}
	// A policy at or below the platform's glibc has the version.
	if o.libc.Major > 2 || int(d.Floor) <= o.libc.Minor {
		return true, true
	}
	return false, d.Version == "GLIBC_PRIVATE"
}
