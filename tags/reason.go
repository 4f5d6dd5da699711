package tags

import "fmt"

// ReasonCode says in one word why a wheel does not fit; the codes are stable.
type ReasonCode string

// The reasons. [Target.Explain] gives all but ReasonRequiresPython, which
// needs the wheel's metadata.
const (
	ReasonImplementation ReasonCode = "implementation"  // built for another Python implementation
	ReasonPythonVersion  ReasonCode = "python-version"  // built for another version of Python
	ReasonABI            ReasonCode = "abi"             // built for another ABI of the same Python
	ReasonFreeThreading  ReasonCode = "free-threading"  // built with the GIL for one without, or the reverse
	ReasonOS             ReasonCode = "os"              // built for another operating system
	ReasonLibcFamily     ReasonCode = "libc-family"     // glibc against musl
	ReasonGlibcVersion   ReasonCode = "glibc-version"   // needs a newer glibc
	ReasonMuslVersion    ReasonCode = "musl-version"    // needs a newer musl
	ReasonMachine        ReasonCode = "machine"         // built for another machine
	ReasonMacOSVersion   ReasonCode = "macos-version"   // needs a newer macOS
	ReasonIOSVersion     ReasonCode = "ios-version"     // needs a newer iOS
	ReasonAndroidAPI     ReasonCode = "android-api"     // needs a higher API level
	ReasonRequiresPython ReasonCode = "requires-python" // the metadata excludes the target's Python
	ReasonNever          ReasonCode = "never"           // no interpreter accepts such a tag
)

// Reason is why a wheel does not fit a target, in the words of its nearest tag.
// Functions that answer with a reason give nil when there is nothing in the way.
type Reason struct {
	Code    ReasonCode
	Message string // a sentence a person can act on
	Need    string // what the wheel needs: "2.34", "aarch64", "cp312"
	Have    string // what the target has in its place
	Tag     Tag    // the tag that comes nearest
}

// String gives the message and the code: "needs glibc 2.34 or newer; debian:11
// has 2.31 (glibc-version)".
func (r Reason) String() string {
	if r.Message == "" {
		return string(r.Code)
	}
	return r.Message + " (" + string(r.Code) + ")"
}

// near orders reasons by how little is missing. A right platform with the
// wrong version is nearer than a wrong ABI, and that nearer than a wrong
// Python, in the sense in which uv reports "the closest" tag.
type near uint8

const (
	nearNever near = iota
	nearImplementation
	nearPython
	nearABI
	nearOS
	nearForm // a tag of the target's system that no installer accepts
	nearMachine
	nearLibc
	nearVersion
)

// candidate is a reason with its nearness; of equally near ones the one with
// the smaller distance between version numbers is told.
type candidate struct {
	Reason
	near     near
	distance int
}

func (c *candidate) offer(other candidate) {
	if c.Code == "" || other.near > c.near || other.near == c.near && other.distance < c.distance {
		*c = other
	}
}

// maxPairs bounds the combinations of interpreter and ABI that an explanation
// looks at; a set with more is explained by its first ones. A combination whose
// text is longer than longPair counts as several.
const (
	maxPairs = 1 << 16
	longPair = 64
)

// Explain gives the reason why no tag of the set fits the target, and nil when
// one does: exactly when [Target.Rank] says ok. When several tags fail, the
// reason is that of the nearest.
func (t *Target) Explain(s *Set) *Reason {
	if _, ok := t.Rank(s); ok {
		return nil
	}
	if s.count[0] == 0 {
		return &Reason{Code: ReasonNever, Message: "the wheel names no tags"}
	}
	var best candidate
	pairs, fits, any := 0, false, s.hasAny()
	platform := ""
	for interpreter := range s.Members(PartInterpreter) {
		for abi := range s.Members(PartABI) {
			if pairs += 1 + (len(interpreter)+len(abi))/longPair; pairs > maxPairs {
				return &best.Reason
			}
			c := t.explainPair(interpreter, abi)
			switch {
			case c.Code != "":
				if platform == "" {
					platform = t.nearestPlatform(s)
				}
				c.Tag = Tag{interpreter, abi, platform}
				best.offer(c)
			case !fits:
				fits = true
				best.offer(t.explainPlatforms(s, interpreter, abi))
			case any:
				// The other platforms have been offered with the first pair that
				// fits, and are no nearer with this one.
				c = t.explainAny(interpreter, abi)
				c.Tag = Tag{interpreter, abi, "any"}
				best.offer(c)
			}
		}
	}
	return &best.Reason
}

// nearestPlatform is the member of the set's platforms that the target accepts
// or comes nearest to accepting.
func (t *Target) nearestPlatform(s *Set) string {
	for n, m := range s.members(PartPlatform) {
		if m.kind() == kindAny || t.indexOf(s, m) >= 0 {
			return s.member(PartPlatform, n)
		}
	}
	return t.explainPlatforms(s, "", "").Tag.Platform
}

// explainPlatforms gives the nearest platform for a pair that does fit.
func (t *Target) explainPlatforms(s *Set, interpreter, abi string) candidate {
	var best candidate
	for p := range s.Members(PartPlatform) {
		var c candidate
		if p == "any" {
			c = t.explainAny(interpreter, abi)
		} else if c = t.explainPlatform(p); c.near == nearNever {
			// A tag of another system has been refused for that.
			c.near = nearForm
		}
		c.Tag = Tag{interpreter, abi, p}
		best.offer(c)
	}
	return best
}

// explainAny serves a pair that fits on a platform but not on "any".
func (t *Target) explainAny(interpreter, abi string) candidate {
	if abi != "none" {
		return never("no installer accepts %s-%s-any: a wheel bound to an ABI must name its platform", interpreter, abi)
	}
	return candidate{near: nearImplementation, Reason: Reason{
		Code: ReasonImplementation, Need: interpreter, Have: t.anyTag,
		Message: fmt.Sprintf("%s does not list %s-none-any for %s, though it lists %s-none with a platform",
			t.profile, interpreter, t.describe(), interpreter),
	}}
}

func never(format string, args ...any) candidate {
	return candidate{near: nearNever, Reason: Reason{Code: ReasonNever, Message: fmt.Sprintf(format, args...)}}
}

// describe names the target in the middle of a sentence.
func (t *Target) describe() string {
	if t.name != "" {
		return t.name
	}
	return "the target"
}
