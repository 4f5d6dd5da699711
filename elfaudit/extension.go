package elfaudit

import (
	"debug/elf"
	"strings"
)

// ModuleInit is a function by which a Python interpreter imports an
// extension module.
type ModuleInit struct {
	Kind   InitKind
	Module string // last part of the module's name, decoded from Punycode where that was used
	Symbol string // the name of the function
}

// InitKind is the kind of a module's initialisation function.
type InitKind uint8

// The kinds of initialisation functions.
const (
	// InitPython3 is PyInit_<module>, or PyInitU_<module> in Punycode (PEP 489).
	InitPython3 InitKind = iota + 1
	// InitExport is PyModExport_<module>, or PyModExportU_<module> in
	// Punycode (PEP 793, Python 3.15).
	InitExport
	// InitPython2 is init<module>. All functions with such a name are reported,
	// but only one with the name of its module has a meaning.
	InitPython2
	// InitCFFI is _cffi_pypyinit_<module>, by which PyPy imports the modules
	// that cffi generates.
	InitCFFI
)

// initPrefixes lists the names to look for, longer ones before their prefixes.
var initPrefixes = [...]struct {
	prefix   string
	kind     InitKind
	punycode bool
}{
	{"PyInit_", InitPython3, false},
	{"PyInitU_", InitPython3, true},
	{"PyModExport_", InitExport, false},
	{"PyModExportU_", InitExport, true},
	{"_cffi_pypyinit_", InitCFFI, false},
	{"init", InitPython2, false},
}

// ExtensionInit returns the initialisation functions of Python extension
// modules that the file exports, in the order of its symbol table. One file
// may serve several modules.
func (f *File) ExtensionInit() []ModuleInit {
	var found []ModuleInit
	for s := range f.Exported() {
		switch s.Type {
		case elf.STT_FUNC, elf.STT_GNU_IFUNC, elf.STT_NOTYPE:
		default:
			continue
		}
		for _, p := range initPrefixes {
			module, ok := strings.CutPrefix(s.Name, p.prefix)
			if !ok || module == "" {
				continue
			}
			if p.punycode {
				if module, ok = decodePunycode(module); !ok {
					continue
				}
			}
			found = append(found, ModuleInit{Kind: p.kind, Module: module, Symbol: s.Name})
			break
		}
	}
	return found
}
