package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"strings"
	"unicode/utf8"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/binfile"
	"github.com/wheeltag/wheeltag/internal/unzip"
	"github.com/wheeltag/wheeltag/wheel"
)

// member is one member of a wheel on its way into the content.
type member struct {
	wheel.Member
	packed unzip.Source
	err    error // there is no packed
	verify bool
	rows   []wheel.RecordRow // of RECORD
	kind   string            // of native code or archive: elf, zip, binary; or ""
	sums   []hash.Hash       // one for each row
	exempt bool              // from being listed in RECORD with a hash

	elf    *linkset.File
	device device // of an ELF file that no host loads
	debug  bool   // a split debug file
	binary *binaryFile
	nested []string
	other  string // what it is, if named as a module and no native code

	rest               int64 // bytes behind the end of the deflated data
	damageRule, damage string
}

// locate finds the packed bytes.
func (m *member) locate() {
	raw, err := m.Raw()
	if m.err = err; err != nil {
		return
	}
	r, off, n := raw.Outer()
	m.packed = unzip.Source{
		Name: m.Name(), R: r, Offset: off, Packed: n, Size: int64(m.ClaimedSize()),
		CRC32: m.CRC32(), Method: m.Method(), Flags: m.Flags(),
	}
}

// overlaps reports whether the member reaches into another, so that it is not read.
func (m *member) overlaps() bool {
	var fault *wheel.Error
	return errors.As(m.err, &fault) && fault.Code == wheel.CodeOverlap
}

// sniff looks at the first bytes and reports whether the rest must be read.
func (m *member) sniff(ctx context.Context, w *worker) bool {
	m.locate()
	n, err := 0, m.err
	switch {
	case err == nil:
		n, err = w.scan.Head(ctx, m.packed, w.head[:])
	case m.overlaps():
		return false
	case m.ClaimedSize() == 0:
		err = nil
	}
	head := w.head[:n]
	switch {
	case errors.Is(err, unzip.ErrMethod) && !MayContainCode(m.Name()):
		return false // the archive has a finding of its own for that
	case err != nil:
		m.elf = linkset.NewFile(m.Name(), nil, err)
		return false
	case bytes.HasPrefix(head, []byte(elfMagic)):
		if m.device = deviceOf(head); m.device == "" {
			m.kind = "elf"
		}
	case bytes.HasPrefix(head, []byte(zipMagic)) && !linkset.HasModuleName(m.Name()):
		m.kind = "zip"
	case binfile.Sniff(head) != "":
		m.kind = "binary"
	case linkset.HasModuleName(m.Name()):
		m.other = contentOf(head)
	}
	return m.kind != "" || m.verify
}

// read reads as much as an answer takes.
func (m *member) read(ctx context.Context, w *worker) {
	if m.err != nil {
		m.unreadable(m.err)
		return
	}
	v, err := w.scan.View(ctx, m.packed, m.hashes()...)
	if err != nil {
		m.unreadable(err)
		return
	}
	switch m.kind {
	case "elf":
		m.elf = readELF(m.Name(), v, v.Size())
		if m.elf != nil && m.elf.Err != nil && isDebugFile(v, v.Size()) {
			m.elf, m.debug = nil, true
		}
	case "zip":
		m.nested = nestedCode(v, v.Size())
	case "binary":
		m.readBinary(v)
	}
	_, err = v.Finish()
	m.rest = v.Rest()
	if err != nil {
		m.unreadable(err)
	} else if m.verify {
		m.compareRecord(v.Size())
	}
}

// unreadable notes that a member cannot be unpacked: nothing can be said about
// machine code, and of any other file that it is damaged.
func (m *member) unreadable(err error) {
	switch m.kind {
	case "elf":
		m.elf = linkset.NewFile(m.Name(), nil, err)
	case "binary":
		m.binary = &binaryFile{path: m.Name(), err: err}
	default:
		if m.verify {
			m.damageRule, m.damage = "damaged-member", "cannot be unpacked as the archive says: "+strings.TrimPrefix(err.Error(), m.Name()+": ")
		}
	}
}

func (m *member) readBinary(v *unzip.View) {
	f := binaryFile{path: m.Name()}
	if f.facts, f.err = binfile.Read(v, v.Size()); !errors.Is(f.err, binfile.ErrNotBinary) {
		m.binary = &f
	}
}

// hashes readies what a verified member is hashed with: a hash for each row of RECORD.
func (m *member) hashes() []hash.Hash {
	if !m.verify {
		return nil
	}
	m.sums = make([]hash.Hash, max(len(m.rows), 1))
	for i := range m.sums {
		m.sums[i] = sha256.New()
		if i < len(m.rows) {
			if h, err := m.rows[i].Hash.New(); err == nil {
				m.sums[i] = h
			}
		}
	}
	return m.sums
}

// compareRecord compares a verified member with each of its rows in RECORD. A file
// that RECORD leaves out is not verified; what is wrong with a row by itself is another
// check's.
func (m *member) compareRecord(size int64) {
	for i, row := range m.rows {
		if row.Hash == (wheel.Hash{}) {
			continue
		}
		if _, err := row.Hash.New(); err != nil {
			continue
		}
		if sum := m.sums[i].Sum(nil); !row.Hash.Matches(sum) {
			m.damageRule = "record-hash"
			m.damage = "has another " + row.Hash.Algorithm + " than RECORD says: " + base64.RawURLEncoding.EncodeToString(sum)
			return
		}
	}
	for _, row := range m.rows {
		if row.Size >= 0 && row.Size != size {
			m.damageRule, m.damage = "record-hash", fmt.Sprintf("has %d bytes; RECORD says %d", size, row.Size)
			return
		}
	}
	if len(m.rows) == 0 && !m.exempt {
		m.damageRule, m.damage = "unverified-file", "is not listed in RECORD"
	}
}

// misnamed says what a member that is named as an extension module is instead of one,
// or "".
func (m *member) misnamed() string {
	switch {
	case !linkset.HasModuleName(m.Name()):
		return ""
	case m.device != "":
		return fmt.Sprintf("is code for a device (%s)", m.device)
	case m.debug:
		return "holds debugging information alone"
	}
	return m.other
}

// contentOf says what a file that is no native code is, by its first bytes.
func contentOf(head []byte) string {
	switch {
	case len(head) == 0:
		return "is empty"
	case bytes.HasPrefix(head, []byte("version https://git-lfs")):
		return "is a Git LFS pointer; fetch the file before building"
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return "is gzip data"
	case bytes.HasPrefix(head, []byte(zipMagic)):
		return "is a zip archive"
	case utf8.Valid(head[:len(head)/2]) && !bytes.ContainsRune(head, 0):
		return "is text"
	}
	return "holds no native code"
}
