package index

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pageOf reads both forms of the page of a project.
func pageOf(t *testing.T, site, name string) (page projectPage, html string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(site, "simple", name, "index.json"))
	if err == nil {
		err = json.Unmarshal(text, &page)
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err = os.ReadFile(filepath.Join(site, "simple", name, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	return page, string(text)
}

// TestStatus: the status of a project is on its pages, and a quarantined one has a page
// without files.
func TestStatus(t *testing.T) {
	dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
	for _, name := range []string{"Old.Demo-1.0", "demo-1.0", "evil-1.0", "zoo-1.0"} {
		putWheel(t, dir, name+"-py3-none-any.whl")
	}
	put(t, dir, "sub/old_demo.project-status", []byte("archived\r\nUse \"demo\" <now>\n and\tthat\n"))
	put(t, dir, "evil.project-status", []byte(" quarantined"))
	put(t, dir, "gone.project-status", []byte("quarantined\n"))
	put(t, dir, "absent.project-status", []byte("archived\n"))
	c, w := writeSite(t, site, nil, dir)
	if diff := cmp.Diff([]string{"evil"}, c.Quarantined); diff != "" || w.Files != 3 || len(c.Problems) > 0 {
		t.Errorf("%v %+v %v", c.Quarantined, w, c.Problems)
	}
	for name, want := range map[string]struct {
		version, status, html string
		files                 int
	}{
		"old-demo": {"1.4", `{"status":"archived","reason":"Use \"demo\" \u003cnow\u003e and that"}`, "<meta name=\"pypi:project-status\" content=\"archived\">\n<meta name=\"pypi:project-status-reason\" content=\"Use &#34;demo&#34; &lt;now&gt; and that\">\n", 1},
		"evil":     {"1.4", `{"status":"quarantined"}`, "<meta name=\"pypi:project-status\" content=\"quarantined\">\n<title>", 0},
		"gone":     {"1.4", `{"status":"quarantined"}`, "<meta name=\"pypi:project-status\" content=\"quarantined\">\n<title>", 0},
		"demo":     {"1.1", `null`, "content=\"1.1\">\n<title>", 1},
	} {
		page, html := pageOf(t, site, name)
		status, _ := json.Marshal(page.Status)
		if page.Meta.APIVersion != want.version || string(status) != want.status || len(page.Files) != want.files || len(page.Versions) != want.files {
			t.Errorf("%s: %+v %s", name, page, status)
		}
		if !strings.Contains(html, want.html) || strings.Count(html, "<a ") != want.files || !strings.Contains(html, `repository-version" content="`+want.version+`"`) {
			t.Errorf("%s: %s", name, html)
		}
	}
	root, err := os.ReadFile(filepath.Join(site, "simple", "index.html"))
	if got := strings.Count(string(root), "<a "); err != nil || got != 5 || strings.Contains(string(root), "absent") {
		t.Errorf("%d projects, error %v", got, err)
	}
	for name, there := range map[string]bool{"files/evil-1.0-py3-none-any.whl": false, "files/demo-1.0-py3-none-any.whl": true, "pypi/evil/json": false, "pypi/demo/json": true} {
		if _, err := os.Stat(filepath.Join(site, filepath.FromSlash(name))); (err == nil) != there {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestStatusProblems: a status that cannot be read keeps the site as it was.
func TestStatusProblems(t *testing.T) {
	for name, files := range map[string]map[string]string{
		`the first line must be active, archived, quarantined, deprecated, not "evil"`: {"demo.project-status": "evil\n"},
		`the first line must be active, archived, quarantined, deprecated, not ""`:     {"demo.project-status": ""},
		`"-demo" is not a valid project name`:                                          {"-demo.project-status": "archived"},
		"larger than 16384 bytes":                                                      {"demo.project-status": "archived\n" + strings.Repeat("x", 16<<10)},
		"states something else than":                                                   {"a/demo.project-status": "archived", "b/Demo.project-status": "deprecated"},
	} {
		dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
		putWheel(t, dir, "demo-1.0-py3-none-any.whl")
		for file, text := range files {
			put(t, dir, file, []byte(text))
		}
		s, err := OpenSite(site)
		if err != nil {
			t.Fatal(err)
		}
		c, err := Collect(t.Context(), []string{dir}, CollectOptions{Site: s})
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Problems) != 1 || c.Problems[0].Code != CodeStatus || !strings.Contains(c.Problems[0].Error(), name) {
			t.Errorf("%v; want %s", c.Problems, name)
		}
		if _, err := s.Write(t.Context(), c, nil); err == nil {
			t.Error("the site was written")
		}
	}
	dir := t.TempDir()
	putWheel(t, dir, "demo-1.0-py3-none-any.whl")
	put(t, dir, "same/demo.project-status", []byte("deprecated"))
	put(t, dir, "demo.project-status", []byte("deprecated\n"))
	if c, err := Collect(t.Context(), []string{dir}, CollectOptions{}); err != nil || len(c.Problems) > 0 {
		t.Errorf("%v, error %v", c.Problems, err)
	}
	if err := os.Symlink(filepath.Join(dir, "demo.project-status"), filepath.Join(dir, "x.project-status")); err == nil {
		if c, _ := Collect(t.Context(), []string{dir}, CollectOptions{}); len(c.Problems) != 1 || !strings.Contains(c.Problems[0].Error(), "not a regular file") {
			t.Errorf("a link: %v", c.Problems)
		}
	}
}

const provenance = `{"version": 1, "attestation_bundles": [{"publisher": {"kind": "GitHub"}, "attestations": [{"version": 1}]}]}`

// TestProvenance: it is passed on as it is, and listed where its URL is a complete one.
func TestProvenance(t *testing.T) {
	dir := t.TempDir()
	putWheel(t, dir, "demo-1.0+x-py3-none-any.whl")
	putWheel(t, dir, "demo-1.1-py3-none-any.whl")
	put(t, dir, "demo-1.0+x-py3-none-any.whl.provenance", []byte(provenance))
	for filesURL, want := range map[string]string{"": "", "http://host/f": "", "https://host/f/": "https://host/f/demo-1.0%2Bx-py3-none-any.whl.provenance"} {
		s, err := OpenSite(filepath.Join(t.TempDir(), "site"))
		if err != nil {
			t.Fatal(err)
		}
		s.FilesURL = filesURL
		c, err := Collect(t.Context(), []string{dir}, CollectOptions{Site: s})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Write(t.Context(), c, nil); err != nil {
			t.Fatal(err)
		}
		page, html := pageOf(t, s.path, "demo")
		version := "1.1"
		if want != "" {
			version = "1.3"
		}
		if page.Files[0].Provenance != want || page.Files[1].Provenance != "" || page.Meta.APIVersion != version {
			t.Errorf("%s: %+v", filesURL, page)
		}
		if got := strings.Count(html, ` data-provenance="`+want+`"`); got != len(want)/max(len(want), 1) {
			t.Errorf("%s: %s", filesURL, html)
		}
		text, err := os.ReadFile(filepath.Join(s.path, "files", "demo-1.0+x-py3-none-any.whl.provenance"))
		if err != nil || string(text) != provenance {
			t.Errorf("%q, error %v", text, err)
		}
	}
}

// TestBadProvenance: what is not valid is not passed on, and the file is offered.
func TestBadProvenance(t *testing.T) {
	for text, want := range map[string]string{
		"":               "not a provenance object: EOF",
		"[]":             "not a provenance object: json",
		provenance + "x": "something follows it",
		`{"version": 2, "attestation_bundles": [{}]}`: "not a provenance object of version 1 with attestation_bundles",
		`{"version": 1, "attestation_bundles": []}`:   "not a provenance object of version 1 with attestation_bundles",
		strings.Repeat(" ", maxProvenance) + "{":      "larger than 4194304 bytes",
	} {
		dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
		putWheel(t, dir, "demo-1.0-py3-none-any.whl")
		put(t, dir, "demo-1.0-py3-none-any.whl.provenance", []byte(text))
		c, w := writeSite(t, site, nil, dir)
		if f := c.Items[0].Findings; len(f) != 1 || f[0].Rule != "WT610" || !strings.Contains(f[0].Message, want) || w.Files != 1 {
			t.Errorf("%.20q: %v", text, f)
		}
		if _, err := os.Stat(filepath.Join(site, "files", "demo-1.0-py3-none-any.whl.provenance")); err == nil {
			t.Errorf("%.20q is passed on", text)
		}
	}
}
