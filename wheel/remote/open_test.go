package remote

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// TestSoundServers: servers that can be read in spite of their faults.
func TestSoundServers(t *testing.T) {
	for _, test := range []struct {
		name  string
		quirk quirk
		whole bool // downloaded whole
		opens int  // requests to open the file
	}{
		{"faultless", nil, false, 1},
		{"HTTP/1.0", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			r.ProtoMajor, r.ProtoMinor = 1, 0
			return false
		}, false, 1},
		{"no ranges", noRanges, true, 2},
		{"no ranges, length unknown", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			noRanges(o, w, r)
			return unknownLength(o, w, r)
		}, true, 2},
		{"suffix ignored", ifSuffix(noRanges), false, 3},
		{"suffix 416", ifSuffix(status(416)), false, 3},
		{"suffix 400", ifSuffix(status(400)), false, 3},
		{"suffix 501", ifSuffix(status(501)), false, 3},
		{"suffix taken for a prefix", func(_ *origin, _ http.ResponseWriter, r *http.Request) bool {
			r.Header.Set("Range", strings.Replace(r.Header.Get("Range"), "=-", "=0-", 1))
			return false
		}, false, 3},
		{"suffix as several parts", ifSuffix(func(_ *origin, _ http.ResponseWriter, r *http.Request) bool {
			r.Header.Set("Range", "bytes=0-99,-100")
			return false
		}), false, 3},
		{"suffix without Content-Range", ifSuffix(func(_ *origin, w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(http.StatusPartialContent)
			fmt.Fprint(w, "nonsense")
			return true
		}), false, 3},
		{"suffix with another Content-Length", ifSuffix(func(o *origin, w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Length", "3")
			return o.partial(w, len(o.content)-tailSize, len(o.content)-1, strconv.Itoa(len(o.content)))
		}), false, 3},
		{"suffix longer than its range", ifSuffix(func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", len(o.content)-tailSize, len(o.content)-1, len(o.content)))
			w.WriteHeader(http.StatusPartialContent)
			_ = http.NewResponseController(w).Flush() // no Content-Length
			_, _ = w.Write(o.content)
			return true
		}), false, 3},
		{"every range the first byte", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			return r.Header.Get("Range") != "" && o.partial(w, 0, 0, strconv.Itoa(len(o.content)))
		}, true, 4},
		{"size never told", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			return r.Header.Get("Range") != "" && o.partial(w, 0, 0, "*")
		}, true, 3},
		{"every body longer than its range", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("Range") == "" {
				return false
			}
			first, last := parseRange(o, r)
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, last, len(o.content)))
			w.WriteHeader(http.StatusPartialContent)
			_ = http.NewResponseController(w).Flush()
			_, _ = w.Write(o.content)
			return true
		}, true, 3},
		{"length unknown", unknownLength, false, 1},
		{"each third request 503", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			return o.number()%3 == 0 && status(503)(o, w, r)
		}, false, 1},
		{"half bodies", halves, false, 12},
		{"half bodies, no ranges but for them", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			noRanges(o, w, r)
			return o.number()%3 != 0 && halves(o, w, r)
		}, true, 3},
		{"less than asked for", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			if isSuffix(r) {
				return false
			}
			first, last := parseRange(o, r)
			return o.partial(w, first, first+(last-first)*3/4, "*")
		}, false, 1},
		{"32 KiB at a time, after three failures", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			if isSuffix(r) {
				return false
			}
			first, last := parseRange(o, r)
			return o.number()%4 != 1 && status(503)(o, w, r) || o.partial(w, first, min(last, first+2*blockSize-1), "*")
		}, false, 1},
		{"half bodies of unknown length, of other bytes", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			first, last := parseRange(o, r)
			if isSuffix(r) || o.number()%2 == 1 {
				return false
			}
			w.Header().Set("Etag", `"v1"`)
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, last, len(o.content)))
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(make([]byte, (last-first)/2))
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, false, 1},
		{"redirects", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			if r.URL.RawQuery != "" {
				return false
			}
			http.Redirect(w, r, fmt.Sprintf("/elsewhere?signature=%d", o.number()), http.StatusFound)
			return true
		}, false, 2},
		{"identity coding", header("Content-Encoding", "Identity"), false, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, n *network) {
				o := n.serve(t, "host:80", noise(1, 300_000), test.quirk)
				f := o.open()
				opens := o.number()
				if f.Size() != int64(len(o.content)) || opens > test.opens {
					t.Errorf("size %d after %d requests; want %d", f.Size(), opens, test.opens)
				}
				compare(t, f, o.content)
				if whole := o.number() == opens; whole != test.whole {
					t.Errorf("%d requests to open, %d to read; whole %v", opens, o.number()-opens, test.whole)
				}
			})
		})
	}
}

