package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/internal/binfile"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// otherSystem reports whether a tag is for a system whose tags promise a version or a
// machine, but no libraries that could be looked up.
func otherSystem(claim tags.PlatformTag) bool {
	return claim.OS == tags.MacOS || claim.OS == tags.IOS || claim.OS == tags.Windows
}

// CheckTag reports what is wrong with a tag for [Report.Qualifies].
func CheckTag(tag string) error {
	if otherSystem(tags.ParsePlatformTag(tag)) {
		return nil
	}
	if err := manylinux.CheckTag(tag); err != nil {
		return fmt.Errorf("%q is not a tag for Linux, macOS, iOS or Windows such as manylinux_2_28, macosx_11_0_arm64 or win_amd64", tag)
	}
	return nil
}

// systemOfTag names the system of a tag as Minimum does, and its machines.
func systemOfTag(claim tags.PlatformTag) (system string, machines []string) {
	switch claim.OS {
	case tags.Windows:
		return "Windows", []string{claim.Arch}
	case tags.IOS:
		if machine, ok := strings.CutSuffix(claim.Arch, "_iphonesimulator"); ok {
			return binfile.IOSSimulator.String(), []string{machine}
		}
		return binfile.IOS.String(), []string{strings.TrimSuffix(claim.Arch, "_iphoneos")}
	}
	if machines = macMachines[claim.Arch]; machines == nil {
		machines = []string{claim.Arch}
	}
	return binfile.MacOS.String(), machines
}

// qualifiesElsewhere is Qualifies for a tag of macOS, iOS or Windows.
func (r *Report) qualifiesElsewhere(claim tags.PlatformTag) (manylinux.Answer, []manylinux.Demand) {
	if len(r.ELF)+len(r.Other) == 0 && r.PlatformTag == "any" {
		return manylinux.Yes, nil
	}
	system, machines := systemOfTag(claim)
	var unmet []manylinux.Demand
	fits, unreadable := false, r.Verdict == finding.Unknown
	for i := range r.Other {
		o := &r.Other[i]
		if !o.loads() || (o.Format == binfile.PE) != (claim.OS == tags.Windows) || o.Format == binfile.PE && o.Kind == string(binfile.Executable) {
			unreadable = unreadable || o.Error != ""
			continue
		}
		for _, machine := range machines {
			from, ok := o.minimum(machine, system)
			d := manylinux.Demand{Kind: manylinux.KindSystem, File: o.Path, Floor: manylinux.NoPolicy, Reason: "has no code for " + machine + " " + system}
			switch {
			case !ok:
				unmet = append(unmet, d)
				continue
			case from.Version != "" && !claimMeets(claim, machine, from):
				d.Version, d.Reason = from.Version, from.reason()
				unmet = append(unmet, d)
			}
			fits = true
		}
	}
	switch {
	case unreadable:
		return manylinux.Unknown, nil
	case !fits: // nothing in it is for the tag's system and machine
		return manylinux.NotApplicable, nil
	case len(unmet) > 0:
		return manylinux.No, unmet
	}
	return manylinux.Yes, nil
}

// loads reports whether a system loads the file.
func (o *Other) loads() bool { return o.Error == "" && binfile.Kind(o.Kind).Loads() }

// minimum is what a file asks of a system on a machine, without a version where it does
// not say one; ok is false where it has no code for it.
func (o *Other) minimum(machine, system string) (m Minimum, ok bool) {
	if !slices.Contains(o.Machines, machine) {
		return m, false
	}
	said := false
	for _, at := range o.Minimums {
		if said = said || at.Machine == machine; at.Machine == machine && at.System == system {
			return at, true
		}
	}
	return Minimum{Machine: machine, System: system}, !said
}

// reason says what a file asks for.
func (m Minimum) reason() string {
	return fmt.Sprintf("%s %s or newer on %s (%s)", m.System, m.Version, m.Machine, m.Command)
}

