package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

// demoIndex is an index of some projects on the loopback, for a user with a password.
type demoIndex struct {
	mu    sync.Mutex
	asked map[string]int
	sent  int
}

const (
	digest    = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	nativeOne = `{"meta": {"api-version": "1.0"}, "name": "native", "files": [
{"filename": "native-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", "url": "../../f/native-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", "hashes": {"sha256": "` + digest + `"}, "size": 7},
{"filename": "native-2.0-cp311-cp311-manylinux_2_38_x86_64.whl", "url": "../../f/native-2.0-cp311-cp311-manylinux_2_38_x86_64.whl", "hashes": {}},
{"filename": "native-bad.whl", "url": "x", "hashes": {}},
{"filename": "other-1.0.tar.gz", "url": "x", "hashes": {}}]}`
)

func (d *demoIndex) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked[r.URL.Path]++
	text, ok := map[string]string{
		"/simple/native/":    nativeOne,
		"/simple/sourceful/": "<html><a href=/f/sourceful-3.0.tar.gz#sha256=" + digest + ">x</a><a href=/f/sourceful-4.0.tar.gz data-yanked=bad>x</a>",
		"/simple/empty/":     "<html></html>",
		"/simple/broken/":    `{"files": [`,
	}[r.URL.Path]
	user, password, _ := r.BasicAuth()
	switch {
	case user != "me" || password != "hidden":
		w.WriteHeader(http.StatusUnauthorized)
	case !ok:
		w.WriteHeader(http.StatusNotFound)
	default:
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		d.sent++
		fmt.Fprint(w, text)
	}
}

// serveIndex starts the index, and returns its URL with the password and without.
func serveIndex(t *testing.T) (d *demoIndex, with, without string) {
	t.Helper()
	d = &demoIndex{asked: map[string]int{}}
	server := httptest.NewServer(d)
	t.Cleanup(server.Close)
	return d, strings.Replace(server.URL, "://", "://me:hidden@", 1) + "/simple", server.URL
}

// TestIndexURL: a requirements file is answered from the pages of an index, each asked
// for once, and only those that a target needs. The password is in no output.
func TestIndexURL(t *testing.T) {
	d, address, bare := serveIndex(t)
	writeFiles(t, map[string]string{
		"requirements.txt": "native\nNative==1.0 ; python_version >= '3.9'\nsourceful>=1\nempty\nnowhere\nlocal @ https://host.example.org/local-1.0-py3-none-any.whl\nwin ; sys_platform == 'win32'\n",
	})
	line := "coverage -t 3.11@debian:12/amd64 --index-url " + address + " requirements.txt"
	got := said(line+" --format csv", "")
	want := `package,version,3.11@debian:12/x86_64
empty,,missing
nowhere,,missing
sourceful,,build
native,,wheel
native,1.0,wheel
local,1.0,pure
win,,excluded
| wheeltag: native: 2 files ignored, with names that are not those of its wheels or source distributions
exit 1
`
	if got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
	for path, n := range d.asked {
		if n != 1 || path == "/simple/win/" || path == "/simple/local/" {
			t.Errorf("%s was asked for %d times", path, n)
		}
	}
	got = said("coverage -t 3.11@debian:12/amd64 --index-url "+address+" --explain empty requirements.txt", "")
	if !strings.Contains(got, "the index has no files of it (no-files)") {
		t.Error(got)
	}
	got = said("select -t 3.11@debian:12/amd64 --format json --index-url "+address+" requirements.txt", "")
	if !strings.Contains(got, `"url":"`+bare+`/f/native-1.0-cp311-cp311-manylinux_2_17_x86_64.whl","size":7,"hashes":{"sha256":"`+digest+`"}`) || strings.Contains(got, "hidden") {
		t.Error(got)
	}
}

