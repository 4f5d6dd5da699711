package distro

import (
	"strings"

	"github.com/wheeltag/wheeltag/tags"
)

// Options override or complete what a word says; the zero value changes nothing.
type Options struct {
	Python string // a PYTHON word, "3.12"; replaces any other
	Arch   string // a machine, "arm64"; must agree with one that the word names
	Glibc  string // a version of glibc, "2.31"
	Musl   string // a version of musl, "1.2" or "1.2.5"
}

// Description is a target in the terms of package tags.
type Description struct {
	// Name is the short canonical spelling, such as "debian:11/aarch64" or
	// "3.11@debian:11/aarch64". It parses to the same description. A libc from an option is in brackets:
	// "linux/aarch64 (glibc 2.31)". It names the machine and the version of a
	// release even where the word did not, so that AssumedArch and AsOf may
	// be empty the second time.
	Name string

	Python   tags.Python
	Platform tags.Platform

	// AssumedArch says that no machine was named and Platform.Arch is the
	// default; AssumedPython that the Python is the release's own python3.
	AssumedArch, AssumedPython bool

	// Release is what the word's release or image is known to be; nil for
	// tags, triples and container platforms.
	Release *Release

	// GivenLibc says that an option set another libc than the word implies.
	// Platform has it; Release and its symbol versions tell of the old one.
	GivenLibc bool

	// AsOf is set, to a date as 2006-01-02, when the word means something else
	// as time goes by and was taken as it was then: sid, debian:stable,
	// python:3.13. It is empty if an option says which libc it has now.
	AsOf string
}

// maxWord bounds a target's length; the longest sensible one is an image with
// its registry and digest.
const maxWord = 256

// Parse reads one target word. Its errors are *[Error] and *[UnknownError].
func Parse(word string, opts Options) (Description, error) {
	if len(word) > maxWord {
		return Description{}, &Error{CodeSyntax, word[:40] + "...", "a target is not that long"}
	}
	q := query{word: word, opts: opts, tables: load()}
	target, libc := bracketed(word)
	for i := range len(target) {
		if target[i] <= ' ' || target[i] > '~' {
			return Description{}, q.fail(CodeSyntax, "a target is printable ASCII without spaces")
		}
	}
	if err := q.bracketLibc(libc); err != nil {
		return Description{}, err
	}
	return q.parse(target)
}

// query is one call of Parse.
type query struct {
	word   string
	opts   Options
	tables *tables
}

func (q *query) fail(code Code, detail string) error { return &Error{code, q.word, detail} }

// bracketed takes the libc off a [Description.Name]: "linux/aarch64 (glibc 2.31)".
func bracketed(word string) (target, libc string) {
	target, rest, found := strings.Cut(word, " (")
	if libc, closed := strings.CutSuffix(rest, ")"); found && closed {
		return target, libc
	}
	return word, ""
}

// bracketLibc makes an option of the libc in brackets.
func (q *query) bracketLibc(libc string) error {
	if libc == "" {
		return nil
	}
	family, version, _ := strings.Cut(libc, " ")
	option, other := &q.opts.Glibc, q.opts.Musl
	switch family {
	case "glibc":
	case "musl":
		option, other = &q.opts.Musl, q.opts.Glibc
	default:
		return q.fail(CodeSyntax, "brackets after a target hold its libc, as in linux/arm64 (glibc 2.31)")
	}
	if other != "" || *option != "" && *option != version {
		return q.fail(CodeTwoLibcs, "it has "+libc+" in brackets, yet another libc was asked for; drop one")
	}
	*option = version
	return nil
}

