package manylinux

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// checkFiles finds what is wrong with a file whatever the wheel claims.
func (a *audit) checkFiles() {
	bundled := a.loadEach(maxSteps)
	for _, o := range a.world.objects {
		if !o.loads() {
			continue
		}
		a.checkProcessor(o)
		a.checkStack(o)
		a.checkLibpython(o)
		a.checkVersionNeeds(o)
		a.checkBundledVersions(o)
		a.checkBundled(o, bundled)
		a.checkPageSize(o)
		a.checkRunPaths(o)
		a.checkHardening(o)
	}
}

func (a *audit) checkProcessor(o *object) {
	needed := o.file.Properties.X86ISANeeded
	if needed&^elfaudit.X86Baseline == 0 {
		return
	}
	level := fmt.Sprintf("level x86-64-v%d", needed.Level())
	if needed.Level() == 0 {
		level = "an unknown level above x86-64-v4"
	}
	a.find("WT207", Finding{File: o.path, Need: level, Message: "needs a processor of " + level + "; wheels are for every x86_64"})
}

func (a *audit) checkStack(o *object) {
	if o.file.Stack == elfaudit.StackExec {
		a.find("WT208", Finding{File: o.path, Message: "asks for an executable stack, which glibc 2.41 and later refuse to give"})
	}
}

// libpython matches the sonames of CPython's library, free-threaded and debug
// builds included.
var libpython = regexp.MustCompile(`^libpython\d+(\.\d+)?[a-z]*\.so(\.\d+)*$`)

func (a *audit) checkLibpython(o *object) {
	for _, library := range o.needed {
		if libpython.MatchString(library) {
			a.find("WT212", Finding{File: o.path, Library: library, Message: "is linked to " + library + "; a module takes Python's symbols from the program that loads it"})
		}
	}
}

func (a *audit) checkVersionNeeds(o *object) {
	for _, v := range o.file.VersionNeeds {
		// The loader itself is always there, needed or not.
		if !isLoader(v.Library) && !o.needs(v.Library) && len(v.Versions) > 0 {
			a.find("WT213", Finding{
				File: o.path, Library: v.Library, Version: v.Versions[0].Name,
				Message: fmt.Sprintf("needs %s of %s, but does not name that library in DT_NEEDED", v.Versions[0].Name, v.Library),
			})
		}
	}
}

// checkBundledVersions holds version needs against what the libraries of the
// wheel define. One that defines no versions at all satisfies any, with a
// warning from the loader.
func (a *audit) checkBundledVersions(o *object) {
	for _, v := range o.file.VersionNeeds {
		l := a.world.library(o.machine, v.Library)
		if l == nil || !l.versioned() {
			continue
		}
		for _, version := range v.Versions {
			if !version.Weak && !l.defines(version.Name) {
				a.find("WT218", Finding{
					File: o.path, Library: v.Library, Version: version.Name,
					Symbols: slices.Clone(a.world.symbolsOf(o, v.Library, version.Name)),
					Message: fmt.Sprintf("needs %s of %s, which the wheel has, but not with that version", version.Name, v.Library),
				})
			}
		}
	}
}

// checkRecorded finds machine code that RECORD does not list. A wheel without a
// readable RECORD has other troubles.
func (a *audit) checkRecorded(recorded record) {
	if recorded.paths == nil {
		return
	}
	for _, o := range a.world.objects {
		if !recorded.has(o.path) {
			a.find("WT401", Finding{File: o.path, Message: "is not listed in RECORD"})
		}
	}
}

// largestPage is the largest page size in common use on a machine where it is
// not that of every system.
var largestPage = map[string]uint64{"aarch64": 64 << 10, "ppc64le": 64 << 10}

func (a *audit) checkPageSize(o *object) {
	page := largestPage[o.machine]
	if align := o.file.LoadAlign; align < page && align > 0 {
		a.find("WT215", Finding{
			File: o.path, Need: fmt.Sprint(page),
			Message: fmt.Sprintf("is aligned to pages of %d KiB; %s systems with pages of %d KiB cannot load it", align>>10, o.machine, page>>10),
		})
	}
}

func (a *audit) checkRunPaths(o *object) {
	for _, entry := range o.searchPaths() {
		if _, inside := expand(o, entry); inside {
			continue
		}
		says := fmt.Sprintf("has the run path %q, which leads out of the wheel", entry)
		if entry == "" {
			says = "has an empty run path, which means the current directory"
		}
		a.find("WT216", Finding{File: o.path, Message: says})
	}
}

func (a *audit) checkHardening(o *object) {
	var missing []string
	for _, m := range []struct {
		holds bool
		what  string
	}{
		{o.file.TextRel, "text relocations"},
		{!o.file.RELRO, "no RELRO"},
		{!o.file.BindNow, "lazy binding"},
		{o.file.WritableExec, "a segment both writable and executable"},
	} {
		if m.holds {
			missing = append(missing, m.what)
		}
	}
	// Lazy binding alone is the default of most linkers and says little.
	if len(missing) == 0 || len(missing) == 1 && !o.file.BindNow && o.file.RELRO && !o.file.TextRel {
		return
	}
	if o.file.Static {
		return // a static program has nothing to bind or to relocate
	}
	a.find("WT217", Finding{File: o.path, Message: "has " + strings.Join(missing, ", ")})
}
