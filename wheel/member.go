package wheel

import (
	"errors"
	"io"
	"io/fs"
	"time"

	"github.com/wheeltag/wheeltag/internal/unzip"
)

// Member is one file of an archive, or a directory of [Archive.Directories].
type Member struct {
	entry *unzip.Entry
	r     io.ReaderAt // of the archive
}

// Name is the member's path as Python 3.12 and later read it, with slashes. It may be
// hostile: absolute, with "..", or not UTF-8.
func (m Member) Name() string { return m.entry.Name }

// RawName is the name as stored, in whatever encoding; [Member.Flags] has a bit for
// UTF-8.
func (m Member) RawName() string { return m.entry.RawName }

// ClaimedSize is the size of the content in bytes that the directory states; it may
// be false.
func (m Member) ClaimedSize() uint64 { return m.entry.Size }

// PackedSize is the size in bytes that the member takes in the archive, as the
// directory states it.
func (m Member) PackedSize() uint64 { return m.entry.Packed }

// CRC32 is the checksum of the content that the directory states.
func (m Member) CRC32() uint32 { return m.entry.CRC32 }

// Method is how the content is compressed: 0 stored, 8 deflated; installers know
// no other (section 4.4.5 of the zip specification, APPNOTE.TXT).
func (m Member) Method() uint16 { return m.entry.Method }

// Flags is the general purpose bit flag: bit 0 means encrypted, bit 11 that the name
// is UTF-8 (section 4.4.4).
func (m Member) Flags() uint16 { return m.entry.Flags }

// Extra is the extra fields of the directory, as stored (section 4.5).
func (m Member) Extra() string { return m.entry.Extra }

// Modified is the time of the last change, in UTC because archives do not say where the
// clock was: an even number of seconds from 1980 on.
func (m Member) Modified() time.Time {
	date, clock := int(m.entry.Date), int(m.entry.Time)
	return time.Date(1980+date>>9, time.Month(date>>5&15), date&31, clock>>11, clock>>5&63, clock&31*2, 0, time.UTC)
}

// HeaderOffset is where the local header of the member is in the archive. It may be
// negative or beyond the end.
func (m Member) HeaderOffset() int64 { return m.entry.Place }

// Mode has the permissions and the type of the file, as for a symbolic link, from the
// upper half of the external attributes. Installers read them whatever system is said
// to have made the archive. It is 0 if the archive states no mode.
func (m Member) Mode() fs.FileMode {
	unix := m.entry.External >> 16
	mode := fs.FileMode(unix & 0o777)
	switch unix & 0o170000 {
	case 0o120000:
		mode |= fs.ModeSymlink
	case 0o040000:
		mode |= fs.ModeDir
	case 0o020000:
		mode |= fs.ModeDevice | fs.ModeCharDevice
	case 0o060000:
		mode |= fs.ModeDevice
	case 0o010000:
		mode |= fs.ModeNamedPipe
	case 0o140000:
		mode |= fs.ModeSocket
	}
	for bit, m := range map[uint32]fs.FileMode{0o4000: fs.ModeSetuid, 0o2000: fs.ModeSetgid, 0o1000: fs.ModeSticky} {
		if unix&bit != 0 {
			mode |= m
		}
	}
	return mode
}

// CodeUnreadable is of a member that cannot be unpacked or is larger than the reader
// allows.
const CodeUnreadable Code = "unreadable"

// Raw gives the bytes as they are in the archive: packed, whatever the method. The
// error is an *[Error]: [CodeLocalMissing], [CodeOverlap], or [CodeUnreadable] with one
// of the reader.
func (m Member) Raw() (*io.SectionReader, error) {
	s, err := m.entry.Source(m.r)
	if err != nil {
		return nil, m.fault(err)
	}
	return io.NewSectionReader(m.r, s.Offset, s.Packed), nil
}

// Open gives the content. Reading to the end checks its length and CRC-32. The error
// is an *[Error].
func (m Member) Open() (io.Reader, error) {
	s, err := m.entry.Source(m.r)
	if err != nil {
		return nil, m.fault(err)
	}
	r, err := s.Open()
	if err != nil {
		return nil, m.fault(err)
	}
	return r, nil
}

// ReadAll gives the whole content if it is at most limit bytes long. The error is an
// *[Error].
func (m Member) ReadAll(limit int64) ([]byte, error) {
	s, err := m.entry.Source(m.r)
	if err != nil {
		return nil, m.fault(err)
	}
	content, err := s.ReadAll(limit)
	if err != nil {
		return nil, m.fault(err)
	}
	return content, nil
}

func (m Member) fault(err error) *Error {
	code := CodeUnreadable
	switch {
	case errors.Is(err, unzip.ErrLocal):
		code = CodeLocalMissing
	case errors.Is(err, unzip.ErrOverlap):
		code = CodeOverlap
	}
	return &Error{m.Name(), m.entry.Offset, code, err}
}
