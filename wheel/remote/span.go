package remote

import (
	"fmt"
	"slices"
)

// Span is a part of a file: Len bytes from offset Off.
type Span struct{ Off, Len int64 }

// End is the offset behind the last byte.
func (s Span) End() int64 { return s.Off + s.Len }

func (s Span) String() string {
	return fmt.Sprintf("bytes %d-%d", s.Off, s.End()-1)
}

// header is the value of a Range header that asks for s.
func (s Span) header() string {
	return fmt.Sprintf("bytes=%d-%d", s.Off, s.End()-1)
}

// clip gives the part of s that lies in a file of the given size. Nothing about
// s is trusted: spans may come from the directory of a hostile archive.
func (s Span) clip(size int64) Span {
	if s.Off < 0 || s.Len <= 0 || s.Off >= size {
		return Span{}
	}
	return Span{s.Off, min(s.Len, size-s.Off)}
}

// merge gives the spans within size in ascending order. Those that overlap or
// have less than mergeGap between them become one. It stops when limit bytes are
// reached; what comes later in the file is left out.
func merge(spans []Span, size, limit int64) []Span {
	sorted := make([]Span, 0, len(spans))
	for _, s := range spans {
		if s = s.clip(size); s.Len > 0 {
			sorted = append(sorted, s)
		}
	}
	slices.SortFunc(sorted, func(a, b Span) int {
		switch {
		case a.Off < b.Off:
			return -1
		case a.Off > b.Off:
			return 1
		}
		return 0
	})
	merged := sorted[:0]
	for _, s := range sorted {
		if last := len(merged) - 1; last >= 0 && s.Off-merged[last].End() < mergeGap {
			merged[last].Len = max(merged[last].Len, s.End()-merged[last].Off)
		} else {
			merged = append(merged, s)
		}
	}
	for i := range merged {
		if merged[i].Len >= limit {
			merged[i].Len = limit
			return slices.DeleteFunc(merged[:i+1], func(s Span) bool { return s.Len == 0 })
		}
		limit -= merged[i].Len
	}
	return merged
}
