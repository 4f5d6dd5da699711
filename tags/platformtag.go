package tags

import "strings"

// PlatformTag is what a platform tag of a wheel says about the systems it is for.
type PlatformTag struct {
	Tag  string
	Any  bool // "any": every system
	OS   OS   // Generic when the tag follows no known form
	Arch string
	// Libc is the oldest libc that must do, for manylinux and musllinux; the
	// names of PEP 513, 571 and 599 mean glibc 2.5, 2.12 and 2.17.
	Libc         Libc
	Legacy       bool // manylinux1, manylinux2010 or manylinux2014
	Major, Minor int  // of macOS or iOS; Major alone is Android's API level
}

// ParsePlatformTag reads a platform tag such as "manylinux2014_x86_64". It never
// fails: a tag without a known form is a claim for a Generic system.
func ParsePlatformTag(tag string) PlatformTag {
	m := platformMember(tag)
	c := PlatformTag{Tag: tag, Arch: tag}
	if m != 0 && m.kind() != kindAny {
		c.Arch = arch(m.arch()).String()
	}
	switch m.kind() {
	case kindAny:
		c.Any, c.Arch = true, ""
	case kindLinux:
		c.OS = Linux
	case kindManylinux, kindLegacy:
		c.OS, c.Libc, c.Legacy = Linux, Libc{Glibc, m.major(), m.minor()}, m.kind() == kindLegacy
	case kindMusllinux:
		c.OS, c.Libc = Linux, Libc{Musl, m.major(), m.minor()}
	case kindMacOS:
		c.OS, c.Major, c.Minor = MacOS, m.major(), m.minor()
	case kindIOS:
		c.OS, c.Major, c.Minor = IOS, m.major(), m.minor()
	case kindAndroid:
		c.OS, c.Major = Android, m.major()
	default:
		c.readText(tag)
	}
	return c
}

// readText serves tags without a packed form.
func (c *PlatformTag) readText(tag string) {
	switch tag {
	case "win_amd64", "win_arm64", "win32":
		c.OS = Windows
		c.Arch = map[string]string{"win_amd64": "amd64", "win_arm64": "arm64", "win32": "x86"}[tag]
		return
	}
	if machine, ok := strings.CutPrefix(tag, "linux_"); ok && machine != "" {
		c.OS, c.Arch = Linux, machine
	}
	if machine := afterVersion(tag); machine != "" && strings.HasPrefix(tag, "musllinux_") {
		rest := strings.TrimPrefix(tag, "musllinux_")
		major, rest := number(rest)
		minor, _ := number(rest[1:])
		c.OS, c.Arch, c.Libc = Linux, machine, Libc{Musl, major, minor}
	}
}
