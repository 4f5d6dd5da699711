package manylinux

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/tags"
)

func isFormat(err error) bool {
	var f *elfaudit.FormatError
	return errors.As(err, &f)
}

// checkReadable reports files that nothing can be said about.
func (a *audit) checkReadable() {
	for _, o := range a.world.objects {
		if o.err != nil {
			a.find("WT206", Finding{File: o.path, Message: "cannot be judged: " + o.err.Error()})
		}
	}
	if a.judged.libc == elfaudit.LibcUnknown && len(a.judged.native) > 0 && !a.bare {
		a.find("WT206", Finding{
			File:    a.judged.native[0].path,
			Message: "cannot be judged: neither the file nor the name of the wheel says which libc it is for",
		})
	}
}

// checkClaims holds each platform tag of the file name against the files.
func (a *audit) checkClaims() {
	if len(a.world.objects) == 0 {
		return
	}
	a.checkPlaces()
	var manylinux []tags.PlatformTag
	for _, c := range a.claims {
		if c.Libc.Family == tags.Glibc {
			manylinux = append(manylinux, c)
		}
	}
	a.checkMachines()
	a.checkLibcs()
	if len(manylinux) > 0 && (a.judged.libc == elfaudit.LibcGlibc || a.judged.libc == elfaudit.LibcNone) {
		a.checkManylinux(lowestClaim(manylinux))
	}
	var musllinux []tags.PlatformTag
	for _, c := range a.claims {
		if c.Libc.Family == tags.Musl {
			musllinux = append(musllinux, c)
		}
	}
	if len(musllinux) > 0 && a.judged.libc == elfaudit.LibcMusl {
		c := lowestClaim(musllinux)
		a.checkNeeds(c, c.Libc.Minor)
	}
}

// lowestClaim is the claim for the oldest libc, the one that is hardest to keep.
func lowestClaim(claims []tags.PlatformTag) tags.PlatformTag {
	return slices.MinFunc(claims, func(x, y tags.PlatformTag) int {
		return (x.Libc.Major-y.Libc.Major)*1000 + x.Libc.Minor - y.Libc.Minor
	})
}

// checkPlaces finds machine code where a wheel promises to have none.
func (a *audit) checkPlaces() {
	anywhere := slices.ContainsFunc(a.claims, func(c tags.PlatformTag) bool { return c.Any })
	for _, o := range a.world.objects {
		switch {
		case anywhere:
			a.find("WT209", Finding{File: o.path, Message: "is machine code in a wheel whose tag is any", Claimed: "any"})
		case inPurelib(o.path):
			a.find("WT209", Finding{File: o.path, Message: "is machine code, yet installed among pure Python code (purelib)"})
		}
	}
}

// checkMachines finds files that cannot run on any machine of the file name.
func (a *audit) checkMachines() {
	var machines, systems []string
	for _, c := range a.claims {
		switch {
		case c.Any || c.OS == tags.Generic:
			return // WT209 speaks of any; nothing is known of other systems
		case claimedMachine(c) == "":
			systems = append(systems, c.Tag)
		case !slices.Contains(machines, claimedMachine(c)):
			machines = append(machines, claimedMachine(c))
		}
	}
	if len(machines) == 0 && len(systems) == 0 {
		return
	}
	for _, o := range a.world.objects {
		if o.file == nil || slices.ContainsFunc(machines, func(m string) bool { return runsOn(o.machine, m) }) {
			continue
		}
		is := o.machine
		if is == "" {
			is = fmt.Sprintf("%s, %d-bit", strings.TrimPrefix(o.file.Machine.String(), "EM_"), o.file.Class)
			if o.file.ARM != nil && o.file.ARM.Float != elfaudit.FloatDouble {
				is += ", without hard float" // for which there is no platform tag
			}
		}
		claimed := strings.Join(append(machines, systems...), ", ")
		a.find("WT204", Finding{
			File: o.path, Need: is, Claimed: claimed,
			Message: fmt.Sprintf("is Linux machine code for %s; the name says %s", is, claimed),
		})
	}
}

var androidMachines = map[string]string{"arm64_v8a": "aarch64", "x86_64": "x86_64", "x86": "i686", "armeabi_v7a": "armv7l"}

