package detect

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// entry is a name in a directory. A link is not a directory, whatever it leads to.
type entry struct {
	name      string
	dir, link bool
}

// list lists what is in a directory, by name; nothing when it is not there.
func (t *tree) list(name string) []entry {
	place, info, err := t.resolve(name)
	if err != nil || !info.IsDir() {
		t.unreadable(name, err)
		return nil
	}
	if entries, ok := t.lists[place]; ok {
		if !t.spend(&t.listed, int64(len(entries)), maxListed, "names") {
			return nil
		}
		return entries
	}
	entries, err := t.readDir(place)
	t.unreadable(name, err)
	t.lists[place] = entries
	return entries
}

func (t *tree) readDir(place string) ([]entry, error) {
	f, err := t.fsys.Open(place)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	dir, ok := f.(fs.ReadDirFile)
	if !ok {
		return nil, errors.New("not a directory")
	}
	found, err := dir.ReadDir(maxEntries)
	if err == io.EOF {
		err = nil
	}
	if len(found) == maxEntries {
		t.warn(CodeLimit, place, "has more than %d entries; the others are skipped", maxEntries)
	}
	entries := make([]entry, len(found))
	for i, e := range found {
		entries[i] = entry{e.Name(), e.IsDir(), e.Type()&fs.ModeSymlink != 0}
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return entries, err
}

// names lists the names in a directory.
func (t *tree) names(name string) []string {
	var names []string
	for _, e := range t.list(name) {
		names = append(names, e.name)
	}
	return names
}

// noPrograms are the directories at the top that kernels fill or that hold no
// programs.
var noPrograms = map[string]bool{"proc": true, "sys": true, "dev": true, "run": true, "etc": true, "boot": true, "tmp": true}

// glob gives the paths that match a pattern with * in whole path elements, as
// in opt/*/bin. At the top, links such as bin for usr/bin and the directories without
// programs match no *.
func (t *tree) glob(pattern string) []string {
	found := []string{"."}
	parts := strings.Split(strings.Trim(pattern, "/"), "/")
	for i, part := range parts {
		var next []string
		for _, dir := range found {
			if !strings.ContainsAny(part, "*?[") {
				if full := path.Join(dir, part); i == len(parts)-1 || t.isDir(full) {
					next = append(next, full)
				}
				continue
			}
			for _, e := range t.list(dir) {
				inner := i < len(parts)-1
				if ok, _ := path.Match(part, e.name); ok && (!inner || e.dir || e.link) && (dir != "." || !e.link && !noPrograms[e.name]) {
					next = append(next, path.Join(dir, e.name))
				}
			}
		}
		found = next[:min(len(next), maxEntries)]
	}
	return found
}

func (t *tree) isDir(name string) bool {
	_, info, err := t.resolve(name)
	return err == nil && info.IsDir()
}

// walk visits the directories of the root, the nearest to the top first, without
// following links, as far as maxWalked and maxDepth allow.
func (t *tree) walk(visit func(dir string)) {
	level, visited := []string{"."}, 0
	for depth := 0; len(level) > 0 && depth < maxDepth; depth++ {
		var next []string
		for _, dir := range level {
			if visited++; visited > maxWalked {
				t.warn(CodeLimit, "/", "has more than %d directories; the others are not searched for a Python", maxWalked)
				return
			}
			visit(dir)
			for _, e := range t.list(dir) {
				if e.dir && (dir != "." || !noPrograms[e.name]) {
					next = append(next, path.Join(dir, e.name))
				}
			}
		}
		level = next
	}
}
