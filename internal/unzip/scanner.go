package unzip

import (
	"context"
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
	input  stoppable // of the member that is being read
	packed [1 << 10]byte
	prefix []byte
	recent []byte

	// Stats counts what was read since the Scanner was made.
	Stats Stats
}

// Stats counts bytes of members.
type Stats struct {
	Packed   int64 `json:"packed"`   // compressed bytes that were decoded
	Unpacked int64 `json:"unpacked"` // bytes that came out
	Skipped  int64 `json:"skipped"`  // claimed bytes that were never needed
	Again    int   `json:"again"`    // members that were decoded more than once
}

// Add sums up.
func (s *Stats) Add(t Stats) {
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

// Source is where the packed bytes of one member are, and what the archive's
// directory states about them.
type Source struct {
	Name   string // for messages
	R      io.ReaderAt
	Offset int64 // of the packed bytes in R
	Packed int64 // how many
	Size   int64 // of the content, as stated; it may be false
	CRC32  uint32
	Method uint16
	Flags  uint16
}

// readable reports whether a member can be decoded.
func (m *Source) readable() bool {
	return m.Flags&(FlagEncrypted|FlagPatched|FlagStrong) == 0 && (m.Method == Stored || m.Method == Deflated)
}

// deflated reports whether there is a stream to decode. No content may be no bytes.
func (m *Source) deflated() bool { return m.Method == Deflated && (m.Packed != 0 || m.Size != 0) }

// stoppable reads until its context is done.
type stoppable struct {
	ctx context.Context
	r   io.ReaderAt
}

func (s *stoppable) ReadAt(p []byte, off int64) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.ReadAt(p, off)
}

// Head gives the first bytes of a member, up to len(p), or fewer. It ends with the
// error of ctx once that is done.
func (s *Scanner) Head(ctx context.Context, m Source, p []byte) (int, error) {
	if m.Size == 0 {
		return 0, nil
	}
	if !m.readable() {
		return 0, fmt.Errorf("%s: %w", m.Name, m.methodError())
	}
	s.input = stoppable{ctx, m.R}
	if !m.deflated() {
		n, err := s.input.ReadAt(p[:min(int64(len(p)), m.Packed)], m.Offset)
		if err == io.EOF {
			err = nil
		}
		return n, err
	}
	part := s.packed[:min(int64(len(s.packed)), m.Packed)]
	if n, err := s.input.ReadAt(part, m.Offset); n < len(part) {
		return 0, fmt.Errorf("%s: %w", m.Name, short(err))
	}
	n, _, err := s.whole.Decode(p, part)
	if errors.Is(err, io.ErrUnexpectedEOF) && n < len(p) && int64(len(part)) < m.Packed {
		// Rare: so much before the first bytes that a part does not reach them.
		s.stream.ResetAt(&s.input, m.Offset, m.Packed)
		n, err = io.ReadFull(&s.stream, p)
	}
	if err != nil && !errors.Is(err, inflate.ErrTooLong) && !errors.Is(err, io.ErrUnexpectedEOF) && err != io.EOF {
		return n, fmt.Errorf("%s: %w", m.Name, err)
	}
	return n, nil
}

func short(err error) error {
	if err == nil || err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
