package audit

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/stableabi"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// suffix is what the file name of an extension module says: for which interpreter it
// is, and for which libc.
type suffix struct {
	abi  string // as in tags, such as "cp312" or "cp313t"; "abi3", "abi3t", or "" for any
	musl bool   // -linux-musl
	gnu  bool   // -linux-gnu
}

// suffixes match the parts of the file names by which Python finds modules for one
// version of an interpreter (PEP 3149).
var suffixes = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\.(?:(abi3t?)|cpython-(\d+t?)d?m?u?(?:-([\w-]+))?|(pypy\d+-pp\d+)(?:-[\w-]+)?|cp(\d+t?)-[\w]+)\.(?:so|pyd)$`)
})

// suffixOf reads the file name of a module; ok is false for names that every
// interpreter takes, and for other files.
func suffixOf(name string) (s suffix, ok bool) {
	if !strings.HasSuffix(name, ".so") && !strings.HasSuffix(name, ".pyd") {
		return s, false
	}
	m := suffixes().FindStringSubmatch(path.Base(name))
	switch {
	case m == nil:
		return s, false
	case m[1] != "":
		s.abi = m[1]
	case m[2] != "":
		s.abi = "cp" + m[2]
		s.musl, s.gnu = strings.Contains(m[3], "-linux-musl"), strings.Contains(m[3], "-linux-gnu")
	case m[4] != "":
		s.abi = strings.ReplaceAll(m[4], "-", "_")
	default:
		s.abi = "cp" + m[5]
	}
	return s, true
}

// minor gives the version of an ABI such as cp312t; ok is false for others.
func minorOf(abi string) (minor int, ok bool) {
	digits, ok := strings.CutPrefix(strings.TrimSuffix(abi, "t"), "cp3")
	if !ok {
		return 0, false
	}
	minor, err := strconv.Atoi(digits)
	return minor, err == nil
}

// abis are the ABI tags of the file name.
func (s *Subject) abis() []string { return slices.Collect(s.name.Tags.Members(tags.PartABI)) }

// modulePaths yields the extension modules in the places that Python imports from.
func (s *Subject) modulePaths() []string {
	var paths []string
	for m := range s.files() {
		name := m.Name()
		if top, rest, _ := strings.Cut(name, "/"); strings.HasSuffix(top, ".data") && !strings.HasPrefix(rest, "platlib/") && !strings.HasPrefix(rest, "purelib/") {
			continue
		}
		if _, ok := suffixOf(name); ok {
			paths = append(paths, name)
		}
	}
	return paths
}

// checkSuffixes finds extension modules that no Python of the wheel's tags looks for.
func checkSuffixes(s *Subject, report reporter) {
	abis := s.abis()
	if slices.Contains(abis, "none") {
		return // such wheels have modules for several Pythons
	}
	var wrong, libc group
	loadable := false // some module is one that the tags are for
	for _, name := range s.modulePaths() {
		module, _ := suffixOf(name)
		fits := fitsABI(module.abi, abis, s.name)
		loadable = loadable || fits
		if !fits {
			wrong.add(name, "is for %s by its name; the wheel is for %s", module.abi, strings.Join(abis, ", "))
			continue
		}
		// Before 3.11 the names of Pythons for musl said gnu too.
		// Code for the other libc is another rule's.
		if minor, ok := minorOf(module.abi); ok && minor >= 11 {
			switch code := s.libcOf(name); {
			case module.gnu && code == elfaudit.LibcGlibc, module.musl && code == elfaudit.LibcMusl:
			case module.gnu && s.claimsOnly(tags.Musl):
				libc.add(name, "is for glibc by its name; Pythons for musl do not look for it")
			case module.musl && s.claimsOnly(tags.Glibc):
				libc.add(name, "is for musl by its name; Pythons for glibc do not look for it")
			}
		}
	}
	// A wheel may carry more than it needs, as long as what its Pythons import is there.
	if !loadable || !s.severalVersions() {
		wrong.report("module-suffix", report)
	}
	libc.report("module-suffix", report)
}

// libcOf gives the libc that a file was linked against.
func (s *Subject) libcOf(path string) elfaudit.Libc {
	for _, f := range s.ELF.Files {
		if f.Path == path && f.Loads() {
			return f.Libc
		}
	}
	return elfaudit.LibcUnknown
}

// severalVersions reports whether modules with one name are there for several Pythons.
func (s *Subject) severalVersions() bool {
	seen := map[string]string{}
	for _, name := range s.modulePaths() {
		module, _ := suffixOf(name)
		stem, _, _ := strings.Cut(path.Base(name), ".")
		key := path.Join(path.Dir(name), stem)
		if other, ok := seen[key]; ok && other != module.abi {
			return true
		}
		seen[key] = module.abi
	}
	return false
}

// fitsABI reports whether a module for an ABI can be imported by a Python that one of
// the ABI tags of a wheel is for.
func fitsABI(abi string, wheel []string, name wheel.Name) bool {
	switch {
	case slices.Contains(wheel, abi):
		return true
	case abi == "abi3": // free-threaded Pythons do not take it
		return slices.ContainsFunc(wheel, func(a string) bool { _, ok := minorOf(a); return ok && !strings.HasSuffix(a, "t") || a == "abi3" })
	case abi == "abi3t":
		return slices.ContainsFunc(wheel, func(a string) bool { m, ok := minorOf(a); return ok && m >= 15 || a == "abi3" })
	}
	// cp37m and cp37mu wheels hold modules that say 37m.
	return slices.ContainsFunc(wheel, func(a string) bool { return strings.TrimRight(a, "mud") == abi })
}

// claimsOnly reports whether every platform tag is for one libc.
func (s *Subject) claimsOnly(family tags.LibcFamily) bool {
	return len(s.Claims) > 0 && !slices.ContainsFunc(s.Claims, func(c tags.PlatformTag) bool { return c.Libc.Family != family })
}

// stableBaseline gives the lowest Python 3 whose stable ABI the name promises to keep
// to; ok is false if it promises nothing.
func (s *Subject) stableBaseline() (minor int, ok bool) {
	if !slices.Contains(s.abis(), "abi3") && !slices.Contains(s.abis(), "abi3t") {
		return 0, false
	}
	for python := range s.name.Tags.Members(tags.PartInterpreter) {
		if m, is := minorOf(python); is && (!ok || m < minor) {
			minor, ok = m, true
		}
	}
	return minor, ok
}

// checkStableABI finds symbols that the Pythons of an abi3 wheel need not have.
func checkStableABI(s *Subject, report reporter) {
	baseline, ok := s.stableBaseline()
	if !ok {
		return
	}
	own := s.exported()
	for _, f := range s.ELF.Files {
		if f.Loads() {
			checkStableFile(f, baseline, own, report)
		}
	}
	for _, b := range s.content.binaries {
		if b.facts == nil {
			continue
		}
		for _, slice := range b.facts.Slices {
			for _, library := range slice.Needed {
				if versioned().MatchString(library) {
					report("unstable-abi", finding.Finding{File: b.path, Library: library, Message: fmt.Sprintf("is linked to %s, which only that Python has; modules for the stable ABI are linked to python3.dll", library)})
				}
			}
		}
	}
}

// versioned matches the DLLs that one version of Python has.
var versioned = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)^python3\d+t?\.dll$`) })

