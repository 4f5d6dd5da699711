package retag

import (
	"io"
	"sort"
)

// splice is a file that is made of new bytes and of parts of another file, which are not
// copied until they are read. A [wheel.Writer] writes to it.
type splice struct {
	source io.ReaderAt
	parts  []part
	size   int64
}

// part is a piece of a splice.
type part struct {
	at   int64  // in the splice
	text []byte // nil for a part of the source
	from int64  // in the source
}

// Write appends new bytes.
func (s *splice) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	last := len(s.parts) - 1
	if last < 0 || s.parts[last].text == nil {
		s.parts = append(s.parts, part{at: s.size})
		last++
	}
	s.parts[last].text = append(s.parts[last].text, p...)
	s.size += int64(len(p))
	return len(p), nil
}

// ReadFrom appends what r gives. A section of the source is only noted.
func (s *splice) ReadFrom(r io.Reader) (int64, error) {
	limited, ok := r.(*io.LimitedReader)
	if !ok {
		return io.Copy(writeOnly{s}, r)
	}
	section, ok := limited.R.(*io.SectionReader)
	if !ok {
		return io.Copy(writeOnly{s}, r)
	}
	at, err := section.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, err
	}
	outer, from, _ := section.Outer()
	n := min(limited.N, section.Size()-at)
	if outer != s.source {
		return io.Copy(writeOnly{s}, r)
	}
	if n > 0 {
		s.parts = append(s.parts, part{at: s.size, from: from + at})
		s.size += n
	}
	return n, nil
}

// writeOnly hides ReadFrom.
type writeOnly struct{ io.Writer }

// ReadAt reads from the parts in turn.
func (s *splice) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= s.size {
		return 0, io.EOF
	}
	i := sort.Search(len(s.parts), func(i int) bool { return s.parts[i].at > off }) - 1
	n := 0
	for ; n < len(p) && i < len(s.parts); i++ {
		one, end := s.parts[i], s.size
		if i+1 < len(s.parts) {
			end = s.parts[i+1].at
		}
		within := off + int64(n) - one.at
		want := p[n:min(int64(len(p)), int64(n)+end-one.at-within)]
		if one.text != nil {
			n += copy(want, one.text[within:])
			continue
		}
		got, err := s.source.ReadAt(want, one.from+within)
		if n += got; got < len(want) {
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF // the source was cut short
			}
			return n, err
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
