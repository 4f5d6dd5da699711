package tags

import (
	"strconv"
	"strings"
)

// member is one member of a part, packed so that ranking compares numbers:
//
//	kind 8 bits | arch or flags 16 | major 20 | minor 20
//
// Two members that are not "other" are equal exactly when their texts are. A
// text without such a form is "other": its place in the part's text, compared
// as a string.
type member uint64

type kind uint8

const (
	kindOther kind = iota + 1

	// Interpreters: py3, py311, cp311, pp310. Major and minor; see noMinor.
	kindPy
	kindCPython
	kindPyPy

	// ABIs. A CPython ABI carries its flags in the arch field.
	kindNone
	kindABI3
	kindABI3T
	kindCPythonABI

	// Platforms.
	kindAny
	kindLinux
	kindManylinux
	kindLegacy // manylinux1, 2010, 2014, as glibc 2.5, 2.12, 2.17
	kindMusllinux
	kindMacOS
	kindIOS
	kindAndroid // the API level is the major number
)

const (
	fieldBits = 20
	fieldMask = 1<<fieldBits - 1
	archShift = 2 * fieldBits
	kindShift = 56
	noMinor   = fieldMask // "py3", "cp3"
)

// Flags of a CPython ABI, in the order in which they are written.
const (
	flagThreaded = 1 << iota
	flagDebug
	flagPymalloc
	flagWideUnicode
)

const flagLetters = "tdmu"

func pack(k kind, arch uint16, major, minor int) member {
	return member(k)<<kindShift | member(arch)<<archShift | member(major)<<fieldBits | member(minor)
}

func otherMember(start, end int) member {
	return pack(kindOther, 0, start, end)
}

func (m member) kind() kind   { return kind(m >> kindShift) }
func (m member) arch() uint16 { return uint16(m >> archShift) }
func (m member) major() int   { return int(m >> fieldBits & fieldMask) }
func (m member) minor() int   { return int(m & fieldMask) }

// number reads decimal digits without leading zeros and gives the rest of s;
// the length of the rest is len(s) if there is no such number.
func number(s string) (n int, rest string) {
	i := 0
	for i < len(s) && s[i]-'0' <= 9 {
		n = n*10 + int(s[i]-'0')
		if i++; i > 6 {
			return 0, s
		}
	}
	if i > 1 && s[0] == '0' || n >= noMinor {
		return 0, s
	}
	return n, s[i:]
}

// versionNoDot reads "311" as 3, 11 and "3" as 3, noMinor: the first digit is
// the major number, as no tag separates the two.
func versionNoDot(s string) (major, minor int, ok bool) {
	if s == "" || s[0]-'0' > 9 {
		return 0, 0, false
	}
	major = int(s[0] - '0')
	if len(s) == 1 {
		return major, noMinor, true
	}
	minor, rest := number(s[1:])
	return major, minor, rest == ""
}

// interpreterMember gives 0 for a text that has no packed form.
func interpreterMember(s string) member {
	if len(s) < 3 || s[1] != 'y' && s[1] != 'p' {
		return 0
	}
	var k kind
	switch s[:2] {
	case "cp":
		k = kindCPython
	case "py":
		k = kindPy
	case "pp":
		k = kindPyPy
	default:
		return 0
	}
	major, minor, ok := versionNoDot(s[2:])
	if !ok {
		return 0
	}
	return pack(k, 0, major, minor)
}

func abiMember(s string) member {
	switch s {
	case "none":
		return pack(kindNone, 0, 0, 0)
	case "abi3":
		return pack(kindABI3, 0, 0, 0)
	case "abi3t":
		return pack(kindABI3T, 0, 0, 0)
	}
	if len(s) < 3 || s[:2] != "cp" {
		return 0
	}
	digits := 2
	for digits < len(s) && s[digits]-'0' <= 9 {
		digits++
	}
	major, minor, ok := versionNoDot(s[2:digits])
	if !ok {
		return 0
	}
	var flags uint16
	next := 0 // letters must keep their order to be the canonical text
	for _, c := range []byte(s[digits:]) {
		i := strings.IndexByte(flagLetters, c)
		if i < next {
			return 0
		}
		flags |= 1 << i
		next = i + 1
	}
	return pack(kindCPythonABI, flags, major, minor)
}