// version reads the number of a minimum.
func (m Minimum) version() (v binfile.Version) {
	parts := strings.Split(m.Version, ".")
	for i, to := range []*int{&v.Major, &v.Minor, &v.Patch} {
		if i < len(parts) {
			*to, _ = strconv.Atoi(parts[i])
		}
	}
	return v
}

// claimMeets reports whether the systems of a tag have a version. Tags of macOS have no
// minor number from 11 on, and no macOS before 11 is for arm64.
func claimMeets(claim tags.PlatformTag, machine string, m Minimum) bool {
	have, need := binfile.Version{Major: claim.Major, Minor: claim.Minor}, m.version()
	if claim.OS == tags.MacOS {
		eleven := binfile.Version{Major: 11}
		if have == (binfile.Version{Major: 10, Minor: 16}) || machine == "arm64" && have.Compare(eleven) < 0 {
			have = eleven
		}
		if need.Major > 10 {
			return need.Major <= have.Major
		}
	}
	return need.Compare(have) <= 0
}

// elsewhere adds what sets the tag of a wheel for macOS or Windows, the way to lower
// versions of macOS, and what was not looked at.
func (e *Explanation) elsewhere(r *Report) {
	claim := tags.ParsePlatformTag(r.PlatformTag)
	switch claim.OS {
	case tags.MacOS:
		e.macLadder(r, claim)
		e.Sentence += " The versions are those that the files say themselves. What the system's libraries have in each release is not looked at."
	case tags.Windows:
		e.Sentence += windowsNeeds(r)
	}
}

// macLadder lists the files by the oldest macOS that each was built for.
func (e *Explanation) macLadder(r *Report, claim tags.PlatformTag) {
	system, machines := systemOfTag(claim)
	var list []manylinux.Demand
	versions := map[string]binfile.Version{}
	for i := range r.Other {
		o := &r.Other[i]
		for _, machine := range machines {
			if m, ok := o.minimum(machine, system); ok && o.loads() && m.Version != "" {
				v := m.version()
				tag := appleTag(appleClaim{claim: claim, on: binfile.MacOS}, v)
				versions[tag] = v
				list = append(list, manylinux.Demand{Kind: manylinux.KindSystem, File: o.Path, Version: m.Version, Floor: manylinux.NoPolicy, Lowest: tag, Reason: m.reason()})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b manylinux.Demand) int {
		return cmp.Or(versions[b.Lowest].Compare(versions[a.Lowest]), cmp.Compare(a.File, b.File))
	})
	const mostSteps = 20
	for i, d := range list {
		switch {
		case d.Lowest == list[0].Lowest:
			e.Floor = append(e.Floor, d)
			continue
		case d.Lowest != list[i-1].Lowest && len(e.Steps) < mostSteps:
			e.Steps = append(e.Steps, manylinux.Step{PlatformTag: d.Lowest, Remove: slices.Clone(list[:i])})
		}
		e.Below++
	}
}

// windowsNeeds says which libraries the files need from outside the wheel.
func windowsNeeds(r *Report) string {
	var has, needs []string
	for _, o := range r.Other {
		has = append(has, strings.ToLower(o.Path[strings.LastIndexByte(o.Path, '/')+1:]))
	}
	for _, o := range r.Other {
		for _, name := range o.Needed {
			if lower := strings.ToLower(name); o.loads() && !slices.Contains(has, lower) && !slices.ContainsFunc(needs, func(n string) bool { return strings.EqualFold(n, name) }) {
				needs = append(needs, name)
			}
		}
	}
	slices.SortFunc(needs, func(a, b string) int { return cmp.Compare(strings.ToLower(a), strings.ToLower(b)) })
	const most = 40
	if len(needs) == 0 {
		return " The tag says the machine alone. The files need no library from outside the wheel."
	}
	text := fmt.Sprintf(" The tag says the machine alone. The files need from outside the wheel: %s%s.", strings.Join(first(needs, most), ", "), more(len(needs)-most))
	return text + " Which releases of Windows have the functions of these libraries is not looked at."
}
