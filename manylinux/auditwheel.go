package manylinux

import (
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/tags"
)

// AuditwheelSays is what auditwheel 6.8.2 prints for the same wheel on a
// neutral host, by "show --json --ldpaths ”". It is worked out by its rules,
// the wrong ones too, so that verdicts can be compared one to one.
type AuditwheelSays struct {
	OverallTag string   `json:"overall_tag"`
	SymTag     string   `json:"sym_tag"`
	External   []string `json:"external"`
	Error      string   `json:"error,omitempty"` // its own refusal, then the tags are empty
	// Differs says by code why PlatformTag is another than OverallTag.
	Differs []string `json:"differs"`
}

// What auditwheel says instead of a verdict: of a wheel without ELF files of its
// own machine and libc, and of machine code in a folder named purelib. What it
// does with a damaged file depends on the damage, so that is left open.
const (
	notPlatform     = "This does not look like a platform wheel"
	inPurelibFolder = "Invalid binary wheel, found the following shared library/libraries in purelib folder"
	notWorkedOut    = "not worked out: a file cannot be read"
)

// imitation is auditwheel's view of a wheel.
type imitation struct {
	policies *Policies
	all      []*object // of the wheel
	objects  []*object // that it looks at, in the order of RECORD
	modules  map[*object]bool
	top      []*object // of which it follows the needs
	machine  string
	musl     bool
	minors   []int // its policies for the machine
}

// imitate works out what auditwheel says. Files missing in RECORD it
// does not see.
func imitate(p *Policies, w *world, claims []tags.Claim, recorded record) AuditwheelSays {
	says := AuditwheelSays{External: []string{}, Differs: []string{}}
	im := imitation{policies: p}
	for _, o := range w.objects {
		switch {
		case !recorded.has(o.path):
		case o.err != nil:
			says.Error = notWorkedOut
			return says
		case slices.Contains(strings.Split(path.Dir(o.path), "/"), "purelib"):
			says.Error = inPurelibFolder
			return says
		}
	}
	im.choose(w, claims, recorded.paths)
	if len(im.objects) == 0 {
		says.Error = notPlatform
		return says
	}
	im.all = w.objects
	im.readModules()
	say := im.sayGlibc
	if im.musl {
		say = im.sayMusl
	}
	if err := say(&says); err != nil {
		return AuditwheelSays{External: []string{}, Differs: []string{}, Error: err.Error()}
	}
	slices.Sort(says.External)
	return says
}

// choose picks the machine, the libc and the files that auditwheel goes on with.
func (im *imitation) choose(w *world, claims []tags.Claim, recorded []string) {
	byPath := map[string]*object{}
	for _, o := range w.objects {
		byPath[o.path] = o
	}
	machines := map[string]bool{}
	libcs := map[elfaudit.Libc]bool{}
	for _, c := range claims {
		if c.OS == tags.Linux {
			machines[c.Arch] = true
		}
		switch c.Libc.Family {
		case tags.Glibc:
			libcs[elfaudit.LibcGlibc] = true
		case tags.Musl:
			libcs[elfaudit.LibcMusl] = true
		}
	}
	libc := elfaudit.LibcUnknown
	if len(libcs) == 1 {
		for libc = range libcs {
		}
	}
	if len(machines) == 1 {
		for im.machine = range machines {
		}
	}
	for _, name := range recorded {
		o := byPath[name]
		if o == nil || o.file == nil || strings.HasSuffix(name, ".py") {
			continue
		}
		machine := theirMachine(o.file)
		if im.machine == "" {
			im.machine = machine
		}
		own := theirLibc(o)
		if machine == "" || machine != im.machine || libc != elfaudit.LibcUnknown && own != elfaudit.LibcUnknown && own != libc {
			continue
		}
		if libc == elfaudit.LibcUnknown {
			libc = own
		}
		im.objects = append(im.objects, o)
	}
	im.musl = libc == elfaudit.LibcMusl
	for _, policy := range im.policies.list {
		if !policy.Later && slices.Contains(policy.Machines, im.machine) {
			im.minors = append(im.minors, policy.Minor)
		}
	}
}

// theirMachine is auditwheel's word for a machine: any hard-float ARM of
// version 5 of the EABI is armv7l to it.
func theirMachine(f *elfaudit.File) string {
	if m := f.MachineTag(); m != "armv6l" {
		return m
	}
	return "armv7l"
}

// theirLibc goes by the interpreter, the needed libraries and, last, the name
// of the file.
func theirLibc(o *object) elfaudit.Libc {
	f := o.file
	switch {
	case strings.HasPrefix(path.Base(f.Interpreter), "ld-musl-"):
		return elfaudit.LibcMusl
	case f.Interpreter != "":
		return elfaudit.LibcGlibc
	}
	for _, n := range f.Needed {
		switch {
		case strings.HasPrefix(n, "libc.musl-"), strings.HasPrefix(n, "ld-musl-"):
			return elfaudit.LibcMusl
		case n == "libc.so.6", strings.HasPrefix(n, "ld-linux-"), strings.HasPrefix(n, "ld64.so."):
			return elfaudit.LibcGlibc
		}
	}
	switch {
	case strings.HasSuffix(o.path, "-linux-musl.so"), strings.HasSuffix(o.path, "-arm-linux-musleabihf.so"):
		return elfaudit.LibcMusl
	case strings.HasSuffix(o.path, "-linux-gnu.so"), strings.HasSuffix(o.path, "-arm-linux-gnueabihf.so"):
		if _, soabi, ok := strings.Cut(path.Base(o.path), ".cpython-3"); ok && len(soabi) > 2 && soabi[1] != '-' {
			return elfaudit.LibcGlibc
		}
	}
	return elfaudit.LibcUnknown
}

// isExtension reports whether auditwheel takes a file for a Python module.
func isExtension(o *object) bool {
	if o.sectionless {
		return false
	}
	stem, _, _ := strings.Cut(path.Base(o.path), ".")
	for s := range o.file.Exported() {
		if prefix, ok := strings.CutSuffix(s.Name, stem); ok && (prefix == "PyInit_" || prefix == "init" || prefix == "_cffi_pypyinit_") {
			return true
		}
	}
	return false
}

// readModules finds the Python modules, and the files whose dependencies
// auditwheel follows: those, and other files that no file of the wheel needs.
func (im *imitation) readModules() {
	needed := map[string]bool{}
	for _, o := range im.objects {
		for _, n := range o.needed {
			needed[n] = true
		}
	}
	im.modules = map[*object]bool{}
	for _, o := range im.objects {
		im.modules[o] = isExtension(o)
		if im.modules[o] || !needed[path.Base(o.path)] {
			im.top = append(im.top, o)
		}
	}
}
