package index

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// TestLinksOut: a symbolic link that leads out of the directory is not read and not
// offered, also if nobody looks at the rule; what it leads to is never hard-linked.
func TestLinksOut(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "dir")
	secret := put(t, base, "secret-1.0.tar.gz", []byte("secret"))
	putWheel(t, dir, "pool/demo-1.0-py3-none-any.whl")
	link(t, secret, filepath.Join(dir, "out-1.0.tar.gz"))
	link(t, "../secret-1.0.tar.gz", filepath.Join(dir, "up-1.0.tar.gz"))
	link(t, "up-1.0.tar.gz", filepath.Join(dir, "twice-1.0.tar.gz"))
	link(t, filepath.Join("pool", "demo-1.0-py3-none-any.whl"), filepath.Join(dir, "demo-1.0-py3-none-any.whl"))
	link(t, "/etc/passwd", filepath.Join(dir, "p-1.0.tar.gz"))
	for name, o := range map[string]CollectOptions{
		"by default": {}, "rule ignored": {Selection: finding.Selection{Ignore: []string{"outside-link"}}}, "copied": {CopyLinks: true},
	} {
		site := filepath.Join(t.TempDir(), "site")
		s, err := OpenSite(site)
		if err != nil {
			t.Fatal(err)
		}
		c, err := Collect(t.Context(), []string{dir}, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range c.Items {
			inside := strings.HasPrefix(i.Name, "demo")
			if !inside && !o.CopyLinks && (i.Offered || i.Hashes != nil || i.facts.SHA256 != "" || i.open2(t)) {
				t.Errorf("%s: %s is read: %+v", name, i.Name, i.Findings)
			}
			if outside := slices.ContainsFunc(i.Findings, func(f finding.Finding) bool { return ruleName(f) == FoundOutside }); outside == (inside || name != "by default") {
				t.Errorf("%s: %s has %+v", name, i.Name, i.Findings)
			}
		}
		if _, err := s.Write(t.Context(), c, nil); err != nil {
			t.Fatal(err)
		}
		// What the links lead to has another name in PKG-INFO, or none.
		want := []string{"demo-1.0-py3-none-any.whl", "demo-1.0-py3-none-any.whl.metadata"}
		entries, err := os.ReadDir(filepath.Join(site, filesFolder))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range entries {
			got = append(got, e.Name())
			for _, path := range []string{secret, "/etc/passwd"} {
				a, _ := os.Stat(path)
				if b, _ := e.Info(); os.SameFile(a, b) || !b.Mode().IsRegular() {
					t.Errorf("%s: %s is %s", name, e.Name(), path)
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: offered %q, want %q", name, got, want)
		}
	}
	// With the flag, a link is copied.
	good := put(t, base, "good-1.0.tar.gz", nil)
	only := filepath.Join(base, "only")
	if err := os.Mkdir(only, 0o755); err != nil {
		t.Fatal(err)
	}
	link(t, good, filepath.Join(only, "good-1.0.tar.gz"))
	site := filepath.Join(t.TempDir(), "site")
	s, _ := OpenSite(site)
	c, err := Collect(t.Context(), []string{only}, CollectOptions{CopyLinks: true})
	if err != nil {
		t.Fatal(err)
	}
	w, err := s.Write(t.Context(), c, nil)
	a, _ := os.Stat(good)
	b, err2 := os.Lstat(filepath.Join(site, filesFolder, "good-1.0.tar.gz"))
	if err != nil || err2 != nil || w.Copied != 1 || os.SameFile(a, b) {
		t.Errorf("%+v, %v, %v", w, err, err2)
	}
}

func ruleName(f finding.Finding) string {
	rule, _ := finding.Lookup(f.Rule)
	return rule.Name
}

// open2 reports whether a link that leads out can be opened after all.
func (i *Item) open2(t *testing.T) bool {
	t.Helper()
	located := *i
	located.top, _ = filepath.EvalSymlinks(filepath.Dir(i.Path))
	located.near = i.Name
	f, err := located.open()
	if err == nil {
		f.Close()
	}
	return err == nil
}

// TestLeftovers: what killed runs left is removed, and a site that one of them had
// moved away is put back.
func TestLeftovers(t *testing.T) {
	base := t.TempDir()
	dir, site := filepath.Join(base, "in"), filepath.Join(base, "si*te")
	pool(t, dir)
	writeSite(t, site, nil, dir)
	want := tree(t, site)
	for _, moved := range []bool{false, true} {
		putRaw(t, base, ".si*te.wheeltag-AAAAAAAAAA/files/x", nil)
		putRaw(t, base, ".site.wheeltag-BBBBBBBBBB/files/x", nil) // of another site
		if moved {
			if err := os.Rename(site, filepath.Join(base, ".si*te.wheeltag-CCCCCCCCCC-old")); err != nil {
				t.Fatal(err)
			}
		}
		c, _ := writeSite(t, site, nil, dir)
		if got := tree(t, site); len(got) != len(want) || c.Read > 5 {
			t.Errorf("moved %v: %d files", moved, len(got))
		}
		entries, _ := os.ReadDir(base)
		var names []string
		for _, e := range entries {
			names = append(names, e.Name())
		}
		if !slices.Equal(names, []string{".site.wheeltag-BBBBBBBBBB", "in", "si*te"}) {
			t.Errorf("moved %v: left %q", moved, names)
		}
	}
}

// TestNoGap: a reader always finds a complete site, also while many runs write it.
func TestNoGap(t *testing.T) {
	dir, base := t.TempDir(), t.TempDir()
	site := filepath.Join(base, "site")
	pool(t, dir)
	writeSite(t, site, nil, dir)
	if exchange(filepath.Join(base, "nothere"), site) == nil {
		t.Fatal("nothing was exchanged")
	}
	a, b := filepath.Join(base, "a"), filepath.Join(base, "b")
	putRaw(t, a, "a", nil)
	putRaw(t, b, "b", nil)
	if err := exchange(a, b); err != nil {
		t.Skipf("this file system cannot exchange directories: %v", err)
	}
	os.RemoveAll(a)
	os.RemoveAll(b)
	done := make(chan struct{})
	var looks, gaps int
	var reader, writers sync.WaitGroup
	reader.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			looks++
			if _, err := os.Stat(filepath.Join(site, "simple", "index.html")); err != nil {
				gaps++
			}
		}
	})
	for range 6 {
		writers.Go(func() {
			s, err := OpenSite(site)
			if err != nil {
				t.Error(err)
				return
			}
			c, err := Collect(t.Context(), []string{dir}, CollectOptions{Site: s})
			if err == nil {
				_, err = s.Write(t.Context(), c, nil)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	close(done)
	reader.Wait()
	if gaps > 0 || looks == 0 {
		t.Errorf("%d of %d looks found no site", gaps, looks)
	}
	if left, _ := os.ReadDir(base); len(left) != 1 {
		t.Errorf("left %v", left)
	}
}

// TestSdistFindings: what is wrong with source distributions, and their Requires-Python.
func TestSdistFindings(t *testing.T) {
	dir := t.TempDir()
	whole := sdistBytes(t, "cut-1.0.tar.gz", nil)
	putRaw(t, dir, "cut-1.0.tar.gz", whole[:len(whole)/2])
	putRaw(t, dir, "byte-1.0.tar.gz", []byte("x"))
	putRaw(t, dir, "other-1.0.tar.gz", sdistBytes(t, "wrong-1.0.tar.gz", nil))
	putRaw(t, dir, "older-1.0.tar.gz", sdistBytes(t, "older-0.9.tar.gz", nil))
	putRaw(t, dir, "bare-1.0.zip", []byte("PK\x05\x06"+strings.Repeat("\x00", 18)))
	putRaw(t, dir, "new-1.0.tar.gz", sdistBytes(t, "new-1.0.tar.gz", nil, "Requires-Python: >=3.12"))
	putRaw(t, dir, "xz-1.0.tar.xz", []byte("x"))
	private := put(t, dir, "private-1.0.tar.gz", nil)
	if err := os.Chmod(private, 0o600); err != nil {
		t.Fatal(err)
	}
	put(t, dir, "gone-1.0.tar.gz", nil)
	putRaw(t, dir, "gone-1.0.tar.gz.yanked", []byte("broken  <b>\nmore\n"))
	got := map[string]string{}
	c := collect(t, dir)
	for _, i := range c.Items {
		text := i.RequiresPython
		for _, f := range i.Findings {
			text += ruleName(f) + ": " + f.Message
		}
		if i.Yanked {
			text += "yanked " + i.YankedReason
		}
		got[i.Name] = text
	}
	for name, want := range map[string]string{
		"cut-1.0.tar.gz": "unreadable: not a source distribution: unexpected EOF", "byte-1.0.tar.gz": "unreadable: not a source distribution: unexpected EOF",
		"other-1.0.tar.gz": `mismatch: PKG-INFO has the project "wrong"`, "older-1.0.tar.gz": `mismatch: PKG-INFO has the version "0.9"`,
		"bare-1.0.zip": "not-normal: the name of a source distribution must be bare-1.0.tar.gzno-pkg-info: has no PKG-INFO in a directory at the top", "new-1.0.tar.gz": ">=3.12", "xz-1.0.tar.xz": "not-normal: the name of a source distribution must be xz-1.0.tar.gz",
		"private-1.0.tar.gz": "private-file: has the mode -rw-------", "gone-1.0.tar.gz": "yanked broken <b>",
	} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
	site := filepath.Join(t.TempDir(), "site")
	s, _ := OpenSite(site)
	s.FilesURL = "https://files.example.org/w/"
	if _, err := s.Write(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
	pages := tree(t, site)
	for name, want := range map[string]string{
		"simple/new/index.html":  `href="https://files.example.org/w/new-1.0.tar.gz#sha256=`,
		"simple/gone/index.html": `data-yanked="broken &lt;b&gt;"`, "simple/gone/index.json": `"yanked": "broken <b>"`,
		"simple/new/index.json": `"requires-python": ">=3.12"`,
	} {
		if !strings.Contains(pages[name], want) {
			t.Errorf("%s lacks %s:\n%s", name, want, pages[name])
		}
	}
	if pages["simple/cut/index.html"] != "" || pages["simple/other/index.html"] != "" || pages["simple/bare/index.html"] == "" {
		t.Error("offered what is damaged or misnamed, or not what has no PKG-INFO")
	}
}

// TestPolicyOrder: builders sort policies by age; another order of other tags is not
// normal.
func TestPolicyOrder(t *testing.T) {
	dir := t.TempDir()
	putWheel(t, dir, "a-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl")
	putWheel(t, dir, "b-1.0-py3.py2-none-any.whl")
	putWheel(t, dir, "c-1.0-cp311-cp311-manylinux_2_17_x86_64.linux_x86_64.whl")
	for _, i := range collect(t, dir).Items {
		odd := slices.ContainsFunc(i.Findings, func(f finding.Finding) bool { return ruleName(f) == FoundTagOrder })
		if odd == (i.Project == "a") {
			t.Errorf("%s: %+v", i.Name, i.Findings)
		}
	}
}

// TestLegacy: the older JSON has the files by version, and those of the newest final one.
func TestLegacy(t *testing.T) {
	dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
	pool(t, dir)
	putWheel(t, dir, "demo-2.0rc1-py3-none-any.whl")
	putWheel(t, dir, "demo-1.11-py3-none-any.whl")
	putRaw(t, dir, "demo-1.11-py3-none-any.whl.yanked", nil)
	writeSite(t, site, nil, dir)
	var page legacyPage
	if err := json.Unmarshal([]byte(tree(t, site)["pypi/demo/json"]), &page); err != nil {
		t.Fatal(err)
	}
	if page.Info.Version != "1.10" || page.Info.RequiresPython != ">=3.12" || len(page.URLs) != 1 || page.URLs[0].URL != "../../files/demo-1.10-py3-none-any.whl" {
		t.Errorf("%+v", page)
	}
	if f := page.Releases["1.11"]; len(f) != 1 || !f[0].Yanked || f[0].YankedReason != nil || f[0].PackageType != "bdist_wheel" || len(page.Releases) != 6 {
		t.Errorf("%+v", page.Releases)
	}
	if f := page.Releases["1.9"]; len(f) != 1 || f[0].PackageType != "sdist" || f[0].UploadTime != "2024-05-06T07:08:09.123456Z" {
		t.Errorf("%+v", f)
	}
}
