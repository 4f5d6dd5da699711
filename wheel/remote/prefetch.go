package remote

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Prefetch fetches spans that are about to be read and returns when they are
// there. Spans that lie less than 16 KiB apart come in one request, and what is
// in memory already is not fetched again. What does not fit in Options.CacheSize,
// which is the last in the file, is left to [File.ReadAt], which will fetch the
// first few such spans in large pieces. So a caller who needs much more than the
// cache holds works in batches, with [File.Release] between them. Parts of spans
// outside the file are ignored.
//
// An error is the first one in the order of the file; nothing is lost by ignoring
// it, because reading will meet it again.
func (f *File) Prefetch(spans ...Span) error {
	if err := f.ended(Span{}); err != nil {
		return err
	}
	if f.whole {
		return nil
	}
	plan, rest := split(merge(spans, f.size), f.o.CacheSize)
	f.want(rest)
	faults := make([]*Error, len(plan))
	var next atomic.Int64
	var failed atomic.Bool
	var workers sync.WaitGroup
	for range min(maxRequests, len(plan)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(plan)) && !failed.Load(); i = next.Add(1) - 1 {
				if faults[i] = f.bring(plan[i]); faults[i] != nil {
					failed.Store(true)
				}
			}
		})
	}
	workers.Wait()
	for _, err := range faults {
		if err != nil {
			return err
		}
	}
	return nil
}

// want remembers hinted spans for which there is no room yet; the latest hints
// count.
func (f *File) want(rest []Span) {
	const most = 32
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wanted = append(f.wanted, rest[:min(most, len(rest))]...)
	f.wanted = slices.Delete(f.wanted, 0, max(0, len(f.wanted)-most))
}

// bring sees to it that a span is in the cache.
func (f *File) bring(s Span) *Error {
	f.mu.Lock()
	if err := f.barred(s); err != nil {
		f.mu.Unlock()
		return err
	}
	pieces, others := f.missing(s)
	flights := make([]*flight, len(pieces))
	for i, piece := range pieces {
		flights[i] = f.register(piece)
	}
	f.mu.Unlock()
	for _, fl := range flights { // all of them, since others may wait for them
		f.fly(fl)
	}
	for _, fl := range append(flights, others...) {
		<-fl.done
		if fl.err != nil {
			return fl.err
		}
	}
	return nil
}

// missing gives the parts of a span that are neither cached nor on their way, and
// the flights that bring others. The lock is held.
func (f *File) missing(s Span) (pieces []Span, others []*flight) {
	for at := s.Off; at < s.End(); {
		if fl := f.covering(at); fl != nil {
			others = append(others, fl)
			at = fl.span.End()
		} else if c := f.cache.find(at); c != nil {
			at = c.end()
		} else {
			end := f.free(at, s.End())
			pieces = append(pieces, Span{at, end - at})
			at = end
		}
	}
	return f.join(pieces), others
}

// join makes one of pieces that only little in the cache parts from each other:
// fetching that again costs less than another request.
func (f *File) join(pieces []Span) []Span {
	joined := pieces[:0]
	for _, p := range pieces {
		last := len(joined) - 1
		if last < 0 {
			joined = append(joined, p)
			continue
		}
		between := Span{joined[last].End(), p.Off - joined[last].End()}
		if between.Len >= mergeGap || f.flying(between) {
			joined = append(joined, p)
			continue
		}
		f.cache.drop(between)
		joined[last].Len = p.End() - joined[last].Off
	}
	return joined
}

// flying reports a flight that brings a part of s. The lock is held.
func (f *File) flying(s Span) bool {
	for _, fl := range f.flights {
		if fl.pos < s.End() && s.Off < fl.span.End() {
			return true
		}
	}
	return false
}

// Release drops a span from memory, for a caller who has done with it. Reading it
// again fetches it again; a file that was taken whole keeps it.
func (f *File) Release(s Span) {
	if s = s.clip(f.size); s.Len == 0 || f.whole {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cache.drop(s)
}
