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
// directory, as PEP 427 recommends, and close it: RECORD is written last. The same
// input makes the same bytes, with one release of Go.
type Writer struct {
	zip        *unzip.Writer
	dir        string
	date, time uint16
	seen       map[string]bool
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
	return &Writer{zip: unzip.NewWriter(w), dir: distInfoDir, date: date, time: clock, seen: map[string]bool{}}
}

// Add compresses a file. Of the mode only the permission bits count.
func (w *Writer) Add(name string, mode fs.FileMode, content []byte) error {
	h, packed, err := w.deflate(content)
	if err != nil {
		return w.fail(err)
	}
	sum := sha256.Sum256(content)
	return w.add(name, h, regular(mode), sum[:], packed)
}

// Copy takes over a member of another wheel with its packed bytes, time and
// permissions as they are. It reads the content too, for its hash and to compare its
// checksum. It drops extra fields and comments.
func (w *Writer) Copy(m Member) error {
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
	return w.add(m.Name(), h, regular(m.Mode()), sum.Sum(nil), raw)
}

// add writes a member and its row in RECORD.
func (w *Writer) add(name string, h unzip.Header, mode uint32, sum []byte, packed io.Reader) error {
	if err := w.check(name); err != nil {
		return w.fail(err)
	}
	fmt.Fprintf(&w.record, "%s,sha256=%s,%d\n", quoteField(name), base64.RawURLEncoding.EncodeToString(sum), h.Size)
	return w.write(name, h, mode, packed)
}

func (w *Writer) write(name string, h unzip.Header, mode uint32, packed io.Reader) error {
	if w.err != nil {
		return w.err
	}
	w.seen[name] = true
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

var errMemberName = errors.New("not a name for a file of a wheel")

// check refuses names that an installer would not put into the directory that it
// installs into, or not under this name, or that would end a line of RECORD.
func (w *Writer) check(name string) error {
	ends := func(r rune) bool {
		return r < ' ' || r >= 0x7f && r < 0xa0 || r == '\\' || r == '\u2028' || r == '\u2029'
	}
	drive := len(name) > 1 && name[1] == ':'
	switch {
	case name == "" || len(name) > 1<<16-1 || path.Clean("/"+name) != "/"+name || drive || !utf8.ValidString(name) || strings.IndexFunc(name, ends) >= 0:
		return fmt.Errorf("%q: %w", clip(name), errMemberName)
	case name == w.dir+"/RECORD":
		return fmt.Errorf("%s: written by Close", name)
	case w.seen[name]:
		return fmt.Errorf("%s: written twice", name)
	}
	return nil
}

// Close writes RECORD and the directory of the archive. It is an error if METADATA or
// WHEEL is missing. It does not close the underlying writer.
func (w *Writer) Close() error {
	for _, name := range []string{"METADATA", "WHEEL"} {
		if !w.seen[w.dir+"/"+name] {
			w.fail(fmt.Errorf("%s/%s: %w", w.dir, name, ErrNoMember))
		}
	}
	name := w.dir + "/RECORD"
	h, packed, err := w.deflate([]byte(w.record.String() + quoteField(name) + ",,\n"))
	if err != nil {
		return w.fail(err)
	}
	if err := w.write(name, h, regular(0o644), packed); err != nil {
		return err
	}
	return w.fail(w.zip.Close())
}

// deflate compresses content, unless that makes it no smaller. What it gives is valid
// until the next call.
func (w *Writer) deflate(content []byte) (unzip.Header, io.Reader, error) {
	h := unzip.Header{
		Method: unzip.Deflated, Date: w.date, Time: w.time, CRC32: crc32.ChecksumIEEE(content), Size: uint64(len(content)),
	}
	w.packed.Reset()
	if w.deflater == nil {
		z, err := flate.NewWriter(&w.packed, flate.DefaultCompression)
		if err != nil {
			return h, nil, err
		}
		w.deflater = z
	}
	w.deflater.Reset(&w.packed)
	_, err := w.deflater.Write(content)
	if err = errors.Join(err, w.deflater.Close()); err != nil {
		return h, nil, err
	}
	if h.Packed = uint64(w.packed.Len()); h.Packed >= h.Size {
		h.Method, h.Packed = unzip.Stored, h.Size
		return h, bytes.NewReader(content), nil
	}
	return h, &w.packed, nil
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
