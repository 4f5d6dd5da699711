package manylinux

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/elfaudit"
)

//go:embed data/musl.txt
var muslText string

// release is a release of musl as one comparable number: 1.2.3 is 10203.
type release int

func (r release) String() string {
	return fmt.Sprintf("%d.%d.%d", r/10000, r/100%100, r%100)
}

func readRelease(text string) (release, error) {
	n := release(0)
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return 0, fmt.Errorf("musl release %q is not A.B.C", text)
	}
	for _, p := range parts {
		v, err := strconv.ParseUint(p, 10, 7)
		if err != nil || v > 99 {
			return 0, fmt.Errorf("musl release %q is not A.B.C", text)
		}
		n = n*100 + release(v)
	}
	return n, nil
}

// muslSpan is when musl exports a symbol.
type muslSpan struct{ since, last release } // last is 0 for one that it still does

// muslExports are the symbols of musl's libc.so on one machine.
type muslExports struct {
	oldest  release // the first release that was read
	symbols map[string]muslSpan
}

// readMusl gives the tables by machine: "x86_64" for 64-bit machines and "i686"
// for 32-bit ones, which have more names for 64-bit time.
var readMusl = sync.OnceValue(func() map[string]muslExports {
	tables, err := parseMusl(muslText)
	if err != nil {
		panic("manylinux: the embedded symbols of musl: " + err.Error())
	}
	return tables
})

func parseMusl(text string) (map[string]muslExports, error) {
	tables := map[string]muslExports{}
	for line := range strings.SplitSeq(text, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		head, tail, ok := strings.Cut(line, " :")
		words := strings.Fields(head)
		if !ok || len(words) < 2 {
			return nil, errors.New("want words, a colon and values")
		}
		switch {
		case words[0] == "release" && len(words) == 2:
			oldest, err := readRelease(strings.Fields(tail + " none")[0])
			if err != nil {
				return nil, err
			}
			tables[words[1]] = muslExports{oldest, map[string]muslSpan{}}
		case words[0] == "symbol" && (len(words) == 3 || len(words) == 4):
			var span muslSpan
			var err error
			if span.since, err = readRelease(words[2]); err == nil && len(words) == 4 {
				span.last, err = readRelease(words[3])
			}
			table, known := tables[words[1]]
			if err == nil && !known {
				err = errors.New("its releases must come first")
			}
			if err != nil {
				return nil, fmt.Errorf("symbols of %s: %w", words[1], err)
			}
			for _, name := range strings.Fields(tail) {
				table.symbols[name] = span
			}
		default:
			return nil, fmt.Errorf("unknown line %q", head)
		}
	}
	return tables, nil
}

// muslTable gives the table that holds for a machine. Only two machines were
// read; the others of the same word size share musl's generic names.
func muslTable(machine string) muslExports {
	switch machine {
	case "i686", "armv7l", "armv6l":
		return readMusl()["i686"]
	}
	return readMusl()["x86_64"]
}

// muslLines are the musllinux policies by minor number and the release that
// stands for each: that of the first Alpine Linux with such tags in use, 3.12
// and 3.13. A symbol that came later is missing on systems of that tag.
var muslLines = []struct {
	minor int
	base  release
}{{1, 10124}, {2, 10202}}

// muslFloor gives the minor number of the lowest musllinux policy whose systems
// have a symbol that came with a release; 0 stands for a symbol never exported.
func muslFloor(since release) int {
	for _, line := range muslLines {
		if since > 0 && since <= line.base {
			return line.minor
		}
	}
	return never
}

// since gives the first release that exports a symbol, 0 if none does.
func (m muslExports) since(symbol string) release {
	span, ok := m.symbols[symbol]
	switch {
	case !ok, span.last != 0 && span.last < muslLines[0].base:
		return 0 // or dropped before it could be used
	case span.since == m.oldest:
		return 1
	}
	return span.since
}

// muslSymbols lists what a file takes from musl that not every release has, by
// the release that brought it. Release 0 is for symbols that musl never had; of
// those it is sure only where nothing else can give them: every library that
// the file needs is musl itself or in the wheel, no file of the wheel defines
// the symbol, and it is not Python's.
func (w *world) muslSymbols(o *object, machine string) map[release][]string {
	table := muslTable(machine)
	closed := w.closed(o)
	list := map[release][]string{}
	for s := range o.file.Undefined() {
		if s.Weak || s.Version != "" || isPythons(s.Name) || machineSupport(s.Name) {
			continue
		}
		since := table.since(s.Name)
		if since == 1 || since == 0 && !closed || w.exports(s.Name) {
			continue
		}
		list[since] = append(list[since], s.Name)
	}
	return list
}

// closed reports whether everything that a file needs is known.
func (w *world) closed(o *object) bool {
	if o.file.SymbolsFrom == elfaudit.SymbolsNone || len(o.file.Needed) == 0 {
		return false
	}
	for _, library := range o.needed {
		if !w.provides(o, library) && (!muslHas(library) || library == "libz.so.1") {
			return false
		}
	}
	return true
}

// isPythons reports whether the interpreter defines a symbol.
func isPythons(name string) bool {
	return strings.HasPrefix(name, "Py") || strings.HasPrefix(name, "_Py")
}

// machineSupport reports whether the compiler's own support for a machine
// defines a symbol, which musl exports on that machine alone.
func machineSupport(name string) bool {
	return strings.HasPrefix(name, "__aeabi_") || slices.Contains([]string{"__tls_get_addr", "___tls_get_addr", "__tls_get_offset", "__riscv_flush_icache", "__getauxval"}, name)
}
