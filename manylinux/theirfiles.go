package manylinux

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
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
func (im *imitation) choose(claims []tags.PlatformTag, recorded []string) error {
	byPath := map[string]*object{}
	for _, o := range im.all {
		byPath[o.path] = o
	}
	var libc elfaudit.Libc
	im.machine, libc = claimedKind(claims)
	purelib := false
	for _, name := range recorded {
		o := byPath[name]
		if o == nil || o.file == nil || strings.HasSuffix(name, ".py") {
			continue
		}
		if purelib = purelib || slices.Contains(strings.Split(path.Dir(name), "/"), "purelib"); purelib {
			continue // it has its answer
		}
		own, err := theirLibc(o)
		if err != nil {
			return err
		}
		machine := theirMachine(o.file)
		if im.machine == "" {
			im.machine = machine
		}
		if machine == "" || machine != im.machine || libc != elfaudit.LibcUnknown && own != elfaudit.LibcUnknown && own != libc {
			continue
		}
		if libc == elfaudit.LibcUnknown {
			libc = own
		}
		if libc == elfaudit.LibcUnknown && isExtension(o) {
			return refusal(fmt.Sprintf(noLibc, name))
		}
		im.objects = append(im.objects, o)
	}
	switch {
	case purelib:
		return refusal(inPurelibFolder)
	case len(im.objects) == 0:
		return refusal(notPlatform)
	}
	im.musl = libc == elfaudit.LibcMusl
	for _, policy := range im.policies.list {
		if !policy.Later && slices.Contains(policy.Machines, im.machine) {
			im.minors = append(im.minors, policy.Minor)
		}
	}
	return nil
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
// of the file. The error is about a file that names both.
func theirLibc(o *object) (elfaudit.Libc, error) {
	f := o.file
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
	case strings.HasSuffix(o.path, "-linux-musl.so"), strings.HasSuffix(o.path, "-arm-linux-musleabihf.so"):
		return elfaudit.LibcMusl, nil
	case strings.HasSuffix(o.path, "-linux-gnu.so"), strings.HasSuffix(o.path, "-arm-linux-gnueabihf.so"):
		if _, soabi, ok := strings.Cut(path.Base(o.path), ".cpython-3"); ok && len(soabi) > 2 && soabi[1] != '-' {
			return elfaudit.LibcGlibc, nil
		}
	}
	return elfaudit.LibcUnknown, nil
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
