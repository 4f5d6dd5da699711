package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// column is where the lines about a file begin.
const column = "        "

// audit writes the verdict, what the file is, its findings and the demands.
func (t *text) audit(a *Audit) {
	t.count[a.Verdict]++
	if t.Quiet && a.Verdict == finding.Pass {
		return
	}
	fmt.Fprintf(t.out, "%s%s\n", t.Word(string(a.Verdict), len(column)), Plain(a.File))
	t.print(column, describe(a.Report))
	if a.Unseen > 0 {
		t.print(column, fmt.Sprintf("%d files skipped: their names are those of text files", a.Unseen))
	}
	t.elsewhere(a.Report)
	t.findings(a)
	t.silenced(a.Silenced)
	t.demands(a)
	t.fixed(a.Fixed)
	if name := nameByTag(a.Report); name != "" {
		fmt.Fprintf(t.out, "%ssuggested file name: %s\n", column, Plain(name))
	}
}

// nameByTag is the right file name of a wheel that claims another tag than its native code
// qualifies for, "" where a name mends nothing: no policy allows the code, or the claim
// is right.
func nameByTag(r *audit.Report) string {
	if strings.HasPrefix(r.PlatformTag, "linux_") {
		return ""
	}
	claimed := slices.Contains(r.Claimed, r.PlatformTag)
	for _, p := range r.Others {
		claimed = claimed && slices.Contains(r.Claimed, p.PlatformTag)
	}
	if claimed {
		return ""
	}
	return r.SuggestedName()
}

// elsewhere writes which libraries count as provided, and which were found outside the
// wheel.
func (t *text) elsewhere(r *audit.Report) {
	if len(r.Excluded) > 0 {
		t.print(column, "excluded, so counted as provided: "+strings.Join(r.Excluded, ", "))
	}
	t.provided(r.Provided)
	for _, o := range r.Outside {
		text := fmt.Sprintf("found outside: %s, which meets %s", o.Path, cmp.Or(o.FloorTag, "no platform tag"))
		if len(o.External) > 0 {
			text += " and needs " + strings.Join(o.External, ", ")
		}
		t.print(column, text)
	}
}

// provided writes which wheels have libraries of others, each wheel once.
func (t *text) provided(list []audit.Provided) {
	var wheels []string
	libraries := map[string][]string{}
	for _, p := range list {
		if libraries[p.Wheel] == nil {
			wheels = append(wheels, p.Wheel)
		}
		if !slices.Contains(libraries[p.Wheel], p.Library) {
			libraries[p.Wheel] = append(libraries[p.Wheel], p.Library)
		}
	}
	for _, wheel := range wheels {
		t.print(column, fmt.Sprintf("provided by %s: %s", wheel, strings.Join(libraries[wheel], ", ")))
	}
}

// describe says in a phrase what a file is.
func describe(r *audit.Report) string {
	if r.Sdist {
		return "an sdist: not checked for native code"
	}
	count := fmt.Sprintf("%d ELF files", len(r.ELF))
	if len(r.ELF) == 1 {
		count = "1 ELF file"
	}
	switch {
	case len(r.Systems) > 0:
		if n := len(r.ELF) + len(r.Other); n > 1 {
			count = fmt.Sprintf("%d binaries", n)
		}
		return count + " for " + strings.Join(r.Systems, ", ")
	case len(r.ELF) == 0 && len(r.Other) > 0:
		count = fmt.Sprintf("%d %s files", len(r.Other), r.Other[0].Format)
		if len(r.Other) == 1 {
			count = "1 " + r.Other[0].Format + " file"
		}
		if r.PlatformTag != "" && r.PlatformTag != "any" {
			return r.PlatformTag + ", " + count
		}
		return count
	case len(r.ELF) == 0 && r.PlatformTag == "" && r.Verdict == finding.Unknown && len(r.Claimed) > 0:
		return "no native code could be read"
	case len(r.ELF) == 0:
		return "no native code"
	case r.Libc == "bionic":
		return count + " for Android, not checked"
	case r.PlatformTag == "" && r.Verdict == finding.Unknown:
		return count + "; what it needs cannot be determined"
	case r.PlatformTag == "":
		return count + ", of a kind that has no platform tag"
	}
	text := withAliases(r.PlatformTag, r.PlatformTags)
	for _, p := range r.Others {
		text += " and " + withAliases(cmp.Or(p.PlatformTag, "nothing known for "+p.Machine), p.PlatformTags)
	}
	if r.Libc == "none" {
		text += " (needs no libc)"
	}
	return text + ", " + count
}

func withAliases(tag string, tags []string) string {
	for _, alias := range tags {
		if alias != tag {
			tag += " = " + alias
		}
	}
	return tag
}

// demands writes what allowances accepted, and the answers to what the run
// demanded.
func (t *text) demands(a *Audit) {
	for _, f := range a.Allowed {
		until := ""
		if f.Expires != "" {
			until = " until " + f.Expires
		}
		t.hang(fmt.Sprintf("  %s allowed ", f.Rule), fmt.Sprintf("%s%s: %s", cmp.Or(f.File, a.File), until, f.Reason))
	}
	for _, q := range a.Required {
		t.print(column, onRequirement(q))
	}
	for _, r := range a.Targets {
		t.print(column, onTarget(r, a.native()))
	}
}

// native reports whether there is native code that may load or not.
func (a *Audit) native() bool { return len(a.ELF)+len(a.Demands) > 0 }

// onRequirement says whether a wheel qualifies for a tag.
func onRequirement(q Requirement) string {
	switch q.Answer {
	case manylinux.Unknown:
		return "may qualify for " + q.Tag + "; what it needs cannot be determined"
	case manylinux.NotApplicable:
		return q.Tag + " does not apply: the native code is of another kind"
	case manylinux.No:
		answer := "does not qualify for " + q.Tag
		if len(q.Causes) > 0 {
			answer += ": " + describeDemand(q.Causes[0])
		}
		if n := len(q.Causes) - 1; n > 0 {
			answer += fmt.Sprintf(", and %d more", n)
		}
		return answer
	}
	return "qualifies for " + q.Tag
}

// onTarget says whether the native code of a wheel, if it has any, loads, and whether
// the wheel installs.
func onTarget(r Target, native bool) string {
	switch {
	case !native && r.Refusal != "":
		return fmt.Sprintf("does not install on %s: %s", r.Release, r.Refusal)
	case !native && r.Loads == loads.Yes:
		return "installs on " + r.Release
	}
	code, link := "loads on "+r.Release+ifInstalled(r.Result), "; but the wheel does not install there: "
	switch r.Loads {
	case loads.No:
		code, link = fmt.Sprintf("does not load on %s: missing %s", r.Release, Demangle(Some(r.Missing))), "; nor does the wheel install there: "
	case loads.Unknown:
		code = fmt.Sprintf("may load on %s%s: no data for %s", r.Release, ifInstalled(r.Result), Some(r.NoData))
	}
	if r.Refusal != "" {
		code += link + r.Refusal
	}
	return code
}

// ifInstalled says which libraries have to be installed first, if any.
func ifInstalled(r loads.Result) string {
	switch len(r.Install) {
	case 0:
		return ""
	case 1:
		return " if " + r.Install[0] + " is installed"
	}
	return " if " + Some(r.Install) + " are installed"
}
