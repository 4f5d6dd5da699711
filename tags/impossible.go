package tags

import (
	"strings"
	"sync"
)

// Impossible gives the reason why no installer takes a wheel with the set for any
// system, and nil when some interpreter may accept it. The answer is nil too for the zero
// Set, and for a set that is too large to be looked at whole.
func (s *Set) Impossible() *Reason {
	if s.count[0] == 0 {
		return nil
	}
	var wrong, bound *Reason           // the first pair that is none, and one that cannot go with any
	possible, anywhere := false, false // a pair is one, and may go with any
	pairs := 0
	for interpreter := range s.Members(PartInterpreter) {
		for abi := range s.Members(PartABI) {
			if pairs += 1 + (len(interpreter)+len(abi))/longPair; pairs > maxPairs {
				return nil
			}
			c := anyTarget().explainPair(interpreter, abi)
			switch {
			case c.Code == ReasonNever:
				if wrong == nil {
					c.Tag = Tag{interpreter, abi, s.member(PartPlatform, 0)}
					wrong = &c.Reason
				}
				continue
			case abi == "none":
				anywhere = true
			case bound == nil:
				c := anyTarget().explainAny(interpreter, abi)
				c.Tag = Tag{interpreter, abi, "any"}
				bound = &c.Reason
			}
			possible = true
		}
	}
	if !possible {
		return wrong
	}
	return s.impossiblePlatforms(anywhere, bound)
}

// impossiblePlatforms gives the reason against the first platform if there is one
// against all of them; bound is that against any.
func (s *Set) impossiblePlatforms(anywhere bool, bound *Reason) *Reason {
	var first *Reason
	n := 0
	for platform := range s.Members(PartPlatform) {
		if n++; n > maxPlatforms {
			return nil
		}
		var r *Reason
		if platform != "any" {
			r = impossiblePlatform(platform)
		} else if !anywhere {
			r = bound
		}
		if r == nil {
			return nil
		}
		if first == nil {
			first = r
		}
	}
	return first
}

// maxPlatforms bounds the platforms that are looked at, as each takes a description of
// a system.
const maxPlatforms = 1000

// anyTarget is some CPython, for questions that are the same about all of them.
var anyTarget = sync.OnceValue(func() *Target {
	return mustTarget(Platform{OS: Linux, Arch: "x86_64", Libc: Libc{Glibc, 2, far}}, Packaging)
})

// far is above every version that a tag may name in earnest.
const far = 999

func mustTarget(p Platform, profile Profile) *Target {
	t, err := New(Python{Major: 3, Minor: 14}, p, profile)
	if err != nil {
		panic("tags: " + err.Error())
	}
	return t
}

// impossiblePlatform asks systems that are as new as can be, and of the kind that the
// tag is for, what they have against it. Tags of kinds that are not known are possible.
func impossiblePlatform(tag string) *Reason {
	p, ok := systemFor(tag)
	if !ok {
		return nil
	}
	set, err := ParseSet("py3-none-" + tag)
	if err != nil {
		return nil
	}
	var reason *Reason
	for _, profile := range []Profile{UV, Packaging} {
		if reason = mustTarget(p, profile).Explain(&set); reason == nil || reason.Code != ReasonNever {
			return nil
		}
	}
	return reason
}

// systemFor describes a system that would accept a platform tag of its kind.
func systemFor(tag string) (Platform, bool) {
	c := ParsePlatformTag(tag)
	if c.Libc.Major > 9 {
		return Platform{}, false
	}
	switch {
	case strings.HasPrefix(tag, "linux_"), strings.HasPrefix(tag, "manylinux"):
		return Platform{OS: Linux, Arch: "x86_64", Libc: Libc{Glibc, max(c.Libc.Major, 2), far}}, true
	case strings.HasPrefix(tag, "musllinux"):
		return Platform{OS: Linux, Arch: "x86_64", Libc: Libc{Musl, max(c.Libc.Major, 1), far}}, true
	case strings.HasPrefix(tag, "macosx"):
		arch := map[string]string{"arm64": "arm64", "universal2": "arm64", "i386": "i386", "ppc": "ppc", "ppc64": "ppc64"}[c.Arch]
		if arch == "" {
			arch = "x86_64"
		}
		return Platform{OS: MacOS, Arch: arch, Major: 99}, true
	case strings.HasPrefix(tag, "win"):
		return Platform{OS: Windows, Arch: "amd64"}, true
	}
	return Platform{}, false
}
