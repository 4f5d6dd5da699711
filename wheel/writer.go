package wheel

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/wheeltag/wheeltag/internal/unzip"
)

// Writer makes a wheel. Give it the files of the project, then those of the *.dist-info
// directory, as PEP 427 recommends, and close it: RECORD is written last. Every header
// states sizes and checksum, so that no data descriptors follow, and ZIP64 fields are
// written only where they are needed: PyPI rejects other archives. Names that installers
// or PyPI reject are errors.
//
// The same input makes the same bytes, with one release of Go. Nothing is written to disk:
// a wheel that must not be there half-written goes to a temporary file first.
type Writer struct {
	zip        *unzip.Writer
	dir        string
	date, time uint16
	seen       map[string]bool // names of members
	parents    map[string]bool // directories that they are in
	record     strings.Builder
	deflater   *flate.Writer
	packed     bytes.Buffer
	err        error
}

// NewWriter makes a Writer for a wheel with a *.dist-info directory, such as
// [Name.DistInfoDir] gives. Modified is the time of every member; builds that have to
// be reproducible take it from SOURCE_DATE_EPOCH. Zip archives cannot have times
// before 1980.
func NewWriter(w io.Writer, distInfoDir string, modified time.Time) *Writer {
	date, clock := unzip.Stamp(modified)
	return &Writer{zip: unzip.NewWriter(w), dir: distInfoDir, date: date, time: clock, seen: map[string]bool{}, parents: map[string]bool{}}
}

// Add compresses a file. Of the mode only the permission bits count.
func (w *Writer) Add(name string, mode fs.FileMode, content []byte) error {
	return w.AddFrom(name, mode, bytes.NewReader(content))
}

// AddFrom is [Writer.Add] for content that is read from r up to its end. Its compressed
// form is kept in memory until it is written, because its size comes first.
func (w *Writer) AddFrom(name string, mode fs.FileMode, r io.Reader) error {
	if err := w.check(name, false); err != nil {
		return w.fail(err)
	}
	h, sum, packed, err := w.deflate(r)
	if err != nil {
		return w.fail(fmt.Errorf("%s: %w", name, err))
	}
	return w.add(name, h, regular(mode), sum, packed)
}

// Copy takes over a member of another wheel with its compressed bytes, time and
// permissions as they are; a directory too. It reads the content, for its hash and to
// compare its checksum. It drops extra fields and comments, and gives the permissions 0644
// to a file without any. Links and other special files are errors.
func (w *Writer) Copy(m Member) error {
	mode := m.Mode()
	if mode == 0 {
		mode = 0o644
	}
	switch {
	case strings.HasSuffix(m.Name(), "/"):
		return w.copyDirectory(m)
	case !mode.IsRegular():
		return w.fail(fmt.Errorf("%s: is not a regular file: %v", m.Name(), mode))
	}
	if err := w.check(m.Name(), false); err != nil {
		return w.fail(err)
	}
	content, err := m.Open()
	if err != nil {
		return w.fail(err)
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, content); err != nil {
		return w.fail(fmt.Errorf("%s: %w", m.Name(), err))
	}
	raw, err := m.Raw()
	if err != nil {
		return w.fail(err)
	}
	h := unzip.Header{
		Method: m.Method(), Date: m.entry.Date, Time: m.entry.Time, CRC32: m.CRC32(), Packed: m.PackedSize(), Size: m.ClaimedSize(),
	}
	return w.add(m.Name(), h, regular(mode), sum.Sum(nil), raw)
}

// copyDirectory writes the entry of a directory, which RECORD does not list.
func (w *Writer) copyDirectory(m Member) error {
	name := strings.TrimSuffix(m.Name(), "/")
	err := w.check(name, true)
	if err == nil && (m.ClaimedSize() != 0 || m.Mode().Type()&^fs.ModeDir != 0) {
		err = fmt.Errorf("%s: is not a plain directory", m.Name())
	}
	if err != nil {
		return w.fail(err)
	}
	perm := uint32(m.Mode().Perm())
	if m.Mode() == 0 {
		perm = 0o755
	}
	h := unzip.Header{Date: m.entry.Date, Time: m.entry.Time}
	return w.write(m.Name(), h, 0o040000|perm, bytes.NewReader(nil))
}

// add writes a member and its row in RECORD.
func (w *Writer) add(name string, h unzip.Header, mode uint32, sum []byte, packed io.Reader) error {
	fmt.Fprintf(&w.record, "%s,sha256=%s,%d\n", quoteField(name), base64.RawURLEncoding.EncodeToString(sum), h.Size)
	return w.write(name, h, mode, packed)
}

