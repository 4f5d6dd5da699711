package index

import (
	"bytes"
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
)

// writeSite is one run over the folders.
func writeSite(t testing.TB, site string, views []*tags.Target, dirs ...string) (*Collection, Written) {
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
	c, w := writeSite(t, site, []*tags.Target{linuxTarget(t, "3.11@old", 11, 17)}, dir)
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
	delete(got, "pypi/demo/json") // see TestLegacy
	delete(got, "files/"+name)
	wheelSum, sdistSum := c.Items[0].Hashes[0].Digest, digest(sdistBytes(t, "demo-1.0.zip", []byte("source")))
	metadata := "Metadata-Version: 2.1\nName: demo\nVersion: 1.0+x\nRequires-Python: >=3.8,<4\n"
	head := func(title string) string {
		return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"pypi:repository-version\" content=\"1.1\">\n<title>" + title + "</title>\n</head>\n<body>\n<h1>" + title + "</h1>\n"
	}
	size, _ := json.Marshal(c.Items[0].Size)
	want := map[string]string{
		"files/" + name + ".metadata": metadata,
		"files/demo-1.0.zip":          string(sdistBytes(t, "demo-1.0.zip", []byte("source"))),
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
   "size": 201,
   "upload-time": "2024-05-06T07:08:09.123456Z"
  },
  {
   "filename": "` + name + `",
   "url": "../../files/demo-1.0%2Bx-py3-none-any.whl",
   "hashes": {
    "sha256": "` + wheelSum + `"
   },
   "requires-python": ">=3.8,<4",
   "size": ` + string(size) + `,
   "upload-time": "2024-05-06T07:08:09.123456Z",
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
