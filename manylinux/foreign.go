package manylinux

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/binfile"
	"github.com/wheeltag/wheeltag/tags"
)

// foreignFile is a file of the wheel with the first bytes of Mach-O or PE.
type foreignFile struct {
	path  string
	facts *binfile.File // nil when err is set
	err   error         // of binfile.Read or of unpacking the file
}

// checkForeign holds the Mach-O and PE files of a wheel against its platform
// tags. Object files, debug symbols and .NET assemblies are never found fault
// with: no system loads them as machine code. A finding without a severity has
// that of its rule.
func checkForeign(claims []tags.PlatformTag, files []foreignFile) []Finding {
	var findings []Finding
	p := readPromise(claims)
	for _, f := range files {
		switch {
		case errors.Is(f.err, binfile.ErrNotBinary):
		case f.err != nil:
			findings = append(findings, Finding{Rule: "WT206", File: f.path, Message: "cannot be judged: " + f.err.Error()})
		case f.facts != nil && f.facts.Loads():
			findings = append(findings, p.check(f)...)
		}
	}
	return findings
}

// promise is what the platform tags together say about such files.
type promise struct {
	any, unknown bool     // a tag for all systems, one for a system not known here
	systems      []string // "x86_64 Linux", one for each tag that says something new
	tags         []string
	apple        []applePromise
	windows      []tags.PlatformTag
}

// applePromise is one machine of one tag for macOS or iOS.
type applePromise struct {
	machine string
	claim   tags.PlatformTag
	on      binfile.Platform
	oldest  binfile.Version // of the system, for this machine
	// optional promises are kept by keeping any one: no file has code for an
	// iPhone and the simulator at once, and "universal" has no one meaning.
	optional bool
}

func readPromise(claims []tags.PlatformTag) promise {
	var p promise
	for _, c := range claims {
		p.tags = append(p.tags, c.Tag)
		system := c.Arch + " "
		switch {
		case c.Any:
			p.any = true
			continue
		case c.OS == tags.Linux:
			system += "Linux"
		case c.OS == tags.Android:
			system += "Android"
		case c.OS == tags.MacOS:
			system += "macOS"
			p.promiseMacOS(c)
		case c.OS == tags.IOS:
			machine, simulator := strings.CutSuffix(c.Arch, "_iphonesimulator")
			on := binfile.IOS
			if simulator {
				on = binfile.IOSSimulator
			}
			machine = strings.TrimSuffix(machine, "_iphoneos")
			system = machine + " " + on.String()
			p.apple = append(p.apple, applePromise{machine, c, on, binfile.Version{Major: c.Major, Minor: c.Minor}, true})
		case c.OS == tags.Windows:
			system += "Windows"
			p.windows = append(p.windows, c)
		default:
			p.unknown = true
			continue
		}
		if !slices.Contains(p.systems, system) {
			p.systems = append(p.systems, system)
		}
	}
	return p
}

// macMachines are the machines that a tag for several promises, by the sets of
// CPython's build system. fat32 is an older name of fat3. A tag without an entry
// is for one machine.
var macMachines = map[string][]string{
	"universal2": {"x86_64", "arm64"},
	"intel":      {"i386", "x86_64"},
	"fat":        {"ppc", "i386"},
	"fat3":       {"ppc", "i386", "x86_64"},
	"fat32":      {"ppc", "i386", "x86_64"},
	"fat64":      {"ppc64", "x86_64"},
	// The word has meant all four machines to CPython and the first two to
	// Apple, so a file with code for any one of them keeps it.
	"universal": {"ppc", "i386", "x86_64", "ppc64"},
}

