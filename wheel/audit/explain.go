package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// Explanation says why a report's platform tag is what it is, what it would take
// to reach a lower one, and where the wheel runs. Its JSON form is the record of
// the explain command.
type Explanation struct {
	File        string `json:"file"`
	Sentence    string `json:"sentence"`
	PlatformTag string `json:"platform_tag"`
	// Floor are the demands that set the tag, all of the same height; Below
	// counts those that would set it if these were gone.
	Floor []manylinux.Demand `json:"floor"`
	Below int                `json:"below"`
	// Steps have what would have to go to reach a lower policy, the cheapest
	// first; each has all of the ones before it.
	Steps    []manylinux.Step `json:"ladder"`
	Releases []loads.Result   `json:"releases"`
	// Excluded are the libraries that count as provided; see [Options.Exclude].
	Excluded []string `json:"excluded,omitempty"`
	// Filename is what the wheel should be called, empty when that is its
	// name or is not known.
	Filename string `json:"filename,omitempty"`
}

// Explain explains a report.
func Explain(r *Report) *Explanation {
	e := &Explanation{File: r.File, PlatformTag: r.PlatformTag, Floor: []manylinux.Demand{}, Steps: []manylinux.Step{}, Releases: []loads.Result{}}
	codes := r.Codes()
	for _, code := range codes {
		setting, below := manylinux.Known().Setting(code.Needs)
		e.Floor, e.Below = append(e.Floor, setting...), e.Below+below
		e.Steps = append(e.Steps, manylinux.Known().Steps(code.Needs)...)
	}
	e.Sentence, e.Excluded = sentenceOf(r, e), r.Excluded
	if len(r.Excluded) > 0 {
		e.Sentence += fmt.Sprintf(" Excluded, so counted as provided: %s.", strings.Join(r.Excluded, ", "))
	}
	e.Filename = r.SuggestedName()
	if len(r.ELF) == 0 {
		e.elsewhere(r)
	}
	if len(r.ELF) == 0 || r.PlatformTag == "" {
		return e
	}
	for _, code := range codes {
		for release := range loads.Releases(code) {
			if len(codes) > 1 {
				release.Release += "/" + code.Machine
			}
			e.Releases = append(e.Releases, release)
		}
	}
	return e
}

// errorRules lists the rules of the errors, each once.
func errorRules(r *Report) []string {
	var rules []string
	for _, f := range r.Findings {
		if f.Severity == finding.Error && !slices.Contains(rules, f.Rule) {
			rules = append(rules, f.Rule)
		}
	}
	return rules
}

// sentenceOf sums a report up.
func sentenceOf(r *Report, e *Explanation) string {
	switch {
	case len(r.Systems) > 0:
		return fmt.Sprintf("The wheel has native code for several systems, for which there is no common tag: %s.", strings.Join(r.Systems, ", "))
	case len(r.ELF) == 0 && r.PlatformTag == "":
		return "No Linux binaries in this wheel; run audit to check its other binaries."
	case len(r.ELF) == 0 && r.PlatformTag != "any":
		return otherSentence(r)
	case len(r.ELF) == 0:
		return "No native code in this wheel; it runs wherever its Python code does."
	case r.Verdict == finding.Unknown:
		return "Part of the native code cannot be read, so that its needs are unknown; run audit for the reasons."
	case r.Libc == "bionic":
		return "The native code is for Android, which is not checked."
	case r.PlatformTag == "":
		return "No platform tag exists for native code of this kind."
	case r.Libc == "none":
		return fmt.Sprintf("The native code needs no libc, so the wheel qualifies for the tags of both: %s.", strings.Join(r.PlatformTags, ", "))
	case strings.HasPrefix(r.PlatformTag, "linux_"):
		return fmt.Sprintf("Does not qualify for any manylinux or musllinux tag: %s.", e.obstacle())
	}
	how, claimed, tag := "", slices.Contains(r.Claimed, r.PlatformTag), r.PlatformTag
	for _, p := range r.Others {
		claimed = claimed && slices.Contains(r.Claimed, p.PlatformTag)
		tag += " and " + cmp.Or(p.PlatformTag, "nothing known for "+p.Machine)
	}
	switch {
	case len(r.Claimed) == 0:
	case claimed && r.Fails(false):
		how = ", as it claims, but the audit finds errors in it: " + strings.Join(errorRules(r), ", ")
	case claimed:
		how = ", as it claims"
	case r.Fails(false):
		how = fmt.Sprintf(", though it claims %s", strings.Join(r.Claimed, " and "))
	case len(manylinux.ClaimedLibcs(r.Code().Claims)) == 0:
		how = fmt.Sprintf("; its tag %s promises nothing about the system", strings.Join(r.Claimed, " and "))
	default:
		how = fmt.Sprintf("; it claims %s, which requires a newer system than it needs", strings.Join(r.Claimed, " and "))
	}
	return fmt.Sprintf("This is %s%s.", tag, how)
}

