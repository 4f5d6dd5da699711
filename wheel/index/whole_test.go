//go:build unix

package index

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
)

var update = flag.Bool("u", false, "write what a directory becomes into the expected text")

// What differs from run to run, or with the version of Go that compresses.
var (
	digests = regexp.MustCompile(`[0-9a-f]{64}|(?: is )[0-9a-f]{16}\b`)
	uploads = regexp.MustCompile(`"upload-time": "(2[^"]{25}Z)"`)
	sizes   = regexp.MustCompile(`"size": [1-9][0-9]*`)
)

// TestWhole: all that is found about the files of a directory, and the pages that are
// written of it, with views for two targets.
func TestWhole(t *testing.T) {
	dir, again, out := t.TempDir(), t.TempDir(), t.TempDir()
	pool(t, dir)
	putWheel(t, dir, "demo-1.10-2-py3-none-any.whl")
	putWheel(t, dir, "demo-1.11rc1-py3-none-any.whl")
	putWheel(t, dir, "demo-1.11-cp312-cp312-manylinux_2_34_x86_64.whl")
	putWheel(t, dir, "sub/demo-1.0-py3-none-any.whl")
	putRaw(t, dir, "demo-1.10-py3-none-any.whl.yanked", []byte("\n"))
	putRaw(t, dir, "sub/gone-1.tar.gz.yanked", []byte("bad \t metadata\nmore"))
	put(t, dir, "sub/gone-1.tar.gz", nil)
	put(t, again, "gone-1.tar.gz", nil)
	putWheel(t, dir, "native-1-cp311-cp311-linux_x86_64.whl")
	putWheel(t, dir, "native-1-cp311-cp311-manylinux_2_17_x86_64.linux_x86_64.whl")
	putWheel(t, dir, "bad--py3-none-any.whl")
	putWheel(t, dir, "wrong-1-py3-none-any.whl", "Name: other")
	putWheel(t, dir, "late-1-py3-none-any.whl", "Requires-Python: >=x")
	putRaw(t, dir, "cut-1-py3-none-any.whl", []byte("PK"))
	putRaw(t, dir, "no-1-py3-none-any.whl", zipBytes(t, map[string]string{"module.py": ""}))
	if err := os.Mkdir(filepath.Join(dir, "folder-1-py3-none-any.whl"), 0o755); err != nil {
		t.Fatal(err)
	}
	outside := putWheel(t, out, "outside-1-py3-none-any.whl")
	for name, target := range map[string]string{
		"outside-1-py3-none-any.whl": outside, "dead-1-py3-none-any.whl": "nothing", "dead-2-py3-none-any.whl": "demo-1.0-py3-none-any.whl/x", "link-1.0-py3-none-any.whl": "demo-1.0-py3-none-any.whl",
	} {
		link(t, target, filepath.Join(dir, name))
	}
	variantWheel(t, dir, "fast-1.0-cp312-cp312-manylinux_2_17_x86_64-v3.whl", v3)
	variantWheel(t, dir, "fast-1.0-cp312-cp312-manylinux_2_17_x86_64-v4.whl", v3)
	variantWheel(t, dir, "fast-1.0-cp312-cp312-manylinux_2_17_x86_64-v5.whl", "")
	variantWheel(t, dir, "fast-1.1-cp312-cp312-manylinux_2_17_x86_64.whl", v3)
	putRaw(t, dir, "fast-1.2-py3-none-any-v3.whl", zipBytes(t, map[string]string{"fast-1.2.dist-info/METADATA": "Metadata-Version: 2.1\nName: fast\nVersion: 1.2\n", "fast-1.2.dist-info/variant.json": "{"}))
	for _, entry := range must(os.ReadDir(dir)) {
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
			if err := os.Chtimes(filepath.Join(dir, entry.Name()), when, when); err != nil {
				t.Fatal(err)
			}
		}
	}
	site := filepath.Join(t.TempDir(), "site")
	views := []*tags.Target{linuxTarget(t, "old", 11, 17), linuxTarget(t, "new", 12, 39)}
	s := must(OpenSite(site))
	c := must(Collect(t.Context(), []string{dir, again}, CollectOptions{Site: s}))
	c.CheckTargets(views)
	var b strings.Builder
	for _, i := range c.Items {
		fmt.Fprintf(&b, "%s: %s %s, offered %v, wheel %v, Requires-Python %q, yanked %v %q, size %v\n", strings.TrimPrefix(i.Path, dir+"/"), i.Project, i.version, i.Offered, i.IsWheel, i.RequiresPython, i.Yanked, i.YankedReason, i.Size > 0)
		for _, f := range i.Findings {
			fmt.Fprintf(&b, "  %s %s %s: %s [%s %s %v]\n", f.Rule, f.Severity, f.File, f.Message, f.Suggest, f.Need, f.Others)
		}
	}
	for _, p := range c.Problems {
		fmt.Fprintf(&b, "problem: %v\n", p)
	}
	c.Problems = nil
	w := must(s.Write(t.Context(), c, views))
	fmt.Fprintf(&b, "read %d, written %d files of %d projects, %d copied", c.Read, w.Files, w.Projects, w.Copied)
	for _, v := range w.Views {
		fmt.Fprintf(&b, ", %d for %s in %s", v.Files, v.Target.Name(), v.Folder)
	}
	b.WriteByte('\n')
	pages := tree(t, site)
	delete(pages, ManifestName) // its order is that of digests of paths
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		fmt.Fprintf(&b, "\n== %s\n", name)
		if strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".html") || strings.HasSuffix(name, ".metadata") {
			b.WriteString(pages[name])
		}
	}
	got := digests.ReplaceAllString(strings.NewReplacer(dir, "DIR", again, "AGAIN", out, "OUT", site, "SITE").Replace(b.String()), "DIGEST")
	got = sizes.ReplaceAllString(got, `"size": SIZE`)
	got = uploads.ReplaceAllString(got, `"upload-time": "TIME"`)
	const golden = "testdata/whole.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(must(os.ReadFile(golden))), got); diff != "" {
		t.Error(diff)
	}
}