func (p *promise) promiseMacOS(c tags.PlatformTag) {
	machines := macMachines[c.Arch]
	if machines == nil {
		machines = []string{c.Arch}
	}
	for _, machine := range machines {
		oldest := binfile.Version{Major: c.Major, Minor: c.Minor}
		// 10.16 is what macOS 11 calls itself to old programs, and there is no
		// older system for arm64.
		if eleven := (binfile.Version{Major: 11}); oldest == (binfile.Version{Major: 10, Minor: 16}) || machine == "arm64" && oldest.Compare(eleven) < 0 {
			oldest = eleven
		}
		p.apple = append(p.apple, applePromise{machine, c, binfile.MacOS, oldest, c.Arch == "universal"})
	}
}

// check judges one file that some system would load.
func (p *promise) check(f foreignFile) []Finding {
	program := f.facts.Slices[0].Kind == binfile.Executable
	var findings []Finding
	switch pe := f.facts.Format == binfile.PE; {
	case p.any && pe && program:
		// Installers carry a launcher for each machine and write it out next to
		// the scripts that it starts.
		return []Finding{{Rule: "WT209", Severity: Note, File: f.path, Claimed: "any", Need: machinesOf(f.facts), Message: "is a Windows program in a wheel for any platform"}}
	case p.any:
		return []Finding{{Rule: "WT209", File: f.path, Claimed: "any", Need: machinesOf(f.facts), Message: fmt.Sprintf("is %s in a wheel whose tag is any", describe(f.facts))}}
	case pe && len(p.windows) > 0:
		findings = p.checkWindows(f, program)
	case !pe && len(p.apple) > 0:
		findings = p.checkApple(f)
	case !p.unknown && len(p.systems) > 0:
		findings = []Finding{p.another(f)}
		if pe && program { // carried as data, as launchers are: no installer starts it
			findings[0].Severity = Note
		}
	}
	if inPurelib(f.path) && !program {
		findings = append(findings, Finding{Rule: "WT209", File: f.path, Message: "is machine code, yet installed among pure Python code (purelib)"})
	}
	return findings
}

// another is the finding that a file is for another system or machine.
func (p *promise) another(f foreignFile) Finding {
	return Finding{
		Rule: "WT204", File: f.path, Need: machinesOf(f.facts), Claimed: strings.Join(p.tags, ", "),
		Message: fmt.Sprintf("is %s; the name says %s", describe(f.facts), strings.Join(p.systems, ", ")),
	}
}

// machinesOf lists the machines of a file.
func machinesOf(f *binfile.File) string {
	var machines []string
	for _, s := range f.Slices {
		if !slices.Contains(machines, s.Machine) {
			machines = append(machines, s.Machine)
		}
	}
	return strings.Join(machines, ", ")
}

// describe says what a file is: "Windows machine code (PE, amd64)".
func describe(f *binfile.File) string {
	system := "Windows"
	if f.Format == binfile.MachO {
		system = "macOS" // unless it says otherwise
		for _, s := range f.Slices {
			if len(s.Builds) > 0 {
				system = s.Builds[0].Platform.String()
				break
			}
		}
	}
	return fmt.Sprintf("%s machine code (%s, %s)", system, f.Format, machinesOf(f))
}

// checkWindows wants code for one of the machines. Windows emulates older
// machines for programs, but a process cannot load a library of another one.
func (p *promise) checkWindows(f foreignFile, program bool) []Finding {
	is := f.facts.Slices[0].Machine
	for _, c := range p.windows {
		if c.Arch == is {
			return nil
		}
	}
	emulated := func(c tags.PlatformTag) bool {
		return is == "x86" && c.Arch != "x86" || is == "amd64" && c.Arch == "arm64"
	}
	finding := p.another(f)
	if i := slices.IndexFunc(p.windows, emulated); program && i >= 0 {
		finding.Severity = Note
		finding.Message = fmt.Sprintf("is a Windows program for %s, which %s Windows runs by emulation", is, p.windows[i].Arch)
	}
	return []Finding{finding}
}

