package unzip

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
)

// View is random access to the content of one member without unpacking all of
// it: it is decoded as far as has been asked for and no further. Its beginning
// stays in memory, up to the limit of the [Scanner]; what lies behind can be read
// forwards, and going back there decodes the member again, a few times at most.
//
// A View is valid until its Scanner is used again.
type View struct {
	s        *Scanner
	m        Source
	deflated bool

	pos      int64  // decoded so far in this pass
	prefix   []byte // content from the start
	recent   []byte // content that ends at pos, behind the prefix
	passes   int
	again    bool
	counted  int64 // packed bytes of earlier passes
	produced int64 // content bytes of earlier passes
	rest     int64 // packed bytes behind the end of the deflated data
	sums     []hash.Hash
	crc      hash.Hash32 // the last of sums; nil when there are none
}

// maxPasses bounds how often a member is decoded. Linkers lay the tables of an
// ELF file out so that two are enough.
const maxPasses = 6

// scratchSize is room for bytes that only the sums see.
const scratchSize = 1 << 16

var errPasses = errors.New("its tables lie so far apart that it would have to be unpacked again and again")

// View opens a member; reading it ends with the error of ctx once that is done. With
// sums the member is verified: they see all of its content in order, and
// [View.Finish] reads it to the end.
func (s *Scanner) View(ctx context.Context, m Source, sums ...hash.Hash) (*View, error) {
	if m.Size < 0 {
		return nil, fmt.Errorf("%s: claims an impossible size", m.Name)
	}
	if !m.readable() {
		return nil, fmt.Errorf("%s: %w", m.Name, m.methodError())
	}
	s.input = stoppable{ctx, m.R}
	v := &View{s: s, m: m, deflated: m.deflated()}
	if len(sums) > 0 {
		v.crc = crc32.NewIEEE()
		v.sums = append(sums, v.crc)
	}
	v.restart()
	return v, nil
}

func (v *View) restart() {
	if v.deflated {
		if v.passes > 0 {
			v.counted += v.s.stream.Consumed()
			v.produced += v.pos
		}
		v.s.stream.ResetAt(&v.s.input, v.m.Offset, v.m.Packed)
	}
	if v.passes == 0 {
		v.prefix = v.s.prefix[:0]
	}
	v.passes++
	v.pos, v.recent = 0, v.s.recent[:0]
}

// Size is the claimed size of the content in bytes.
func (v *View) Size() int64 { return v.m.Size }