func (q *query) parse(target string) (d Description, err error) {
	asked, where, err := q.split(target)
	if err != nil {
		return Description{}, err
	}
	p, err := q.platform(where)
	if err != nil {
		return Description{}, err
	}
	d.Platform = p.platform
	if asked == "" {
		asked = p.asks
	}
	if d.AssumedArch, err = q.chooseMachine(&d.Platform, p); err != nil {
		return Description{}, err
	}
	d.GivenLibc, err = q.chooseLibc(&d.Platform, p)
	if err != nil {
		return Description{}, err
	}
	chosen, err := q.choosePython(&d, p, asked)
	if err != nil {
		return Description{}, err
	}
	d.Python = chosen.Python
	d.Name = p.name(d.Platform.Arch)
	if p.bare != "" && d.AssumedArch {
		d.Name = p.bare
	}
	if !d.AssumedPython && (p.python == nil || p.python.name != chosen.name) {
		d.Name = chosen.name + "@" + d.Name
	}
	if p.release != nil {
		r := p.release.clone()
		if r.With = p.with; d.AssumedPython {
			r.With = withPython3
		}
		d.Release = &r
	}
	stated := q.opts.Glibc != "" || q.opts.Musl != ""
	if !stated {
		d.AsOf = p.asOf
	}
	// The libc of a rolling release is part of its name even if it is the recorded one.
	if d.GivenLibc || stated && p.release != nil && p.release.Rolling {
		d.Name += " (" + d.Platform.Libc.String() + ")"
	}
	return d, nil
}

// split takes PYTHON off a word, and off one in the style with dashes.
func (q *query) split(target string) (python, where string, err error) {
	word := strings.ToLower(target)
	if i := strings.Index(word, "@sha256:"); i > 0 {
		word = word[:i] // the digest of an image adds nothing that we know
	}
	python, where, at := strings.Cut(word, "@")
	if !at {
		python, where = "", word
	}
	switch {
	case where == "host":
		return "", "", q.fail(CodeHost, "this machine is not described by a word; detect it instead")
	case at && python == "", where == "", strings.Contains(where, "@"):
		return "", "", q.fail(CodeSyntax, "a target is [PYTHON@]PLATFORM, such as 3.11@debian:11/arm64")
	}
	if !at {
		if p, w, ok := dashed(word); ok {
			return p, w, nil
		}
	}
	return python, where, nil
}

// dashed reads debian-11-py310-aarch64: platform, Python and machine.
func dashed(word string) (python, where string, ok bool) {
	i := strings.Index(word, "-py")
	if i <= 0 {
		return "", "", false
	}
	python, machine, _ := strings.Cut(word[i+1:], "-")
	digits := strings.TrimPrefix(python, "py")
	if len(digits) < 2 || digits[0] < '0' || digits[0] > '9' {
		return "", "", false
	}
	where = word[:i]
	if machine != "" {
		where += "/" + machine
	}
	return "cp" + digits, where, true
}

// platform finds what PLATFORM means.
func (q *query) platform(where string) (meaning, error) {
	base, machine := splitMachine(where)
	p, distro, err := q.named(base, machine)
	switch {
	case err != nil:
		return meaning{}, err
	case p.name == nil:
		return meaning{}, q.unknown(base, distro)
	}
	if machine != "" && p.machine != machine {
		if p.machine != "" && !sameMachine(p.platform.OS, p.machine, machine) {
			return meaning{}, q.fail(CodeTwoMachines, "it names two machines, "+p.machine+" and "+machine)
		}
		p.machine = machine
	}
	return p, nil
}

func sameMachine(os tags.OS, a, b string) bool {
	x, okX := machineName(os, a)
	y, okY := machineName(os, b)
	return okX && okY && x == y
}

// named tries each kind of PLATFORM in turn. Without an error, a meaning that has
// no name is of an unknown word; distro is then set when that much is known.
func (q *query) named(base, machine string) (p meaning, distro string, err error) {
	if p, ok := system(base, machine); ok {
		return p, "", nil
	}
	if p, ok, err := q.otherWord(base); ok || err != nil {
		return p, "", err
	}
	if p, problem, ok := platformTag(base); problem != "" {
		return p, "", q.fail(CodeSyntax, problem)
	} else if ok {
		return p, "", nil
	}
	if p, ok := triple(base); ok {
		return p, "", nil
	}
	if p, ok, err := q.image(base); ok || err != nil {
		return p, "", err
	}
	path, own := q.tables.repository(base)
	f := q.tables.release(path)
	if f.release == nil {
		if p, ok := q.taggedImage(path); ok && f.distro == "" {
			p.machine = own
			return p, "", nil
		}
		return meaning{}, f.distro, nil
	}
	p = meaning{machine: own, name: slashed(f.release.Name()), asOf: f.asOf}
	p.ofRelease(f.release)
	return p, "", nil
}
