package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// File is a file behind HTTP, of known size. [Open] returns one; it may be used
// from several goroutines.
type File struct {
	client *http.Client
	own    bool   // the client was made here
	url    string // without user and password
	user   *url.Userinfo
	shown  string // the URL in errors
	name   string

	document *Request // for Get

	ctx     context.Context
	cancel  context.CancelCauseFunc
	timeout time.Duration

	size    int64
	version version
	cache   cache
	changed atomic.Pointer[Error] // after this, nothing more is fetched
}

// newFile prepares a File and sends nothing yet.
func newFile(ctx context.Context, address string, o Options) (*File, error) {
	f := &File{client: newClient(o.Client), own: o.Client == nil, timeout: o.Timeout, cache: newCache(maxBlocks)}
	u, err := url.Parse(address)
	if err != nil { // its text quotes the URL
		return nil, f.fault(CodeURL, 0, errAddress)
	}
	f.shown = (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, f.fault(CodeURL, 0, errAddress)
	}
	path := u.EscapedPath()
	f.name, _ = url.PathUnescape(path[strings.LastIndexByte(path, '/')+1:]) // EscapedPath is always valid
	f.user, u.User = u.User, nil
	f.url = u.String()
	f.ctx, f.cancel = context.WithCancelCause(ctx)
	if o.Timeout > 0 {
		timer := time.AfterFunc(o.Timeout, func() { f.cancel(errLate) })
		context.AfterFunc(f.ctx, func() { timer.Stop() })
	}
	return f, nil
}

// Size returns the length of the file in bytes.
func (f *File) Size() int64 { return f.size }

// Name returns the last element of the path of the URL, decoded. A redirect does
// not change it. It may be hostile: empty, "..", with slashes, or not UTF-8.
func (f *File) Name() string { return f.name }

// Close cancels the requests that are running and frees the memory. Reading fails
// afterwards with [CodeClosed].
func (f *File) Close() error {
	f.cancel(errClosed)
	f.cache.clear()
	if f.own {
		f.client.CloseIdleConnections()
	}
	return nil
}

// ended returns why the file cannot be read any more, or nil.
func (f *File) ended() error {
	switch cause := context.Cause(f.ctx); cause {
	case nil:
		return nil
	case errClosed:
		return f.fault(CodeClosed, 0, nil)
	case errLate:
		return f.fault(CodeTimeout, 0, fmt.Errorf("not finished after %v", f.timeout))
	default:
		return f.fault(CodeCancelled, 0, cause)
	}
}

// ReadAt implements [io.ReaderAt]. What is not in memory is fetched, together with
// blocks after it. Errors are of type [*Error], except [io.EOF] and the one for a
// negative offset. Two goroutines that need the same block at the same time may
// both fetch it.
func (f *File) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("remote: negative offset")
	}
	if off >= f.size {
		return 0, io.EOF
	}
	want := int(min(int64(len(p)), f.size-off))
	for n := 0; n < want; {
		if err := f.ended(); err != nil {
			return n, err
		}
		at := off + int64(n)
		i, last := at/blockSize, (off+int64(want)-1)/blockSize
		data := f.cache.get(i)
		if data == nil {
			last = min(max(last, i+f.cache.ahead(i)-1), (f.size-1)/blockSize)
			absent := f.cache.missing(i, last)
			if absent == 0 {
				continue // another reader has brought it in between
			}
			blocks, err := f.fetch(i, absent)
			if len(blocks) == 0 {
				return n, err
			}
			data = blocks[0]
		}
		n += copy(p[n:want], data[at%blockSize:])
	}
	if want < len(p) {
		return want, io.EOF
	}
	return want, nil
}

// load fetches what is not in memory of a span.
func (f *File) load(s span) error {
	for i := s.off / blockSize; i*blockSize < s.end(); i++ {
		if n := f.cache.missing(i, (s.end()-1)/blockSize); n > 0 {
			if _, err := f.fetch(i, n); err != nil {
				return err
			}
			i += n - 1
		}
	}
	return nil
}