// TestIndexFails: what cannot be read is unknown, and says why without the password.
func TestIndexFails(t *testing.T) {
	_, address, bare := serveIndex(t)
	writeFiles(t, map[string]string{"requirements.txt": "broken\nsourceful\n", "many.txt": "a\nb\nc\nd\ne\nf\ng\nh\n", "uv.lock": "version = 1\nrequires-python = '>=3.9'\n[[package]]\nname = 'a'\nversion = '1'\nsource = { virtual = '.' }\n"})
	target := "coverage -t 3.11@debian:12/amd64 --index-url "
	for _, test := range []struct {
		line string
		want []string
	}{
		{target + address + " requirements.txt", []string{"  ?  broken", "  B  sourceful", bare + "/simple/broken/:1: not the JSON of a simple index", "files unknown for broken\n", "exit 3"}},
		{target + strings.Replace(address, "hidden", "hidden2", 1) + " many.txt", []string{"/simple/a/: access denied (401 Unauthorized), check the credentials", "/simple/e/: access", "the index does not answer; 3 more packages are not asked for", "exit 3"}},
		{target + "https://me:hidden@/x requirements.txt", []string{"--index-url: not an http or https URL", "exit 2"}},
		{target + "ftp://me:hidden@host/x requirements.txt", []string{"--index-url: not an http or https URL", "exit 2"}},
		{target + address + " uv.lock", []string{"--index-url is not used: the files of all packages are known"}},
		{"coverage -t debian:12/amd64 --cache d requirements.txt", []string{"--cache keeps the pages of --index-url; add that", "exit 2"}},
		{"coverage -t debian:12/amd64 --timeout -1s requirements.txt", []string{"--timeout must be 0 or more", "exit 2"}},
		{"select -t debian:12/amd64 --index-url " + address + " a-1.0-py3-none-any.whl", []string{"--index-url is for requirements files; name one", "exit 2"}},
		{"select -t debian:12/amd64 --cache d a-1.0-py3-none-any.whl", []string{"--cache keeps the pages of --index-url; add that", "exit 2"}},
		{"coverage -t debian:12/amd64 requirements.txt", []string{"files unknown for broken, sourceful; give --index-url URL to read the pages of an index", "exit 3"}},
		{target + address + " --extra x requirements.txt", []string{`there is no extra "x"`, "exit 2"}},
	} {
		got := said(test.line, "")
		for _, want := range test.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is not in\n%s", test.line, want, got)
			}
		}
		if strings.Contains(got, "hidden") {
			t.Errorf("%s: the password is in\n%s", test.line, got)
		}
	}
}

// TestIndexCache: pages that have not changed are not sent again. A cache that cannot be
// written is a warning.
func TestIndexCache(t *testing.T) {
	d, address, _ := serveIndex(t)
	writeFiles(t, map[string]string{"requirements.txt": "native\n", "file": ""})
	line := "coverage -t 3.11@debian:12/amd64 --format csv requirements.txt --index-url " + address + " --cache "
	first := said(line+"d", "")
	if second := said(line+"d", ""); d.sent != 1 || first != second || !strings.Contains(first, "exit 0") {
		t.Errorf("%d pages sent; first:\n%ssecond:\n%s", d.sent, first, second)
	}
	got := said(line+"file", "")
	if strings.Count(got, "warning: --cache: ") != 1 || !strings.Contains(got, "pages are not kept") || !strings.Contains(got, "exit 0") {
		t.Error(got)
	}
}

// TestIndexBaseline: the index has the files of the other lock file too.
func TestIndexBaseline(t *testing.T) {
	_, address, _ := serveIndex(t)
	writeFiles(t, map[string]string{"requirements.txt": "native\n", "old.txt": "native==1.0\nsourceful\n"})
	got := said("coverage -t 3.11@debian:12/amd64 --index-url "+address+" --baseline old.txt requirements.txt", "")
	if !strings.Contains(got, "compared with old.txt: 0 worse, 1 better") || !strings.Contains(got, "sourceful on 3.11@debian:12/x86_64: build -> excluded") {
		t.Error(got)
	}
}

// TestIndexInterrupted: an interrupt ends the run.
func TestIndexInterrupted(t *testing.T) {
	_, address, _ := serveIndex(t)
	r := newRun(&bytes.Buffer{}, &bytes.Buffer{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r.ctx, r.indexURL = ctx, address
	r.described.words, r.described.profile = []string{"debian:12/arm64"}, "packaging"
	r.locks = []*lockfile.Lock{{Format: lockfile.Requirements, Packages: []lockfile.Package{{Name: "native", Source: lockfile.Source{Kind: lockfile.FromIndex}}}}}
	if err := r.collect(); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestNoNetwork: without the flag nothing is asked for, whatever the file says.
func TestNoNetwork(t *testing.T) {
	d, address, _ := serveIndex(t)
	writeFiles(t, map[string]string{"requirements.txt": "--index-url " + address + "\n--extra-index-url " + address + "\n-f " + address + "\nnative\n"})
	t.Setenv("PIP_INDEX_URL", address)
	t.Setenv("UV_INDEX_URL", address)
	if err := os.WriteFile("pip.conf", []byte("[global]\nindex-url = "+address+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := said("coverage -t debian:12/amd64 requirements.txt", ""); !strings.Contains(got, "exit 3") || len(d.asked) > 0 {
		t.Errorf("asked for %v\n%s", d.asked, got)
	}
}
