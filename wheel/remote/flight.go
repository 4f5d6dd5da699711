package remote

// flight is a span that is being fetched. Whoever needs a byte of it waits for
// the segment that holds it; nobody fetches it a second time.
type flight struct {
	span    Span
	pos     int64 // what lies before has come
	waiters []waiter
	done    chan struct{} // closed at the end
	err     *Error        // set before that
}

// waiter is a reader that needs the byte at off. It is handed the segment, so that
// it gets on even if the cache has dropped that again.
type waiter struct {
	off    int64
	got    chan *segment // takes one; closed without one if the flight fails
	flight *flight
}

// await joins the flight that brings the first byte of rest, or starts one. The
// lock is held.
func (f *File) await(rest Span) (waiter, *Error) {
	if err := f.barred(rest); err != nil {
		return waiter{}, err
	}
	fl := f.covering(rest.Off)
	if fl == nil {
		end := f.free(rest.Off, min(f.ahead(rest), f.size))
		f.runs.note(rest.Off, end)
		fl = f.register(Span{rest.Off, end - rest.Off})
		f.working.Go(func() { f.fly(fl) })
	}
	w := waiter{rest.Off, make(chan *segment, 1), fl}
	fl.waiters = append(fl.waiters, w)
	return w, nil
}

// ahead is how far to fetch for a reader of rest. An eighth of the cache at most,
// because it may take long to read what comes fast, and others do the same. The
// lock is held.
func (f *File) ahead(rest Span) int64 {
	most := f.o.CacheSize / 8
	for _, s := range f.wanted {
		if s.Off <= rest.Off && rest.Off < s.End() { // nothing of this is in vain
			return min(s.End(), rest.Off+most)
		}
	}
	return rest.Off + f.runs.ahead(rest, f.o.BlockSize, most)
}

// barred reports why nothing may be fetched. The lock is held.
func (f *File) barred(s Span) *Error {
	if err := f.ended(s); err != nil {
		return err
	}
	return f.broken
}

// receive waits for the segment.
func (f *File) receive(w waiter) (*segment, *Error) {
	select {
	case s := <-w.got:
		if s == nil {
			return nil, w.flight.err
		}
		return s, nil
	case <-f.ctx.Done():
		return nil, f.ended(Span{w.off, 1})
	}
}

// covering gives the flight that will bring the byte at off. The lock is held.
func (f *File) covering(off int64) *flight {
	for _, fl := range f.flights {
		if fl.pos <= off && off < fl.span.End() {
			return fl
		}
	}
	return nil
}

// free is where the first byte at or behind off lies that is cached or on its
// way, or end. The lock is held.
func (f *File) free(off, end int64) int64 {
	end = f.cache.next(off, end)
	for _, fl := range f.flights {
		if fl.pos >= off && fl.pos < fl.span.End() { // one that has come may still be listed
			end = min(end, fl.pos)
		}
	}
	return end
}

// register announces a flight. The lock is held.
func (f *File) register(s Span) *flight {
	fl := &flight{span: s, pos: s.Off, done: make(chan struct{})}
	f.flights = append(f.flights, fl)
	return fl
}

// fly fetches a registered flight.
func (f *File) fly(fl *flight) {
	err := f.fetch(fl.span, func(off int64, data []byte) { f.deliver(fl, off, data) })
	f.mu.Lock()
	defer f.mu.Unlock()
	fl.err = err
	for i := range f.flights {
		if f.flights[i] == fl {
			f.flights = append(f.flights[:i], f.flights[i+1:]...)
			break
		}
	}
	for _, w := range fl.waiters {
		close(w.got)
	}
	fl.waiters = nil
	close(fl.done)
}

// deliver keeps what has come and hands it to those who wait.
func (f *File) deliver(fl *flight, off int64, data []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := &segment{off: off, data: data}
	if !f.closed.Load() {
		f.cache.add(s)
	}
	fl.pos = s.end()
	waiting := fl.waiters[:0]
	for _, w := range fl.waiters {
		if w.off < s.end() {
			w.got <- s
		} else {
			waiting = append(waiting, w)
		}
	}
	fl.waiters = waiting
}
