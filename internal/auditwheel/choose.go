package auditwheel

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/tags"
)

// claimedKind gives the machine and the libc that the file name settles: "" and
// unknown where it names none or several.
func claimedKind(claims []tags.PlatformTag) (machine string, libc elfaudit.Libc) {
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
	if len(machines) == 1 {
		for machine = range machines {
		}
	}
	if len(libcs) == 1 {
		for libc = range libcs {
		}
	}
	return machine, libc
}

// choose picks the machine, the libc and the files that auditwheel goes on with.
// It looks at one file after the other, in the order of RECORD, and what the
// first ones are decides how later ones are taken. The error is its refusal.
func (m *model) choose(claims []tags.PlatformTag, recorded []string) error {
	byPath := map[string]*linkset.File{}
	for _, o := range m.all {
		byPath[o.Path] = o
	}
	var libc elfaudit.Libc
	m.machine, libc = claimedKind(claims)
	purelib := false
	for _, name := range recorded {
		o := byPath[name]
		if o == nil || o.ELF == nil || strings.HasSuffix(name, ".py") {
			continue
		}
		if purelib = purelib || slices.Contains(strings.Split(path.Dir(name), "/"), "purelib"); purelib {
			continue // it has its answer
		}
		own, err := libcOf(o)
		if err != nil {
			return err
		}
		machine := machineOf(o.ELF)
		if m.machine == "" {
			m.machine = machine
		}
		if machine == "" || machine != m.machine || libc != elfaudit.LibcUnknown && own != elfaudit.LibcUnknown && own != libc {
			continue
		}
		if libc == elfaudit.LibcUnknown {
			libc = own
		}
		if libc == elfaudit.LibcUnknown && isExtension(o) {
			return refusal(fmt.Sprintf(noLibc, name))
		}
		m.files = append(m.files, o)
	}
	switch {
	case purelib:
		return refusal(inPurelib)
	case len(m.files) == 0:
		return refusal(notPlatform)
	}
	m.musl = libc == elfaudit.LibcMusl
	for _, policy := range m.policies.All() {
		if !policy.Later && slices.Contains(policy.Machines, m.machine) {
			m.minors = append(m.minors, policy.Minor)
		}
	}
	return nil
}

// machineOf is auditwheel's word for a machine: any hard-float ARM of
// version 5 of the EABI is armv7l to it.
func machineOf(f *elfaudit.File) string {
	if m := f.MachineTag(); m != "armv6l" {
		return m
	}
	return "armv7l"
}

// libcOf goes by the interpreter, the needed libraries and, last, the name
// of the file. The error is about a file that names both.
func libcOf(o *linkset.File) (elfaudit.Libc, error) {
	f := o.ELF
	libc := elfaudit.LibcUnknown
	switch {
	case strings.HasPrefix(path.Base(f.Interpreter), "ld-musl-"):
		libc = elfaudit.LibcMusl
	case f.Interpreter != "":
		libc = elfaudit.LibcGlibc
	}
	for _, n := range f.Needed {
		means := elfaudit.LibcUnknown
		switch {
		case strings.HasPrefix(n, "libc.musl-"), strings.HasPrefix(n, "ld-musl-"):
			means = elfaudit.LibcMusl
		case n == "libc.so.6", strings.HasPrefix(n, "ld-linux-"), strings.HasPrefix(n, "ld64.so."):
			means = elfaudit.LibcGlibc
		default:
			continue
		}
		if libc == elfaudit.LibcUnknown {
			libc = means
		}
		if libc != means {
			return libc, refusal(fmt.Sprintf(twoLibcs, strings.ToUpper(means.String()), libc))
		}
	}
	if libc != elfaudit.LibcUnknown {
		return libc, nil
	}
	switch {
	case strings.HasSuffix(o.Path, "-linux-musl.so"), strings.HasSuffix(o.Path, "-arm-linux-musleabihf.so"):
		return elfaudit.LibcMusl, nil
	case strings.HasSuffix(o.Path, "-linux-gnu.so"), strings.HasSuffix(o.Path, "-arm-linux-gnueabihf.so"):
		if _, soabi, ok := strings.Cut(path.Base(o.Path), ".cpython-3"); ok && len(soabi) > 2 && soabi[1] != '-' {
			return elfaudit.LibcGlibc, nil
		}
	}
	return elfaudit.LibcUnknown, nil
}

// isExtension reports whether auditwheel takes a file for a Python module.
func isExtension(o *linkset.File) bool {
	if o.Sectionless {
		return false
	}
	stem, _, _ := strings.Cut(path.Base(o.Path), ".")
	for s := range o.ELF.Exported() {
		if prefix, ok := strings.CutSuffix(s.Name, stem); ok && (prefix == "PyInit_" || prefix == "init" || prefix == "_cffi_pypyinit_") {
			return true
		}
	}
	return false
}

// readModules finds the Python modules, and the files whose dependencies
// auditwheel follows: those, and other files that no file of the wheel needs.
func (m *model) readModules() {
	needed := map[string]bool{}
	for _, o := range m.files {
		for _, n := range o.Needed {
			if !m.excluded[o][n] {
				needed[n] = true
			}
		}
	}
	m.modules = map[*linkset.File]bool{}
	for _, o := range m.files {
		m.modules[o] = isExtension(o)
		if m.modules[o] || !needed[path.Base(o.Path)] {
			m.top = append(m.top, o)
		}
	}
}