// TestSizes: files that are empty, end within the first response or at a block.
func TestSizes(t *testing.T) {
	for _, size := range []int{0, 1, blockSize - 1, blockSize, blockSize + 1, tailSize - 1, tailSize, tailSize + 1, tailSize + blockSize} {
		for name, q := range map[string]quirk{"faultless": nil, "no ranges": noRanges, "no suffix": ifSuffix(status(400)), "length unknown": unknownLength} {
			inBubble(t, func(t *testing.T, n *network) {
				o := n.serve(t, "host:80", noise(1, size), q)
				f := o.open()
				if f.Size() != int64(size) {
					t.Fatalf("%s: size %d, want %d", name, f.Size(), size)
				}
				compare(t, f, o.content)
				if _, err := f.ReadAt(make([]byte, 1), -1); err == nil || err == io.EOF {
					t.Errorf("negative offset: error %v", err)
				}
			})
		}
	}
}

// TestUnsoundServers: what cannot be opened is an error with its code.
func TestUnsoundServers(t *testing.T) {
	redirect := func(to string) quirk {
		return func(_ *origin, w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusFound)
			return true
		}
	}
	for _, test := range []struct {
		name  string
		quirk quirk
		code  Code
		tries int
	}{
		{"not found", status(404), CodeNotFound, 1},
		{"gone", status(410), CodeNotFound, 1},
		{"forbidden", status(403), CodeDenied, 1},
		{"unauthorized", status(401), CodeDenied, 1},
		{"proxy", status(407), CodeDenied, 1},
		{"teapot", status(418), CodeStatus, 3},
		{"no content", status(204), CodeStatus, 3},
		{"no name", status(499), CodeStatus, 3},
		{"broken server", status(500), CodeStatus, 4},
		{"busy", status(429), CodeStatus, 4},
		{"ranges refused, then all", status(416), CodeStatus, 3},
		{"partial content for no range", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			return r.Header.Get("Range") != "" && status(400)(o, w, r) || o.partial(w, 0, 9, "10")
		}, CodeStatus, 3},
		{"gzip bomb", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			for range 1 << 10 {
				if _, err := z.Write(make([]byte, 1<<20)); err != nil {
					return true
				}
			}
			return true
		}, CodeEncoding, 1},
		{"gzip of a range", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Encoding", "gzip")
			first, last := parseRange(o, r)
			return o.partial(w, first, last, "100000")
		}, CodeEncoding, 1},
		{"two codings", func(o *origin, w http.ResponseWriter, _ *http.Request) bool {
			w.Header()["Content-Encoding"] = []string{"identity", "gzip"}
			return false
		}, CodeEncoding, 1},
		{"not found at the second look", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			return ifSuffix(status(400))(o, w, r) || status(404)(o, w, r)
		}, CodeNotFound, 2},
		{"broken at the second look", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			return ifSuffix(status(400))(o, w, r) || status(500)(o, w, r)
		}, CodeStatus, 5},
		{"another size at the third look", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			return ifSuffix(status(400))(o, w, r) || r.Header.Get("Range") == "bytes=0-0" && o.partial(w, 0, 0, "77")
		}, CodeChanged, 3},
		{"redirects without end", redirect("/again?token=hidden"), CodeRedirect, 10},
		{"redirect to ftp", redirect("ftp://host/?token=hidden"), CodeRedirect, 1},
		{"redirect to a file", redirect("file:///etc/passwd?token=hidden"), CodeRedirect, 1},
		{"redirect to gopher", redirect("gopher://host/?token=hidden"), CodeRedirect, 1},
		{"redirect to nonsense", redirect("http://%zz/?token=hidden"), CodeNetwork, 4},
		{"no response", func(*origin, http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) }, CodeNetwork, 4},
		{"bodies of nothing", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			first, last := parseRange(o, r)
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, last, len(o.content)))
			w.Header().Set("Content-Length", strconv.Itoa(last-first+1))
			w.WriteHeader(http.StatusPartialContent)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, CodeNetwork, 5},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, n *network) {
				o := n.serve(t, "host:80", noise(1, 100_000), test.quirk)
				f, err := Open(t.Context(), "http://host"+path, o.options())
				wantCode(t, err, test.code)
				t.Log(err)
				if f != nil || strings.Contains(err.Error(), "hidden") || !strings.HasPrefix(err.Error(), "http://host"+path+": ") {
					t.Errorf("file %v, error %v", f, err)
				}
				if o.number() != test.tries {
					t.Errorf("%d requests, want %d", o.number(), test.tries)
				}
				if o.bytes() > 4<<20 {
					t.Errorf("%d bytes were sent", o.bytes())
				}
			})
		})
	}
}

