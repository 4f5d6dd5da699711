package tags

import (
	"strconv"

	"github.com/wheeltag/wheeltag/internal/pystr"
)

// macFormats are the binary formats that a machine runs, best first, and the
// versions of macOS 10 for which they hold (packaging's _mac_binary_formats).
// since11 tells whether they also hold from macOS 11 on.
func macFormats(machine string, fat3 arch) (formats []arch, first10, last10 int, since11 bool) {
	const always = maxVersion
	switch machine {
	case "x86_64":
		return []arch{archX86_64, archIntel, archFat64, fat3, archUniversal2, archUniversal}, 4, always, true
	case "i386":
		return []arch{archI386, archIntel, fat3, archFat, archUniversal}, 4, always, true
	case "ppc64":
		return []arch{archPPC64, archFat64, archUniversal}, 4, 5, false
	case "ppc":
		return []arch{archPPC, fat3, archFat, archUniversal}, 0, 6, false
	case "arm64":
		return []arch{archARM64, archUniversal2}, 0, always, true
	case "intel":
		return []arch{archIntel, archUniversal}, 0, always, true
	}
	if a := macArch(machine); a != 0 {
		return []arch{a}, 0, always, true
	}
	return nil, 0, always, true
}

// macOS follows packaging's mac_platforms: until 10.15 the minor number counts
// down, from 11 on the major number does and the minor number is always 0, and
// then come the versions 10.16 to 10.4 that a universal2 or Intel binary may
// still name.
func (l *platformList) macOS(p Platform, profile Profile) {
	machine := pystr.Lower(p.Arch)
	formats, first, last, since11 := macFormats(machine, profile.fat3())
	if profile.Tool() == UV && machine == "arm64" {
		first, last = 0, -1 // uv lists nothing for arm64 before macOS 11
	}
	if profile.Tool() == UV {
		first = max(first, 4)
	}
	switch {
	case formats == nil:
		l.macOSByName(p, machine)
		return
	case p.Major == 10:
		l.interleaved(formats, 10, min(p.Minor, last), first)
		return
	case p.Major < 11:
		return
	}
	if since11 {
		l.majors(formats, p.Major, 11)
	}
	oldest := []arch{archUniversal2}
	if machine == "x86_64" {
		oldest = formats
	}
	l.interleaved(oldest, 10, 16, 4)
}

// interleaved adds minor versions hi to lo, every format of one version before
// the next version.
func (l *platformList) interleaved(formats []arch, major, hi, lo int) {
	if hi < lo {
		return
	}
	for i, f := range formats {
		l.spans = append(l.spans, span{low: pack(kindMacOS, uint16(f), major, lo), steps: hi - lo, at: l.n + i, stride: len(formats)})
	}
	l.n += (hi - lo + 1) * len(formats)
}

// majors adds versions hi.0 to lo.0.
func (l *platformList) majors(formats []arch, hi, lo int) {
	for i, f := range formats {
		l.spans = append(l.spans, span{low: pack(kindMacOS, uint16(f), lo, 0), shift: fieldBits, steps: hi - lo, at: l.n + i, stride: len(formats)})
	}
	l.n += (hi - lo + 1) * len(formats)
}

// macOSByName serves a machine without a number of its own.
func (l *platformList) macOSByName(p Platform, machine string) {
	name := func(major, minor int) string {
		return "macosx_" + strconv.Itoa(major) + "_" + strconv.Itoa(minor) + "_" + machine
	}
	if p.Major == 10 {
		for minor := p.Minor; minor >= 0; minor-- {
			l.text(name(10, minor))
		}
		return
	}
	if p.Major < 11 {
		return
	}
	for major := p.Major; major >= 11; major-- {
		l.text(name(major, 0))
	}
	l.interleaved([]arch{archUniversal2}, 10, 16, 4)
}

// iOS follows PEP 730 and packaging's ios_platforms: the stated version down
// to its .0, then .9 to .0 of each older major version down to 12.
func (l *platformList) iOS(p Platform) {
	if p.Major < 12 {
		return
	}
	a := iosArch(pystr.Lower(p.Arch))
	add := func(major, minor int) {
		if a != 0 {
			l.down(kindIOS, a, major, minor, 0)
			return
		}
		for ; minor >= 0; minor-- {
			l.text("ios_" + strconv.Itoa(major) + "_" + strconv.Itoa(minor) + "_" + pystr.Lower(p.Arch))
		}
	}
	add(p.Major, p.Minor)
	for major := p.Major - 1; major >= 12; major-- {
		add(major, 9)
	}
}

// androidFloor is the oldest API level listed (PEP 738).
const androidFloor = 16

func (l *platformList) android(p Platform) {
	if p.Major < androidFloor {
		return
	}
	if a := androidArch(pystr.Lower(p.Arch)); a != 0 {
		l.spans = append(l.spans, span{
			low: pack(kindAndroid, uint16(a), androidFloor, 0), shift: fieldBits,
			steps: p.Major - androidFloor, at: l.n, stride: 1,
		})
		l.n += p.Major - androidFloor + 1
		return
	}
	for api := p.Major; api >= androidFloor; api-- {
		l.text("android_" + strconv.Itoa(api) + "_" + pystr.Lower(p.Arch))
	}
}

// emscripten follows PEP 783. uv knows Pyodide's older name of the platform
// instead of the compiler's.
func (l *platformList) emscripten(p Platform, profile Profile) {
	if p.PyEmscripten != "" {
		l.text("pyemscripten_" + p.PyEmscripten + "_" + pystr.Lower(p.Arch))
		if profile.Tool() == UV {
			l.text("pyodide_" + p.PyEmscripten + "_" + pystr.Lower(p.Arch))
		}
	}
	if p.Emscripten != "" && profile.Tool() != UV {
		l.text("emscripten_" + p.Emscripten + "_" + pystr.Lower(p.Arch))
	}
}

func musllinuxText(major, minor int, machine string) string {
	return "musllinux_" + strconv.Itoa(major) + "_" + strconv.Itoa(minor) + "_" + machine
}
