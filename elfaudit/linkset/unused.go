package linkset

import "github.com/wheeltag/wheeltag/elfaudit"

// maxClosure is how many names are followed from a library to what it needs.
const maxClosure = 1000

// Unused lists the libraries of the set that a file needs without a use for them: it
// takes no symbol from them or from what only they lead to, and they run nothing when
// they are loaded. What cannot be known is not listed.
func (w *Set) Unused(f *File) []string {
	var unused []string
	for _, name := range f.Needed {
		if l := w.Library(f.Machine, name); l != nil && w.isUnused(f, name, l) {
			unused = append(unused, name)
		}
	}
	return unused
}

func (w *Set) isUnused(f *File, name string, l *Library) bool {
	if f.ELF.SymbolsFrom == elfaudit.SymbolsNone {
		return false
	}
	for _, o := range l.Files {
		if o.ELF.SymbolsFrom == elfaudit.SymbolsNone || mayRun(o.ELF) {
			return false
		}
	}
	libraries, ok := w.closure(f, name, l)
	if !ok {
		return false
	}
	for symbol := range f.ELF.Undefined() {
		for _, l := range libraries {
			if l.Exports(symbol.Name) {
				return false
			}
		}
	}
	for _, l := range libraries {
		if l.Exports("malloc") { // in place of that of the C library
			return false
		}
	}
	return true
}

// closure lists a library that a file needs and those of the set that the file gets
// through it alone. ok is false if it also gets some from elsewhere that way.
func (w *Set) closure(f *File, name string, l *Library) (list []*Library, ok bool) {
	seen := map[string]bool{name: true}
	list = []*Library{l}
	for i := 0; i < len(list); i++ {
		for _, o := range list[i].Files {
			for _, next := range o.Needed {
				if seen[next] || f.Needs(next) {
					continue
				}
				if seen[next] = true; len(seen) > maxClosure {
					return nil, false
				}
				l := w.Library(o.Machine, next)
				if l == nil {
					return nil, false
				}
				list = append(list, l)
			}
		}
	}
	return list, true
}

// mayRun reports whether loading a library may run code of its own. The start files of
// GCC give every library a DT_INIT and one entry of DT_INIT_ARRAY, which do nothing.
func mayRun(f *elfaudit.File) bool {
	switch {
	case f.Init:
		return f.InitArray != 1
	default:
		return f.InitArray > 0
	}
}
