// Package stableabi knows which functions and data of CPython belong to its stable ABI
// (PEP 384), and since which version.
//
// # Where to start
//
// Ask [Added] about a symbol that an extension module takes from Python. [IsPython] says
// whether a name is one that CPython keeps for itself.
package stableabi

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/symbols.txt
var text string

// Symbol is a function or variable of the stable ABI.
type Symbol struct {
	Minor     int    // of the Python 3 that added it
	Condition string // of the build that has it, such as "MS_WINDOWS"; empty for all
}

var symbols = sync.OnceValue(func() map[string]Symbol {
	all := map[string]Symbol{}
	var current Symbol
	for line := range strings.Lines(text) {
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			version, condition, _ := strings.Cut(strings.Trim(line, "[]"), " ")
			minor, err := strconv.Atoi(strings.TrimPrefix(version, "3."))
			if err != nil {
				panic("stableabi: the embedded table: " + line)
			}
			current = Symbol{minor, condition}
		default:
			all[line] = current
		}
	}
	return all
})

// Added gives what the stable ABI says of a symbol; ok is false if it does not have it.
func Added(name string) (symbol Symbol, ok bool) {
	symbol, ok = symbols()[name]
	return symbol, ok
}

// IsPython reports whether a name is of the kind that CPython exports: Py or _Py and a
// capital letter or an underscore behind it.
func IsPython(name string) bool {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(name, "_"), "Py")
	return ok && rest != "" && (rest[0] == '_' || rest[0] >= 'A' && rest[0] <= 'Z')
}
