package lockfile

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// MaxSize is the size in bytes up to which files are read.
const MaxSize = 256 << 20

// maxMarks limits how often each of some characters may occur in a file, and so
// its memory once read: several hundred bytes for a line of two. Real files of
// MaxSize would have about as many.
const maxMarks = 4 << 20

// Opener opens a file by the name that a requirements file refers to, joined to
// the directory of that file, with slashes. A URL is passed unchanged.
type Opener func(name string) (io.ReadCloser, error)

// Read reads a lock file of any format. The format is recognised by the name,
// which may have a path before it, or else by the content. The error is an
// [*Error]; problems of single packages, files or lines are in Lock.Problems.
//
// Files that a requirements file includes are not read; each is a problem of
// code include. See [ReadOpen].
func Read(r io.Reader, name string) (*Lock, error) { return finish(read(r, name, nil)) }

// ReadOpen reads a lock file and the files that it includes, all through open.
func ReadOpen(name string, open Opener) (*Lock, error) {
	f, err := open(name)
	if err != nil {
		return nil, &Error{CodeRead, name, 0, "cannot be opened", err}
	}
	defer f.Close()
	return finish(read(f, name, open))
}

// ReadFile is ReadOpen for files of the operating system. Only regular files are
// opened; one that is included by URL is not.
func ReadFile(name string) (*Lock, error) { return ReadOpen(filepath.ToSlash(name), openRegular) }

// openRegular only opens regular files: a pipe or device could block forever.
func openRegular(name string) (io.ReadCloser, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	return os.Open(name)
}

// finish keeps a nil *Error from becoming an error that is not nil.
func finish(l *Lock, err *Error) (*Lock, error) {
	if err != nil {
		return nil, err
	}
	return l, nil
}

// readTOML reads a document. The error has code syntax.
func readTOML(file string, data []byte) (*tomltree.Table, *Error) {
	doc, err := tomltree.Parse(data)
	if err != nil {
		return nil, &Error{CodeSyntax, file, err.Line, err.Message, err.Err}
	}
	return doc, nil
}

// read detects the format and reads the file.
func read(in io.Reader, name string, open Opener) (*Lock, *Error) {
	data, err := readAll(in, name, MaxSize)
	if err != nil {
		return nil, err
	}
	r := &reader{lock: &Lock{File: name, Format: formatOf(name)}, file: name}
	var doc *tomltree.Table
	switch r.lock.Format {
	case Requirements:
		r.readRequirements(data, open)
		return r.lock, nil
	case "":
		if doc, err = readTOML(name, data); err != nil {
			if !looksLikeRequirements(data) {
				return nil, &Error{CodeFormat, name, err.Line, "unknown format: neither TOML nor a list of requirements", err}
			}
			r.lock.Format = Requirements
			r.readRequirements(data, open)
			return r.lock, nil
		}
		if r.lock.Format = formatOfDocument(doc); r.lock.Format == "" {
			return nil, &Error{CodeFormat, name, 1, "unknown format: TOML, but not from uv, PEP 751, Poetry or PDM", nil}
		}
	default:
		if doc, err = readTOML(name, data); err != nil {
			return nil, err
		}
	}
	if err := r.readDocument(doc); err != nil {
		return nil, err
	}
	r.project = ""
	r.findDuplicates()
	return r.lock, nil
}

// readDocument reads a TOML document of a known format.
func (r *reader) readDocument(doc *tomltree.Table) *Error {
	switch r.lock.Format {
	case UV:
		return r.readUV(doc)
	case Pylock:
		return r.readPylock(doc)
	case Poetry:
		return r.readPoetry(doc)
	}
	return r.readPDM(doc)
}

