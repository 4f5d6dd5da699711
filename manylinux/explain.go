package manylinux

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
)

// Explanation says why a report's platform tag is what it is, what it would
// take to reach a lower one, and where the wheel runs. Its JSON form is the
// record of the explain command.
type Explanation struct {
	File        string `json:"file"`
	Sentence    string `json:"sentence"`
	PlatformTag string `json:"platform_tag"`
	// Floor are the causes that set the tag, all of the same height; Below
	// counts those that would set it if these were gone.
	Floor []Cause `json:"floor"`
	Below int     `json:"below"`
	// Ladder has what would have to go to reach a lower policy, the cheapest
	// step first; each rung has all of the ones before it.
	Ladder   []Rung          `json:"ladder"`
	Releases []ReleaseAnswer `json:"releases"`
	// Filename is what the wheel should be called, empty when that is its
	// name or cannot be told.
	Filename string `json:"filename,omitempty"`
}

// Cause is one thing that a file needs of the system.
type Cause struct {
	Kind    string   `json:"kind"` // version, library, ban, musl or processor
	File    string   `json:"file"`
	Library string   `json:"library,omitempty"`
	Version string   `json:"version,omitempty"`
	Symbols []Symbol `json:"symbols,omitempty"`
	// Lowest is the lowest tag that gives it, empty when none does.
	Lowest string `json:"lowest,omitempty"`
	floor  int
}

// Symbol is a symbol that a file takes from a library.
type Symbol struct {
	Name string `json:"name"`
	Weak bool   `json:"weak"`
}

// Rung is a policy and what would have to go to reach it.
type Rung struct {
	PlatformTag string  `json:"platform_tag"`
	Remove      []Cause `json:"remove"`
}

var causeKinds = map[string]string{"WT201": "version", "WT202": "library", "WT203": "ban", "WT207": "processor", "WT211": "musl"}

// Explain works an explanation out. It is nil for a report that did not come
// from this package.
func (r *Report) Explain() *Explanation {
	if r.audit == nil {
		return nil
	}
	a := r.audit
	e := &Explanation{File: r.File, PlatformTag: r.PlatformTag, Floor: []Cause{}, Ladder: []Rung{}, Releases: []ReleaseAnswer{}}
	causes := a.causes()
	for _, c := range causes {
		if c.floor >= a.judged.floor {
			e.Floor = append(e.Floor, c)
		}
	}
	e.Below = len(causes) - len(e.Floor)
	e.Ladder = append(e.Ladder, a.ladder(causes)...)
	e.Sentence = r.sentence(e)
	e.Filename = r.betterName()
	for answer := range r.releases() {
		e.Releases = append(e.Releases, answer)
	}
	return e
}

// causes lists the needs above the lowest policy, heaviest first.
func (a *audit) causes() []Cause {
	needs := slices.Clone(a.judged.needs)
	slices.SortStableFunc(needs, heaviest)
	lowest := a.policies.lowest(a.judged.machine, a.judged.libc)
	uses := map[*object]symbolUses{}
	var causes []Cause
	for _, n := range needs {
		if n.floor <= lowest {
			continue
		}
		c := Cause{Kind: causeKinds[n.rule], File: n.object.path, Library: n.library, Version: n.version, Lowest: a.needTag(n), floor: n.floor}
		if _, known := uses[n.object]; !known {
			uses[n.object] = usesOf(n.object.file)
		}
		switch n.rule {
		case "WT201":
			c.Symbols = uses[n.object].versions[boundKey{n.library, n.version}]
		case "WT203", "WT211":
			c.Symbols = usesOfNames(n.object.file, n.symbols)
		case "WT202":
			c.Symbols = uses[n.object].libraries[n.library]
		}
		causes = append(causes, c)
	}
	return causes
}

// symbolUses are the symbols that a file takes from others, in the order of its
// table, by the library and by the version that they are bound to.
type symbolUses struct {
	libraries map[string][]Symbol
	versions  map[boundKey][]Symbol
}

func usesOf(f *elfaudit.File) symbolUses {
	uses := symbolUses{map[string][]Symbol{}, map[boundKey][]Symbol{}}
	for s := range f.Undefined() {
		if s.Library == "" {
			continue
		}
		use, key := Symbol{strings.Clone(s.Name), s.Weak}, boundKey{s.Library, s.Version}
		uses.libraries[s.Library] = append(uses.libraries[s.Library], use)
		uses.versions[key] = append(uses.versions[key], use)
	}
	return uses
}

