package cli

import (
	"strings"

	"github.com/spf13/pflag"
)

// elsewhereFlags say what there is of libraries that are not in a wheel. They have the
// names and the meaning that auditwheel gives them.
type elsewhereFlags struct {
	exclude []string
	ldpaths string
}

func (e *elsewhereFlags) add(f *pflag.FlagSet) {
	f.StringArrayVar(&e.exclude, "exclude", nil, "count the library `SONAME` as provided by something else; may have wildcards, as in 'libcuda.so.*', and be repeated")
	f.StringVar(&e.ldpaths, "ldpaths", "", "look in `DIRS`, separated by colons, for libraries from outside the wheel and show what they need in turn")
}

// directories are those of --ldpaths. An empty one is the working directory, as for
// loaders.
func (e *elsewhereFlags) directories() []string {
	if e.ldpaths == "" {
		return nil
	}
	dirs := strings.Split(e.ldpaths, ":")
	for i := range dirs {
		if dirs[i] == "" {
			dirs[i] = "."
		}
	}
	return dirs
}
