package wheel

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"

	"github.com/wheeltag/wheeltag/internal/inflate"
)

// Scanner reads members of archives with buffers that it keeps, so that looking
// at thousands of members allocates little. It holds no more than its limit of
// any member, whatever the size of that. Make one with [NewScanner]; it must not be
// used by two goroutines at a time.
type Scanner struct {
	limit  int
	whole  inflate.Decoder
	stream inflate.Reader
	packed [1 << 10]byte
	prefix []byte
	recent []byte

	// Stats counts what was read since the Scanner was made.
	Stats ScanStats
}

// ScanStats counts bytes of members.
type ScanStats struct {
	Packed   int64 `json:"packed"`   // compressed bytes that were decoded
	Unpacked int64 `json:"unpacked"` // bytes that came out
	Skipped  int64 `json:"skipped"`  // claimed bytes that were never needed
	Again    int   `json:"again"`    // members that were decoded more than once
}

// Add sums up.
func (s *ScanStats) Add(t ScanStats) {
	s.Packed += t.Packed
	s.Unpacked += t.Unpacked
	s.Skipped += t.Skipped
	s.Again += t.Again
}

// NewScanner makes a Scanner that keeps up to limit bytes of a member's beginning
// in memory, and as many of what was read last; the rest passes by. limit is at least 256 KiB.
func NewScanner(limit int) *Scanner {
	return &Scanner{limit: max(limit, 1<<18)}
}

var errMethod = errors.New("neither stored nor deflated, or encrypted; no installer can unpack it")

// data gives the place of a member's bytes in the archive.
func (m Member) data() (off, size int64, deflated bool, err error) {
	const encrypted = 1
	if m.file.Flags&encrypted != 0 || m.file.Method != zip.Store && m.file.Method != zip.Deflate {
		return 0, 0, false, fmt.Errorf("%s: %w", m.file.Name, errMethod)
	}
	if off, err = m.file.DataOffset(); err != nil {
		return 0, 0, false, fmt.Errorf("%s: %w", m.file.Name, err)
	}
	return off, int64(m.file.CompressedSize64), m.file.Method == zip.Deflate, nil
}

// Head gives the first bytes of a member, up to len(p), or fewer.
func (s *Scanner) Head(m Member, p []byte) (int, error) {
	if m.ClaimedSize() == 0 {
		return 0, nil
	}
	off, size, deflated, err := m.data()
	if err != nil {
		return 0, err
	}
	if !deflated {
		n, err := m.r.ReadAt(p[:min(int64(len(p)), size)], off)
		if err == io.EOF {
			err = nil
		}
		return n, err
	}
	part := s.packed[:min(int64(len(s.packed)), size)]
	if n, err := m.r.ReadAt(part, off); n < len(part) {
		return 0, fmt.Errorf("%s: %w", m.file.Name, short(err))
	}
	n, _, err := s.whole.Decode(p, part)
	if errors.Is(err, io.ErrUnexpectedEOF) && n < len(p) && int64(len(part)) < size {
		// Rare: so much before the first bytes that a part does not reach them.
		s.stream.ResetAt(m.r, off, size)
		n, err = io.ReadFull(&s.stream, p)
	}
	if err != nil && !errors.Is(err, inflate.ErrTooLong) && !errors.Is(err, io.ErrUnexpectedEOF) && err != io.EOF {
		return n, fmt.Errorf("%s: %w", m.file.Name, err)
	}
	return n, nil
}

func short(err error) error {
	if err == nil || err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
