package remote

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
)

// File is a file behind HTTP, of known size. Make one with [Open]; it may be used
// from several goroutines.
type File struct {
	o      Options
	client *http.Client
	own    bool // client was made here

	address  string // without user, password and fragment
	user     *url.Userinfo
	shown    string // address for errors
	name     string
	ctx      context.Context
	cancel   context.CancelCauseFunc
	slots    chan struct{} // one for each request under way
	requests atomic.Int64
	fetched  atomic.Int64
	opened   atomic.Bool // Open is over

	// What Open finds out.
	size      int64
	validator validator
	whole     bool // all of the file is in the cache, for ever
	directory directory

	noIfRange atomic.Bool // the server does not compare the validator well

	mu      sync.Mutex // guards what follows
	cache   cache
	flights []*flight
	runs    runs
	wanted  []Span // hinted, but too large for the cache
	broken  *Error // after this, nothing is fetched any more
	closed  atomic.Bool
	working sync.WaitGroup
}

// Stats counts what a file has cost so far.
type Stats struct {
	Requests int64 `json:"requests"` // sent, repeated ones too; redirects are not counted
	Bytes    int64 `json:"bytes"`    // of bodies received
	Whole    bool  `json:"whole"`    // taken whole, because the server gives no ranges
}

// newFile prepares a File and asks nothing yet.
func newFile(ctx context.Context, address string, o Options) (*File, *Error) {
	f := &File{o: o.withDefaults()}
	u, err := url.Parse(address)
	if err != nil { // its text quotes the address
		return nil, f.fault(CodeURL, Span{}, 0, errAddress)
	}
	f.shown = redact(u)
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, f.fault(CodeURL, Span{}, 0, errAddress)
	}
	f.name = nameOf(u)
	f.user, u.User = u.User, nil
	u.Fragment, u.RawFragment = "", ""
	f.address = u.String()
	f.client, f.own = f.o.client()
	f.cache.limit = f.o.CacheSize
	f.slots = make(chan struct{}, maxRequests)
	f.ctx, f.cancel = context.WithCancelCause(ctx)
	return f, nil
}

// nameOf is the last element of the path, which ends at the last slash that is
// not percent-encoded.
func nameOf(u *url.URL) string {
	path := u.EscapedPath()
	name, _ := url.PathUnescape(path[strings.LastIndexByte(path, '/')+1:]) // EscapedPath is always valid
	return name
}

// Size is the length of the file in bytes.
func (f *File) Size() int64 { return f.size }

// Name is the last element of the address's path, decoded. A redirect does not
// change it. It may be hostile: empty, "..", with slashes, or not UTF-8.
func (f *File) Name() string { return f.name }

// Stats gives the cost so far.
func (f *File) Stats() Stats {
	return Stats{f.requests.Load(), f.fetched.Load(), f.whole}
}

// Close ends the requests that are under way and frees the memory. Reading fails
// afterwards with [CodeClosed]. The context of [Open] may end before that.
func (f *File) Close() error {
	f.mu.Lock() // so that nothing starts to work from now on
	again := f.closed.Swap(true)
	f.mu.Unlock()
	if again {
		return nil
	}
	f.cancel(errClosed)
	f.working.Wait()
	if f.own {
		f.client.CloseIdleConnections()
	}
	f.mu.Lock()
	f.cache = cache{}
	f.mu.Unlock()
	return nil
}

// ended gives the error of a context that is over.
func (f *File) ended(s Span) *Error {
	if f.closed.Load() {
		return f.fault(CodeClosed, s, 0, errClosed)
	}
	if cause := context.Cause(f.ctx); cause != nil {
		return f.fault(CodeCancelled, s, 0, cause)
	}
	return nil
}

// ReadAt reads len(p) bytes from offset off, as [io.ReaderAt] says. What is not
// in memory is fetched, and some more behind it: a block at first, and as much
// again as was read so far when the reading goes on from there. Errors are of
// type [*Error], except [io.EOF].
func (f *File) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, f.fault(CodeOffset, Span{}, 0, fmt.Errorf("offset %d is negative", off))
	}
	if off >= f.size {
		return 0, io.EOF
	}
	want := Span{off, int64(len(p))}.clip(f.size)
	var last *flight
	for done := int64(0); done < want.Len; {
		n, err := f.some(p[done:want.Len], Span{off + done, want.Len - done}, &last)
		done += int64(n)
		if err != nil {
			return int(done), err
		}
	}
	if want.Len < int64(len(p)) {
		return int(want.Len), io.EOF
	}
	return int(want.Len), nil
}

// some reads at least one byte of rest into p. last is the flight that the caller
// waited for before: one that failed is not begun again for the same call.
func (f *File) some(p []byte, rest Span, last **flight) (int, *Error) {
	if err := f.ended(rest); err != nil {
		return 0, err
	}
	f.mu.Lock()
	s := f.cache.find(rest.Off)
	if s == nil {
		if fl := *last; fl != nil && fl.err != nil && rest.Off < fl.span.End() {
			f.mu.Unlock()
			return 0, fl.err
		}
		w, err := f.await(rest)
		f.mu.Unlock()
		if err != nil {
			return 0, err
		}
		*last = w.flight
		if s, err = f.receive(w); err != nil {
			return 0, err
		}
	} else {
		f.mu.Unlock()
	}
	return copy(p, s.data[rest.Off-s.off:]), nil
}
