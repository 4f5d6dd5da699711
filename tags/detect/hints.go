package detect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit/loader"
)

// hints gathers what no tag states but a wheel may need.
func (r *reader) hints() {
	r.runtimeHints()
	r.processorHint()
	r.pageSizeHints()
	r.machineHint()
}

// hint adds a fact, once.
func (r *reader) hint(what, value, from string) {
	if f := (Fact{what, value, absolute(from)}); !slices.Contains(r.Hints, f) {
		r.Hints = append(r.Hints, f)
	}
}

// runtimes are the libraries of compilers, and the namespaces of their symbol
// versions.
var runtimes = []struct{ soname, namespace string }{
	{"libstdc++.so.6", "GLIBCXX_"}, {"libstdc++.so.6", "CXXABI_"}, {"libgcc_s.so.1", "GCC_"},
}

// runtimeHints gives the newest symbol versions of the C++ and GCC runtimes.
func (r *reader) runtimeHints() {
	for _, found := range r.distinctLoaders() {
		for _, l := range runtimes {
			lib, ok := r.find(found, l.soname, nil)
			if !ok {
				continue
			}
			if v := newest(lib.File, l.namespace); v != "" {
				r.hint(l.soname, l.namespace+v, lib.Place)
			}
		}
	}
}

// processorHint gives the x86-64 level that the C library needs.
func (r *reader) processorHint() {
	if r.Libc.Path == "" {
		return
	}
	f, err := r.root.elf(r.Libc.Path)
	if err != nil {
		return
	}
	if level := f.Properties.X86ISANeeded.Level(); level > 1 {
		r.hint("processor", fmt.Sprintf("x86-64-v%d", level), r.Libc.Path)
	}
}

// largePages are the settings of kernels with pages larger than 4 KiB.
var largePages = []string{"CONFIG_ARM64_64K_PAGES", "CONFIG_ARM64_16K_PAGES", "CONFIG_PPC_64K_PAGES", "CONFIG_PAGE_SIZE_64KB"}

// pageSizeHints gives the page size of the installed kernels.
func (r *reader) pageSizeHints() {
	for _, config := range slices.Concat(r.root.glob("boot/config-*"), r.root.glob("usr/lib/modules/*/config")) {
		text, _ := r.root.text(config)
		for _, line := range largePages {
			if strings.Contains("\n"+text, "\n"+line+"=y\n") {
				r.hint("page size", line, config)
			}
		}
	}
}

// distinctLoaders gives the loaders of the root, in a fixed order.
func (r *reader) distinctLoaders() []*loader.Loader {
	var keys []string
	for key := range r.loaders {
		if strings.HasPrefix(key, "loader ") {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	var out []*loader.Loader
	for _, key := range keys {
		out = append(out, r.loaders[key])
	}
	return out
}

// machineHint says which machine a system for ARMv6 is on later processors. Python
// takes its machine from the kernel, so that Raspberry Pi OS in 32 bits is armv6l on a
// Pi Zero and armv7l from a Pi 2 on, where wheels for armv7l install as well.
func (r *reader) machineHint() {
	if r.Machine == "armv6l" && r.options.Kernel == "" {
		from := r.Libc.Path
		if len(r.Pythons) > 0 {
			from = r.Pythons[0].Program
		}
		r.hint("machine", "armv7l", from)
	}
}
