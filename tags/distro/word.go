package distro

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
)

// wordRow is what data/words.tsv says of a word.
type wordRow struct {
	means   string // a target, or after ! why there is none
	machine string // to assume, or ""
	asOf    string // or ""
}

// addWords reads the rows of words.tsv.
func (t *tables) addWords(file string) {
	for _, row := range rows(file) {
		for word := range strings.SplitSeq(row[0], ",") {
			t.others[word] = wordRow{row[1], cell(row[2]), cell(row[3])}
		}
	}
}

// Words lists the words for targets that are no releases or images by name: floating
// tags, runners, services, images and distributions of others. Each is a PLATFORM.
func Words() []string {
	var words []string
	for word, row := range load().others {
		if !strings.HasPrefix(row.means, "!") {
			words = append(words, word)
		}
	}
	slices.Sort(words)
	return words
}

// otherWord reads a word for another target: a floating tag, a runner, a service.
// A tag may go on after the word, as in python:3-slim-bookworm.
func (q *query) otherWord(base string) (p meaning, ok bool, err error) {
	path, machine := q.tables.repository(base)
	for _, word := range [...]string{base, path, strings.TrimSuffix(path, ":latest")} {
		if row, ok := q.tables.others[word]; ok {
			return q.standsFor(row, "", machine)
		}
	}
	if colon := strings.IndexByte(path, ':'); colon > 0 {
		if dash := strings.IndexByte(path[colon:], '-'); dash > 0 {
			return q.wordWithTag(path[:colon+dash], path[colon+dash:], machine)
		}
		return q.wordWithTag(path, "", machine)
	}
	return meaning{}, false, nil
}

// wordWithTag reads a word whose tag goes on: with a machine (3.12-arm64), with more
// of the tag of its target (3-slim-bookworm), or with the patch release of a Python
// whose minor version is on record (3.12.4).
func (q *query) wordWithTag(word, rest, machine string) (p meaning, ok bool, err error) {
	if name, known := machineName(tags.Linux, strings.TrimPrefix(rest, "-")); known {
		rest, machine = "", name
	}
	if row, ok := q.tables.others[word]; ok {
		return q.standsFor(row, rest, machine)
	}
	dot := strings.LastIndexByte(word, '.')
	if dot < 0 || !isNumber(word[dot+1:]) {
		return meaning{}, false, nil
	}
	row, ok := q.tables.others[word[:dot]]
	version := word[strings.IndexByte(word, ':')+1:]
	if minor, _, pinned := strings.Cut(row.means, "@"); !ok || !pinned || !strings.HasPrefix(version, minor+".") {
		return meaning{}, false, nil
	}
	p, ok, err = q.standsFor(row, rest, machine)
	p.asks = version
	return p, ok, err
}

// standsFor reads the target of a row, with the rest of the tag behind it.
func (q *query) standsFor(row wordRow, rest, machine string) (p meaning, ok bool, err error) {
	if why, refused := strings.CutPrefix(row.means, "!"); refused {
		return meaning{}, false, q.fail(CodeNoPlatform, why)
	}
	python, where, at := strings.Cut(row.means, "@")
	if !at {
		python, where = "", row.means
	}
	where, own := splitMachine(where)
	p, _, err = q.named(where+rest, own)
	if err != nil || p.name == nil {
		return meaning{}, false, err
	}
	p.machine = cmp.Or(own, machine, p.machine)
	p.fallback = cmp.Or(row.machine, p.fallback)
	p.asOf = cmp.Or(row.asOf, p.asOf)
	if p.noPython = python == "?"; !p.noPython {
		p.asks = python
	}
	return p, true, nil
}

// taggedImage reads an image with the release that it is built on in its name, such
// as nvidia/cuda:12.4.1-base-ubuntu22.04. Whether it has a Python is not known, unless
// its name says python3.12, or it is called python and the tag has a version.
func (q *query) taggedImage(base string) (p meaning, ok bool) {
	if !strings.Contains(base, "/") {
		return meaning{}, false
	}
	name := base[strings.LastIndexByte(base, '/')+1:]
	repository, _, _ := strings.Cut(name, ":")
	var release *Release
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == ':' })
	for i, part := range parts {
		version, found := strings.CutPrefix(part, "python")
		if repository == "python" && version != "" && version[0] >= '0' && version[0] <= '9' {
			found = true
		}
		if found && strings.Contains(version, ".") {
			if python, problem, ok := parsePython(version); ok && problem == "" {
				p.asks = python.name
			}
			continue
		}
		r := q.tables.words[part]
		if r == nil || r.Codename != part {
			r = q.tables.joined(part).release
		}
		if distro := q.tables.distros[part]; r == nil && distro != "" && i+1 < len(parts) && strings.Contains(name, part+"-"+parts[i+1]) { // debian-12
			r = q.tables.byVersion[distro+":"+parts[i+1]]
		}
		switch {
		case r == nil || r.Rolling:
		case release != nil && release != r:
			return meaning{}, false
		default:
			release = r
		}
	}
	if release == nil {
		return meaning{}, false
	}
	p.name, p.noPython = slashed(release.Name()), true
	p.ofRelease(release)
	return p, true
}
