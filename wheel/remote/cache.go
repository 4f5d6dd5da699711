package remote

import (
	"bytes"
	"slices"
	"sort"
)

// segment is a piece of the file in memory. Its bytes never change, so that they
// may be copied without a lock, even after it was dropped.
type segment struct {
	off  int64
	data []byte
	used uint64 // the clock of the cache when it was last read
}

func (s *segment) end() int64 { return s.off + int64(len(s.data)) }

// cache holds segments, in ascending order and without overlaps, up to limit
// bytes. What was not read for longest is dropped first.
type cache struct {
	limit, size int64
	segments    []*segment
	clock       uint64
}

// index is that of the first segment that ends behind off.
func (c *cache) index(off int64) int {
	return sort.Search(len(c.segments), func(i int) bool { return c.segments[i].end() > off })
}

// find gives the segment with the byte at off, or nil.
func (c *cache) find(off int64) *segment {
	i := c.index(off)
	if i == len(c.segments) || c.segments[i].off > off {
		return nil
	}
	c.touch(c.segments[i])
	return c.segments[i]
}

func (c *cache) touch(s *segment) {
	c.clock++
	s.used = c.clock
}

// next is where the first cached byte at or behind off lies, or end.
func (c *cache) next(off, end int64) int64 {
	if i := c.index(off); i < len(c.segments) {
		return min(end, max(off, c.segments[i].off))
	}
	return end
}

// add takes a segment none of whose bytes are there yet.
func (c *cache) add(s *segment) {
	c.touch(s)
	c.segments = slices.Insert(c.segments, c.index(s.off), s)
	c.size += int64(len(s.data))
	for c.size > c.limit {
		oldest := 0
		for i, s := range c.segments {
			if s.used < c.segments[oldest].used {
				oldest = i
			}
		}
		c.remove(oldest)
	}
}

func (c *cache) remove(i int) {
	c.size -= int64(len(c.segments[i].data))
	c.segments = slices.Delete(c.segments, i, i+1)
}

// drop removes the bytes of a span. What is left of a segment is copied, because
// a slice of it would keep all of it in memory.
func (c *cache) drop(s Span) {
	for i := c.index(s.Off); i < len(c.segments) && c.segments[i].off < s.End(); {
		old := c.segments[i]
		c.remove(i)
		for _, left := range []Span{{old.off, s.Off - old.off}, {s.End(), old.end() - s.End()}} {
			if left.Len > 0 {
				part := bytes.Clone(old.data[left.Off-old.off:][:left.Len])
				c.segments = slices.Insert(c.segments, i, &segment{left.Off, part, old.used})
				c.size += left.Len
				i++
			}
		}
	}
}
