package index

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// writeSite is one run over the folders.
func writeSite(t testing.TB, site string, views []Target, dirs ...string) (*Collection, Written) {
	t.Helper()
	s, err := OpenSite(site)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Collect(t.Context(), dirs, CollectOptions{Site: s})
	if err != nil {
		t.Fatal(err)
	}
	w, err := s.Write(t.Context(), c, views)
	if err != nil {
		t.Fatal(err)
	}
	return c, w
}

// pool writes some wheels and a source distribution.
func pool(t testing.TB, dir string) {
	putWheel(t, dir, "demo-1.0-py3-none-any.whl", "Requires-Python: >=3.8,<4")
	putWheel(t, dir, "demo-1.10-py3-none-any.whl", "Requires-Python: >=3.12")
	putWheel(t, dir, "demo-1.9+local.1-cp311-cp311-manylinux_2_17_x86_64.whl")
	put(t, dir, "demo-1.9.tar.gz", []byte("source"))
	putWheel(t, dir, "Other.Name-2!1.0-1-cp311-abi3-win_amd64.whl")
}

// TestPages reads the pages back as a client would.
func TestPages(t *testing.T) {
	dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
	pool(t, dir)
	c, w := writeSite(t, site, []Target{linuxTarget(t, "3.11@old", 11, 17)}, dir)
	if w.Files != 5 || w.Projects != 2 || w.Copied != 0 || len(w.Views) != 1 || w.Views[0].Folder != "3.11-old" || w.Views[0].Files != 3 {
		t.Errorf("written: %+v", w)
	}
	byName := map[string]*Item{}
	for _, i := range c.Items {
		byName[i.Name] = i
	}
	for page, want := range map[string][]string{
		"simple/demo":          {"demo-1.0-py3-none-any.whl", "demo-1.9.tar.gz", "demo-1.9+local.1-cp311-cp311-manylinux_2_17_x86_64.whl", "demo-1.10-py3-none-any.whl"},
		"simple/other-name":    {"Other.Name-2!1.0-1-cp311-abi3-win_amd64.whl"},
		"3.11-old/simple/demo": {"demo-1.0-py3-none-any.whl", "demo-1.9.tar.gz", "demo-1.9+local.1-cp311-cp311-manylinux_2_17_x86_64.whl"},
	} {
		for _, form := range []string{"index.html", "index.json"} {
			var got []string
			for f := range readSaved(t, site, page+"/"+form) {
				got = append(got, f.Name)
				i := byName[f.Name]
				if f.Project != i.Project || f.Version != i.Version || f.RequiresPython != i.RequiresPython {
					t.Errorf("%s: %+v", form, f)
				}
				if diff := cmp.Diff(i.Hashes, f.Hashes); diff != "" {
					t.Error(diff)
				}
				if form == "index.json" && f.Size != i.Size {
					t.Errorf("%s: size %d", f.Name, f.Size)
				}
				data, err := os.ReadFile(filepath.Join(site, path.Join(page, unescape(f.URL))))
				if err != nil || digest(data) != f.Hashes[0].Digest {
					t.Errorf("%s: %v", f.URL, err)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s/%s: %s", page, form, diff)
			}
		}
	}
	if _, err := os.Stat(filepath.Join(site, "3.11-old", "simple", "other-name")); err == nil {
		t.Error("the view has a project without files")
	}
}

func unescape(url string) string {
	return url[:strings.LastIndexByte(url, '/')+1] + baseName(url)
}

// readSaved reads a page of a site.
func readSaved(t *testing.T, site, page string) func(func(File) bool) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(site, filepath.FromSlash(page)))
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(File) bool) {
		for f, err := range ReadPage(bytes.NewReader(data), page) {
			if err != nil {
				t.Fatal(err)
			}
			if !yield(f) {
				return
			}
		}
	}
}

