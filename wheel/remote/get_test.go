package remote

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// serve starts a server on the loopback.
func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// TestGet: a document as it is, one that the caller has, and one behind a redirect.
func TestGet(t *testing.T) {
	var asked http.Header
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r.Header.Clone()
		switch r.URL.Path {
		case "/from/":
			http.Redirect(w, r, "/to/page/?signed=secret", http.StatusFound)
			return
		case "/same":
			w.Header().Set("ETag", r.Header.Get("If-None-Match"))
			w.WriteHeader(http.StatusNotModified)
			return
		case "/packed":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			io.WriteString(z, strings.Repeat("x", 1000))
			z.Close()
			return
		}
		w.Header().Set("ETag", `W/"1"`)
		io.WriteString(w, "page")
	})
	for _, test := range []struct {
		path    string
		request Request
		want    Document
	}{
		{"/a", Request{Accept: "text/html", Limit: 4}, Document{URL: "/a", ETag: `W/"1"`, Data: []byte("page")}},
		{"/a?token=secret#part", Request{Limit: 4}, Document{URL: "/a", ETag: `W/"1"`, Data: []byte("page")}},
		{"/from/", Request{Limit: 100}, Document{URL: "/to/page/", ETag: `W/"1"`, Data: []byte("page")}},
		{"/same", Request{ETag: `"7"`, Limit: 100}, Document{URL: "/same", ETag: `"7"`, NotModified: true}},
		{"/packed", Request{Limit: 1000}, Document{URL: "/packed", Data: []byte(strings.Repeat("x", 1000))}},
	} {
		d, err := Get(t.Context(), address+test.path, test.request, Options{})
		if err != nil {
			t.Errorf("%s: %v", test.path, err)
			continue
		}
		d.URL = strings.TrimPrefix(d.URL, address)
		if diff := cmp.Diff(&test.want, d); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", test.path, diff)
		}
		if asked.Get("Accept") != test.request.Accept || asked.Get("If-None-Match") != test.request.ETag || asked.Get("Range") != "" || asked.Get("Accept-Encoding") != "gzip" {
			t.Errorf("%s: asked with %v", test.path, asked)
		}
	}
}

// TestGetFails: what is not a document, and that no message has a secret.
func TestGetFails(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/none":
			w.WriteHeader(http.StatusNotFound)
		case "/denied":
			w.WriteHeader(http.StatusForbidden)
		case "/odd":
			w.WriteHeader(http.StatusNoContent)
		case "/unasked":
			w.WriteHeader(http.StatusNotModified)
		case "/coded":
			w.Header().Set("Content-Encoding", "br")
			io.WriteString(w, "page")
		case "/scheme":
			http.Redirect(w, r, "ftp://user:secret@host/", http.StatusFound)
		case "/large":
			io.WriteString(w, "12345")
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			io.WriteString(z, strings.Repeat("x", 100000))
			z.Close()
		}
	})
	for path, want := range map[string]Code{
		"/none": CodeNotFound, "/denied": CodeDenied, "/odd": CodeStatus, "/unasked": CodeStatus, "/coded": CodeEncoding,
		"/scheme": CodeRedirect, "/large": CodeSize, "/bomb": CodeSize,
	} {
		withUser := strings.Replace(address, "://", "://user:secret@", 1) + path + "?secret"
		d, err := Get(t.Context(), withUser, Request{Limit: 4}, Options{})
		if d != nil {
			t.Errorf("%s: a document", path)
		}
		wantCode(t, err, want)
		if text := chain(err); strings.Contains(text, "secret") {
			t.Errorf("%s: %s", path, text)
		}
	}
	_, err := Get(t.Context(), "file:///etc/passwd", Request{Limit: 4}, Options{})
	wantCode(t, err, CodeURL)
	_, err = Get(t.Context(), address+"/large", Request{Limit: 4}, Options{})
	if got := err.Error(); got != address+"/large: document is too large: limit is 4 bytes" {
		t.Error(got)
	}
}

// TestGetAgain: a download that breaks off begins again, and its parts are not mixed.
func TestGetAgain(t *testing.T) {
	var requests atomic.Int64
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		n := requests.Add(1)
		w.Header().Set("Content-Length", "6")
		if n == 1 {
			io.WriteString(w, "old")
			return
		}
		fmt.Fprintf(w, "page %d", n)
	})
	d, err := Get(t.Context(), address+"/", Request{Limit: 10}, Options{})
	if err != nil || string(d.Data) != "page 2" {
		t.Errorf("%+v, error %v", d, err)
	}
}
