package lockfile

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/internal/yamltree"
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

// readJSON reads a document. The error has code syntax.
func readJSON(file string, data []byte) (*tomltree.Table, *Error) {
	doc, err := tomltree.ParseJSON(data)
	if err != nil {
		return nil, &Error{CodeSyntax, file, err.Line, err.Message, err.Err}
	}
	return doc, nil
}

// readYAML reads a document. The error has code syntax.
func readYAML(file string, data []byte) (*tomltree.Table, *Error) {
	doc, err := yamltree.Parse(data)
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
	f, doc, err := recognize(name, data)
	if err != nil {
		return nil, err
	}
	r := &reader{lock: &Lock{File: name, Format: f.name}, file: name}
	if f.readText != nil {
		f.readText(r, data, open)
		return r.lock, nil
	}
	if f.readYAML != nil {
		if err := f.readYAML(r, doc, open); err != nil {
			return nil, err
		}
		return r.lock, nil
	}
	if err := f.read(r, doc); err != nil {
		return nil, err
	}
	r.project = ""
	r.findDuplicates()
	if f.project != nil {
		r.readProject(f, open)
	}
	return r.lock, nil
}

// recognize finds the format of a file by its name or else by its content. doc is
// the document if the format is TOML.
func recognize(name string, data []byte) (f *format, doc *tomltree.Table, err *Error) {
	f = formatOf(name)
	if f != nil && f.readText != nil {
		if looksLikeRequirements(data) {
			return f, nil, nil
		}
		// A lock file saved under another name.
		if doc, err = readTOML(name, data); err == nil {
			if other := formatOfDocument(doc, inTOML); other != nil {
				return other, doc, nil
			}
		}
		return f, nil, nil
	}
	in, what := inTOML, foreignFile(name)
	switch {
	case f == nil && what != "":
		return nil, nil, &Error{CodeFormat, name, 1, "this is " + what, nil}
	case f != nil:
		in = f.syntax
	case bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n\ufeff"), []byte("{")):
		in = inJSON
	case strings.HasSuffix(name, ".yml") || strings.HasSuffix(name, ".yaml"):
		in = inYAML
	}
	switch in {
	case inJSON:
		doc, err = readJSON(name, data)
	case inYAML:
		doc, err = readYAML(name, data)
	default:
		doc, err = readTOML(name, data)
	}
	switch {
	case f != nil:
		return f, doc, err
	case err != nil && in != inTOML:
		return nil, nil, err
	case err != nil:
		return recognizeText(name, data, err)
	}
	if f = formatOfDocument(doc, in); f != nil {
		return f, doc, nil
	}
	return nil, nil, &Error{CodeFormat, name, 1, unknownFormat[in], nil}
}

// unknownFormat says of a document in each language what it is none of.
var unknownFormat = [...]string{
	inTOML: "unknown format: TOML, but not from " + sourcesOf(inTOML),
	inJSON: "unknown format: JSON, but neither Pipfile.lock nor a report of pip",
	inYAML: "unknown format: YAML, but not from " + sourcesOf(inYAML),
}

// recognizeText is recognize for a file without a telling name that is no TOML: a list of
// requirements, or YAML.
func recognizeText(name string, data []byte, notTOML *Error) (*format, *tomltree.Table, *Error) {
	if f := formatOfText(data); f != nil {
		return f, nil, nil
	}
	if doc, err := readYAML(name, data); err == nil {
		if f := formatOfDocument(doc, inYAML); f != nil {
			return f, doc, nil
		}
	}
	return nil, nil, &Error{CodeFormat, name, notTOML.Line, "unknown format: neither TOML nor a list of requirements", notTOML}
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
