package repository

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/wheel/remote"
)

// pages is an index that counts what it answers.
type pages struct {
	text   map[string]string // by path
	etag   string
	user   string // "" if anybody may read
	sent   int    // pages with their content
	asked  []string
	accept string
}

func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.asked = append(p.asked, r.URL.RequestURI())
	p.accept = r.Header.Get("Accept")
	if user, password, _ := r.BasicAuth(); p.user != "" && user+":"+password != p.user {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	text, ok := p.text[r.URL.Path]
	switch {
	case r.URL.Path == "/simple/moved/":
		http.Redirect(w, r, "/other/simple/demo/", http.StatusMovedPermanently)
		return
	case !ok:
		w.WriteHeader(http.StatusNotFound)
		return
	case p.etag != "":
		w.Header().Set("ETag", p.etag)
		if r.Header.Get("If-None-Match") == p.etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	p.sent++
	fmt.Fprint(w, text)
}

func serve(t *testing.T, p *pages) string {
	t.Helper()
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	return server.URL
}

// files asks for a project and returns the names and links of its files, without the
// address of the server.
func files(t *testing.T, r *Repository, address, project string) ([]string, error) {
	t.Helper()
	seq, err := r.Files(t.Context(), project)
	if err != nil {
		return nil, err
	}
	var list []string
	for f, err := range seq {
		if err != nil {
			list = append(list, strings.ReplaceAll(err.Error(), address, ""))
			continue
		}
		list = append(list, f.Name+" "+strings.TrimPrefix(f.URL, address))
	}
	return list, nil
}

func open(t *testing.T, address string, o Options) *Repository {
	t.Helper()
	r, err := Open(address, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

const (
	jsonPage = `{"meta": {"api-version": "1.1"}, "name": "demo", "files": [
{"filename": "demo-1.0-py3-none-any.whl", "url": "../../files/demo-1.0-py3-none-any.whl", "hashes": {}},
{"filename": "demo-1.0.tar.gz", "url": "https://user:secret@files.example.org/demo-1.0.tar.gz?x=1", "hashes": {}}]}`
	htmlPage = `<!DOCTYPE html><html><body><a href="demo-2.0-py3-none-any.whl#sha256=00">demo</a>
<a href="/demo-bad-.whl">bad</a><a href="%zz/demo-3.0.tar.gz">odd</a></body></html>`
)

// TestFiles: both kinds of page, with links that are absolute.
func TestFiles(t *testing.T) {
	p := &pages{text: map[string]string{"/simple/demo-x/": jsonPage, "/simple/html/": htmlPage, "/other/simple/demo/": htmlPage}}
	address := serve(t, p)
	for _, slash := range []string{"", "/"} {
		r := open(t, address+"/simple"+slash, Options{})
		for project, want := range map[string][]string{
			"Demo_X": {"demo-1.0-py3-none-any.whl /files/demo-1.0-py3-none-any.whl", "demo-1.0.tar.gz https://files.example.org/demo-1.0.tar.gz?x=1"},
			"html": {"demo-2.0-py3-none-any.whl /simple/html/demo-2.0-py3-none-any.whl",
				`/simple/html/:2: "demo-bad-.whl": not a wheel name: want name-version[-build]-python-abi-platform[-variant].whl`, "demo-3.0.tar.gz %zz/demo-3.0.tar.gz"},
			"moved": {"demo-2.0-py3-none-any.whl /other/simple/demo/demo-2.0-py3-none-any.whl",
				`/other/simple/demo/:2: "demo-bad-.whl": not a wheel name: want name-version[-build]-python-abi-platform[-variant].whl`, "demo-3.0.tar.gz %zz/demo-3.0.tar.gz"},
		} {
			got, err := files(t, r, address, project)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%s: error %v, (-want +got):\n%s", project, err, diff)
			}
		}
	}
	if !strings.HasPrefix(p.accept, "application/vnd.pypi.simple.v1+json,") {
		t.Errorf("asked for %q", p.accept)
	}
}

// TestNoProject: an index that has no such project is no failure, and a name that is
// none is not asked for.
func TestNoProject(t *testing.T) {
	p := &pages{}
	address := serve(t, p)
	r := open(t, address+"/simple/", Options{})
	if _, err := files(t, r, address, "none"); !errors.Is(err, ErrNoProject) {
		t.Errorf("error %v", err)
	}
	p.asked = nil
	for _, name := range []string{"", "..", "a/b", "../../etc", "a?b", "a#b", "a b", "ä"} {
		if _, err := files(t, r, address, name); !errors.Is(err, ErrNoProject) {
			t.Errorf("%q: error %v", name, err)
		}
	}
	if len(p.asked) > 0 {
		t.Errorf("asked for %q", p.asked)
	}
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	var fault *remote.Error
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := open(t, server.URL, Options{}).Files(ctx, "demo"); !errors.As(err, &fault) || fault.Code != remote.CodeCancelled {
		t.Errorf("error %v", err)
	}
}

// TestCredentials: they are sent to the index, and are in no message and no link. The
// query of the URL stays with it.
func TestCredentials(t *testing.T) {
	p := &pages{text: map[string]string{"/simple/demo/": htmlPage}, user: "me:secret"}
	address := serve(t, p)
	with := func(user string) string {
		return strings.Replace(address, "://", "://"+user+"@", 1) + "/simple?key=secret#part"
	}
	got, err := files(t, open(t, with("me:secret"), Options{}), address, "demo")
	if err != nil || len(got) != 3 || strings.Contains(strings.Join(got, " "), "secret") {
		t.Errorf("%q, error %v", got, err)
	}
	if want := []string{"/simple/demo/?key=secret"}; !cmp.Equal(p.asked, want) {
		t.Errorf("asked for %q", p.asked)
	}
	_, err = files(t, open(t, with("me:secret2"), Options{}), address, "demo")
	if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "access denied") {
		t.Errorf("error %v", err)
	}
	for _, bad := range []string{"", "simple", "file:///secret", "https://", "ftp://me:secret@host/", "https://me:sec%ret@host/", "https://host:secret/"} {
		if r, err := Open(bad, Options{}); err != ErrURL || r != nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: error %v", bad, err)
		}
	}
}