func usesOfNames(f *elfaudit.File, names []string) []Symbol {
	wanted := make(map[string]bool, len(names))
	for _, name := range names {
		wanted[name] = true
	}
	var uses []Symbol
	for s := range f.Undefined() {
		if wanted[s.Name] {
			uses = append(uses, Symbol{strings.Clone(s.Name), s.Weak})
		}
	}
	return uses
}

// ladder gives, for each larger set of needs that would have to go, the lowest
// policy that is reached then.
func (a *audit) ladder(causes []Cause) []Rung {
	var rungs []Rung
	j := &a.judged
	add := func(minor int) {
		if minor >= j.floor {
			return
		}
		rung := Rung{PlatformTag: a.policies.platformTags(j.machine, j.libc, minor)[0]}
		for _, c := range causes {
			if c.floor > minor {
				rung.Remove = append(rung.Remove, c)
			}
		}
		if last := len(rungs) - 1; last >= 0 && len(rungs[last].Remove) == len(rung.Remove) {
			rungs[last] = rung
		} else if len(rung.Remove) > 0 {
			rungs = append(rungs, rung)
		}
	}
	switch j.libc {
	case elfaudit.LibcGlibc:
		for _, p := range slices.Backward(a.policies.list) {
			if slices.Contains(p.Machines, j.machine) {
				add(p.Minor)
			}
		}
	case elfaudit.LibcMusl:
		for _, line := range slices.Backward(muslLines) {
			add(line.minor)
		}
	}
	return rungs
}

// sentence sums the report up.
func (r *Report) sentence(e *Explanation) string {
	a := r.audit
	switch {
	case len(r.ELF) == 0 && r.PlatformTag == "":
		return "There is no Linux machine code in this wheel; audit holds its other files against its name."
	case len(r.ELF) == 0:
		return "There is no machine code in this wheel; it runs wherever its Python code does."
	case r.Verdict == Unknown:
		return "Part of the machine code cannot be read, so nothing is certain; see the findings of audit."
	case r.Libc == "bionic":
		return "The machine code is for Android, which is not judged."
	case r.PlatformTag == "":
		return "The machine code is of a kind that no platform tag is for."
	case a.judged.libc == elfaudit.LibcNone:
		return fmt.Sprintf("The machine code needs no libc, so the wheel may carry the tags of both: %s.", strings.Join(r.PlatformTags, ", "))
	case strings.HasPrefix(r.PlatformTag, "linux_"):
		return fmt.Sprintf("No manylinux or musllinux tag is true: %s.", e.obstacle())
	}
	how := ""
	switch {
	case len(r.Claimed) == 0:
	case slices.Contains(r.Claimed, r.PlatformTag):
		how = ", as it claims"
	case r.Fails(false):
		how = fmt.Sprintf(", though it claims %s", strings.Join(r.Claimed, " and "))
	default:
		how = fmt.Sprintf("; it claims %s, which asks for more than it needs", strings.Join(r.Claimed, " and "))
	}
	return fmt.Sprintf("This is %s%s.", r.PlatformTag, how)
}

// obstacle names what rules every policy out.
func (e *Explanation) obstacle() string {
	var what []string
	said := map[string]bool{}
	for _, c := range e.Floor {
		text := map[string]string{
			"library": "it needs " + c.Library, "version": "it needs " + c.Version + " of " + c.Library,
			"ban": "it takes banned symbols from " + c.Library, "musl": "it takes functions that musl lacks", "processor": "it needs a newer processor",
		}[c.Kind]
		if !said[text] {
			said[text] = true
			what = append(what, text)
		}
	}
	if len(what) == 0 {
		return "no policy is defined for the machine"
	}
	const most = 3
	if len(what) > most {
		return fmt.Sprintf("%s, and %d more reasons", strings.Join(what[:most], ", "), len(what)-most)
	}
	return strings.Join(what, ", ")
}

// betterName is the file name with the true platform tags.
func (r *Report) betterName() string {
	name, err := wheel.ParseName(r.File)
	if err != nil || r.PlatformTag == "" || r.Verdict == Unknown || len(r.ELF) == 0 {
		return ""
	}
	if slices.Contains(r.Claimed, r.PlatformTag) && !r.Fails(false) {
		return ""
	}
	list := slices.Sorted(slices.Values(r.PlatformTags))
	platforms := strings.Join(slices.Compact(list), ".")
	stem := strings.TrimSuffix(r.File, ".whl")
	better := stem[:strings.LastIndexByte(stem, '-')+1] + platforms + ".whl"
	if name.Tags.Part(tags.PartPlatform) == platforms {
		return ""
	}
	return better
}
