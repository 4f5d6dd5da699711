package tags

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/pystr"
)

// explainPlatform says why one platform tag, not "any", does not fit.
func (t *Target) explainPlatform(text string) candidate {
	m := platformMember(text)
	switch m.kind() {
	case kindLinux, kindManylinux, kindLegacy, kindMusllinux:
		if t.platform.OS != Linux {
			return t.otherOS("Linux", text)
		}
		return t.explainLinux(m, text)
	case kindMacOS:
		if t.platform.OS != MacOS {
			return t.otherOS("macOS", text)
		}
		return t.explainMacOS(m, text)
	case kindIOS:
		if t.platform.OS != IOS {
			return t.otherOS("iOS", text)
		}
		return t.explainIOS(m, text)
	case kindAndroid:
		if t.platform.OS != Android {
			return t.otherOS("Android", text)
		}
		return t.explainAndroid(m, text)
	}
	return t.explainText(text)
}

// explainText serves platforms without a packed form.
func (t *Target) explainText(text string) candidate {
	for _, s := range []struct {
		prefix, name string
		os           OS
	}{
		{"win", "Windows", Windows}, {"linux_", "Linux", Linux}, {"manylinux", "Linux", Linux}, {"musllinux", "Linux", Linux},
		{"macosx", "macOS", MacOS}, {"ios_", "iOS", IOS}, {"android_", "Android", Android},
		{"emscripten_", "Emscripten", Emscripten}, {"pyemscripten_", "Emscripten", Emscripten}, {"pyodide_", "Emscripten", Emscripten},
	} {
		if !strings.HasPrefix(text, s.prefix) {
			continue
		}
		switch {
		case t.platform.OS != s.os:
			return t.otherOS(s.name, text)
		}
		if c := t.explainSpelling(text); c.Code != "" {
			return c
		}
		switch {
		case s.os == Windows && slices.Contains([]string{"win32", "win_amd64", "win_arm64", "win_ia64"}, text),
			s.prefix == "linux_":
			return t.otherMachine(text[strings.IndexByte(text, '_')+1:])
		case s.os == Emscripten:
			return t.otherOS(text, text)
		case s.prefix == "musllinux" || s.prefix == "manylinux":
			if machine := afterVersion(text); machine != "" {
				return t.otherMachine(machine)
			}
		}
		return never("no installer accepts the platform tag %s", text)
	}
	return t.otherOS(text, text)
}

// afterVersion gives the machine of "musllinux_1_2_sparc64", else "".
func afterVersion(text string) string {
	parts := strings.SplitN(text, "_", 4)
	if len(parts) < 4 {
		return ""
	}
	for _, p := range parts[1:3] {
		if _, rest := number(p); rest != "" || p == "" {
			return ""
		}
	}
	return parts[3]
}

func (t *Target) otherOS(name, need string) candidate {
	have := t.platform.OS.String()
	if t.platform.OS == Generic {
		have = t.platform.Arch
	}
	return candidate{near: nearOS, Reason: Reason{
		Code: ReasonOS, Need: need, Have: have,
		Message: fmt.Sprintf("built for %s; %s", name, t.isOn(t.platform.String())),
	}}
}

func (t *Target) isOn(what string) string {
	if t.name == "" {
		return "the target is " + what
	}
	return t.name + " is " + what
}

func (t *Target) otherMachine(need string) candidate {
	return candidate{near: nearMachine, Reason: Reason{
		Code: ReasonMachine, Need: need, Have: t.platform.Arch,
		Message: fmt.Sprintf("built for %s machines; %s", need, t.isOn(t.platform.Arch)),
	}}
}

// older tells of a version of the platform that is too low. has is the
// library or system, as in "glibc".
func (t *Target) older(code ReasonCode, what string, need, have [2]int) candidate {
	n, h := versionText(need[0], need[1]), versionText(have[0], have[1])
	c := candidate{near: nearVersion, Reason: Reason{
		Code: code, Need: n, Have: h,
		Message: fmt.Sprintf("needs %s %s or newer; %s has %s", what, n, t.describe(), h),
	}}
	c.distance = 1000*abs(need[0]-have[0]) + abs(need[1]-have[1])
	return c
}

