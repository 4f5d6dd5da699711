package audit

import (
	"debug/elf"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/machine"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// eachFile makes a check of a function over every file that a loader would take.
func eachFile(run func(*Subject, *linkset.File, reporter)) func(*Subject, reporter) {
	return func(s *Subject, report reporter) {
		for _, f := range s.ELF.Files {
			if f.Loads() {
				run(s, f, report)
			}
		}
	}
}

// libpython matches the sonames of CPython's library, free-threaded and debug
// builds included.
var libpython = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^libpython\d+(\.\d+)?[a-z]*\.so(\.\d+)*$`) })

// checkLibpython finds modules that bring a second interpreter along. On Android they
// must name it: programs there have no symbols for libraries.
func checkLibpython(s *Subject, o *linkset.File, report reporter) {
	if s.isAndroid(o) {
		return
	}
	for _, library := range o.Needed {
		if strings.HasPrefix(library, "libpython") && libpython().MatchString(library) {
			report("libpython", finding.Finding{File: o.Path, Library: library, Message: "is linked to " + library + "; a module takes Python's symbols from the program that loads it"})
		}
	}
}

// androidPage is the page size of Android devices from 15 on, and of its emulator.
const androidPage = 16 << 10

func checkPageSize(s *Subject, o *linkset.File, report reporter) {
	m, _ := machine.Find(tags.Linux.String(), o.Machine)
	page := m.Page
	if s.isAndroid(o) && (o.Machine == "aarch64" || o.Machine == "x86_64") {
		page = androidPage
	}
	if align := o.ELF.LoadAlign; align < page && align > 0 {
		report("page-size", finding.Finding{
			File: o.Path, Need: fmt.Sprint(page),
			Message: fmt.Sprintf("is aligned to pages of %d KiB; %s systems with pages of %d KiB cannot load it", align>>10, o.Machine, page>>10),
		})
	}
}

func checkRunPaths(s *Subject, o *linkset.File, report reporter) {
	for _, entry := range o.RunPaths() {
		if !loads.Outside(s.ELF, o, entry) {
			continue
		}
		says := fmt.Sprintf("has the run path %q, which leads out of the wheel", entry)
		if entry == "" {
			says = "has an empty run path, which means the current directory"
		}
		report("outside-run-path", finding.Finding{File: o.Path, Message: says})
	}
}

// textRelocations reports whether relocations change a segment that is not writable. Some
// linkers set DT_TEXTREL without one, which costs nothing. Those of MIPS are not read.
func textRelocations(o *linkset.File) bool {
	return o.ELF.TextRel && (o.ELF.Relocations.Text || o.ELF.Machine == elf.EM_MIPS)
}

func checkHardening(s *Subject, o *linkset.File, report reporter) {
	var missing []string
	for _, m := range []struct {
		holds bool
		what  string
	}{
		{textRelocations(o), "text relocations"},
		{!o.ELF.RELRO, "no RELRO"},
		{!o.ELF.BindNow, "lazy binding"},
		{o.ELF.WritableExec, "a segment both writable and executable"},
		{s.isMusl(o) && o.ELF.Stack == elfaudit.StackExec, "a flag for an executable stack, which musl ignores"},
	} {
		if m.holds {
			missing = append(missing, m.what)
		}
	}
	// Lazy binding alone is the default of most linkers and says little.
	if len(missing) == 0 || len(missing) == 1 && !o.ELF.BindNow {
		return
	}
	if o.ELF.Static {
		return // a static program has nothing to bind or to relocate
	}
	report("hardening", finding.Finding{File: o.Path, Message: "has " + strings.Join(missing, ", ")})
}
