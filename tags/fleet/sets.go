package fleet

import (
	_ "embed" // for the data
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
)

//go:embed data/sets.tsv
var setData string

//go:embed data/cibuildwheel.tsv
var cibuildwheelData string

// SetInfo describes a built-in set.
type SetInfo struct {
	Name  string // without the @
	About string
	AsOf  string // the date of the list, as 2006-01-02
}

// supported is the set that is computed: see [Set].
var supported = SetInfo{Name: "supported", About: "releases before the end of their general support, with their own Python, x86_64 and arm64"}

// set is a built-in set as its data have it.
type set struct {
	SetInfo
	rows []setRow
}

type setRow struct {
	machines, pythons, platforms []string
	glibc                        string
}

var sets = sync.OnceValue(func() []set {
	var all []set
	asOf := ""
	for line := range strings.Lines(setData + cibuildwheelData) {
		line = strings.TrimRight(line, "\n")
		if date, ok := strings.CutPrefix(line, "#as-of "); ok {
			asOf = date
		}
		cells := strings.Split(line, "\t")
		switch {
		case strings.HasPrefix(line, "#") || line == "":
		case cells[0] == "set":
			all = append(all, set{SetInfo: SetInfo{cells[1], cells[2], asOf}})
		default:
			list := func(i int) []string { return strings.Split(cells[i], ",") }
			last := &all[len(all)-1]
			last.rows = append(last.rows, setRow{list(0), list(1), list(2), strings.TrimPrefix(cells[3], "-")})
		}
	}
	return all
})

// Sets lists the built-in sets.
func Sets() []SetInfo {
	var list []SetInfo
	for _, s := range sets() {
		list = append(list, s.SetInfo)
	}
	return append(list, supported)
}

// Set gives the targets of a built-in set. word is its name with or without the
// @, and may narrow it to one machine, as in "@docker-python/arm64". The set
// "supported" holds the releases whose general support has not ended on the day
// today, with their own Python, for x86_64 and aarch64 or the machine named.
func Set(word string, today time.Time) ([]Target, error) {
	name, machine, narrowed := strings.Cut(strings.TrimPrefix(word, "@"), "/")
	var only string
	if narrowed {
		var err error
		if only, err = distro.ParseMachine(tags.Linux, machine); err != nil {
			var unknown *distro.UnknownError
			if errors.As(err, &unknown) {
				unknown.Word = word
			}
			return nil, err
		}
	}
	var found []Target
	switch i := slices.IndexFunc(sets(), func(s set) bool { return s.Name == name }); {
	case name == supported.Name:
		found = supportedOn(today, only)
	case i >= 0:
		found = sets()[i].targets(only)
	default:
		var names []string
		for _, s := range Sets() {
			names = append(names, "@"+s.Name)
		}
		return nil, &Error{File: word, Code: CodeSet, Message: "no built-in set of that name; there are " + strings.Join(names, ", ")}
	}
	if len(found) == 0 {
		return nil, &Error{File: word, Code: CodeSet, Message: fmt.Sprintf("the set has no target for %s", machine)}
	}
	return found, nil
}

// targets makes all combinations that exist.
func (s *set) targets(only string) []Target {
	var found []Target
	for _, r := range s.rows {
		for _, platform := range r.platforms {
			for _, machine := range r.machines {
				if only != "" && machine != only && !(only == "x86_64" && machine == "amd64") && !(only == "aarch64" && machine == "arm64") {
					continue
				}
				for _, python := range r.pythons {
					if d, ok := existing(platform, machine, python, r.glibc); ok {
						found = append(found, Target{Name: d.Name, Group: "@" + s.Name, Description: d})
					}
				}
			}
		}
	}
	return found
}

// existing describes one combination; ok is false when the platform was never
// built for the machine.
func existing(platform, machine, python, glibc string) (d distro.Description, ok bool) {
	o := distro.Options{Glibc: glibc}
	if python != "own" {
		o.Python = python
	}
	word := platform + "/" + machine
	for _, family := range []string{"manylinux_", "musllinux_", "macosx_", "win"} {
		if strings.HasPrefix(platform, family) {
			word = platform + "_" + machine
		}
	}
	if word == "win_x86" {
		word = "win32"
	}
	d, err := distro.Parse(word, o)
	var bad *distro.Error
	if errors.As(err, &bad) && bad.Code == distro.CodeNotBuilt {
		return d, false
	}
	if err != nil {
		// A test reads every row, so this is a fault of the build.
		panic("fleet: data/sets.tsv: " + err.Error())
	}
	return d, true
}

// supportedOn lists the releases that are supported on a day.
func supportedOn(today time.Time, only string) []Target {
	day := today.Format(time.DateOnly)
	machines := []string{"x86_64", "aarch64"}
	if only != "" {
		machines = []string{only}
	}
	var found []Target
	for r := range distro.Releases() {
		if r.Python == "" || r.Rolling || r.EndOfLife == "" || r.EndOfLife < day {
			continue
		}
		for _, machine := range machines {
			if !slices.Contains(r.Machines, machine) {
				continue
			}
			if d, err := distro.Parse(r.Name()+"/"+machine, distro.Options{}); err == nil {
				found = append(found, Target{Name: d.Name, Group: "@" + supported.Name, Description: d})
			}
		}
	}
	return found
}
