package distro

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/internal/machine"
	"github.com/wheeltag/wheeltag/tags"
)

// Release is what is known of one release of a Linux distribution, or of one
// of pypa's build images (distros "manylinux" and "musllinux").
type Release struct {
	Distro   string // "debian"
	Version  string // "11", "stream9", "tumbleweed"
	Codename string // "bullseye", or ""

	// Libc is the release's C library, tags.NoLibc when it has no single one.
	// LibcVersion is the version as recorded; musl's may have a third number.
	Libc        tags.Libc
	LibcVersion string

	Python   string   // version of its own python3, such as "3.9"; "" when not known
	Machines []string // as platform tags name them, sorted; empty when not known

	// Dates as 2006-01-02, "" when not known or not offered: the end of
	// general support, of the distribution's long-term support, and of what
	// can be bought.
	EndOfLife, EndOfLTS, EndOfPaid string

	// Rolling says that the release changes while it keeps its name, so
	// that the above was true at AsOf, the date of the record.
	Rolling bool
	AsOf    string

	Aliases []string // other spellings of Version: "9" of centos:stream9

	// With is what is installed beyond the minimal install: "" nothing, "python3"
	// the release's own Python, "python", "python:slim" or "python:3.12-slim" what
	// Docker's images of that kind have, "other" more than is on record. See
	// [Release.HasLibrary].
	With string
}

// Name is the release in its usual spelling, such as "debian:11".
func (r *Release) Name() string { return r.Distro + ":" + r.Version }

// Releases yields every known release, ordered by distribution and version.
func Releases() iter.Seq[Release] {
	return func(yield func(Release) bool) {
		for _, r := range load().releases {
			if !yield(r.clone()) {
				return
			}
		}
	}
}

// clone keeps callers from writing into the shared tables.
func (r *Release) clone() Release {
	c := *r
	c.Machines = slices.Clone(r.Machines)
	c.Aliases = slices.Clone(r.Aliases)
	return c
}

// moving is the date of the record of a release that changes, otherwise empty.
func (r *Release) moving() string {
	if r.Rolling {
		return r.AsOf
	}
	return ""
}

// has reports whether the release is recorded for a machine. A release without
// a record of machines is taken to have them all.
func (r *Release) has(machine string) bool {
	return len(r.Machines) == 0 || slices.Contains(r.Machines, userland(machine))
}

// userland is the machine whose packages a machine runs: a 32-bit userland
// under a 64-bit ARM kernel is that of armv7l.
func userland(machine string) string {
	if machine == "armv8l" {
		return "armv7l"
	}
	return machine
}

// compareReleases orders versions by their numbers, words after them.
func compareReleases(a, b *Release) int {
	if c := cmp.Compare(a.Distro, b.Distro); c != 0 {
		return c
	}
	return compareVersions(a.Version, b.Version)
}

func compareVersions(a, b string) int {
	split := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == '_' })
	}
	return slices.CompareFunc(split(a), split(b), func(x, y string) int {
		xw, xn := trailingNumber(x)
		yw, yn := trailingNumber(y)
		return cmp.Or(cmp.Compare(xw, yw), cmp.Compare(xn, yn))
	})
}

// trailingNumber splits "stream9" into a word and a number.
func trailingNumber(s string) (string, int) {
	word := strings.TrimRight(s, "0123456789")
	n, _ := strconv.Atoi(s[len(word):])
	return word, n
}

// found is what the tables hold for a word.
type found struct {
	release *Release
	distro  string // set when that much of the word is known
	asOf    string // when, if the word means something else in time
}

// release finds the release that a word means, its registry left out.
func (t *tables) release(word string) found {
	if r := t.words[word]; r != nil {
		return found{r, r.Distro, r.moving()}
	}
	name, version, colon := strings.Cut(word, ":")
	if !colon {
		if distro := t.distros[word]; distro != "" {
			return found{distro: distro}
		}
		// A codename with a suffix: bullseye-slim.
		if i := strings.IndexByte(word, '-'); i > 0 && knownSuffix(word[i+1:]) && t.words[word[:i]] != nil {
			return t.release(word[:i])
		}
		return t.joined(word)
	}
	if distro := t.distros[name]; distro != "" {
		if f := t.version(distro, version); f.release != nil || t.words[name] == nil {
			return f
		}
	}
	// The name is a release by itself, ubi9:9.4; the tag must be one of it.
	f := t.release(name)
	if f.release != nil && version != "latest" && t.version(f.distro, version).release != f.release {
		f.release = nil
	}
	return f
}

// joined finds a release whose distro and version are joined by a dash or by
// nothing: debian-11, ubi9. The longest name of a distro wins.
func (t *tables) joined(word string) found {
	known := found{}
	for n := min(len(word)-1, t.longest); n > 0; n-- {
		distro := t.distros[word[:n]]
		if distro == "" || strings.ContainsAny(word[n:], ":/") {
			continue
		}
		rest, dash := strings.CutPrefix(word[n:], "-")
		if !dash && (rest[0] < '0' || rest[0] > '9') || rest == "" {
			continue
		}
		if f := t.version(distro, rest); f.release != nil {
			return f
		}
		if known.distro == "" && (n > 2 || isNumber(rest[:1])) {
			known.distro = distro
		}
	}
	return known
}

// version finds a release by its version, codename or alias. Container tags add
// to it: slim and the like, dates, point releases. Those change neither libc
// nor Python, so they are dropped from the right until something is known.
func (t *tables) version(distro, version string) found {
	for {
		key := distro + ":" + version
		if r := t.byVersion[key]; r != nil {
			return found{r, distro, cmp.Or(t.moving[key], r.moving())}
		}
		i := strings.LastIndexAny(version, "-.")
		if i < 0 || version[i] == '-' && !knownSuffix(version[i+1:]) || version[i] == '.' && !isNumber(version[i+1:]) {
			return found{distro: distro}
		}
		version = version[:i]
	}
}

// knownSuffix is a part of a tag that does not change the release: a variant,
// or a date or build number, which is longer than any version.
func knownSuffix(s string) bool {
	switch s {
	case "slim", "backports", "minimal", "base", "micro", "init", "lts":
		return true
	}
	return len(s) >= 3 && isNumber(s)
}

// isNumber reports whether s is one or more decimal digits.
func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// repository drops what says where an image comes from but not what it is. The
// library of official images is mirrored under many hosts, always as
// "library/"; Docker's namespaces for one machine name that machine.
func (t *tables) repository(word string) (rest, name string) {
	for _, registry := range t.registries {
		if after, ok := strings.CutPrefix(word, registry); ok {
			word = after
			break
		}
	}
	if i := strings.LastIndex(word, "library/"); i == 0 || i > 0 && word[i-1] == '/' {
		word = word[i+len("library/"):]
	}
	namespace, after, ok := strings.Cut(word, "/")
	if ok && isNamespace(namespace) {
		name, _ := machineName(tags.Linux, namespace)
		return after, name
	}
	return word, ""
}

// isNamespace is one of the accounts that hold official images by machine.
func isNamespace(s string) bool {
	return s != "" && slices.ContainsFunc(machine.On(tags.Linux.String()), func(m machine.Machine) bool { return m.Account == s })
}