// ReadAt reads content. Reaching past the end that is really there gives io.EOF.
func (v *View) ReadAt(p []byte, off int64) (int, error) {
	done := 0
	for done < len(p) {
		at := off + int64(done)
		if at < int64(len(v.prefix)) {
			done += copy(p[done:], v.prefix[at:])
			continue
		}
		start := v.pos - int64(len(v.recent))
		if at >= start && at < v.pos && at >= int64(len(v.prefix)) {
			done += copy(p[done:], v.recent[at-start:])
			continue
		}
		n, err := v.fetch(p[done:], at)
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// fetch decodes so far that at least one byte at off is there: in the prefix, in
// what is recent, or, for large reads, in p itself.
func (v *View) fetch(p []byte, off int64) (int, error) {
	if off < v.pos {
		if v.passes == maxPasses {
			return 0, fmt.Errorf("%s: %w", v.m.Name, errPasses)
		}
		v.restart()
	}
	if room := v.s.limit - len(v.prefix); v.pos == int64(len(v.prefix)) && room > 0 {
		return 0, v.extend(int(min(int64(room), off+int64(len(p))-v.pos)))
	}
	// What lies a little before is often asked for next.
	const before = 1 << 20
	if err := v.skip(off - min(before, int64(v.s.limit/2)) - v.pos); err != nil {
		return 0, err
	}
	const large = 1 << 18
	if off == v.pos && len(p) >= large {
		v.recent = v.recent[:0]
		return v.read(p)
	}
	return 0, v.more()
}

// extend decodes n more bytes into the prefix, and some more to save calls.
func (v *View) extend(n int) error {
	const step = 1 << 16
	n = min(max(n, step), v.s.limit-len(v.prefix))
	if cap(v.prefix)-len(v.prefix) < n {
		v.grow(n)
	}
	got, err := v.read(v.prefix[len(v.prefix) : len(v.prefix)+n])
	v.prefix = v.prefix[:len(v.prefix)+got]
	v.s.prefix = v.prefix
	return some(got, err)
}

// expansion is how much longer than its packed form content can be at most.
const expansion = 1032

// grow makes room for n more bytes of the prefix: for all of the content at once,
// if the packed bytes that are really there can hold as much as is claimed.
func (v *View) grow(n int) {
	want := min(v.m.Size, v.m.Packed, int64(v.s.limit))
	if v.deflated {
		want = min(v.m.Size, v.m.Packed*expansion, int64(v.s.limit))
	}
	room := make([]byte, len(v.prefix), max(int(want)+1<<16, len(v.prefix)+n, 2*cap(v.prefix)))
	copy(room, v.prefix)
	v.prefix = room
}

// some drops an error that comes after some bytes; it comes again with the next.
func some(got int, err error) error {
	if got > 0 {
		return nil
	}
	return err
}

// skip passes over n bytes. They are decoded all the same.
func (v *View) skip(n int64) error {
	if n <= 0 {
		return nil
	}
	v.recent = v.recent[:0]
	switch {
	case !v.deflated && !v.summing():
		v.pos += n
		if v.pos > v.m.Packed {
			v.pos = v.m.Packed
			return io.EOF
		}
		return nil
	case !v.summing():
		got, err := v.s.stream.Discard(n)
		v.pos += got
		if got < n {
			return v.fault(err)
		}
		return nil
	}
	for n > 0 {
		buf := v.scratch()
		got, err := v.read(buf[:min(n, int64(len(buf)))])
		if n -= int64(got); n > 0 && err != nil {
			return err
		}
	}
	return nil
}

// scratch is room for bytes that only the sums see.
func (v *View) scratch() []byte {
	if cap(v.s.recent) < scratchSize {
		v.s.recent = make([]byte, 0, scratchSize)
	}
	v.recent = v.s.recent[:0]
	return v.s.recent[:scratchSize]
}

// more decodes a step behind the prefix and keeps it, with what came before it up
// to the limit: tools that rewrite ELF files put their tables side by side at
// the end.
func (v *View) more() error {
	const step = 1 << 16
	if len(v.recent)+step > v.s.limit {
		half := v.recent[len(v.recent)-v.s.limit/2:]
		v.recent = v.recent[:copy(v.recent, half)]
	}
	have := len(v.recent)
	for cap(v.recent)-have < step {
		v.recent = append(v.recent[:cap(v.recent)], 0)[:have]
	}
	v.s.recent = v.recent
	got, err := v.read(v.recent[have : have+step])
	v.recent = v.recent[:have+got]
	return some(got, err)
}

// summing reports whether the sums still follow: only in the first pass.
func (v *View) summing() bool { return len(v.sums) > 0 && v.passes == 1 }

// read decodes the next bytes of this pass. Fewer than len(p) come with an error.
func (v *View) read(p []byte) (n int, err error) {
	if !v.deflated {
		n, err = v.s.input.ReadAt(p[:min(int64(len(p)), v.m.Packed-v.pos)], v.m.Offset+v.pos)
		if n < len(p) && err == nil {
			err = io.EOF
		}
	}
	for v.deflated && n < len(p) && err == nil {
		var k int
		k, err = v.s.stream.Read(p[n:])
		n += k
	}
	v.pos += int64(n)
	if v.summing() {
		for _, h := range v.sums {
			h.Write(p[:n])
		}
	}
	return n, v.fault(err)
}

func (v *View) fault(err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	return fmt.Errorf("%s: %w", v.m.Name, err)
}

// ErrChecksum reports a member whose content is not what the archive's directory
// says.
var ErrChecksum = errors.New("its length or CRC-32 is not the one in the archive's directory")

// Finish ends the use of a member. If it is verified, the rest is decoded, and
// its length and CRC-32 are held against the directory; without that this is
// done only when all of it was decoded anyway. It gives whether it was.
func (v *View) Finish() (checked bool, err error) {
	defer v.count()
	if v.pos > v.m.Size {
		return true, v.fault(ErrChecksum)
	}
	if v.crc == nil {
		if int64(len(v.prefix)) != v.m.Size || v.pos != v.m.Size {
			return false, nil
		}
		var one [1]byte
		if n, err := v.read(one[:]); n > 0 || err != io.EOF {
			return true, cmp.Or(v.fault(ErrChecksum), err)
		}
		return true, v.compare(v.pos, crc32.ChecksumIEEE(v.prefix))
	}
	if v.passes > 1 { // the sums have stopped following
		for _, h := range v.sums {
			h.Reset()
		}
		v.restart()
		v.again, v.passes = true, 1
	}
	for {
		if _, err := v.read(v.scratch()); err == io.EOF {
			return true, v.compare(v.pos, v.crc.Sum32())
		} else if err != nil {
			return true, err
		}
		if v.pos > v.m.Size {
			return true, v.fault(ErrChecksum)
		}
	}
}

// Rest returns how many bytes of the member follow the end of its deflated data, once
// [View.Finish] has checked it. A reader that goes by the data alone reads on there.
func (v *View) Rest() int64 { return v.rest }

// compare compares the member with the directory once all of it was decoded.
func (v *View) compare(length int64, crc uint32) error {
	if v.deflated {
		v.rest = v.m.Packed - v.s.stream.Consumed()
	}
	if length != v.m.Size || crc != v.m.CRC32 {
		return v.fault(ErrChecksum)
	}
	return nil
}

// count adds this member to the statistics.
func (v *View) count() {
	stats := &v.s.Stats
	packed := v.pos
	if v.deflated {
		packed = v.s.stream.Consumed()
		v.s.stream.Reset(nil)
	}
	stats.Packed += packed + v.counted
	stats.Unpacked += v.pos + v.produced
	stats.Skipped += max(v.m.Size-v.pos, 0)
	if v.passes > 1 || v.again {
		stats.Again++
	}
}
