package loader

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Limits that no real configuration comes near.
const (
	maxDirs    = 1000     // directories of one search path, and includes of ld.so.conf
	maxConf    = 1 << 20  // bytes of one file
	maxConfs   = 16 << 20 // bytes of all files
	maxEntries = 10_000   // read from one directory
	maxDepth   = 8        // of includes
)

const mainConf = "etc/ld.so.conf"

// configuration is what is gathered from ld.so.conf.
type configuration struct {
	loader   *Loader
	seen     map[string]bool // directories, and with a NUL in front files and patterns
	included int
	bytes    int
}

// readConf reads ld.so.conf and what it includes, each file and pattern once:
// repeated, they name no other directories, and includes may go in circles.
func (l *Loader) readConf() {
	c := configuration{loader: l, seen: map[string]bool{}}
	c.read(mainConf, 0)
}

func (l *Loader) problem(name string, err error) {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errRegular) {
		return
	}
	if p := (Problem{path.Join("/", name), err}); !slices.ContainsFunc(l.Problems, func(q Problem) bool { return q.Path == p.Path && q.Err.Error() == err.Error() }) {
		l.Problems = append(l.Problems, p)
	}
}

func (l *Loader) limit(name, format string, args ...any) {
	l.problem(name, &LimitError{fmt.Sprintf(format, args...)})
}

// once reports whether something is seen for the first time.
func (c *configuration) once(what string) bool {
	before := c.seen[what]
	c.seen[what] = true
	return !before
}

func (c *configuration) read(name string, depth int) {
	place, _, err := c.loader.tree.Resolve(name)
	switch {
	case err != nil:
		c.loader.problem(name, err)
		return
	case depth > maxDepth:
		c.loader.limit(mainConf, "has includes more than %d deep; skipped", maxDepth)
		return
	case c.bytes > maxConfs:
		return
	case !c.once("\x00file " + place):
		return
	}
	text, _ := c.loader.text(name, place)
	if c.bytes += len(text); c.bytes > maxConfs {
		c.loader.limit(mainConf, "and its includes have more than %d bytes; the rest is skipped", maxConfs)
		return
	}
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.FieldsFunc(line, func(c rune) bool { return strings.ContainsRune(" \t\r\n:,", c) })
		switch {
		case len(fields) == 0 || fields[0] == "hwcap":
		case fields[0] == "include":
			for _, pattern := range fields[1:] {
				if !path.IsAbs(pattern) {
					pattern = path.Join(path.Dir(name), pattern)
				}
				c.include(pattern, depth)
			}
		default:
			for _, dir := range fields {
				dir, _, _ = strings.Cut(dir, "=") // "/lib=libc6", an old form
				c.add(dir, name)
			}
		}
	}
}

func (c *configuration) include(pattern string, depth int) {
	if !c.once("\x00include " + pattern) {
		return
	}
	if c.included++; c.included > maxDirs {
		c.loader.limit(pattern, "is one of more than %d includes of ld.so.conf; the others are skipped", maxDirs)
		return
	}
	for _, included := range c.loader.glob(pattern) {
		c.read(included, depth+1)
	}
}

func (c *configuration) add(dir, from string) {
	switch {
	case !c.once(dir):
	case len(c.loader.Configured) == maxDirs:
		c.loader.limit(from, "names more than %d directories; the others are skipped", maxDirs)
	case path.IsAbs(dir):
		c.loader.Configured = append(c.loader.Configured, dir)
	}
}

// readMuslPath reads the path file of a musl loader, which replaces the default
// directories.
func (l *Loader) readMuslPath() {
	machine := strings.TrimSuffix(strings.TrimPrefix(path.Base(l.Path), "ld-musl-"), ".so.1")
	name := path.Join(path.Dir(path.Dir(l.Path)), "etc", "ld-musl-"+machine+".path")
	place, _, err := l.tree.Resolve(name)
	if err != nil {
		l.problem(name, err)
		return
	}
	text, ok := l.text(name, place)
	if !ok {
		return
	}
	l.Default = nil
	for dir := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ':' || c == '\n' }) {
		if len(l.Configured) == maxDirs {
			l.limit(name, "names more than %d directories; the others are skipped", maxDirs)
			return
		}
		l.Configured = append(l.Configured, dir)
	}
}

// text reads a file of text.
func (l *Loader) text(name, place string) (string, bool) {
	r, size, done, err := l.tree.Open(place)
	if err != nil {
		l.problem(name, err)
		return "", false
	}
	defer done()
	if size > maxConf {
		l.limit(name, "is larger than %d bytes; skipped", maxConf)
		return "", false
	}
	data, err := io.ReadAll(io.NewSectionReader(r, 0, size))
	if err != nil {
		l.problem(name, err)
		return "", false
	}
	return string(data), true
}

// glob returns the paths that match a pattern, in order.
func (l *Loader) glob(pattern string) []string {
	found := []string{"."}
	for part := range strings.SplitSeq(strings.Trim(pattern, "/"), "/") {
		var next []string
		for _, dir := range found {
			if !strings.ContainsAny(part, "*?[\\") {
				next = append(next, dir+"/"+part)
				continue
			}
			for _, name := range l.names(dir) {
				if ok, _ := path.Match(part, name); ok {
					next = append(next, dir+"/"+name)
				}
			}
		}
		found = next[:min(len(next), maxEntries)]
	}
	return found
}

// names lists a directory in order.
func (l *Loader) names(dir string) []string {
	place, info, err := l.tree.Resolve(dir)
	if err != nil {
		l.problem(dir, err)
		return nil
	}
	if !info.IsDir() || l.tree.fsys == nil {
		return nil
	}
	f, err := l.tree.fsys.Open(place)
	if err != nil {
		l.problem(dir, err)
		return nil
	}
	defer f.Close()
	list, ok := f.(fs.ReadDirFile)
	if !ok {
		return nil
	}
	entries, err := list.ReadDir(maxEntries)
	if err != nil && err != io.EOF {
		l.problem(dir, err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	slices.Sort(names)
	return names
}
