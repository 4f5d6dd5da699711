package remote

import (
	"cmp"
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
// have less than mergeGap between them become one.
func merge(spans []Span, size int64) []Span {
	sorted := make([]Span, 0, len(spans))
	for _, s := range spans {
		if s = s.clip(size); s.Len > 0 {
			sorted = append(sorted, s)
		}
	}
	slices.SortFunc(sorted, func(a, b Span) int {
		return cmp.Compare(a.Off, b.Off)
	})
	merged := sorted[:0]
	for _, s := range sorted {
		if last := len(merged) - 1; last >= 0 && s.Off-merged[last].End() < mergeGap {
			merged[last].Len = max(merged[last].Len, s.End()-merged[last].Off)
		} else {
			merged = append(merged, s)
		}
	}
	return merged
}

// split cuts ascending spans in two after limit bytes.
func split(spans []Span, limit int64) (fit, rest []Span) {
	for i, s := range spans {
		if limit == 0 {
			return fit, spans[i:]
		}
		if s.Len > limit {
			fit = append(fit, Span{s.Off, limit})
			rest = append(rest, Span{s.Off + limit, s.Len - limit})
			return fit, append(rest, spans[i+1:]...)
		}
		fit = append(fit, s)
		limit -= s.Len
	}
	return fit, nil
}
