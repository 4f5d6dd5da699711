package distro

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/symbols.tsv
var symbolsTSV string

// symbolTables are the symbol versions as the file has them: each machine of a
// release has a set, each namespace of a set a list.
type symbolTables struct {
	lists [][]string
	sets  []map[string]int
	have  map[string]map[string]int // release, machine -> set
}

var loadSymbols = sync.OnceValue(func() *symbolTables {
	t := &symbolTables{have: make(map[string]map[string]int, 128)}
	for line := range strings.Lines(symbolsTSV) {
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[0] == "#" {
			continue
		}
		switch fields[0] {
		case "list":
			t.lists = append(t.lists, fields[2:])
		case "set":
			t.sets = append(t.sets, numbered(fields[2:]))
		case "have":
			t.have[fields[1]] = numbered(fields[2:])
		}
	}
	return t
})

// numbered reads NAME=NUMBER pairs.
func numbered(fields []string) map[string]int {
	m := make(map[string]int, len(fields))
	for _, field := range fields {
		name, n, _ := strings.Cut(field, "=")
		m[name], _ = strconv.Atoi(n)
	}
	return m
}

// SymbolVersions gives the symbol versions that the release's libc, libm,
// libstdc++, libgcc_s, libatomic and libz export on a machine, by namespace
// (GLIBC, GLIBCXX, CXXABI, GCC, LIBATOMIC, ZLIB) and ascending: for GLIBC "2.0",
// "2.17" and so on. It is nil where nothing was measured, which is not to say
// that the release has none.
func (r *Release) SymbolVersions(machine string) map[string][]string {
	t := loadSymbols()
	set, ok := t.have[r.Name()][userland(machine)]
	if !ok {
		return nil
	}
	versions := make(map[string][]string, len(t.sets[set]))
	for namespace, list := range t.sets[set] {
		versions[namespace] = slices.Clone(t.lists[list])
	}
	return versions
}
