package manylinux

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/internal/binfile"
	"github.com/wheeltag/wheeltag/wheel"
)

// member is one member of a wheel on its way into the content.
type member struct {
	wheel.Member
	verify bool
	entry  wheel.RecordEntry
	kind   string // of machine code or archive: elf, zip, foreign; or ""
	sha256 hash.Hash

	object  *object
	foreign *foreignFile
	nested  []string

	damageRule, damage string
}

// damage is a member whose content is not what the wheel says.
type damage struct{ path, rule, message string }

// sniff looks at the first bytes and reports whether the rest must be read.
func (m *member) sniff(w *worker) bool {
	n, err := w.scan.Head(m.Member, w.head[:])
	head := w.head[:n]
	switch {
	case err != nil:
		m.object = &object{path: m.Name(), err: err}
		return false
	case bytes.HasPrefix(head, []byte(elfMagic)):
		m.kind = "elf"
	case bytes.HasPrefix(head, []byte(zipMagic)):
		m.kind = "zip"
	case binfile.Sniff(head) != "":
		m.kind = "foreign"
	}
	return m.kind != "" || m.verify
}

// read reads as much as an answer takes.
func (m *member) read(w *worker) {
	v, err := w.scan.View(m.Member, m.sums()...)
	if err != nil {
		m.unreadable(err)
		return
	}
	switch m.kind {
	case "elf":
		m.object = readObject(m.Name(), v, v.Size())
	case "zip":
		m.nested = nestedCode(v, v.Size())
	case "foreign":
		m.readForeign(v)
	}
	if _, err := v.Finish(); err != nil {
		m.unreadable(err)
	} else if m.verify {
		m.hold(v.Size())
	}
}

// unreadable notes that a member cannot be unpacked: nothing can be said about
// machine code, and of any other file that it is damaged.
func (m *member) unreadable(err error) {
	switch m.kind {
	case "elf":
		m.object = &object{path: m.Name(), err: err}
	case "foreign":
		m.foreign = &foreignFile{path: m.Name(), err: err}
	default:
		if m.verify {
			m.damageRule, m.damage = "WT402", "cannot be unpacked as the archive says: "+strings.TrimPrefix(err.Error(), m.Name()+": ")
		}
	}
}

func (m *member) readForeign(v *wheel.View) {
	f := foreignFile{path: m.Name()}
	if f.facts, f.err = binfile.Read(v, v.Size()); !errors.Is(f.err, binfile.ErrNotBinary) {
		m.foreign = &f
	}
}

// hold compares a verified member with RECORD, which may leave a file out or
// without a hash.
func (m *member) hold(size int64) {
	algorithm, want, hashed := strings.Cut(m.entry.Hash, "=")
	if hashed && algorithm == "sha256" {
		got := base64.RawURLEncoding.EncodeToString(m.sha256.Sum(make([]byte, 0, sha256.Size)))
		if got != strings.TrimRight(want, "=") {
			m.damageRule, m.damage = "WT403", "has another sha256 than RECORD says: "+got
			return
		}
	}
	if n, err := strconv.ParseInt(m.entry.Size, 10, 64); err == nil && n != size {
		m.damageRule, m.damage = "WT403", fmt.Sprintf("has %d bytes; RECORD says %d", size, n)
	}
}

// readObject reads the facts of an ELF file of a size.
func readObject(name string, r io.ReaderAt, size int64) *object {
	f, err := elfaudit.Read(r, size)
	if err != nil {
		return newObject(name, nil, err)
	}
	var start [startSize]byte
	n, err := r.ReadAt(start[:min(startSize, size)], 0)
	if err == io.EOF {
		err = nil
	}
	if err == nil && isPacked(f, start[:n]) {
		err = errPacked
	}
	if err != nil {
		return newObject(name, nil, err)
	}
	o := newObject(name, f, nil)
	o.sectionless = sectionless(f, start[:n])
	return o
}