func (w *Writer) write(name string, h unzip.Header, mode uint32, packed io.Reader) error {
	if w.err != nil {
		return w.err
	}
	w.seen[strings.TrimSuffix(name, "/")] = true
	for dir := parent(name); dir != "" && !w.parents[dir]; dir = parent(dir) {
		w.parents[dir] = true
	}
	if h.RawName = name; len(name) != utf8.RuneCountInString(name) {
		h.Flags = unzip.FlagUTF8
	}
	return w.fail(w.zip.Add(h, mode<<16, packed))
}

// fail keeps the first error: an archive with a fault in the middle is useless.
func (w *Writer) fail(err error) error {
	if w.err == nil {
		w.err = err
	}
	return w.err
}

// maxPath is the longest path of a member, in bytes: no file system of today has longer
// ones (PATH_MAX of Linux).
const maxPath = 4096

var errMemberName = errors.New("not a name for a file of a wheel")

// check refuses names that an installer would not put into the directory that it
// installs into, or not under this name, or that would end a line of RECORD.
func (w *Writer) check(name string, directory bool) error {
	ends := func(r rune) bool {
		return isControl(r) || r >= 0x80 && r < 0xa0 || r == '\\' || r == '\u2028' || r == '\u2029'
	}
	bad := path.Clean("/"+name) != "/"+name || hasDrive(name) || hasFileVersion(name) || !utf8.ValidString(name) || strings.IndexFunc(name, ends) >= 0
	switch {
	case w.err != nil:
		return w.err
	case name == "" || len(name) > maxPath || bad:
		return fmt.Errorf("%q: %w", clip(name), errMemberName)
	case name == w.dir+"/RECORD":
		return fmt.Errorf("%s: written by Close", name)
	case w.seen[name]:
		return fmt.Errorf("%s: written twice", name)
	case w.parents[name] && !directory:
		return fmt.Errorf("%s: is a directory with other files", name)
	case len(w.seen) >= unzip.MaxEntries-1: // RECORD is one more
		return fmt.Errorf("more than %d files", unzip.MaxEntries)
	}
	for dir := parent(name); dir != "" && !w.parents[dir]; dir = parent(dir) {
		if w.seen[dir] {
			return fmt.Errorf("%s: %s is a file", name, dir)
		}
	}
	return nil
}

// parent is the directory of a path, "" at the top.
func parent(name string) string { return name[:max(strings.LastIndexByte(name, '/'), 0)] }

// Close writes RECORD and the directory of the archive. It is an error if METADATA or
// WHEEL is missing, or if there was one before. It does not close the underlying writer.
func (w *Writer) Close() error {
	for _, name := range []string{"METADATA", "WHEEL"} {
		if !w.seen[w.dir+"/"+name] {
			w.fail(fmt.Errorf("%s/%s: %w", w.dir, name, ErrNoMember))
		}
	}
	name := w.dir + "/RECORD"
	h, _, packed, err := w.deflate(strings.NewReader(w.record.String() + quoteField(name) + ",,\n"))
	if err != nil {
		return w.fail(err)
	}
	if err := w.write(name, h, regular(0o644), packed); err != nil {
		return err
	}
	return w.fail(w.zip.Close())
}

// deflate compresses what r gives, unless that makes it no smaller, and gives the SHA-256
// of the content. The packed bytes are valid until the next call.
func (w *Writer) deflate(r io.Reader) (h unzip.Header, sha []byte, packed io.Reader, err error) {
	h = unzip.Header{Method: unzip.Deflated, Date: w.date, Time: w.time}
	w.packed.Reset()
	if w.deflater == nil {
		if w.deflater, err = flate.NewWriter(&w.packed, flate.DefaultCompression); err != nil {
			return h, nil, nil, err
		}
	}
	w.deflater.Reset(&w.packed)
	sum, crc := sha256.New(), crc32.NewIEEE()
	n, err := io.Copy(io.MultiWriter(w.deflater, sum, crc), r)
	if err = errors.Join(err, w.deflater.Close()); err != nil {
		return h, nil, nil, err
	}
	h.Size, h.Packed, h.CRC32 = uint64(n), uint64(w.packed.Len()), crc.Sum32()
	if h.Packed < h.Size {
		return h, sum.Sum(nil), &w.packed, nil
	}
	h.Method, h.Packed = unzip.Stored, h.Size
	return h, sum.Sum(nil), flate.NewReader(&w.packed), nil
}

// regular is the mode of a regular file on Unix.
func regular(mode fs.FileMode) uint32 { return 0o100000 | uint32(mode.Perm()) }

// quoteField writes a field of RECORD.
func quoteField(s string) string {
	if strings.ContainsAny(s, "\",") {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}
