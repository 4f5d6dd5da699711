package detect

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
)

// ErrNoSystem reports a folder that holds no Linux system: no program that
// tells a machine and no Python.
var ErrNoSystem = errors.New("no Linux system is here: neither a Python nor a shell, nor a C library")

// programs tell the machine and the C library of a root without a Python, or
// with Pythons that differ.
var programs = []string{"bin/sh", "usr/bin/env", "bin/busybox", "usr/bin/bash", "bin/ls", "sbin/apk", "usr/bin/coreutils"}

// base settles the machine and the C library of the root as a whole.
func (r *reader) base() {
	present := r.presentLoaders()
	r.settle(present)
	if len(present[tags.Glibc]) > 0 && len(present[tags.Musl]) > 0 {
		r.root.warn(CodeTwoLibcs, present[tags.Musl][0], "musl is here beside glibc (%s); each program is taken to run on the one whose loader it names, the root on %s",
			present[tags.Glibc][0], r.Libc.Family)
	}
}

func (r *reader) settle(present map[tags.LibcFamily][]string) {
	if d := r.onPath(); d != nil {
		r.Machine, r.Libc = d.Platform.Arch, d.Libc
		r.libs["base"] = r.libs[d.Program]
		return
	}
	for _, name := range programs {
		place, _, err := r.root.resolve(name)
		if err != nil {
			r.root.unreadable(name, err)
			continue
		}
		f, err := r.root.elf(place)
		if err != nil {
			continue
		}
		if r.Machine == "" {
			r.Machine = machineOf(f)
		}
		if f.Interpreter != "" { // a static shell tells the machine alone
			r.Machine, r.Libc = machineOf(f), r.libcOf(f, place)
			r.libs["base"] = r.librariesFor(f)
			return
		}
	}
	// Nothing but libraries, as in an image for one program.
	for _, family := range []tags.LibcFamily{tags.Glibc, tags.Musl} {
		for _, loader := range present[family] {
			f, err := r.root.elf(loader)
			if err != nil || r.Machine != "" && machineOf(f) != r.Machine {
				continue
			}
			like := *f
			like.Interpreter = loader
			r.Machine = machineOf(f)
			r.libs["base"] = r.librariesFor(&like)
			if family == tags.Musl {
				r.Libc = r.musl(loader)
			} else {
				r.Libc = r.glibc(&like)
			}
			return
		}
	}
	if len(r.Pythons) > 0 {
		r.Machine, r.Libc = r.Pythons[0].Platform.Arch, r.Pythons[0].Libc
		r.libs["base"] = r.libs[r.Pythons[0].Program]
		return
	}
	if r.Machine != "" {
		r.root.warn(CodeNoLibc, ".", "has programs for %s but no C library; only static programs run here", r.Machine)
	}
}

// hints gathers what no tag says but a wheel may need.
func (r *reader) hints() {
	add := func(what, value, from string) {
		if f := (Fact{what, value, absolute(from)}); !slices.Contains(r.Hints, f) {
			r.Hints = append(r.Hints, f)
		}
	}
	for _, libs := range r.distinctLibraries() {
		for _, l := range []struct{ soname, namespace string }{
			{"libstdc++.so.6", "GLIBCXX_"}, {"libstdc++.so.6", "CXXABI_"}, {"libgcc_s.so.1", "GCC_"},
		} {
			if lib, ok := libs.Find(l.soname, nil); ok {
				if v := newest(lib.File, l.namespace); v != "" {
					add(l.soname, l.namespace+v, lib.Path)
				}
			}
		}
	}
	if r.Libc.Path != "" {
		if f, err := r.root.elf(r.Libc.Path); err == nil {
			if level := f.Properties.X86ISANeeded.Level(); level > 1 {
				add("processor", fmt.Sprintf("x86-64-v%d", level), r.Libc.Path)
			}
		}
	}
	for _, config := range slices.Concat(r.root.glob("boot/config-*"), r.root.glob("usr/lib/modules/*/config")) {
		if text, ok := r.root.text(config); ok {
			for _, line := range []string{"CONFIG_ARM64_64K_PAGES", "CONFIG_ARM64_16K_PAGES", "CONFIG_PPC_64K_PAGES", "CONFIG_PAGE_SIZE_64KB"} {
				if strings.Contains("\n"+text, "\n"+line+"=y\n") {
					add("page size", line, config)
				}
			}
		}
	}
}

// distinctLibraries gives the library lists of the root, in a fixed order.
func (r *reader) distinctLibraries() []*Libraries {
	var keys []string
	for key := range r.libs {
		if strings.HasPrefix(key, "loader ") {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	var out []*Libraries
	for _, key := range keys {
		out = append(out, r.libs[key])
	}
	return out
}