// checkApple wants code for every machine that the tags promise, built for a
// system no newer than theirs. When several tags promise a machine, the oldest
// system counts.
func (p *promise) checkApple(f foreignFile) []Finding {
	var missing []string
	var findings []Finding
	found := false
	ios := isIOS(f.facts)
	for i, a := range p.apple {
		if ios == (a.on == binfile.MacOS) {
			continue
		}
		needs, ok := needsSystem(f.facts, a)
		if !ok {
			if !a.optional && !slices.Contains(missing, a.machine) {
				missing = append(missing, a.machine)
			}
			continue
		}
		found = true
		older := func(b applePromise) bool {
			return b.machine == a.machine && b.on == a.on && b.oldest.Compare(a.oldest) < 0
		}
		same := func(b applePromise) bool { return b.machine == a.machine && b.on == a.on && b.oldest == a.oldest }
		if needs.Compare(a.oldest) > 0 && !slices.ContainsFunc(p.apple, older) && !slices.ContainsFunc(p.apple[:i], same) {
			findings = append(findings, tooNew(f, a, needs))
		}
	}
	if !found {
		return []Finding{p.another(f)}
	}
	if len(missing) > 0 {
		lacks := p.another(f)
		lacks.Message = fmt.Sprintf("has no code for %s; it is %s; the name says %s", strings.Join(missing, ", "), describe(f.facts), strings.Join(p.systems, ", "))
		findings = append(findings, lacks)
	}
	return findings
}

// isIOS reports whether a file was built for iOS or its simulator.
func isIOS(f *binfile.File) bool {
	return slices.ContainsFunc(f.Slices, func(s binfile.Slice) bool {
		return slices.ContainsFunc(s.Builds, func(b binfile.Build) bool {
			return b.Platform == binfile.IOS || b.Platform == binfile.IOSSimulator
		})
	})
}

// needsSystem is the oldest system on which a file runs on the machine of a
// promise; ok is false when it does not run there at all. A slice that does not
// say which system it is for runs on each.
func needsSystem(f *binfile.File, a applePromise) (oldest binfile.Version, ok bool) {
	for _, s := range f.Slices {
		if s.Machine != a.machine || !s.Kind.Loads() {
			continue
		}
		needs, fits := binfile.Version{}, len(s.Builds) == 0
		for _, b := range s.Builds {
			if b.Platform == a.on {
				needs, fits = b.Minimum, true
			}
		}
		if fits && (!ok || needs.Compare(oldest) < 0) { // arm64e beside arm64
			oldest, ok = needs, true
		}
	}
	return oldest, ok
}

// tooNew is the finding that a file needs a newer system than its tag says.
func tooNew(f foreignFile, a applePromise, needs binfile.Version) Finding {
	on := ""
	if len(f.facts.Slices) > 1 {
		on = " on " + a.machine
	}
	return Finding{
		Rule: "WT201", File: f.path, Version: needs.String(), Claimed: a.claim.Tag, Need: appleTag(a, needs),
		Message: fmt.Sprintf("needs %s %s or newer%s; the name says %s", a.on, needs, on, a.claim.Tag),
	}
}

// appleTag is the tag for the oldest system that is new enough. Tags of macOS
// have no minor number from 11 on, and the release after 15 is 26.
func appleTag(a applePromise, v binfile.Version) string {
	if v.Patch > 0 {
		v = binfile.Version{Major: v.Major, Minor: v.Minor + 1}
	}
	if a.on != binfile.MacOS {
		return fmt.Sprintf("ios_%d_%d_%s", v.Major, v.Minor, a.claim.Arch)
	}
	if v.Major > 10 && v.Minor > 0 {
		v = binfile.Version{Major: v.Major + 1}
	}
	if v.Major == 10 && v.Minor > 15 {
		v = binfile.Version{Major: 11}
	}
	if v.Major > 15 && v.Major < 26 {
		v = binfile.Version{Major: 26}
	}
	return fmt.Sprintf("macosx_%d_%d_%s", v.Major, v.Minor, a.claim.Arch)
}
