package distro

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
)

// chooseMachine chooses the machine from the word, the options and the default,
// and reports whether it was the default.
func (q *query) chooseMachine(platform *tags.Platform, p meaning) (assumed bool, err error) {
	os := p.platform.OS
	named := p.machine
	if option := strings.ToLower(q.opts.Arch); option != "" {
		if _, err := q.machine(os, option); err != nil {
			return false, err
		}
		if named != "" && !sameMachine(os, named, option) {
			return false, q.fail(CodeTwoMachines, "it names the machine "+named+", yet "+option+" was asked for; drop one")
		}
		named = option
	}
	switch {
	case named != "":
		if platform.Arch, err = q.machine(os, named); err != nil {
			return false, err
		}
	case p.fallback != "":
		platform.Arch, assumed = p.fallback, true
	default:
		platform.Arch, assumed = "x86_64", true
	}
	if p.release != nil && !p.release.has(platform.Arch) {
		detail := p.release.Name() + " is recorded for " + strings.Join(p.release.Machines, ", ") + ", not for " + platform.Arch
		if libc := p.release.Libc; !assumed && libc.Family != tags.NoLibc {
			detail += "; write 3.11@linux/" + platform.Arch + " with --" + libc.Family.String() + " " + strings.TrimPrefix(libc.String(), libc.Family.String()+" ")
		}
		if assumed {
			detail += ", which is meant where no machine is named; write " + p.name(p.release.Machines[0])
		}
		return false, q.fail(CodeNotBuilt, detail)
	}
	if p.only != nil && !slices.Contains(p.only, platform.Arch) {
		return false, q.fail(CodeMachine, "it is defined for "+strings.Join(p.only, ", ")+" only, not for "+platform.Arch)
	}
	// Soft-float ARM is ruled out of manylinux whatever its libc.
	platform.NoManylinux = platform.Arch == "armv5tel"
	return assumed, nil
}

// chooseLibc applies the options to the libc and reports whether they changed it.
func (q *query) chooseLibc(platform *tags.Platform, p meaning) (overridden bool, err error) {
	glibc, musl := q.opts.Glibc, q.opts.Musl
	if glibc != "" && musl != "" {
		return false, q.fail(CodeTwoLibcs, "glibc "+glibc+" and musl "+musl+" were both asked for; a target has one libc")
	}
	if glibc == "" && musl == "" {
		if !p.needLibc {
			return false, nil
		}
		return false, q.fail(CodeNoLibc, q.missingLibc(p))
	}
	want, text := tags.Libc{Family: tags.Glibc}, glibc
	if musl != "" {
		want.Family, text = tags.Musl, musl
	}
	if p.platform.OS != tags.Linux {
		return false, q.fail(CodeLibc, p.platform.OS.String()+" has no choice of libc, yet "+want.Family.String()+" "+text+" was asked for")
	}
	if !libcVersion(&want, text) {
		return false, q.fail(CodeLibc, want.Family.String()+" "+text+" is no version of it; write 2.31 for glibc, 1.2 for musl")
	}
	has := p.platform.Libc
	if has.Family != tags.NoLibc && has.Family != want.Family {
		what := has.String()
		if p.needLibc {
			what = has.Family.String()
		}
		return false, q.fail(CodeTwoLibcs, "it has "+what+", yet "+want.String()+" was asked for; a target has one libc")
	}
	platform.Libc = want
	return want != has, nil
}

// missingLibc says which option completes the word.
func (q *query) missingLibc(p meaning) string {
	switch {
	case p.platform.Libc.Family == tags.Glibc:
		return "it does not say which version of glibc; give one, as with --glibc 2.31"
	case p.platform.Libc.Family == tags.Musl:
		return "it does not say which version of musl; give one, as with --musl 1.2"
	case p.release != nil:
		return p.release.Name() + " has no single libc on record; give one, as with --glibc 2.31 or --musl 1.2"
	}
	return "a container platform says nothing about the libc; give one, as with --glibc 2.31 or --musl 1.2"
}

// libcVersion reads "2.31", for musl also "1.2.5", whose last number no tag knows.
func libcVersion(libc *tags.Libc, text string) bool {
	parts := strings.Split(text, ".")
	if len(parts) == 3 && libc.Family == tags.Musl && isNumber(parts[2]) && len(parts[2]) < 4 {
		parts = parts[:2]
	}
	if len(parts) != 2 {
		return false
	}
	var okMajor, okMinor bool
	libc.Major, okMajor = number(parts[0])
	libc.Minor, okMinor = number(parts[1])
	return okMajor && okMinor && possibleLibc(*libc)
}

// choosePython chooses the interpreter: the option, PYTHON@, the image's, the
// release's own, in this order.
func (q *query) choosePython(d *Description, p meaning, asked string) (python, error) {
	if option := strings.ToLower(q.opts.Python); option != "" {
		asked = option
	}
	switch {
	case asked != "":
		return q.python(asked)
	case p.python != nil:
		return *p.python, nil
	case p.release != nil && p.release.Python != "" && !p.noPython:
		d.AssumedPython = true
		return ofVersion(p.release.Python), nil
	}
	return python{}, q.fail(CodeNoPython, "no Python of its own is known; name a Python: 3.11@"+p.name(d.Platform.Arch))
}
