package manylinux

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
)

//go:embed data/relocations.tsv
var relocationText string

// loaderKey is a machine and a C library.
type loaderKey struct {
	machine string
	libc    elfaudit.Libc
}

// relocationTypes are the types that loaders know.
var relocationTypes = sync.OnceValue(func() map[loaderKey][]uint32 {
	types, err := parseRelocationTypes(relocationText)
	if err != nil {
		panic("manylinux: the embedded types of relocations: " + err.Error())
	}
	return types
})

func parseRelocationTypes(text string) (map[loaderKey][]uint32, error) {
	types := map[loaderKey][]uint32{}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 3 {
			return nil, fmt.Errorf("%q has not three fields", line)
		}
		key := loaderKey{fields[0], elfaudit.LibcGlibc}
		if fields[1] == elfaudit.LibcMusl.String() {
			key.libc = elfaudit.LibcMusl
		}
		for number := range strings.SplitSeq(fields[2], ",") {
			n, err := strconv.ParseUint(number, 10, 32)
			if err != nil {
				return nil, err
			}
			types[key] = append(types[key], uint32(n))
		}
	}
	return types, nil
}

// unknownRelocation reports whether a file has a relocation that the loader does not
// know. Of other machines nothing is known.
func unknownRelocation(f *linkset.File, libc elfaudit.Libc) bool {
	known := relocationTypes()[loaderKey{f.Machine, libc}]
	return known != nil && slices.ContainsFunc(f.ELF.Relocations.Types, func(t uint32) bool { return !slices.Contains(known, t) })
}
