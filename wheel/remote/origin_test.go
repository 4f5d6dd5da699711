package remote_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wheeltag/wheeltag/wheel/remote"
)

// origin is a server with one file and, if need be, a quirk.
type origin struct {
	*httptest.Server
	content []byte
	quirk   func(o *origin, w http.ResponseWriter, r *http.Request) (done bool)

	mu    sync.Mutex
	asked []*http.Request
	sent  int64
}

const path = "/files/demo-1.0-py3-none-any.whl"

// modified is long past, so that it may be used in If-Range.
var modified = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)

func serve(t testing.TB, content []byte, quirk func(*origin, http.ResponseWriter, *http.Request) bool) *origin {
	o := &origin{content: content, quirk: quirk}
	o.Server = httptest.NewServer(o)
	t.Cleanup(o.Close)
	return o
}

func (o *origin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	o.asked = append(o.asked, r)
	o.mu.Unlock()
	w = &counter{w, o}
	if o.quirk == nil || !o.quirk(o, w, r) {
		o.plain(w, r)
	}
}

// plain answers as a faultless server does.
func (o *origin) plain(w http.ResponseWriter, r *http.Request) {
	if w.Header().Get("Etag") == "" {
		w.Header().Set("Etag", `"v1"`)
	}
	http.ServeContent(w, r, "", modified, bytes.NewReader(o.content))
}

// number is how many requests have come, this one included.
func (o *origin) number() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.asked)
}

func (o *origin) ranges() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []string
	for _, r := range o.asked {
		all = append(all, r.Header.Get("Range"))
	}
	return strings.Join(all, " ")
}

func (o *origin) bytes() int64 {
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

// quick are options for tests: retries follow at once, all sizes are small.
var quick = remote.Options{Delay: time.Millisecond, Tail: 4 << 10, BlockSize: 4 << 10, Stall: 10 * time.Second}

func open(t testing.TB, o *origin, options remote.Options) *remote.File {
	t.Helper()
	f, err := remote.Open(context.Background(), o.URL+path, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// wantCode checks the type, the code and the cause of an error.
func wantCode(t testing.TB, err error, code remote.Code) *remote.Error {
	t.Helper()
	var fault *remote.Error
	if !errors.As(err, &fault) || fault.Code != code {
		t.Fatalf("error %v; want code %s", err, code)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("error %v could be taken for the end of the content", err)
	}
	return fault
}

// noise gives bytes that do not compress.
func noise(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// archive builds a wheel of many modules with one extension module in the middle.
func archive(t testing.TB, modules, moduleSize, extSize int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name string, method uint16, data []byte) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range modules {
		if i == modules/2 {
			add("demo/_ext.so", zip.Deflate, append([]byte("\x7fELF"), noise(7, extSize-4)...))
		}
		add(fmt.Sprintf("demo/module_%03d.py", i), zip.Store, noise(uint64(i), moduleSize))
	}
	add("demo-1.0.dist-info/METADATA", zip.Deflate, []byte("Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"))
	add("demo-1.0.dist-info/WHEEL", zip.Deflate, []byte("Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// parse reads a Range header with both ends.
func parse(t testing.TB, header string, first, last *int) {
	t.Helper()
	if _, err := fmt.Sscanf(header, "bytes=%d-%d", first, last); err != nil {
		t.Fatalf("%q: %v", header, err)
	}
}
