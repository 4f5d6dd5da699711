package audit

import (
	"slices"

	"github.com/wheeltag/wheeltag/internal/binfile"
	"github.com/wheeltag/wheeltag/tags"
)

// otherTag is the platform tag that the Mach-O or PE files of a wheel for macOS or
// Windows qualify for: for the machines that every file has code for, and the oldest
// system on which all of them run. It is "" when there is none or that is not known.
func (s *Subject) otherTag() string {
	var mac, windows []binaryFile
	for _, f := range s.content.binaries {
		switch {
		case f.err != nil:
			return ""
		case !f.facts.Loads():
		case f.facts.Format == binfile.PE:
			windows = append(windows, f)
		case isIOS(f.facts):
			return ""
		default:
			mac = append(mac, f)
		}
	}
	switch {
	case len(mac) > 0 && len(windows) == 0:
		return s.macTag(mac)
	case len(windows) > 0 && len(mac) == 0:
		return windowsTag(windows)
	}
	return ""
}

// macArchs are the machines of tags of today, the widest first.
var macArchs = []string{"universal2", "arm64", "x86_64", "intel", "fat3", "fat64", "fat", "i386", "ppc64", "ppc"}

func (s *Subject) macTag(files []binaryFile) string {
	archs := macArchs
	for _, c := range s.Claims { // of several, that of the name
		if c.OS == tags.MacOS {
			archs = slices.Concat([]string{c.Arch}, archs)
			break
		}
	}
	for _, arch := range archs {
		machines := macMachines[arch]
		if machines == nil {
			machines = []string{arch}
		}
		if v, ok := macMinimum(files, machines); ok {
			return appleTag(appleClaim{claim: tags.PlatformTag{Arch: arch}, on: binfile.MacOS}, v)
		}
	}
	return ""
}

// oldestMac is the system of files that do not say which they are for.
var oldestMac = binfile.Version{Major: 10, Minor: 4}

// macMinimum is the oldest system on which files run on each of some machines. That
// there is no macOS before 11 for arm64 raises nothing if there are other machines.
func macMinimum(files []binaryFile, machines []string) (oldest binfile.Version, ok bool) {
	eleven := binfile.Version{Major: 11}
	oldest = oldestMac
	if len(machines) == 1 && machines[0] == "arm64" {
		oldest = eleven
	}
	for _, machine := range machines {
		for _, f := range files {
			needs, ok := needsSystem(f.facts, appleClaim{machine: machine, on: binfile.MacOS})
			if !ok {
				return oldest, false
			}
			if (machine != "arm64" || needs.Compare(eleven) > 0) && needs.Compare(oldest) > 0 {
				oldest = needs
			}
		}
	}
	return oldest, true
}

// windowsTag is the tag for the machine of all libraries; programs may be for another.
func windowsTag(files []binaryFile) string {
	machine := ""
	for _, f := range files {
		is := f.facts.Slices[0]
		switch {
		case is.Kind == binfile.Executable:
		case machine != "" && machine != is.Machine:
			return ""
		default:
			machine = is.Machine
		}
	}
	return map[string]string{"amd64": "win_amd64", "arm64": "win_arm64", "x86": "win32"}[machine]
}
