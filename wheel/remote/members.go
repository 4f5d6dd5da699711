package remote

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
)

// loadEnd fetches the end of the file, and the directory in front of it if it is an
// archive (APPNOTE 4.3.16). It does not matter whether the offset in the end record
// is true: it only saves requests.
func (f *File) loadEnd() error {
	off := blockCount(max(0, f.size-tailSize)) * blockSize
	s := span{off, f.size - off}
	if err := f.load(s); err != nil {
		return err
	}
	end := make([]byte, s.length)
	if n, err := f.ReadAt(end, s.off); n < len(end) {
		return err
	}
	at := bytes.LastIndex(end, []byte("PK\x05\x06"))
	if at < 0 || len(end)-at < 22 {
		return nil
	}
	start := int64(binary.LittleEndian.Uint32(end[at+16:]))
	if start >= off || off-start > maxDirectory {
		return nil
	}
	return f.load(span{start, off - start})
}

// Prefetch fetches the members of the archive with names that are wanted and
// returns when they are in memory. Those that are near each other come in one
// request. Members of more than 16 MiB, those that do not fit into 48 MiB together,
// and those of a directory of more than 16 MiB are left to [File.ReadAt]. A file that
// is not an archive has no members.
//
// An error may be ignored: reading will meet it again.
func (f *File) Prefetch(wanted func(name string) bool) error {
	if err := f.ended(); err != nil {
		return err
	}
	spans := merge(f.members(wanted))
	errs := make([]error, len(spans))
	var workers sync.WaitGroup
	var failed atomic.Bool
	slots := make(chan struct{}, maxRequests)
	total := int64(0)
	for i, s := range spans {
		if total+s.length > maxPrefetch {
			continue
		}
		total += s.length
		slots <- struct{}{}
		workers.Go(func() {
			if !failed.Load() {
				errs[i] = f.load(s)
			}
			if errs[i] != nil {
				failed.Store(true)
			}
			<-slots
		})
	}
	workers.Wait()
	return cmp.Or(errs...)
}

// members returns the spans of the members that are wanted and not too large, in the
// order of the directory: each from its local header to the next member, or
// for the last to the end of the file, which is in memory.
func (f *File) members(wanted func(name string) bool) []span {
	at := &locator{File: f}
	z, err := zip.NewReader(at, f.size)
	if z == nil || err != nil && err != zip.ErrInsecurePath {
		return nil // whoever opens the archive will meet the error
	}
	starts := make([]int64, len(z.File), len(z.File)+1)
	for i, file := range z.File {
		starts[i] = at.header(file)
	}
	sorted := slices.Compact(slices.Sorted(slices.Values(append(starts, f.size))))
	var spans []span
	for i, file := range z.File {
		next, _ := slices.BinarySearch(sorted, starts[i]+1)
		if starts[i] < 0 || next == len(sorted) || !wanted(file.Name) {
			continue
		}
		s := span{starts[i], sorted[next] - starts[i]}
		if s.length <= maxMember {
			spans = append(spans, s)
		}
	}
	return spans
}

// locator finds out where members are. archive/zip does not export that, but it reads
// the local header of a member to find its content.
type locator struct {
	*File
	locating bool
	off      int64
	read     int // bytes of the directory
}

var errDirectory = errors.New("directory too large")

// header returns the offset of the local header of a member, or -1.
func (l *locator) header(file *zip.File) int64 {
	l.locating, l.off = true, -1
	_, _ = file.DataOffset() // calls ReadAt, which returns no real header
	l.locating = false
	return l.off
}

func (l *locator) ReadAt(p []byte, off int64) (int, error) {
	if !l.locating {
		if l.read += len(p); l.read > maxDirectory {
			return 0, errDirectory
		}
		return l.File.ReadAt(p, off)
	}
	l.off = off
	clear(p)
	return len(p), nil
}

// merge sorts spans and joins those that overlap or have little between them, which
// costs less than another request, into spans that are not too large.
func merge(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.off, b.off) })
	merged := spans[:0]
	for _, s := range spans {
		if i := len(merged) - 1; i >= 0 {
			last := merged[i]
			both := span{last.off, max(last.end(), s.end()) - last.off}
			if s.off-last.end() <= minAhead*blockSize && both.length <= maxMember {
				merged[i] = both
				continue
			}
		}
		merged = append(merged, s)
	}
	return merged
}
