package remote_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/remote"
)

// TestOtherPort: another port of the host is another server, and is told neither
// the password nor the address that it was sent from.
func TestOtherPort(t *testing.T) {
	var told http.Header
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { told = r.Header }))
	defer other.Close()
	o := serve(t, nil, func(_ *origin, w http.ResponseWriter, r *http.Request) bool {
		http.Redirect(w, r, other.URL, http.StatusFound)
		return true
	})
	f, err := remote.Open(t.Context(), strings.Replace(o.URL, "//", "//me:hidden@", 1), quick)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if told.Get("Authorization") != "" || told.Get("Range") == "" {
		t.Errorf("the other port was told %v", told)
	}
}

// TestSameServer: a redirect within the server keeps the password.
func TestSameServer(t *testing.T) {
	o := serve(t, noise(1, 9000), func(_ *origin, w http.ResponseWriter, r *http.Request) bool {
		if _, _, ok := r.BasicAuth(); !ok {
			w.WriteHeader(http.StatusUnauthorized)
			return true
		}
		if r.URL.RawQuery == "" {
			http.Redirect(w, r, "/elsewhere?x", http.StatusFound)
		}
		return r.URL.RawQuery == ""
	})
	f, err := remote.Open(t.Context(), strings.Replace(o.URL, "//", "//me:hidden@", 1), quick)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
}

// TestSilentChange: a server that compares nothing and stops telling the ETag
// cannot pass another version off as the first.
func TestSilentChange(t *testing.T) {
	o, f := spoil(t, func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		var first, last int
		fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-%d", &first, &last)
		o.content = noise(2, 300_000)
		return partial(o, noEtag{w}, first, last, "300000")
	}, quick)
	p := make([]byte, 100)
	n, err := f.ReadAt(p, 1000)
	wantCode(t, err, remote.CodeChanged)
	if n != 0 || o.number() != 2 {
		t.Errorf("%d bytes in %d requests", n, o.number())
	}
}

// TestTwoCodings: one coding of several is enough to refuse the body.
func TestTwoCodings(t *testing.T) {
	o := serve(t, noise(1, 9000), func(_ *origin, w http.ResponseWriter, _ *http.Request) bool {
		w.Header()["Content-Encoding"] = []string{"identity", "gzip"}
		return false
	})
	_, err := remote.Open(t.Context(), o.URL+path, quick)
	wantCode(t, err, remote.CodeEncoding)
}

// TestUnnamedStatus: a status without a name leaves no gap in the text.
func TestUnnamedStatus(t *testing.T) {
	o := serve(t, nil, func(_ *origin, w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(499)
		return true
	})
	_, err := remote.Open(t.Context(), o.URL+path, quick)
	if wantCode(t, err, remote.CodeStatus); !strings.HasSuffix(err.Error(), "the server answered 499") {
		t.Errorf("%q", err)
	}
}
