package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// network connects clients to servers by host and port without a real one, so that
// tests can run in a bubble whose clock jumps over every wait.
type network struct {
	mu    sync.Mutex
	hosts map[string]chan net.Conn
}

// inBubble runs a test with a network of its own.
func inBubble(t *testing.T, test func(t *testing.T, n *network)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, &network{hosts: map[string]chan net.Conn{}}) })
}

// client returns a client for the network, which closes its connections at the end.
func (n *network) client(t *testing.T) *http.Client {
	transport := &http.Transport{DialContext: n.dial}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func (n *network) dial(ctx context.Context, _, address string) (net.Conn, error) {
	n.mu.Lock()
	host := n.hosts[strings.ToLower(address)]
	n.mu.Unlock()
	near, far := net.Pipe()
	select {
	case host <- far:
		return near, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	default:
		return nil, errors.New("connection refused")
	}
}

// listen adds a host.
func (n *network) listen(t *testing.T, address string) net.Listener {
	n.mu.Lock()
	defer n.mu.Unlock()
	l := &listener{make(chan net.Conn, 8), make(chan struct{})}
	n.hosts[address] = l.conns
	t.Cleanup(func() { l.Close() })
	return l
}

type listener struct {
	conns chan net.Conn
	done  chan struct{}
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error {
	defer func() { _ = recover() }() // closed twice
	close(l.done)
	return nil
}

func (l *listener) Addr() net.Addr { return &net.TCPAddr{} }

// origin is a server with one file and, if need be, a quirk.
type origin struct {
	t       *testing.T
	net     *network
	content []byte
	quirk   quirk

	mu      sync.Mutex
	asked   []*http.Request
	sent    int64
	running int
	most    int // requests at a time
}

// quirk handles a request, or changes it and returns false.
type quirk = func(o *origin, w http.ResponseWriter, r *http.Request) (done bool)

const path = "/files/demo-1.0-py3-none-any.whl"

// serve starts a server at the host, port 80.
func (n *network) serve(t *testing.T, host string, content []byte, q quirk) *origin {
	o := &origin{t: t, net: n, content: content, quirk: q}
	server := &http.Server{Handler: o}
	l := n.listen(t, host)
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() {
		server.Close()
		for synctest.Wait(); o.busy(); {
			time.Sleep(time.Second)
		}
	})
	return o
}

func (o *origin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	o.asked = append(o.asked, r)
	o.running++
	o.most = max(o.most, o.running)
	o.mu.Unlock()
	defer func() {
		o.mu.Lock()
		o.running--
		o.mu.Unlock()
	}()
	w = &counter{w, o}
	if o.quirk == nil || !o.quirk(o, w, r) {
		o.plain(w, r)
	}
}

// modified is the date of all files.
var modified = time.Date(1999, 5, 1, 12, 0, 0, 0, time.UTC)

// plain responds as a server without faults does.
func (o *origin) plain(w http.ResponseWriter, r *http.Request) {
	if w.Header().Get("Etag") == "" {
		w.Header().Set("Etag", `"v1"`)
	}
	http.ServeContent(w, r, "", modified, bytes.NewReader(o.content))
}

// number returns how many requests have come, this one included.
func (o *origin) number() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.asked)
}

// busy reports whether a request is being handled.
func (o *origin) busy() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.running > 0
}

// ranges returns what was asked for, without the first request.
func (o *origin) ranges() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []string
	for _, r := range o.asked[1:] {
		all = append(all, strings.TrimPrefix(r.Header.Get("Range"), "bytes="))
	}
	return strings.Join(all, " ")
}

// bytes returns how many bytes of bodies were sent.
func (o *origin) bytes() int64 {
	synctest.Wait() // a server counts later than its client reads
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.sent
}

type counter struct {
	http.ResponseWriter
	o *origin
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p)
	c.o.mu.Lock()
	c.o.sent += int64(n)
	c.o.mu.Unlock()
	return n, err
}

func (c *counter) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// options returns those for the network.
func (o *origin) options() Options { return Options{Client: o.net.client(o.t)} }

// open opens the file of a server at host:80.
func (o *origin) open() *File {
	o.t.Helper()
	f, err := Open(o.t.Context(), "http://host"+path, o.options())
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { f.Close() })
	return f
}