func (t *Target) explainLinux(m member, text string) candidate {
	if c := t.explainSpelling(text); c.Code != "" {
		return c
	}
	if !t.runsMachine(m) {
		if floor := t.belowFloor(m, text); floor.Code != "" {
			return floor
		}
		return t.otherMachine(arch(m.arch()).String())
	}
	libc := t.platform.Libc
	if m.kind() == kindMusllinux {
		if libc.Family != Musl {
			return t.otherLibc("musl")
		}
		if m.major() != libc.Major {
			return never("%s lists musllinux_%d_* tags only on musl %d; %s has %s", t.profile, m.major(), m.major(), t.describe(), libc)
		}
		return t.older(ReasonMuslVersion, "musl", [2]int{m.major(), m.minor()}, [2]int{libc.Major, libc.Minor})
	}
	if c := t.belowFloor(m, text); c.Code != "" {
		return c
	}
	if libc.Family != Glibc {
		return t.otherLibc("glibc")
	}
	if t.platform.NoManylinux {
		c := t.otherMachine(arch(m.arch()).String())
		c.Message = fmt.Sprintf("manylinux needs the usual ELF ABI of %s; the interpreter of %s has another (soft float or x32)", c.Need, t.describe())
		return c
	}
	return t.older(ReasonGlibcVersion, "glibc", [2]int{m.major(), m.minor()}, [2]int{libc.Major, libc.Minor})
}

func (t *Target) runsMachine(m member) bool {
	own, tag := t.platform.Arch, arch(m.arch()).String()
	return own == tag || own == "armv8l" && tag == "armv7l"
}

// belowFloor finds manylinux tags that no glibc makes acceptable: below the
// first policy of the machine, or of a machine without policies.
func (t *Target) belowFloor(m member, text string) candidate {
	if m.kind() != kindManylinux && m.kind() != kindLegacy {
		return candidate{}
	}
	a := arch(m.arch())
	floor, ok := glibcFloor(a, t.profile)
	switch {
	case !ok:
		return never("no installer accepts %s: manylinux is not defined for %s", text, a)
	case m.major() < 2 || m.major() == 2 && m.minor() < floor:
		return never("no installer accepts %s: manylinux begins with glibc 2.%d on %s for %s", text, floor, a, t.profile)
	}
	return candidate{}
}

func (t *Target) otherLibc(need string) candidate {
	have := t.platform.Libc.Family.String()
	return candidate{near: nearLibc, Reason: Reason{
		Code: ReasonLibcFamily, Need: need, Have: have,
		Message: fmt.Sprintf("built for %s; %s has %s", need, t.describe(), t.platform.Libc),
	}}
}

func (t *Target) explainMacOS(m member, text string) candidate {
	formats, _, _, _ := macFormats(pystr.Lower(t.platform.Arch), t.profile.fat3())
	if !slices.Contains(formats, arch(m.arch())) {
		if c := t.explainSpelling(text); c.Code != "" {
			return c
		}
		return t.otherMachine(arch(m.arch()).String())
	}
	if m.major() > 10 && m.minor() != 0 {
		return never("no installer accepts %s: from macOS 11 on the minor number of a tag is 0", text)
	}
	if m.major() <= 10 && arch(m.arch()).String() == "arm64" {
		return never("no installer accepts %s: tags for arm64 begin with macOS 11", text)
	}
	need, have := [2]int{m.major(), m.minor()}, [2]int{t.platform.Major, t.platform.Minor}
	if need[0] < have[0] || need[0] == have[0] && need[1] <= have[1] {
		return never("%s does not list %s for %s, though its macOS is new enough", t.profile, text, t.describe())
	}
	return t.older(ReasonMacOSVersion, "macOS", need, have)
}

func (t *Target) explainIOS(m member, text string) candidate {
	if arch(m.arch()).String() != pystr.Lower(t.platform.Arch) {
		return t.otherMachine(arch(m.arch()).String())
	}
	need, have := [2]int{m.major(), m.minor()}, [2]int{t.platform.Major, t.platform.Minor}
	if need[0] < have[0] || need[0] == have[0] && need[1] <= have[1] {
		return never("no installer accepts %s: tags go from 12_0, and up to _9 of an older release", text)
	}
	return t.older(ReasonIOSVersion, "iOS", need, have)
}

func (t *Target) explainAndroid(m member, text string) candidate {
	if arch(m.arch()).String() != pystr.Lower(t.platform.Arch) {
		return t.otherMachine(arch(m.arch()).String())
	}
	if m.major() <= t.platform.Major {
		return never("no installer accepts %s: tags begin with API level %d", text, androidFloor)
	}
	c := t.older(ReasonAndroidAPI, "Android API level", [2]int{m.major(), -1}, [2]int{t.platform.Major, -1})
	return c
}
