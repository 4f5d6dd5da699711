package remote

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"
)

// chain returns the texts of an error and of all its causes.
func chain(err error) string {
	var texts []string
	for ; err != nil; err = errors.Unwrap(err) {
		texts = append(texts, fmt.Sprintf("%v %+v", err, err))
	}
	return strings.Join(texts, "\n")
}

// TestURLs: what is not a URL, and that errors about it contain no secrets.
func TestURLs(t *testing.T) {
	for _, address := range []string{
		"", "a.whl", "/a.whl", "file:///a.whl", "gopher://host/a.whl", "ftp://user:hidden@host/a.whl", "http:///a.whl", "https:a.whl",
		"http://user:hid/den@host/a.whl", "http://user:hidden@host:port/a.whl", "http://user:hidden@ho st/a.whl",
		"http://user:hidden@host/%zz?hidden", "http://user:%zzhidden@host/a.whl", "http://host\x7f/hidden",
	} {
		f, err := Open(t.Context(), address, Options{})
		if f != nil {
			t.Errorf("%q is open", address)
		}
		if wantCode(t, err, CodeURL); strings.Contains(chain(err), "hid") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// TestName: the name comes from the URL that was given.
func TestName(t *testing.T) {
	for address, want := range map[string]string{
		"/a/b-1.0+local-py3-none-any.whl":        "b-1.0+local-py3-none-any.whl",
		"/a/b-1.0%2Blocal-py3-none-any.whl?x=/c": "b-1.0+local-py3-none-any.whl",
		"/a/b.whl#sha256=00/11":                  "b.whl",
		"/a/":                                    "",
		"":                                       "",
		"/a/%2e%2e%2Fb.whl":                      "../b.whl",
		"/a/b%ff.whl":                            "b\xff.whl",
	} {
		f, err := newFile(t.Context(), "http://host"+address, Options{})
		if err != nil || f.Name() != want {
			t.Errorf("%s: %q, error %v; want %q", address, f.Name(), err, want)
		}
	}
}

// TestCredentials: user and password of a URL are sent to its server and to no
// other, and neither they nor the query appear in errors.
func TestCredentials(t *testing.T) {
	inBubble(t, func(t *testing.T, n *network) {
		for _, host := range []string{"other:80", "sub.host:80", "host:81"} {
			n.serve(t, host, nil, func(_ *origin, w http.ResponseWriter, r *http.Request) bool {
				if r.Header.Get("Authorization") != "" || r.Header.Get("Referer") != "" {
					t.Errorf("%s was sent %v", host, r.Header)
				}
				if r.Header.Get("Range") == "" || r.Header.Get("Accept-Encoding") != "identity" {
					t.Errorf("%s was not sent the range: %v", host, r.Header)
				}
				w.WriteHeader(http.StatusForbidden)
				return true
			})
		}
		o := n.serve(t, "host:80", noise(1, 300_000), func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			to, away := strings.CutPrefix(r.URL.Path, "/to/")
			switch user, password, _ := r.BasicAuth(); {
			case user != "me" || password != "hidden/@":
				w.WriteHeader(http.StatusUnauthorized)
			case away:
				http.Redirect(w, r, "http://"+to+"?signature=hidden", http.StatusFound)
			default:
				return false
			}
			return true
		})
		for address, want := range map[string]Code{
			"http://me:hidden%2F%40@host/to/other/c.whl":    CodeDenied,
			"http://me:hidden%2F%40@host/to/sub.host/c.whl": CodeDenied,
			"http://me:hidden%2F%40@host/to/host:81/c.whl":  CodeDenied,
			"http://me:hidden%2F%40@host/to/gone/c.whl":     CodeNetwork,
			"http://host/a.whl":                             CodeDenied,
			"http://me:hidden@host/a.whl":                   CodeDenied,
			"http://me:hidden%2F%40@host/to/host/c.whl":     "",
			"http://me:hidden%2F%40@HOST/a%3Fhidden":        "",
		} {
			f, err := Open(t.Context(), address+"?token=hidden#hidden", o.options())
			if want == "" {
				if err != nil {
					t.Fatal(err)
				}
				if _, err := f.ReadAt(make([]byte, 9), 0); err != nil {
					t.Error(err)
				}
				f.Close()
				continue
			}
			fault := wantCode(t, err, want)
			if strings.Contains(chain(err), "hidden") || strings.Contains(fault.URL, "hidden") {
				t.Error(chain(err))
			}
		}
	})
}

// TestDowngrade: a redirect from https to http does not take the password along,
// even to the same host. The policy of the caller applies too.
func TestDowngrade(t *testing.T) {
	var got http.Header
	transport := roundTrip(func(r *http.Request) (*http.Response, error) {
		resp := &http.Response{StatusCode: 403, Header: http.Header{}, Request: r, Body: http.NoBody}
		if r.URL.Scheme == "https" {
			resp.StatusCode = http.StatusFound
			resp.Header.Set("Location", "http://host/plain.whl")
		} else {
			got = r.Header
		}
		return resp, nil
	})
	for _, allowed := range []bool{true, false} {
		got = nil
		client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
			if allowed {
				return nil
			}
			return errors.New("enough")
		}}
		_, err := Open(t.Context(), "https://me:hidden@host/a.whl", Options{Client: client})
		if allowed {
			if wantCode(t, err, CodeDenied); got.Get("Authorization") != "" || got.Get("Range") == "" {
				t.Errorf("sent %v", got)
			}
		} else if fault := wantCode(t, err, CodeRedirect); fault.Err.Error() != "enough" || got != nil {
			t.Errorf("sent %v, error %v", got, err)
		}
	}
}