// otherSentence sums up a wheel for macOS or Windows.
func otherSentence(r *Report) string {
	text := "This is " + r.PlatformTag
	switch {
	case slices.Contains(r.Claimed, r.PlatformTag):
		text += ", as it claims"
	default:
		text += "; it claims " + strings.Join(r.Claimed, " and ")
	}
	if rules := errorRules(r); rules != nil {
		text += ", and the audit finds errors in it: " + strings.Join(rules, ", ")
	}
	text += "."
	if len(r.External) > 0 {
		text += " Its files need from outside: " + strings.Join(r.External, ", ") + "."
	}
	return text
}

// elsewhereRefusal is refusalOf for what another wheel lacks.
func elsewhereRefusal(d manylinux.Demand) string {
	if d.Version != "" {
		return fmt.Sprintf("the %s of %s lacks %s", d.Library, d.Wheel, d.Version)
	}
	return fmt.Sprintf("%s lacks symbols that %s takes", d.Wheel, d.File)
}

// obstacle names what rules every policy out.
func (e *Explanation) obstacle() string {
	var reasons []string
	for _, d := range e.Floor {
		if text := refusalOf(d); !slices.Contains(reasons, text) {
			reasons = append(reasons, text)
		}
	}
	const most = 3
	switch {
	case len(reasons) == 0:
		return "no policy is defined for the machine"
	case len(reasons) > most:
		return fmt.Sprintf("%s, and %d more reasons", strings.Join(reasons[:most], ", "), len(reasons)-most)
	}
	return strings.Join(reasons, ", ")
}

// refusalOf says in a phrase why no policy meets a demand.
func refusalOf(d manylinux.Demand) string {
	switch d.Kind {
	case manylinux.KindLibrary:
		return "it needs " + d.Library
	case manylinux.KindVersion:
		return "it needs " + d.Version + " of " + d.Library
	case manylinux.KindBan:
		return "it uses banned symbols of " + d.Library
	case manylinux.KindSymbol:
		return "it uses symbols without a version"
	case manylinux.KindMusl:
		return "it uses functions that musl lacks"
	case manylinux.KindProcessor:
		return "it needs a newer processor"
	case manylinux.KindModule:
		return d.File + " is no ELF library"
	case manylinux.KindElsewhere:
		return elsewhereRefusal(d)
	case manylinux.KindPath:
		return fmt.Sprintf("%s does not find %s", d.File, d.Library)
	case manylinux.KindOrphan:
		return fmt.Sprintf("%s does not name %s, of which it needs a version", d.File, d.Library)
	case manylinux.KindBundled:
		return fmt.Sprintf("its %s lacks %s", d.Library, d.Version)
	case manylinux.KindStack:
		return fmt.Sprintf("glibc %s and later refuse its executable stack", d.Before)
	case manylinux.KindHeader:
		if d.Before != "" {
			return fmt.Sprintf("glibc %s and later refuse a file that %s", d.Before, d.Reason)
		}
		return "loaders refuse a file that " + d.Reason
	case manylinux.KindTLS:
		if d.Size > 0 {
			return fmt.Sprintf("no glibc has room for its %d bytes of static thread-local storage", d.Size)
		}
		return "musl refuses its initial-exec thread-local storage"
	}
	return "no release of glibc reads its packed relocations"
}

// SuggestedName is what the wheel should be called by its native code, empty when that is
// its name or is not known.
func (r *Report) SuggestedName() string {
	name, err := wheel.ParseName(r.File)
	list := r.Platforms()
	if err != nil || list == nil || len(r.ELF) == 0 {
		return ""
	}
	claimed := slices.Contains(r.Claimed, r.PlatformTag)
	for _, p := range r.Others {
		claimed = claimed && slices.Contains(r.Claimed, p.PlatformTag)
	}
	if claimed && !r.Fails(false) {
		return ""
	}
	platforms := strings.Join(list, ".")
	if name.Tags.Part(tags.PartPlatform) == platforms {
		return ""
	}
	end := ".whl"
	if name.Variant != "" {
		end = "-" + name.Variant + end
	}
	stem := strings.TrimSuffix(r.File, end)
	return stem[:strings.LastIndexByte(stem, '-')+1] + platforms + end
}

// Platforms gives the platform tags that the wheel qualifies for, on all of its machines
// and with their older names, sorted as in a file name. It is nil when they are not known.
func (r *Report) Platforms() []string {
	if r.PlatformTag == "" || r.Verdict == finding.Unknown {
		return nil
	}
	list := slices.Clone(r.PlatformTags)
	for _, p := range r.Others {
		if p.PlatformTag == "" {
			return nil
		}
		list = append(list, p.PlatformTags...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