// zeros is an endless body.
type zeros struct{ n int64 }

func (z *zeros) Read(p []byte) (int, error) {
	clear(p)
	z.n += int64(len(p))
	return len(p), nil
}

// TestTooLarge: a body is not kept beyond the limit, whether its length is known or
// not. The latter takes a while, with 256 MiB.
func TestTooLarge(t *testing.T) {
	for _, length := range []int64{maxWhole + 1, -1} {
		body := &zeros{}
		transport := roundTrip(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{}, Request: r, ContentLength: length, Body: io.NopCloser(body)}, nil
		})
		_, err := Open(t.Context(), "http://host"+path, Options{Client: &http.Client{Transport: transport}})
		wantCode(t, err, CodeTooLarge)
		if limit := int64(maxWhole + blockSize); body.n > limit || length > 0 && body.n > 0 {
			t.Errorf("%d bytes of the body were read", body.n)
		}
	}
	transport := roundTrip(func(r *http.Request) (*http.Response, error) {
		body := io.LimitReader(&zeros{}, maxWhole)
		return &http.Response{StatusCode: 200, Header: http.Header{}, Request: r, ContentLength: -1, Body: io.NopCloser(body)}, nil
	})
	f, err := Open(t.Context(), "http://host"+path, Options{Client: &http.Client{Transport: transport}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p := make([]byte, 2)
	if n, err := f.ReadAt(p, maxWhole-1); f.Size() != maxWhole || n != 1 || err != io.EOF {
		t.Errorf("size %d, %d bytes at the end, error %v", f.Size(), n, err)
	}
	if n, err := f.ReadAt(p, 0); n != 2 || err != nil {
		t.Errorf("%d bytes at the beginning, error %v", n, err)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestUncompressed: a transport that decompresses does not have the bytes of the file.
func TestUncompressed(t *testing.T) {
	transport := roundTrip(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Request: r, Body: http.NoBody, Uncompressed: true}, nil
	})
	_, err := Open(t.Context(), "https://host/a.whl", Options{Client: &http.Client{Transport: transport}})
	wantCode(t, err, CodeEncoding)
}

// TestRawServers: servers that hardly speak HTTP. What they send is bounded.
func TestRawServers(t *testing.T) {
	const forever = 1 << 30
	for name, test := range map[string]struct {
		head, again string
		code        Code
	}{
		"garbage":          {"\x00\x01garbage?token@\n", "", CodeNetwork},
		"HTTP/0.9":         {"<html>hello</html>", "", CodeNetwork},
		"closes":           {"", "", CodeNetwork},
		"endless line":     {"HTTP/1.1 ", "0", CodeNetwork},
		"endless headers":  {"HTTP/1.1 200 OK\r\n", "X-Padding: 0123456789\r\n", CodeNetwork},
		"endless 1xx":      {"", "HTTP/1.1 102 Processing\r\n\r\n", CodeNetwork},
		"endless chunks":   {"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-99/100\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\n0123\r\n", CodeStatus},
		"endless trailers": {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X-Padding: 0123456789\r\n", CodeNetwork},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, n *network) {
				l := n.listen(t, "host:80")
				sent := make(chan int, 100)
				go func() {
					for {
						c, err := l.Accept()
						if err != nil {
							return
						}
						go func() {
							defer c.Close()
							go func() { _, _ = io.Copy(io.Discard, c) }()
							total, _ := io.WriteString(c, test.head)
							again := bytes.Repeat([]byte(test.again), 1000)
							for test.again != "" && total < forever {
								n, err := c.Write(again)
								total += n
								if err != nil {
									break
								}
							}
							sent <- total
						}()
					}
				}()
				_, err := Open(t.Context(), "http://host"+path, Options{Client: n.client(t)})
				wantCode(t, err, test.code)
				t.Log(err)
				for len(sent) > 0 {
					if total := <-sent; total >= forever {
						t.Errorf("%d bytes were read", total)
					}
				}
				if text := err.Error(); len(text) > 300 || strings.Contains(text, "token") || strings.ContainsAny(text, "\x00\x01\n") {
					t.Errorf("error %.300q", text)
				}
			})
		})
	}
}