// TestClient: the client of the caller is not changed.
func TestClient(t *testing.T) {
	given := &http.Client{}
	if c := newClient(given); c == given || given.CheckRedirect != nil || c.CheckRedirect == nil {
		t.Error("the client was changed")
	}
	if transport := newClient(nil).Transport.(*http.Transport); transport.Proxy != nil {
		t.Error("the default client has a proxy")
	}
}

// TestConnections: those of the caller's client are used again, and those of a
// client that was made here are closed.
func TestConnections(t *testing.T) {
	var opened, open atomic.Int64
	server := httptest.NewUnstartedServer(http.FileServerFS(fstest.MapFS{"a.whl": {Data: []byte("zip")}}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			opened.Add(1)
			open.Add(1)
		case http.StateClosed:
			open.Add(-1)
		}
	}
	server.Start()
	defer server.Close()
	given := &http.Client{Transport: &http.Transport{}}
	defer given.CloseIdleConnections()
	for _, client := range []*http.Client{given, given, given, nil, nil} {
		f, err := Open(t.Context(), server.URL+"/a.whl", Options{Client: client})
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	for range 1000 { // a server notices later than its client
		if open.Load() == 1 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if opened.Load() != 3 || open.Load() != 1 {
		t.Errorf("%d connections were opened, %d are open; want 3 and 1", opened.Load(), open.Load())
	}
}

func TestScrub(t *testing.T) {
	wrap := func(err error) error { return &url.Error{Op: "Get", URL: "http://u:hidden@h/?hidden", Err: err} }
	reset := &net.OpError{Op: "read", Err: errors.New("connection reset")}
	const left = "the reason is not shown because it contains a URL"
	for _, test := range []struct {
		err  error
		want string
	}{
		{wrap(reset), reset.Error()},
		{wrap(wrap(reset)), reset.Error()},
		{wrap(fmt.Errorf("reading: %w", wrap(reset))), reset.Error()},
		{wrap(io.EOF), errEnded.Error()},
		{fmt.Errorf("body: %w", io.ErrUnexpectedEOF), errEnded.Error()},
		{wrap(errors.New("cannot go to http://h/?hidden")), left},
		{wrap(errors.New("cannot go to http://u:hidden@h/")), left},
		{wrap(errors.New(`failed to parse Location header "hidden"`)), left},
	} {
		if got := scrub(test.err); got.Error() != test.want || errors.Is(got, io.EOF) || strings.Contains(got.Error(), "hidden") {
			t.Errorf("%v: %v, want %s", test.err, got, test.want)
		}
	}
}
