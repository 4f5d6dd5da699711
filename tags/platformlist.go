package tags

import (
	"github.com/wheeltag/wheeltag/internal/machine"
	"github.com/wheeltag/wheeltag/internal/pystr"
)

// span is a stretch of a target's platform list in which one number counts down:
// manylinux_2_28 to manylinux_2_17 of one machine. The same spans write the list
// and find a tag's index in it, so that the two cannot disagree.
type span struct {
	low    member // the last, lowest member of the span
	shift  uint8  // where the counting number lies: 0 minor, fieldBits major
	steps  int    // how many steps the highest member lies above low
	at     int    // index of the highest member in the platform list
	stride int    // places from one member to the next lower one
	alias  bool   // accepted, but not in the list: uv's armv8l
	text   string // the whole tag when it has no packed form
}

// index gives the index of m in the list, -1 when m is not of this span.
func (r *span) index(m member) int {
	d := uint64(m - r.low)
	shift := r.shift & 63
	if steps := d >> shift; steps <= uint64(r.steps) && steps<<shift == d {
		return r.at + (r.steps-int(steps))*r.stride
	}
	return -1
}

// platformList is the ordered list of platforms as spans.
type platformList struct {
	spans []span
	n     int    // platforms so far
	arch  uint16 // the machine of every span, 0 when they differ
}

// finish notes the machine that all spans share, by which most other platforms
// are refused without a look at the spans.
func (l *platformList) finish() {
	for i, r := range l.spans {
		if i == 0 {
			l.arch = r.low.arch()
		}
		if r.low == 0 || r.low.arch() != l.arch {
			l.arch = 0
			return
		}
	}
}

// down adds tags whose minor number goes from hi to lo.
func (l *platformList) down(k kind, a arch, major, hi, lo int) {
	if hi < lo {
		return
	}
	l.spans = append(l.spans, span{low: pack(k, uint16(a), major, lo), steps: hi - lo, at: l.n, stride: 1})
	l.n += hi - lo + 1
}

// text adds one tag by its spelling.
func (l *platformList) text(s string) {
	r := span{low: platformMember(s), at: l.n, stride: 1}
	if r.low == 0 {
		r.text = s
	}
	l.spans = append(l.spans, r)
	l.n++
}

// newPlatformList lists the platforms of p in the order of the profile.
func newPlatformList(p Platform, profile Profile) platformList {
	l := platformList{spans: make([]span, 0, 8)}
	switch p.OS {
	case Linux:
		l.linux(p, profile)
	case MacOS:
		l.macOS(p, profile)
	case Windows:
		l.text(windowsTag(p.Arch))
	case IOS:
		l.iOS(p)
	case Android:
		l.android(p)
	case Emscripten:
		l.emscripten(p, profile)
	default:
		l.text(pystr.Lower(p.Arch))
	}
	l.finish()
	return l
}

// linux follows packaging's _linux_platforms. A 32-bit ARM userland on a
// 64-bit machine, armv8l, also takes everything of armv7l; uv knows it only as
// another word for armv7l.
func (l *platformList) linux(p Platform, profile Profile) {
	machines := []string{pystr.Lower(p.Arch)}
	if machines[0] == "armv8l" {
		machines = []string{"armv8l", "armv7l"}
		if profile.Tool() == UV {
			machines = machines[1:]
		}
	}
	if !profile.linuxLast() {
		l.bareLinux(machines)
	}
	if p.Libc.Family == Glibc && !p.NoManylinux {
		for _, m := range machines {
			l.manylinux(m, p.Libc, profile)
		}
	}
	if p.Libc.Family == Musl {
		for _, m := range machines {
			l.musllinux(m, p.Libc)
		}
	}
	if profile.linuxLast() {
		l.bareLinux(machines)
	}
	if profile.Tool() == UV && machines[0] == "armv7l" {
		l.aliasARMv8()
	}
}

func (l *platformList) bareLinux(machines []string) {
	for _, m := range machines {
		l.text("linux_" + m)
	}
}

// aliasARMv8 accepts the armv8l spelling of every armv7l tag.
func (l *platformList) aliasARMv8() {
	for _, r := range l.spans {
		r.low += member(archARMv8-archARMv7) << archShift
		r.alias = true
		l.spans = append(l.spans, r)
	}
}

// lastGlibcMinor stands for the unknown last minor of a finished major
// version; packaging guesses 50.
const lastGlibcMinor = 50

// glibcFloor is the oldest glibc 2.x that a profile lists for a machine, and
// whether it lists manylinux for the machine at all.
func glibcFloor(a arch, profile Profile) (minor int, ok bool) {
	m, _ := machine.Find(Linux.String(), a.String())
	minor = m.GlibcMinor
	if profile.Tool() == UV {
		minor = m.UVGlibcMinor
	}
	return minor, minor != machine.NoTag
}

func (l *platformList) manylinux(name string, libc Libc, profile Profile) {
	a := linuxArch(name)
	floor, ok := glibcFloor(a, profile)
	if !ok {
		return
	}
	if libc.Major == 2 || profile.Tool() == UV {
		// uv steps down to the floor of 2.x within any major version.
		l.glibc(a, libc.Major, libc.Minor, floor)
		return
	}
	l.down(kindManylinux, a, libc.Major, libc.Minor, 0)
	for major := libc.Major - 1; major > 2; major-- {
		l.down(kindManylinux, a, major, lastGlibcMinor, 0)
	}
	l.glibc(a, 2, lastGlibcMinor, floor)
}

// glibc adds one major version from hi to lo, each legacy name right after
// the version it means.
func (l *platformList) glibc(a arch, major, hi, lo int) {
	for _, legacy := range legacies {
		if legacy.minor < lo || legacy.minor > hi {
			continue
		}
		l.down(kindManylinux, a, major, hi, legacy.minor)
		l.down(kindLegacy, a, 2, legacy.minor, legacy.minor)
		hi = legacy.minor - 1
	}
	l.down(kindManylinux, a, major, hi, lo)
}

func (l *platformList) musllinux(machine string, libc Libc) {
	if a := linuxArch(machine); a != 0 {
		l.down(kindMusllinux, a, libc.Major, libc.Minor, 0)
		return
	}
	for minor := libc.Minor; minor >= 0; minor-- {
		l.text(musllinuxText(libc.Major, minor, machine))
	}
}
