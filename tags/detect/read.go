package detect

import (
	"errors"
	"io"
	"io/fs"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// binary gives random access to a regular file. The caller closes it.
func (t *tree) binary(name string) (io.ReaderAt, int64, func(), error) {
	place, _, err := t.resolve(name)
	if err != nil {
		return nil, 0, nil, err
	}
	return t.Open(place)
}

// elf reads the facts of an ELF file. Any other file gives
// elfaudit.ErrNotELF and no warning.
func (t *tree) elf(name string) (*elfaudit.File, error) {
	r, size, done, err := t.binary(name)
	if err != nil {
		t.unreadable(name, err)
		return nil, err
	}
	defer done()
	f, err := elfaudit.Read(r, size)
	if err != nil && !errors.Is(err, elfaudit.ErrNotELF) {
		t.warn(CodeDamaged, name, "%v", err)
	}
	return f, err
}

// window is how much of a program is searched at a time, and overlap the longest
// match that must not be missed between two windows.
const (
	window  = 1 << 18
	overlap = 256
)

// search calls match with successive overlapping parts of a file until it
// reports that it has seen enough. Errors end the search like the file's end.
func (t *tree) search(name string, match func(part []byte) (enough bool)) {
	r, size, done, err := t.binary(name)
	if err != nil {
		return
	}
	defer done()
	if !t.spend(&t.searched, min(size, maxBinary), maxSearch, "bytes of programs") {
		return
	}
	buf := make([]byte, window)
	for at := int64(0); at < min(size, maxBinary); at += window - overlap {
		n, err := r.ReadAt(buf[:min(window, size-at)], at)
		if match(buf[:n]) || err != nil {
			return
		}
	}
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

// text reads a file of text; ok is false when it does not exist or is too large.
func (t *tree) text(name string) (content string, ok bool) {
	f, size, err := t.open(name)
	if err != nil {
		t.unreadable(name, err)
		return "", false
	}
	defer f.Close()
	if size > maxText {
		t.warn(CodeLimit, name, "is larger than %d bytes; skipped", maxText)
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