// readAll reads up to limit bytes; memory grows with the bytes that arrive.
func readAll(in io.Reader, name string, limit int) ([]byte, *Error) {
	data, err := io.ReadAll(io.LimitReader(in, int64(limit)+1))
	if err != nil {
		return nil, &Error{CodeRead, name, 0, "cannot be read", err}
	}
	if len(data) > limit {
		return nil, &Error{CodeTooLarge, name, 0, fmt.Sprintf("larger than %d bytes", limit), nil}
	}
	for _, mark := range "\n\r,=[{." {
		if n := bytes.Count(data, []byte{byte(mark)}); n > maxMarks {
			return nil, &Error{CodeTooLarge, name, 0, fmt.Sprintf("too many %q: %d", mark, n), nil}
		}
	}
	return data, nil
}

// formatOf returns the format by the name of a file.
func formatOf(name string) Format {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	switch {
	case base == "uv.lock":
		return UV
	case base == "poetry.lock":
		return Poetry
	case base == "pdm.lock":
		return PDM
	case base == "pylock.toml", isNamedPylock(base):
		return Pylock
	case strings.HasSuffix(base, ".txt"), strings.HasSuffix(base, ".in"):
		return Requirements
	}
	return ""
}

// isNamedPylock accepts pylock.NAME.toml, where the name has no dot.
func isNamedPylock(base string) bool {
	name, ok := strings.CutPrefix(base, "pylock.")
	if !ok {
		return false
	}
	name, ok = strings.CutSuffix(name, ".toml")
	return ok && name != "" && !strings.Contains(name, ".")
}

// formatOfDocument returns the format by keys that only one format has. Cargo.lock
// has a version and packages too, but its sources are not tables.
func formatOfDocument(doc *tomltree.Table) Format {
	if n := doc.Get("metadata"); n != nil && n.Kind == tomltree.TableKind {
		switch {
		case n.Table.Get("lock-version") != nil:
			return Poetry
		case n.Table.Get("lock_version") != nil:
			return PDM
		}
	}
	if doc.Get("lock-version") != nil {
		return Pylock
	}
	version := doc.Get("version")
	if version == nil || version.Kind != tomltree.Integer {
		return ""
	}
	if doc.Get("revision") != nil || doc.Get("requires-python") != nil || doc.Get("resolution-markers") != nil {
		return UV
	}
	if n := doc.Get("package"); n != nil && n.Kind == tomltree.List && len(n.List) > 0 && n.List[0].Kind == tomltree.TableKind {
		if source := n.List[0].Table.Get("source"); source != nil && source.Kind == tomltree.TableKind {
			return UV
		}
	}
	return ""
}

// findDuplicates reports packages that are in the file twice.
func (r *reader) findDuplicates() {
	seen := make(map[string]int, len(r.lock.Packages))
	for i := range r.lock.Packages {
		p := &r.lock.Packages[i]
		if p.Name == "" {
			continue
		}
		key := strings.Join([]string{p.Name, p.Version, p.Source.key(), strings.Join(p.Extras, ","), p.Marker.String()}, "\x00")
		if first, ok := seen[key]; ok {
			r.lock.Problems = append(r.lock.Problems, Problem{CodeDuplicate, false, p.File, p.Line, p.Name,
				fmt.Sprintf("duplicate of the package in line %d", r.lock.Packages[first].Line)})
			continue
		}
		seen[key] = i
	}
}

// key identifies a source.
func (s Source) key() string {
	return strings.Join([]string{string(s.Kind), s.URL, s.Path, s.Revision, s.Subdirectory}, "\x01")
}

// looksLikeRequirements reports whether the first line with content is a
// requirement or an option with a name of at least two letters.
func looksLikeRequirements(data []byte) bool {
	lines := logicalLines(string(data), 1)
	if len(lines) == 0 {
		return false
	}
	text, words, ok := splitOptions(lines[0].text)
	if options, wrong := parseOptions(words); !ok || wrong != "" {
		return false
	} else if text == "" {
		return len(options) > 0
	}
	_, err := pep508.ParseRequirement(text)
	return err == nil
}
