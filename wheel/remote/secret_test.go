package remote_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/remote"
)

// chain gives the texts of an error and of all its causes.
func chain(err error) string {
	var texts []string
	for ; err != nil; err = errors.Unwrap(err) {
		texts = append(texts, fmt.Sprintf("%v %+v", err, err))
	}
	return strings.Join(texts, "\n")
}

// TestAddresses: what is no address, and that errors about it tell no secrets.
func TestAddresses(t *testing.T) {
	for _, address := range []string{
		"", "a.whl", "/a.whl", "file:///a.whl", "ftp://user:hidden@host/a.whl", "http:///a.whl", "https:a.whl",
		"http://user:hid/den@host/a.whl", "http://user:hidden@host:port/a.whl", "http://user:hidden@ho st/a.whl",
		"http://user:hidden@host/%zz?hidden", "http://user:%zzhidden@host/a.whl", "http://host\x7f/hidden",
	} {
		f, err := remote.Open(t.Context(), address, quick)
		if f != nil {
			t.Errorf("%q is open", address)
		}
		if wantCode(t, err, remote.CodeURL); strings.Contains(chain(err), "hid") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// TestName: the name comes from the address that was given.
func TestName(t *testing.T) {
	o := serve(t, []byte("zip"), nil)
	for address, want := range map[string]string{
		"/a/b-1.0+local-py3-none-any.whl":        "b-1.0+local-py3-none-any.whl",
		"/a/b-1.0%2Blocal-py3-none-any.whl?x=/c": "b-1.0+local-py3-none-any.whl",
		"/a/b.whl#sha256=00/11":                  "b.whl",
		"/a/":                                    "",
		"":                                       "",
		"/a/%2e%2e%2Fb.whl":                      "../b.whl",
		"/a/b%ff.whl":                            "b\xff.whl",
	} {
		f, err := remote.Open(t.Context(), o.URL+address, quick)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name() != want {
			t.Errorf("%s: %q, want %q", address, f.Name(), want)
		}
		f.Close()
	}
}

// TestCredentials: user and password of the address go to its server, and only
// there; nothing of the address's secrets goes into errors or to other servers.
func TestCredentials(t *testing.T) {
	const secret = "?token=hidden#hidden"
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" || strings.Contains(r.Header.Get("Referer"), "hidden") {
			t.Errorf("the other server was told %v", r.Header)
		}
		if r.Header.Get("Range") == "" || r.Header.Get("Accept-Encoding") != "identity" {
			t.Errorf("the other server was not told the range: %v", r.Header)
		}
		w.WriteHeader(http.StatusForbidden)
	}))
	defer other.Close()
	o := serve(t, noise(1, 9000), func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		user, password, _ := r.BasicAuth()
		switch {
		case user != "me" || password != "hidden/@":
			w.WriteHeader(http.StatusUnauthorized)
		case strings.HasSuffix(r.URL.Path, "away.whl"):
			// Another name for the same machine is another host.
			to := strings.Replace(other.URL, "127.0.0.1", "localhost", 1)
			http.Redirect(w, r, to+"/c.whl?signature=hidden", http.StatusFound)
		default:
			return false
		}
		return true
	})
	with := strings.Replace(o.URL, "//", "//me:hidden%2F%40@", 1)

	f, err := remote.Open(t.Context(), with+"/a.whl"+secret, quick)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	o.Close()
	for _, open := range []func() error{
		func() error { _, err := f.ReadAt(make([]byte, 9), 0); return err },
		func() error { _, err := remote.Open(t.Context(), with+"/a.whl"+secret, quick); return err },
	} {
		err := open()
		if wantCode(t, err, remote.CodeNetwork); strings.Contains(chain(err), "hidden") {
			t.Error(chain(err))
		}
	}

	o = serve(t, nil, o.quirk)
	with = strings.Replace(o.URL, "//", "//me:hidden%2F%40@", 1)
	for address, want := range map[string]remote.Code{
		with + "/away.whl" + secret:        remote.CodeDenied,
		o.URL + "/a.whl" + secret:          remote.CodeDenied,
		with + "/" + "a%3Fhidden" + secret: "",
	} {
		f, err := remote.Open(t.Context(), address, quick)
		if want == "" {
			if err != nil {
				t.Fatal(err)
			}
			f.Close()
			continue
		}
		fault := wantCode(t, err, want)
		if strings.Contains(chain(err), "hidden") || strings.Contains(fault.URL, "hidden") {
			t.Error(chain(err))
		}
	}
}

// unpacker is a transport that unpacks behind the client's back.
type unpacker struct{}

func (unpacker) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Request: r, Body: http.NoBody, Uncompressed: true}, nil
}

func TestUnpackingTransport(t *testing.T) {
	o := quick
	o.Client = &http.Client{Transport: unpacker{}}
	_, err := remote.Open(t.Context(), "https://host/a.whl", o)
	wantCode(t, err, remote.CodeEncoding)
}

// hops answers https with a redirect to http and notes what the latter is told.
type hops struct {
	told http.Header
}

func (h *hops) RoundTrip(r *http.Request) (*http.Response, error) {
	resp := &http.Response{StatusCode: 200, Header: http.Header{}, Request: r, Body: http.NoBody}
	if r.URL.Scheme == "https" {
		resp.StatusCode = http.StatusFound
		resp.Header.Set("Location", "http://host/plain.whl")
	} else {
		h.told = r.Header
	}
	return resp, nil
}

// TestDowngrade: a redirect from https to http does not take the password along,
// even to the same host. The caller's own policy is heard too.
func TestDowngrade(t *testing.T) {
	transport := &hops{}
	asked := 0
	o := quick
	o.Client = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		if asked++; asked > 1 {
			return errors.New("enough")
		}
		return nil
	}}
	f, err := remote.Open(t.Context(), "https://me:hidden@host/a.whl", o)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if transport.told.Get("Authorization") != "" || transport.told.Get("Range") == "" {
		t.Errorf("told %v", transport.told)
	}
	_, err = remote.Open(t.Context(), "https://me:hidden@host/a.whl", o)
	if fault := wantCode(t, err, remote.CodeRedirect); fault.Err.Error() != "enough" {
		t.Error(err)
	}
}
