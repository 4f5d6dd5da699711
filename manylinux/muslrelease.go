package manylinux

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/internal/machine"
	"github.com/wheeltag/wheeltag/tags"
)

//go:generate python3 ../internal/tools/data/musl.py
//go:embed data/musl.txt
var muslText string

// MuslRelease is a release of musl as one comparable number: 1.2.3 is 10203.
type MuslRelease int

// String returns the release as "1.2.3".
func (r MuslRelease) String() string {
	return fmt.Sprintf("%d.%d.%d", r/10000, r/100%100, r%100)
}

// ParseMuslRelease reads "1.2.3".
func ParseMuslRelease(text string) (MuslRelease, error) {
	n := MuslRelease(0)
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return 0, fmt.Errorf("musl release %q is not A.B.C", text)
	}
	for _, p := range parts {
		v, err := strconv.ParseUint(p, 10, 7)
		if err != nil || v > 99 {
			return 0, fmt.Errorf("musl release %q is not A.B.C", text)
		}
		n = n*100 + MuslRelease(v)
	}
	return n, nil
}

// muslSpan is when musl exports a symbol.
type muslSpan struct{ since, last MuslRelease } // last is 0 for one that it still does

// muslExports are the symbols of musl's libc.so on one machine.
type muslExports struct {
	oldest  MuslRelease // the first release that was read
	newest  MuslRelease // the last one
	symbols map[string]muslSpan
}

// readMusl returns the tables by machine: "x86_64" for 64-bit machines and "i686"
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
			read := strings.Fields(tail + " none")
			oldest, err := ParseMuslRelease(read[0])
			newest, bad := ParseMuslRelease(read[max(0, len(read)-2)])
			if err = cmp.Or(err, bad); err != nil {
				return nil, err
			}
			tables[words[1]] = muslExports{oldest, newest, map[string]muslSpan{}}
		case words[0] == "symbol" && (len(words) == 3 || len(words) == 4):
			var span muslSpan
			var err error
			if span.since, err = ParseMuslRelease(words[2]); err == nil && len(words) == 4 {
				span.last, err = ParseMuslRelease(words[3])
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

// NewestMusl returns the newest release of musl that symbols were read of. What a
// later one exports is not known.
func NewestMusl() MuslRelease { return readMusl()["x86_64"].newest }

// muslTable returns the table for a machine. Only two machines were
// read; the others of the same word size share musl's generic names.
func muslTable(name string) muslExports {
	if m, _ := machine.Find(tags.Linux.String(), name); m.Bits == 32 {
		return readMusl()["i686"]
	}
	return readMusl()["x86_64"]
}

// muslLines are the musllinux policies by minor number and the oldest release in
// use of each: that of the first Alpine Linux with such tags, 3.12 and 3.13. A
// symbol that came later is missing on systems of that tag.
var muslLines = []struct {
	minor Floor
	base  MuslRelease
}{{1, 10124}, {2, 10202}}

// muslFloor returns the lowest musllinux policy with the symbols that came with a
// release: that of its minor series, as PEP 656 counts no patch releases. Release 0
// is for symbols that musl never exported.
func muslFloor(since MuslRelease) Floor {
	last := muslLines[len(muslLines)-1]
	for _, line := range muslLines {
		if since > 0 && (since <= line.base || line == last && since.minor() == line.base.minor()) {
			return line.minor
		}
	}
	return NoPolicy
}

// minor is the release without its patch number: 102 for 1.2.3.
func (r MuslRelease) minor() MuslRelease { return r / 100 }

// SameMinor reports whether two releases differ by their patch number at most.
func (r MuslRelease) SameMinor(other MuslRelease) bool { return r.minor() == other.minor() }

// always is the release of symbols that the first release read already exports.
const always MuslRelease = 1

// since returns the first release that exports a symbol, 0 if none does.
func (m muslExports) since(symbol string) MuslRelease {
	span, ok := m.symbols[symbol]
	switch {
	case !ok, span.last != 0 && span.last < muslLines[0].base:
		return 0 // or dropped before it could be used
	case span.since == m.oldest:
		return always
	}
	return span.since
}
