package index

import (
	"html"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
)

// TestServable: names that would need quoting, or lead elsewhere, are kept out.
func TestServable(t *testing.T) {
	for name, want := range map[string]bool{
		"demo-1.0-py3-none-any.whl":                true,
		"A.b_c-1!1.0+x.y-1_z-py2.py3-none-any.whl": true,
		"demo-1.0-1<b>-py3-none-any.whl":           false,
		"demo-1.0-1\"-py3-none-any.whl":            false,
		"demo-1.0-1&amp;-py3-none-any.whl":         false,
		"demo-1.0-1\\..\\x-py3-none-any.whl":       false,
		"demo-1.0-1/../x-py3-none-any.whl":         false,
		"demo-1.0-1%2e%2e-py3-none-any.whl":        false,
		"demo-1.0-1#x-py3-none-any.whl":            false,
		"demo-1.0-1?x-py3-none-any.whl":            false,
		"demo-1.0-1 x-py3-none-any.whl":            false,
		"demo-1.0-1\nx-py3-none-any.whl":           false,
		"demo-1.0-1\x00-py3-none-any.whl":          false,
		"demo-1.0-1\x1b[2J-py3-none-any.whl":       false,
		"demo-1.0-1\x7f-py3-none-any.whl":          false,
		"demo-1.0-1\xff-py3-none-any.whl":          false,
		"demo-1.0-1~-py3-none-any.whl":             false,
		"d\u00e9mo-1.0-py3-none-any.whl":           false,
	} {
		if err := servable(name, "demo"); (err == nil) != want {
			t.Errorf("%q: %v", name, err)
		}
	}
	for project, want := range map[string]bool{
		"demo": true, "d": true, "0": true, "a-b-1": true, "a0": true, "z9": true, "0a": true, "9z": true, "a-9": true,
		"a`": false, "a{": false, "a/": false, "a:": false,
		"": false, "-": false, "-a": false, "a-": false, "a.b": false, "a_b": false, "A": false, "..": false, "a/b": false, "d\u00e9mo": false, "a b": false,
	} {
		if isProject(project) != want {
			t.Errorf("%q: %v", project, !want)
		}
	}
}

// TestHostileNames: a folder with names of all kinds gives a site that has the
// harmless ones, and pages without a trace of the others.
func TestHostileNames(t *testing.T) {
	dir, sites := t.TempDir(), t.TempDir()
	hostile := []string{
		"demo-1.0-1<script>alert(1)<-py3-none-any.whl", "demo-1.0-1\"onclick=\"-py3-none-any.whl", "demo-1.0-1\\..\\..\\x-py3-none-any.whl",
		"..-1.0-py3-none-any.whl", ".-1.0-py3-none-any.whl", "_-1.0-py3-none-any.whl", "demo-1.0-1\n\r-py3-none-any.whl", "demo-1.0-1\x1b[31m-py3-none-any.whl",
		"..-1.0.tar.gz", "%2e%2e-1.0.tar.gz", "<b>-1.0.tar.gz", " -1.0.zip", "index.html-1.0 .tar.gz", "d\u00e9mo-1.0.tar.gz", "-1.0.tar.gz", "\xff-1.0.tar.gz",
		"demo-1.0-1-\u202ewhl.any-none-any.whl",
	}
	for _, name := range hostile {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o644); err != nil {
			t.Logf("%q cannot be written here: %v", name, err)
		}
	}
	putWheel(t, dir, "index.html-1.0-py3-none-any.whl", "Requires-Python: ===\"><script>")
	putWheel(t, dir, "files-1.0-py3-none-any.whl")
	put(t, dir, "simple-1.0.tar.gz", nil)
	site := filepath.Join(sites, "site")
	c, w := writeSite(t, site, []*tags.Target{linuxTarget(t, "../../x", 11, 17), linuxTarget(t, "files", 11, 17), linuxTarget(t, "simple", 11, 17), linuxTarget(t, "..", 11, 17)}, dir)
	if w.Files != 3 {
		t.Errorf("%d files", w.Files)
	}
	for _, i := range c.Items {
		if slices.Contains(hostile, i.Name) && (i.Offered || len(i.Findings) == 0) {
			t.Errorf("%q: offered %v, %v", i.Name, i.Offered, i.Findings)
		}
	}
	var folders []string
	for _, v := range w.Views {
		folders = append(folders, v.Folder)
	}
	if diff := cmp.Diff([]string{"x", "files-2", "simple-2", "target"}, folders); diff != "" {
		t.Error(diff)
	}
	for name, text := range tree(t, site) {
		if strings.HasSuffix(name, ".html") && strings.Contains(html.UnescapeString(text), "alert(1)") || strings.HasSuffix(name, ".html") && strings.Contains(text, "<script") {
			t.Errorf("%s: %s", name, text)
		}
	}
	if left, err := os.ReadDir(sites); err != nil || len(left) != 1 {
		t.Errorf("outside the site: %v %v", left, err)
	}
	for f := range readSaved(t, site, "simple/index-html/index.html") {
		if f.RequiresPython != `==="><script>` {
			t.Errorf("Requires-Python: %s", f.RequiresPython)
		}
	}
}

func TestSlug(t *testing.T) {
	for name, want := range map[string]string{
		"3.11@debian:12/x86_64": "3.11-debian-12-x86_64", "API": "api", "a//b": "a-b", "..": "target", "": "target", "./.x./": "x",
		"root:../../etc": "root-..-..-etc", "\u00e9": "target", strings.Repeat("a", 300): strings.Repeat("a", 100),
	} {
		if got := Slug(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	same := []*tags.Target{linuxTarget(t, "a:b", 11, 17), linuxTarget(t, "a/b", 11, 17), linuxTarget(t, "a-b-2", 11, 17), linuxTarget(t, ManifestName, 11, 17)}
	if diff := cmp.Diff([]string{"a-b", "a-b-2", "a-b-2-2", ManifestName + "-2"}, slugs(same)); diff != "" {
		t.Error(diff)
	}
}

func TestEscapeURL(t *testing.T) {
	for name, want := range map[string]string{"a-1.0_b~": "a-1.0_b~", "1!1+x": "1%211%2Bx", "a/b c%": "a%2Fb%20c%25", "\u00e9": "%C3%A9"} {
		if got := escapeURL(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// FuzzNames: whatever the name of a file is, it cannot lead out of its folder or
// into the markup, and what is offered is found again under its name.
func FuzzNames(f *testing.F) {
	for _, name := range []string{"demo-1.0-py3-none-any.whl", "a-1.0.tar.gz", "a-1-1\"><-py3-none-any.whl", "..-1.0.zip", "-1!1.tar", "é-1.tgz"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		file := File{Name: name}
		ok, err := file.identify("")
		if !ok || err != nil || servable(name, file.Project) != nil {
			return
		}
		if strings.ContainsAny(name+file.Project, "/\\<>\"'& \x00\n%#?") || name != filepath.Base(name) || file.Project != filepath.Base(file.Project) || strings.Contains(file.Project, ".") {
			t.Errorf("%q of %q", name, file.Project)
		}
		if got := baseName("../" + escapeURL(name)); got != name {
			t.Errorf("%q is linked as %q", name, got)
		}
	})
}