// TestCache: a page is sent once, and asked for each time.
func TestCache(t *testing.T) {
	p := &pages{text: map[string]string{"/simple/demo/": htmlPage}, etag: `"1"`}
	address, dir := serve(t, p), t.TempDir()
	ask := func(o Options) []string {
		t.Helper()
		r, err := Open(strings.Replace(address, "://", "://me:secret@", 1)+"/simple", o)
		if err != nil {
			t.Fatal(err)
		}
		list, err := files(t, r, address, "demo")
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		return list
	}
	cached := Options{Cache: dir, CacheSize: 1 << 20}
	first := ask(cached)
	if second := ask(cached); len(first) != 3 || !cmp.Equal(first, second) || p.sent != 1 || len(p.asked) != 2 {
		t.Errorf("%q, then %q; %d of %d requests sent the page", first, second, p.sent, len(p.asked))
	}
	p.etag, p.text["/simple/demo/"] = `"2"`, "<html><a href='demo-5.0.tar.gz'>x</a>"
	if list := ask(cached); len(list) != 1 || p.sent != 2 {
		t.Errorf("after a change: %q", list)
	}
	p.etag = ""
	ask(cached)
	if ask(Options{}); p.sent != 4 {
		t.Errorf("%d pages sent", p.sent)
	}
	filepath.WalkDir(dir, func(path string, d os.DirEntry, _ error) error {
		if text, err := os.ReadFile(path); err == nil && strings.Contains(string(text), "secret") {
			t.Errorf("%s has the password", path)
		}
		return nil
	})
}

// TestCacheNotWritten: the pages come all the same, and Close says why they are not kept.
func TestCacheNotWritten(t *testing.T) {
	p := &pages{text: map[string]string{"/simple/demo/": htmlPage}, etag: `"1"`}
	address := serve(t, p)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	r, err := Open(address+"/simple", Options{Cache: file})
	if err != nil {
		t.Fatal(err)
	}
	if list, err := files(t, r, address, "demo"); err != nil || len(list) != 3 {
		t.Errorf("%q, error %v", list, err)
	}
	if err := r.Close(); err == nil {
		t.Error("no error")
	}
}