func platformMember(s string) member {
	if len(s) < 3 {
		return 0
	}
	switch s[:3] {
	case "any":
		if len(s) == 3 {
			return pack(kindAny, 0, 0, 0)
		}
	case "man":
		if rest, ok := strings.CutPrefix(s, "manylinux"); ok {
			return manylinuxMember(rest)
		}
	case "mus":
		if rest, ok := strings.CutPrefix(s, "musllinux_"); ok {
			return versionedMember(kindMusllinux, rest, linuxArch)
		}
	case "mac":
		if rest, ok := strings.CutPrefix(s, "macosx_"); ok {
			return versionedMember(kindMacOS, rest, macArch)
		}
	case "ios":
		if rest, ok := strings.CutPrefix(s, "ios_"); ok {
			return versionedMember(kindIOS, rest, iosArch)
		}
	case "lin":
		if rest, ok := strings.CutPrefix(s, "linux_"); ok {
			if a := linuxArch(rest); a != 0 {
				return pack(kindLinux, uint16(a), 0, 0)
			}
		}
	case "and":
		if rest, ok := strings.CutPrefix(s, "android_"); ok {
			return androidMember(rest)
		}
	}
	return 0
}

// androidMember reads "24_arm64_v8a".
func androidMember(s string) member {
	api, rest := number(s)
	if rest == s || len(rest) < 2 || rest[0] != '_' {
		return 0
	}
	if a := androidArch(rest[1:]); a != 0 {
		return pack(kindAndroid, uint16(a), api, 0)
	}
	return 0
}

// manylinuxMember reads what follows "manylinux".
func manylinuxMember(s string) member {
	if s != "" && s[0] == '_' {
		return versionedMember(kindManylinux, s[1:], linuxArch)
	}
	for _, l := range legacies {
		if rest, ok := strings.CutPrefix(s, l.suffix); ok {
			if a := linuxArch(rest); a != 0 {
				return pack(kindLegacy, uint16(a), 2, l.minor)
			}
		}
	}
	return 0
}

// legacies are the names of PEP 513, 571 and 599 and the glibc 2.x they mean.
var legacies = [...]struct {
	suffix string
	minor  int
}{{"2014_", 17}, {"2010_", 12}, {"1_", 5}}

// versionedMember reads "2_17_x86_64".
func versionedMember(k kind, s string, arch func(string) arch) member {
	major, rest := number(s)
	if rest == s || rest == "" || rest[0] != '_' {
		return 0
	}
	s = rest[1:]
	minor, rest := number(s)
	if rest == s || rest == "" || rest[0] != '_' {
		return 0
	}
	a := arch(rest[1:])
	if a == 0 {
		return 0
	}
	return pack(k, uint16(a), major, minor)
}

// appendPlatform writes a packed platform as it stands in a tag.
func appendPlatform(dst []byte, m member) []byte {
	version := func(dst []byte, prefix string) []byte {
		dst = append(dst, prefix...)
		dst = strconv.AppendInt(dst, int64(m.major()), 10)
		dst = append(dst, '_')
		return strconv.AppendInt(dst, int64(m.minor()), 10)
	}
	switch m.kind() {
	case kindAny:
		return append(dst, "any"...)
	case kindLinux:
		dst = append(dst, "linux"...)
	case kindManylinux:
		dst = version(dst, "manylinux_")
	case kindMusllinux:
		dst = version(dst, "musllinux_")
	case kindMacOS:
		dst = version(dst, "macosx_")
	case kindIOS:
		dst = version(dst, "ios_")
	case kindAndroid:
		dst = append(dst, "android_"...)
		dst = strconv.AppendInt(dst, int64(m.major()), 10)
	case kindLegacy:
		dst = append(dst, "manylinux"...)
		for _, l := range legacies {
			if l.minor == m.minor() {
				return append(append(dst, l.suffix...), arch(m.arch()).String()...)
			}
		}
	}
	dst = append(dst, '_')
	return append(dst, arch(m.arch()).String()...)
}
