package distro

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/tags"
)

//go:generate python3 ../../internal/tools/data/distros.py
//go:embed data/releases.tsv
var releasesTSV string

//go:embed data/extra.tsv
var extraTSV string

//go:embed data/support.tsv
var supportTSV string

//go:embed data/names.tsv
var namesTSV string

//go:embed data/words.tsv
var wordsTSV string

//go:embed data/images.tsv
var imagesTSV string

// tables are the embedded files in the form that lookups want. They are shared
// and never written after load.
type tables struct {
	releases   []*Release
	byVersion  map[string]*Release // "debian:11", and with each alias "debian:bullseye"
	moving     map[string]string   // keys of byVersion that mean another release in time: since when known
	words      map[string]*Release // words that need no version: "bullseye", "tumbleweed"
	others     map[string]wordRow  // words for other targets: "ubuntu-latest"
	distros    map[string]string   // names of distros: "ubi" -> "rhel"
	longest    int                 // length of the longest name in distros
	registries []string            // left out before a repository: "docker.io/"
	images     []imageRow
	// newestPython is the newest minor version of Python 3 with an image, released or not.
	newestPython int
}

// imageRow is what one repository offers of one Python.
type imageRow struct {
	repository, python string
	standard, alpine   string // releases behind a tag that names none; "" when not known
	known              []string
}

// load reads the tables once; importing the package costs nothing.
var load = sync.OnceValue(readTables)

func readTables() *tables {
	t := &tables{
		byVersion: make(map[string]*Release, 256),
		moving:    make(map[string]string, 4),
		words:     make(map[string]*Release, 128),
		distros:   make(map[string]string, 64),
		others:    make(map[string]wordRow, 256),
	}
	t.addReleases(releasesTSV)
	t.addReleases(extraTSV)
	t.addReleases(supportTSV)
	slices.SortStableFunc(t.releases, compareReleases)
	for _, r := range t.releases {
		t.index(r)
	}
	t.addNames(namesTSV)
	t.addWords(wordsTSV)
	for name := range t.distros {
		t.longest = max(t.longest, len(name))
	}
	for _, row := range rows(imagesTSV) {
		t.images = append(t.images, imageRow{row[0], row[1], cell(row[2]), cell(row[3]), strings.Split(row[4], ",")})
		if minor, ok := strings.CutPrefix(row[1], "3."); ok {
			n, _ := strconv.Atoi(minor)
			t.newestPython = max(t.newestPython, n)
		}
	}
	return t
}

// rows gives the cells of each line that is no comment. The files are part of
// the program, so that tests rather than the reader check their form.
func rows(file string) [][]string {
	list := make([][]string, 0, strings.Count(file, "\n"))
	for line := range strings.Lines(file) {
		line = strings.TrimSuffix(line, "\n")
		if line != "" && line[0] != '#' {
			list = append(list, strings.Split(line, "\t"))
		}
	}
	return list
}

// asOf is the date that a file states.
func asOf(file string) string {
	_, date, _ := strings.Cut(file, "#as-of ")
	date, _, _ = strings.Cut(date, "\n")
	return date
}

// cell reads a dash as nothing.
func cell(s string) string {
	if s == "-" {
		return ""
	}
	return s
}

// addReleases reads the rows of one file; the later file amends the earlier.
func (t *tables) addReleases(file string) {
	date := asOf(file)
	for _, row := range rows(file) {
		key := row[0] + ":" + row[1]
		r := t.byVersion[key]
		if r == nil {
			r = &Release{Distro: row[0], Version: row[1], AsOf: date}
			t.byVersion[key] = r
			t.releases = append(t.releases, r)
		}
		r.amend(row[2:])
	}
}

// amend takes over the cells that are not empty.
func (r *Release) amend(cells []string) {
	set := func(field *string, s string) {
		if s = cell(s); s != "" {
			*field = s
		}
	}
	set(&r.Codename, cells[0])
	if cell(cells[1]) != "" {
		r.Libc, r.LibcVersion = recordedLibc(cells[1])
	}
	set(&r.Python, cells[2])
	if list := cell(cells[3]); list != "" {
		added, more := strings.CutPrefix(list, "+")
		if !more {
			r.Machines = nil
		}
		r.Machines = append(r.Machines, strings.Split(added, ",")...)
		slices.Sort(r.Machines)
	}
	if cells[4] == "rolling" {
		r.Rolling = true
	} else {
		set(&r.EndOfLife, cells[4])
	}
	set(&r.EndOfLTS, cells[5])
	set(&r.EndOfPaid, cells[6])
	if len(cells) > 7 && cell(cells[7]) != "" {
		r.Aliases = strings.Split(cells[7], ",")
	}
}

// recordedLibc reads "glibc-2.31" or "musl-1.2.5".
func recordedLibc(s string) (tags.Libc, string) {
	family, version, _ := strings.Cut(s, "-")
	parts := strings.Split(version, ".")
	libc := tags.Libc{Family: tags.Glibc}
	if family == "musl" {
		libc.Family = tags.Musl
	}
	libc.Major, _ = strconv.Atoi(parts[0])
	libc.Minor, _ = strconv.Atoi(parts[1])
	return libc, version
}

// index makes a release findable by codename and aliases.
func (t *tables) index(r *Release) {
	for i, alias := range r.Aliases {
		alias, moves := strings.CutPrefix(alias, "~")
		key := r.Distro + ":" + alias
		r.Aliases[i], t.byVersion[key] = alias, r
		if moves {
			t.moving[key] = asOf(extraTSV)
		}
	}
	if r.Codename != "" {
		t.byVersion[r.Distro+":"+r.Codename] = r
		t.words[r.Codename] = r
	}
	t.distros[r.Distro] = r.Distro
}

// addNames reads the three kinds of names; the header of names.tsv tells them
// apart.
func (t *tables) addNames(file string) {
	for _, row := range rows(file) {
		name, meaning := row[0], row[1]
		switch {
		case strings.HasSuffix(name, "/"):
			t.registries = append(t.registries, name)
		case strings.Contains(meaning, ":"):
			t.words[name] = t.byVersion[meaning]
		default:
			t.distros[name] = meaning
		}
	}
}