// checkLibcs finds files that were linked against a libc other than claimed.
func (a *audit) checkLibcs() {
	claimed := claimedLibcs(a.claims)
	if len(claimed) == 0 {
		return
	}
	for _, o := range a.world.objects {
		if !o.loads() || o.libc == elfaudit.LibcUnknown || o.libc == elfaudit.LibcNone {
			continue
		}
		for _, libc := range claimed {
			if o.libc == libc {
				continue
			}
			a.find("WT205", Finding{
				File: o.path, Need: o.libc.String(), Claimed: libc.String(),
				Message: fmt.Sprintf("is linked against %s (%s); the name says %s", o.libc, o.why, libc),
			})
		}
	}
}

// checkManylinux holds the lowest manylinux claim against the needs.
func (a *audit) checkManylinux(c tags.PlatformTag) {
	floor := c.Libc.Minor
	if c.Libc.Major > 2 {
		floor = never - 1
	}
	a.checkNeeds(c, floor)
	// Only a measured policy is worth rebuilding a file name for.
	if measured, ok := a.policies.measured(a.judged.machine, a.judged.floor); ok && measured < floor && c.Arch == a.judged.machine {
		tag := a.policies.manylinuxTags(a.judged.machine, measured)[0]
		a.find("WT210", Finding{
			Claimed: c.Tag, Need: tag,
			Message: fmt.Sprintf("claims %s; by its needs it could be %s", c.Tag, tag),
		})
	}
}

// maxSymbols is how many symbols a finding names.
const maxSymbols = 10

// checkNeeds reports the needs above a floor, heaviest first.
func (a *audit) checkNeeds(c tags.PlatformTag, floor int) {
	needs := slices.Clone(a.judged.needs)
	slices.SortStableFunc(needs, heaviest)
	for _, n := range needs {
		if n.floor <= floor || n.rule == "WT207" {
			continue
		}
		f := Finding{File: n.object.path, Library: n.library, Version: n.version, Claimed: c.Tag, Need: a.needTag(n)}
		if f.Symbols = n.symbols; n.rule == "WT201" {
			f.Symbols = slices.Clone(a.world.symbolsOf(n.object, n.library, n.version))
		}
		f.Message = sentence(n, c, f)
		for i, s := range f.Symbols {
			f.Symbols[i] = strings.Clone(s) // free of the file's string table
		}
		a.find(n.rule, f)
	}
}

// needTag is the lowest tag that gives a need, empty when none does.
func (a *audit) needTag(n need) string {
	if n.floor >= never {
		return ""
	}
	return a.policies.platformTags(a.judged.machine, a.judged.libc, n.floor)[0]
}

func sentence(n need, c tags.PlatformTag, f Finding) string {
	lowest := "no policy allows it"
	if f.Need != "" {
		lowest = "allowed from " + f.Need
	}
	switch n.rule {
	case "WT201":
		return fmt.Sprintf("needs %s of %s%s, which %s lacks; %s", n.version, n.library, someSymbols(f.Symbols), c.Tag, lowest)
	case "WT202":
		return fmt.Sprintf("needs %s, which is neither in the wheel nor promised by %s; %s", n.library, c.Tag, lowest)
	}
	if n.rule == "WT211" {
		return muslSentence(n, c, f)
	}
	return fmt.Sprintf("takes %s from %s, which %s bans; %s", strings.Join(first(f.Symbols, maxSymbols), ", "), n.library, c.Tag, lowest)
}

func muslSentence(n need, c tags.PlatformTag, f Finding) string {
	symbols := strings.Join(first(f.Symbols, maxSymbols), ", ")
	if n.version == "" {
		return fmt.Sprintf("takes %s, which neither musl nor a file of the wheel has; importing fails", symbols)
	}
	return fmt.Sprintf("takes %s, which musl has from %s on; systems of %s may be older", symbols, n.version, c.Tag)
}

// someSymbols puts a few names in brackets.
func someSymbols(symbols []string) string {
	const most = 3
	switch {
	case len(symbols) == 0:
		return ""
	case len(symbols) > most:
		return fmt.Sprintf(" (%s and %d more)", strings.Join(symbols[:most], ", "), len(symbols)-most)
	}
	return " (" + strings.Join(symbols, ", ") + ")"
}

func first(list []string, n int) []string { return list[:min(n, len(list))] }