// TestGolden holds every byte that is made, but for digests, against what PEP 503,
// 658, 691, 700 and 714 ask for.
func TestGolden(t *testing.T) {
	dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
	name := "demo-1.0+x-py3-none-any.whl"
	putWheel(t, dir, name, "Requires-Python: >=3.8,<4")
	put(t, dir, "demo-1.0.zip", []byte("source"))
	c, _ := writeSite(t, site, nil, dir)
	got := tree(t, site)
	delete(got, ManifestName)
	delete(got, "files/"+name)
	wheelSum, sdistSum := c.Items[0].Hashes[0].Digest, digest([]byte("source"))
	metadata := "Metadata-Version: 2.1\nName: demo\nVersion: 1.0+x\nRequires-Python: >=3.8,<4\n"
	head := func(title string) string {
		return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"pypi:repository-version\" content=\"1.1\">\n<title>" + title + "</title>\n</head>\n<body>\n<h1>" + title + "</h1>\n"
	}
	size, _ := json.Marshal(c.Items[0].Size)
	want := map[string]string{
		"files/" + name + ".metadata": metadata,
		"files/demo-1.0.zip":          "source",
		"simple/index.html":           head("Projects") + "<a href=\"demo/\">demo</a><br>\n</body>\n</html>\n",
		"simple/index.json":           "{\n \"meta\": {\n  \"api-version\": \"1.1\"\n },\n \"projects\": [\n  {\n   \"name\": \"demo\"\n  }\n ]\n}\n",
		"simple/demo/index.html": head("demo") +
			"<a href=\"../../files/demo-1.0.zip#sha256=" + sdistSum + "\">demo-1.0.zip</a><br>\n" +
			"<a href=\"../../files/demo-1.0%2Bx-py3-none-any.whl#sha256=" + wheelSum + "\" data-requires-python=\"&gt;=3.8,&lt;4\" data-core-metadata=\"sha256=" + digest([]byte(metadata)) + "\">" + name + "</a><br>\n</body>\n</html>\n",
		"simple/demo/index.json": `{
 "meta": {
  "api-version": "1.1"
 },
 "name": "demo",
 "versions": [
  "1.0",
  "1.0+x"
 ],
 "files": [
  {
   "filename": "demo-1.0.zip",
   "url": "../../files/demo-1.0.zip",
   "hashes": {
    "sha256": "` + sdistSum + `"
   },
   "size": 6
  },
  {
   "filename": "` + name + `",
   "url": "../../files/demo-1.0%2Bx-py3-none-any.whl",
   "hashes": {
    "sha256": "` + wheelSum + `"
   },
   "requires-python": ">=3.8,<4",
   "size": ` + string(size) + `,
   "core-metadata": {
    "sha256": "` + digest([]byte(metadata)) + `"
   }
  }
 ]
}
`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestStable: the same input gives the same bytes, in whatever order the folders
// come, and a second time over an older site.
func TestStable(t *testing.T) {
	a, b, sites := t.TempDir(), t.TempDir(), t.TempDir()
	pool(t, a)
	putWheel(t, b, "demo-0.1-py3-none-any.whl")
	one, two := filepath.Join(sites, "one"), filepath.Join(sites, "two")
	views := []Target{linuxTarget(t, "x", 11, 17), linuxTarget(t, "y", 12, 17)}
	writeSite(t, one, views, a, b)
	writeSite(t, two, views, b, a)
	first := tree(t, one)
	if diff := cmp.Diff(first, tree(t, two)); diff != "" {
		t.Error(diff)
	}
	writeSite(t, one, views, a, b)
	if diff := cmp.Diff(first, tree(t, one)); diff != "" {
		t.Error(diff)
	}
	if left, err := os.ReadDir(sites); err != nil || len(left) != 2 {
		t.Errorf("beside the sites: %v %v", left, err)
	}
	if strings.Contains(first[ManifestName], filepath.Base(filepath.Dir(a))) {
		t.Error("the manifest tells what the folders are called")
	}
}

// TestIncremental: nothing that kept its size and time is read again. The bytes
// are changed behind its back, so that reading would be noticed.
func TestIncremental(t *testing.T) {
	dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
	pool(t, dir)
	c, _ := writeSite(t, site, nil, dir)
	if c.Read != 5 {
		t.Errorf("first run reads %d files", c.Read)
	}
	before := tree(t, site)
	for _, i := range c.Items {
		put(t, dir, i.Name, bytes.Repeat([]byte("x"), int(i.Size)))
	}
	c, _ = writeSite(t, site, nil, dir)
	if c.Read != 0 || !c.Items[0].Known {
		t.Errorf("second run reads %d files", c.Read)
	}
	after := tree(t, site)
	for name := range before {
		if strings.HasSuffix(name, ".whl") || strings.HasSuffix(name, ".tar.gz") {
			delete(before, name)
			delete(after, name)
		}
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error(diff)
	}
	// By its time, its size or its place a file is another.
	changed := putWheel(t, dir, "demo-1.0-py3-none-any.whl", "Summary: new")
	if err := os.Chtimes(changed, when, when.Add(1)); err != nil {
		t.Fatal(err)
	}
	putWheel(t, dir, "demo-1.10-py3-none-any.whl", "Summary: another size, which is a long one 0123456789")
	moved := filepath.Join(dir, "sub", "demo-1.9.tar.gz")
	if err := errors.Join(os.Mkdir(filepath.Dir(moved), 0o755), os.Rename(filepath.Join(dir, "demo-1.9.tar.gz"), moved)); err != nil {
		t.Fatal(err)
	}
	c, w := writeSite(t, site, nil, dir)
	if c.Read != 3 || w.Files != 5 {
		t.Errorf("third run reads %d files, writes %d", c.Read, w.Files)
	}
	// A file that is gone is gone from the site.
	if err := os.Remove(moved); err != nil {
		t.Fatal(err)
	}
	writeSite(t, site, nil, dir)
	if _, err := os.Stat(filepath.Join(site, "files", "demo-1.9.tar.gz")); err == nil {
		t.Error("a file stays that is no longer there")
	}
}

// TestSelfHealing: pages and metadata that were changed in a site are put right,
// although no wheel is known to have changed.
func TestSelfHealing(t *testing.T) {
	dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
	pool(t, dir)
	writeSite(t, site, nil, dir)
	want := tree(t, site)
	for _, name := range []string{"simple/index.html", "simple/demo/index.json", "files/demo-1.0-py3-none-any.whl.metadata"} {
		put(t, site, name, []byte("changed"))
	}
	if err := os.Remove(filepath.Join(site, "files", "demo-1.10-py3-none-any.whl.metadata")); err != nil {
		t.Fatal(err)
	}
	writeSite(t, site, nil, dir)
	if diff := cmp.Diff(want, tree(t, site)); diff != "" {
		t.Error(diff)
	}
}

// TestHelperChanges: what another helper said of a linux_* wheel is not taken
// over; what the same one said is.
func TestHelperChanges(t *testing.T) {
	dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
	putWheel(t, dir, "a-1.0-cp311-cp311-linux_x86_64.whl")
	putWheel(t, dir, "b-1.0-py3-none-any.whl")
	for _, run := range []struct {
		by          string
		asked, read int
	}{{"one", 1, 2}, {"one", 0, 0}, {"two", 1, 1}, {"two", 0, 0}} {
		s, err := OpenSite(site)
		if err != nil {
			t.Fatal(err)
		}
		asked := 0
		c, err := Collect(t.Context(), []string{dir}, CollectOptions{Site: s, TrueNameBy: run.by, TrueName: func(context.Context, string) string {
			asked++
			return "better.whl"
		}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Write(t.Context(), c, nil); err != nil {
			t.Fatal(err)
		}
		if asked != run.asked || c.Read != run.read || !slices.Contains(codes(c), "a-1.0-cp311-cp311-linux_x86_64.whl: note could-be-manylinux") {
			t.Errorf("%+v: asked %d, read %d, found %v", run, asked, c.Read, codes(c))
		}
	}
}

// TestCopy: what cannot be linked to is copied, with its time, and the copy is
// linked to the next time.
func TestCopy(t *testing.T) {
	dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
	name := "demo-1.0-py3-none-any.whl"
	source := putWheel(t, dir, name)
	c := collect(t, dir)
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	w := siteWriter{ctx: t.Context(), site: &Site{path: site}, collection: c, folder: root.Name(), root: root}
	if err := w.copy(c.Items[0], name); err != nil {
		t.Fatal(err)
	}
	info, err := root.Stat(name)
	if err != nil || !info.ModTime().Equal(when) || info.Size() != c.Items[0].Size {
		t.Errorf("%v %v", info, err)
	}
	if err := w.copy(c.Items[0], name); !errors.Is(err, os.ErrExist) {
		t.Errorf("over another file: %v", err)
	}
	put(t, site, "files/"+name, []byte("a copy"))
	if c.Items[0].facts.Size = 6; w.link(c.Items[0], "linked") {
		t.Error("linked to what has another size")
	}
	c.Items[0].Known = true
	if !w.link(c.Items[0], "linked") {
		t.Error("not linked to the copy of the older site")
	}
	if err := os.Chtimes(source, when, when.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	put(t, dir, name, []byte("another"))
	if err := w.copy(c.Items[0], "changed"); !errors.Is(err, errChanged) {
		t.Errorf("a changed file: %v", err)
	}
}

// TestFailureKeepsTheOld: whatever goes wrong, the old site stays and nothing is
// left beside it.
func TestFailureKeepsTheOld(t *testing.T) {
	dir, sites := t.TempDir(), t.TempDir()
	site := filepath.Join(sites, "site")
	pool(t, dir)
	writeSite(t, site, nil, dir)
	want := tree(t, site)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, test := range map[string]struct {
		ctx    context.Context
		dirs   []string
		before func(*Site, *Collection)
	}{
		"missing folder": {t.Context(), []string{dir, filepath.Join(dir, "nothere")}, nil},
		"in the site":    {t.Context(), []string{dir, filepath.Join(site, "files")}, nil},
		"cancelled":      {cancelled, []string{dir}, nil},
		"changed meanwhile": {t.Context(), []string{dir}, func(_ *Site, c *Collection) {
			c.Items[0].facts.SHA256, c.Items[0].facts.MTime = digest(nil), 0
		}},
		"gone meanwhile": {t.Context(), []string{dir}, func(_ *Site, c *Collection) {
			gone := *c.Items[0]
			gone.Path, gone.Name = "nothere", "x-1-py3-none-any.whl"
			c.Items = append(c.Items, &gone)
		}},
		"no parent": {t.Context(), []string{dir}, func(s *Site, _ *Collection) { s.path = filepath.Join(sites, "a", "b") }},
		"became foreign": {t.Context(), []string{dir}, func(s *Site, _ *Collection) {
			s.path = filepath.Join(dir, "..", filepath.Base(dir))
		}},
	} {
		s, err := OpenSite(site)
		if err != nil {
			t.Fatal(err)
		}
		c, err := Collect(t.Context(), test.dirs, CollectOptions{Site: s})
		if err != nil {
			t.Fatal(err)
		}
		if test.before != nil {
			test.before(s, c)
		}
		_, err = s.Write(test.ctx, c, nil)
		var fault *Error
		if name == "cancelled" && !errors.Is(err, context.Canceled) || name != "cancelled" && (!errors.As(err, &fault) || fault.Code != CodeWrite) {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, tree(t, site)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if left, _ := os.ReadDir(sites); len(left) != 1 {
			t.Errorf("%s leaves %v", name, left)
		}
	}
	if len(tree(t, dir)) != 5 {
		t.Error("the input was changed")
	}
}

// TestForeign: only what was made here is replaced.
func TestForeign(t *testing.T) {
	dir := t.TempDir()
	pool(t, filepath.Join(dir, "pool"))
	made := filepath.Join(dir, "made")
	writeSite(t, made, []Target{linuxTarget(t, "x", 11, 17)}, filepath.Join(dir, "pool"))
	if err := os.Mkdir(filepath.Join(dir, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	put(t, dir, "damaged/"+ManifestName, []byte(`{"schema": "something else"}`))
	put(t, dir, "cut/"+ManifestName, []byte(`{"schema": "wheeltag.index-manifest/v1"`))
	put(t, dir, "newer/"+ManifestName, []byte(`{"schema": "wheeltag.index-manifest/v9", "views": ["y"]}`))
	put(t, dir, "newer/y/simple/index.html", nil)
	put(t, dir, "linked/real", nil)
	link(t, filepath.Join(made, ManifestName), filepath.Join(dir, "linked", ManifestName))
	link(t, made, filepath.Join(dir, "link"))
	for name, want := range map[string]string{
		"made": "", "empty": "", "newer": "", "nothere": "", "pool": "folder with other content", "damaged": "damaged", "cut": "damaged",
		"linked": "damaged", "link": "is no folder", "pool/demo-1.9.tar.gz": "is no folder",
	} {
		_, err := OpenSite(filepath.Join(dir, name))
		var fault *Error
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case want != "" && (!errors.As(err, &fault) || fault.Code != CodeForeign || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	put(t, made, "robots.txt", nil)
	if _, err := OpenSite(made); err == nil || !strings.Contains(err.Error(), "robots.txt") {
		t.Errorf("a file that somebody added: %v", err)
	}
}

// TestSiteBelowInput: a site in the folder that it is made from is not taken for
// input, nor is what a killed run left there.
func TestSiteBelowInput(t *testing.T) {
	dir := t.TempDir()
	pool(t, dir)
	site := filepath.Join(dir, "site")
	put(t, dir, ".site.wheeltag-ABCDEF/files/left-1.0.tar.gz", nil)
	writeSite(t, site, nil, dir)
	first := tree(t, site)
	c, _ := writeSite(t, site, nil, dir)
	if len(c.Items) != 5 {
		t.Errorf("%d files", len(c.Items))
	}
	if diff := cmp.Diff(first, tree(t, site)); diff != "" {
		t.Error(diff)
	}
}

// TestErrorsAreLeftOut: what has an error is not offered, the rest is.
func TestErrorsAreLeftOut(t *testing.T) {
	a, b, site := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "site")
	pool(t, a)
	putWheel(t, b, "demo-1.0-py3-none-any.whl", "Summary: other")
	putWheel(t, b, "demo-3.0-py3-none-any.whl", "Version: 4")
	put(t, b, "demo-5.0-py3-none-any.whl", []byte("no zip"))
	putWheel(t, b, "demo-1.10-py3-none-any.whl", "Requires-Python: >=3.12")
	_, w := writeSite(t, site, nil, a, b)
	if w.Files != 4 {
		t.Errorf("%d files", w.Files)
	}
	got := slices.Sorted(maps.Keys(tree(t, filepath.Join(site, "files"))))
	want := []string{
		"Other.Name-2!1.0-1-cp311-abi3-win_amd64.whl", "Other.Name-2!1.0-1-cp311-abi3-win_amd64.whl.metadata",
		"demo-1.10-py3-none-any.whl", "demo-1.10-py3-none-any.whl.metadata",
		"demo-1.9+local.1-cp311-cp311-manylinux_2_17_x86_64.whl", "demo-1.9+local.1-cp311-cp311-manylinux_2_17_x86_64.whl.metadata", "demo-1.9.tar.gz",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