// wantCode checks the type, the code and the cause of an error.
func wantCode(t testing.TB, err error, code Code) *Error {
	t.Helper()
	var fault *Error
	if !errors.As(err, &fault) || fault.Code != code {
		t.Fatalf("error %v; want code %s", err, code)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("error %v could be taken for the end of the content", err)
	}
	return fault
}

// noise returns bytes that do not compress.
func noise(seed uint64, n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)}).Read(b)
	return b
}

// compare checks the bytes of a file at random places, and all of them in sequence.
func compare(t *testing.T, f *File, content []byte) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	want := bytes.NewReader(content)
	for range 50 {
		off, n := r.Int64N(int64(len(content))+100), r.IntN(1<<r.IntN(18))
		a, b := make([]byte, n), make([]byte, n)
		gotN, gotErr := f.ReadAt(a, off)
		wantN, wantErr := want.ReadAt(b, off)
		if gotN != wantN || gotErr != wantErr || !bytes.Equal(a, b) {
			t.Fatalf("ReadAt of %d bytes at %d: %d, %v; want %d, %v", n, off, gotN, gotErr, wantN, wantErr)
		}
	}
	all, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size()))
	if err != nil || !bytes.Equal(all, content) {
		t.Fatalf("%d bytes, error %v", len(all), err)
	}
}

func isSuffix(r *http.Request) bool { return strings.HasPrefix(r.Header.Get("Range"), "bytes=-") }

// parseRange returns the first and last byte that a request asks for.
func parseRange(o *origin, r *http.Request) (first, last int) {
	if n, _ := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-%d", &first, &last); n < 2 {
		return max(0, len(o.content)-tailSize), len(o.content) - 1
	}
	return first, last
}

// ifSuffix applies a quirk to requests for the end, answerAll to all of them.
func ifSuffix(q quirk) quirk {
	return func(o *origin, w http.ResponseWriter, r *http.Request) bool { return isSuffix(r) && q(o, w, r) }
}

// afterOpen applies a quirk to requests after the first.
func afterOpen(q quirk) quirk {
	return func(o *origin, w http.ResponseWriter, r *http.Request) bool { return o.number() > 1 && q(o, w, r) }
}

func status(code int) quirk {
	return func(_ *origin, w http.ResponseWriter, _ *http.Request) bool {
		http.Error(w, "text of the server", code)
		return true
	}
}

// noRanges ignores the Range header.
func noRanges(_ *origin, _ http.ResponseWriter, r *http.Request) bool {
	r.Header.Del("Range")
	return false
}

// header sets a header of the response.
func header(name, value string) quirk {
	return func(_ *origin, w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set(name, value)
		return false
	}
}

// partial responds with a range of the caller's choice.
func (o *origin) partial(w http.ResponseWriter, first, last int, total string) bool {
	if _, ok := w.Header()["Etag"]; !ok {
		w.Header().Set("Etag", `"v1"`)
	}
	w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%s", first, last, total))
	if w.Header().Get("Content-Length") == "" {
		w.Header().Set("Content-Length", strconv.Itoa(last-first+1))
	}
	w.WriteHeader(http.StatusPartialContent)
	_, _ = w.Write(o.content[first : last+1])
	return true
}

// unknownLength sends no Content-Length.
func unknownLength(o *origin, w http.ResponseWriter, r *http.Request) bool {
	o.plain(&flusher{w}, r)
	return true
}

type flusher struct{ http.ResponseWriter }

func (f *flusher) WriteHeader(status int) {
	f.Header().Del("Content-Length")
	f.ResponseWriter.WriteHeader(status)
	_ = http.NewResponseController(f.ResponseWriter).Flush()
}

// halves breaks each body of more than 100 bytes off after half of it.
func halves(o *origin, w http.ResponseWriter, r *http.Request) bool {
	o.plain(&halver{w, 0}, r)
	return true
}

type halver struct {
	http.ResponseWriter
	left int
}

func (h *halver) WriteHeader(status int) {
	h.left, _ = strconv.Atoi(h.Header().Get("Content-Length"))
	if h.left > 100 {
		h.left /= 2
	}
	h.ResponseWriter.WriteHeader(status)
}

func (h *halver) Write(p []byte) (int, error) {
	if len(p) <= h.left {
		h.left -= len(p)
		return h.ResponseWriter.Write(p)
	}
	_, _ = h.ResponseWriter.Write(p[:h.left])
	_ = http.NewResponseController(h.ResponseWriter).Flush()
	panic(http.ErrAbortHandler)
}