// exported are the symbols with names of Python that files of the wheel define: helpers
// of its own, not Python's.
func (s *Subject) exported() map[string]bool {
	own := map[string]bool{}
	for _, f := range s.ELF.Files {
		if !f.Loads() {
			continue
		}
		for symbol := range f.ELF.Exported() {
			if stableabi.IsPython(symbol.Name) {
				own[symbol.Name] = true
			}
		}
	}
	return own
}

// checkStableFile looks at what a file takes from Python. A weak symbol may be missing.
func checkStableFile(f *linkset.File, baseline int, own map[string]bool, report reporter) {
	var private []string
	later := map[int][]string{}
	for symbol := range f.ELF.Undefined() {
		if symbol.Weak || !stableabi.IsPython(symbol.Name) || own[symbol.Name] {
			continue
		}
		switch known, ok := stableabi.Added(symbol.Name); {
		case !ok:
			private = append(private, symbol.Name)
		case known.Minor > baseline:
			later[known.Minor] = append(later[known.Minor], symbol.Name)
		}
	}
	if len(private) > 0 {
		slices.Sort(private)
		private = slices.Compact(private)
		report("unstable-abi", finding.Finding{File: f.Path, Symbols: private, Message: fmt.Sprintf("takes %s from Python, outside the stable ABI", strings.Join(first(private, maxSymbols), ", "))})
	}
	for minor := range 100 {
		if names := later[minor]; len(names) > 0 {
			slices.Sort(names)
			names = slices.Compact(names)
			report("later-abi", finding.Finding{
				File: f.Path, Symbols: names, Version: fmt.Sprintf("3.%d", minor), Claimed: fmt.Sprintf("cp3%d", baseline),
				Message: fmt.Sprintf("takes %s, which the stable ABI has from 3.%d on; the wheel is for 3.%d and later", strings.Join(first(names, maxSymbols), ", "), minor, baseline),
			})
		}
	}
}

// checkModuleInit finds modules without the function that Python calls.
func checkModuleInit(s *Subject, report reporter) {
	if s.archiveOf == nil {
		return // a file by itself may be called anything
	}
	for _, f := range s.ELF.Files {
		if !f.Loads() || f.IsProgram() {
			continue
		}
		if _, ok := suffixOf(f.Path); !ok || f.IsModule() || strings.HasSuffix(path.Dir(f.Path), ".libs") {
			continue
		}
		stem, _, _ := strings.Cut(path.Base(f.Path), ".")
		message := fmt.Sprintf("does not export PyInit_%s, so that Python cannot import it", stem)
		if other := f.ELF.ExtensionInit(); len(other) > 0 {
			message += fmt.Sprintf("; it is a module called %s", other[0].Module)
		}
		report("module-init", finding.Finding{File: f.Path, Message: message})
	}
}
