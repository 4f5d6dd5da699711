package audit

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/binfile"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// checkBinaries checks the Mach-O and PE files of a wheel against its platform tags.
// Object files, debug symbols and .NET assemblies are never faulty: no system loads
// them as native code.
func checkBinaries(s *Subject, report reporter) {
	p := readPlatforms(s.Claims)
	p.several = s.severalSystems() != nil
	p.own = s.hasOwnCode(&p)
	for _, f := range s.content.binaries {
		switch {
		case errors.Is(f.err, binfile.ErrNotBinary):
		case f.err != nil:
			report("unreadable-binary", finding.Finding{File: f.path, Message: "cannot be judged: " + f.err.Error()})
		case f.facts != nil && f.facts.Loads():
			p.check(f, report)
		case f.facts != nil && s.isModuleOf(f):
			report("not-a-binary", finding.Finding{File: f.path, Message: fmt.Sprintf("is named as an extension module but is an object file or symbols (%s, %s)", f.facts.Format, machinesOf(f.facts))})
		}
	}
}

// platforms is what the platform tags together say about such files.
type platforms struct {
	any, unknown bool     // a tag for all systems, one for a system not known here
	systems      []string // "x86_64 Linux", one for each tag that says something new
	tags         []string
	apple        []appleClaim
	windows      []tags.PlatformTag
	own          bool // some file is for what the tags say
	several      bool // the files are for several systems, which is one finding
}

func readPlatforms(claims []tags.PlatformTag) platforms {
	var p platforms
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
			p.addMacOS(c)
		case c.OS == tags.IOS:
			machine, simulator := strings.CutSuffix(c.Arch, "_iphonesimulator")
			on := binfile.IOS
			if simulator {
				on = binfile.IOSSimulator
			}
			machine = strings.TrimSuffix(machine, "_iphoneos")
			system = machine + " " + on.String()
			oldest := binfile.Version{Major: c.Major, Minor: c.Minor}
			// The simulator is for arm64 since iOS 14, with the first such Macs.
			if first := (binfile.Version{Major: 14}); simulator && machine == "arm64" && oldest.Compare(first) < 0 {
				oldest = first
			}
			p.apple = append(p.apple, appleClaim{machine, c, on, oldest, true})
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

// check checks one file that some system would load.
func (p *platforms) check(f binaryFile, report reporter) {
	program := f.facts.Slices[0].Kind == binfile.Executable
	switch pe := f.facts.Format == binfile.PE; {
	case p.any && pe && program:
		// Installers carry a launcher for each machine and write it out next to
		// the scripts that it starts.
		report("foreign-program", finding.Finding{File: f.path, Claimed: "any", Need: machinesOf(f.facts), Message: "is a Windows program in a wheel for any platform"})
		return
	case p.any && p.several:
		return
	case p.any:
		report("misplaced-binary", finding.Finding{File: f.path, Claimed: "any", Need: machinesOf(f.facts), Message: fmt.Sprintf("is %s in a wheel whose tag is any", describe(f.facts))})
		return
	case pe && len(p.windows) > 0:
		p.checkWindows(f, program, report)
	case !pe && len(p.apple) > 0:
		p.checkApple(f, report)
	case !p.unknown && len(p.systems) > 0:
		rule := p.ruleForAnother(f)
		if pe && program { // carried as data, as launchers are: no installer starts it
			rule = "foreign-program"
		}
		report(rule, p.another(f))
	}
	if inPurelib(f.path) && !program {
		report("misplaced-binary", finding.Finding{File: f.path, Message: "is machine code, yet installed among pure Python code (purelib)"})
	}
}

// hasOwnCode reports whether some native code is for what the tags say.
func (s *Subject) hasOwnCode(p *platforms) bool {
	for _, f := range s.ELF.Files {
		if s.isOwn(f) {
			return true
		}
	}
	return slices.ContainsFunc(s.content.binaries, func(f binaryFile) bool {
		if f.facts == nil || !f.facts.Loads() {
			return false
		}
		if f.facts.Format == binfile.PE {
			return slices.ContainsFunc(p.windows, func(c tags.PlatformTag) bool { return c.Arch == f.facts.Slices[0].Machine })
		}
		return slices.ContainsFunc(p.apple, func(a appleClaim) bool { _, ok := needsSystem(f.facts, a); return ok })
	})
}

// isOwn reports whether an ELF file is for a machine that the tags say.
func (s *Subject) isOwn(f *linkset.File) bool {
	return f.Loads() && slices.ContainsFunc(s.Claims, func(c tags.PlatformTag) bool { return linkset.RunsOn(f.Machine, manylinux.ClaimedMachine(c)) })
}

// ruleForAnother is the rule for a file of another system or machine: a note where the
// wheel has code of its own and the name is not one by which Python or that code would
// find the file, as helpers and templates are included as data.
func (p *platforms) ruleForAnother(f binaryFile) string {
	if module := linkset.HasModuleName(f.path) || strings.HasSuffix(f.path, ".so") || strings.HasSuffix(f.path, ".pyd"); p.own && !module {
		return "foreign-program"
	}
	return "wrong-machine"
}

// another is the finding that a file is for another system or machine.
func (p *platforms) another(f binaryFile) finding.Finding {
	return finding.Finding{
		File: f.path, Need: machinesOf(f.facts), Claimed: strings.Join(p.tags, ", "),
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
	return fmt.Sprintf("%s machine code (%s, %s)", systemOf(f), f.Format, machinesOf(f))
}

// systemOf names the system that a file is for, macOS unless a Mach-O file says otherwise.
func systemOf(f *binfile.File) string {
	if f.Format != binfile.MachO {
		return "Windows"
	}
	for _, s := range f.Slices {
		if len(s.Builds) > 0 {
			return s.Builds[0].Platform.String()
		}
	}
	return "macOS"
}
