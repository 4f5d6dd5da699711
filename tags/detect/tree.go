package detect

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Limits that no honest root comes near.
const (
	maxLinks   = 40        // in one path, as Linux has it
	maxFolder  = 100_000   // entries read from one folder
	maxText    = 4 << 20   // bytes of a file read as text
	maxBinary  = 64 << 20  // bytes of a program searched or read into memory
	maxDirs    = 1000      // folders of one search path, and includes of ld.so.conf
	maxLoaders = 64        // of programs, each with folders of its own
	maxFound   = 1000      // interpreters
	maxWarned  = 1000      // warnings
	maxTexts   = 256 << 20 // bytes of all files read as text
	maxSearch  = 4 << 30   // bytes of all programs searched
	maxListed  = 50 << 20  // names of folders looked at, each as often as it was
)

// lazy compiles a pattern when it is first used: most programs that import this
// package never do.
func lazy(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// tree is a root with its links resolved inside it. Paths are slash-separated
// and relative to the root, "." being the root itself.
type tree struct {
	fsys     fs.ReadLinkFS
	known    map[string]node
	lists    map[string][]entry
	warnings []Warning
	warned   map[Warning]bool

	// What was read so far. A root can lead to the same large file by very many
	// ways.
	texts, searched, listed int64
}

// node is what is known about one resolved place.
type node struct {
	info fs.FileInfo
	link string // the target, for a link
	err  error
}

var (
	errLinks      = errors.New("too many links")
	errNotRegular = errors.New("not a regular file")
)

func newTree(fsys fs.ReadLinkFS) *tree {
	return &tree{fsys: fsys, known: map[string]node{}, lists: map[string][]entry{}, warned: map[Warning]bool{}}
}

// warn notes something that the reader of the result should know.
func (t *tree) warn(code, place, format string, args ...any) {
	w := Warning{Code: code, Path: absolute(place), Message: fmt.Sprintf(format, args...)}
	if t.warned[w] || len(t.warnings) > maxWarned {
		return
	}
	if len(t.warnings) == maxWarned {
		w = Warning{CodeLimit, "/", fmt.Sprintf("leads to more than %d warnings; the rest is not told", maxWarned)}
	}
	t.warned[w] = true
	t.warnings = append(t.warnings, w)
}

// spend counts work against its limit. Once that is reached it warns, and gives
// false.
func (t *tree) spend(counter *int64, n, limit int64, what string) bool {
	if *counter += n; *counter > limit {
		t.warn(CodeLimit, "/", "has more than %d %s that would have to be looked at; the rest is not", limit, what)
		return false
	}
	return true
}

// unreadable notes an error that is not the plain absence of a file.
func (t *tree) unreadable(place string, err error) {
	if err == nil || errors.Is(err, fs.ErrNotExist) || errors.Is(err, errNotRegular) {
		return
	}
	t.warn(CodeUnreadable, place, "cannot be read: %v", cause(err))
}

// cause is the error without the path, which the warning has already.
func cause(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

func absolute(place string) string { return path.Join("/", place) }

// look reads one place whose parents are folders, not links.
func (t *tree) look(place string) node {
	n, ok := t.known[place]
	if ok {
		return n
	}
	n.info, n.err = t.fsys.Lstat(place)
	if n.err == nil && n.info.Mode()&fs.ModeSymlink != 0 {
		n.link, n.err = t.fsys.ReadLink(place)
	}
	if n.err == nil { // of the names that are not there, there is no end
		t.known[place] = n
	}
	return n
}

// resolve follows every link of a path, absolute or not, and gives the place
// that it leads to.
func (t *tree) resolve(name string) (string, fs.FileInfo, error) {
	rest := strings.Split(name, "/")
	at, links := ".", 0
	for len(rest) > 0 {
		part := rest[0]
		rest = rest[1:]
		switch part {
		case "", ".":
			continue
		case "..":
			at = path.Dir(at)
			continue
		}
		next := path.Join(at, part)
		n := t.look(next)
		if n.err != nil {
			return next, nil, n.err
		}
		if n.info.Mode()&fs.ModeSymlink == 0 {
			if !n.info.IsDir() && len(rest) > 0 {
				return next, nil, &fs.PathError{Op: "resolve", Path: name, Err: fs.ErrNotExist}
			}
			at = next
			continue
		}
		if links++; links > maxLinks {
			return next, nil, &fs.PathError{Op: "resolve", Path: name, Err: errLinks}
		}
		if strings.HasPrefix(n.link, "/") {
			at = "."
		}
		rest = append(strings.Split(n.link, "/"), rest...)
	}
	n := t.look(at)
	return at, n.info, n.err
}

// entry is a name in a folder. A link is none of the other kinds.
type entry struct {
	name         string
	folder, link bool
}

// list lists what is in a folder, by name; nothing when it is not there.
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
	entries, err := t.readFolder(place)
	t.unreadable(name, err)
	t.lists[place] = entries
	return entries
}

func (t *tree) readFolder(place string) ([]entry, error) {
	f, err := t.fsys.Open(place)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	dir, ok := f.(fs.ReadDirFile)
	if !ok {
		return nil, errors.New("not a folder")
	}
	found, err := dir.ReadDir(maxFolder)
	if err == io.EOF {
		err = nil
	}
	if len(found) == maxFolder {
		t.warn(CodeLimit, place, "has more than %d entries; the rest is not looked at", maxFolder)
	}
	entries := make([]entry, len(found))
	for i, e := range found {
		entries[i] = entry{e.Name(), e.IsDir(), e.Type()&fs.ModeSymlink != 0}
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return entries, err
}

// folder lists the names in a folder.
func (t *tree) folder(name string) []string {
	var names []string
	for _, e := range t.list(name) {
		names = append(names, e.name)
	}
	return names
}

// noPrograms are the folders at the top that kernels fill or that hold no
// programs.
var noPrograms = map[string]bool{"proc": true, "sys": true, "dev": true, "run": true, "etc": true, "boot": true, "tmp": true}

// glob gives the paths that match a pattern with * in whole path elements, as
// in opt/*/bin. At the top, links such as bin for usr/bin and the folders without
// programs match no *.
func (t *tree) glob(pattern string) []string {
	found := []string{"."}
	parts := strings.Split(strings.Trim(pattern, "/"), "/")
	for i, part := range parts {
		var next []string
		for _, dir := range found {
			if !strings.ContainsAny(part, "*?[") {
				if full := path.Join(dir, part); i == len(parts)-1 || t.isFolder(full) {
					next = append(next, full)
				}
				continue
			}
			for _, e := range t.list(dir) {
				inner := i < len(parts)-1
				if ok, _ := path.Match(part, e.name); ok && (!inner || e.folder || e.link) && (dir != "." || !e.link && !noPrograms[e.name]) {
					next = append(next, path.Join(dir, e.name))
				}
			}
		}
		found = next[:min(len(next), maxFolder)]
	}
	return found
}

func (t *tree) isFolder(name string) bool {
	_, info, err := t.resolve(name)
	return err == nil && info.IsDir()
}

// exists reports whether a path leads to anything.
func (t *tree) exists(name string) bool {
	_, _, err := t.resolve(name)
	return err == nil
}

// open opens a regular file.
func (t *tree) open(name string) (fs.File, int64, error) {
	place, info, err := t.resolve(name)
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
	}
	f, err := t.fsys.Open(place)
	return f, info.Size(), err
}

// text reads a file of text; ok is false when there is none or it is too large.
func (t *tree) text(name string) (content string, ok bool) {
	f, size, err := t.open(name)
	if err != nil {
		t.unreadable(name, err)
		return "", false
	}
	defer f.Close()
	if size > maxText {
		t.warn(CodeLimit, name, "is larger than %d bytes and not read", maxText)
		return "", false
	}
	if !t.spend(&t.texts, size, maxTexts, "bytes of text") {
		return "", false
	}
	data, err := io.ReadAll(io.LimitReader(f, maxText))
	if err != nil {
		t.unreadable(name, err)
		return "", false
	}
	return string(data), true
}
