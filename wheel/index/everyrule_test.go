package index

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// TestEveryRule has for each rule that this package reports a directory that breaks it
// and a neighbour that does not.
func TestEveryRule(t *testing.T) {
	const pure, linux = "demo-1.0-py3-none-any.whl", "demo-1.0-cp311-cp311-linux_x86_64.whl"
	wheels := func(names ...string) func(string) {
		return func(dir string) {
			for _, name := range names {
				putWheel(t, dir, name, "Summary: "+name)
			}
		}
	}
	with := func(name string, fields ...string) func(string) {
		return func(dir string) { putWheel(t, dir, name, fields...) }
	}
	same := func(dir string) { putWheel(t, dir, "a/"+pure); putWheel(t, dir, "b/"+pure) }
	linked := func(target string) func(string) {
		return func(dir string) {
			putWheel(t, dir, "kept/demo-1.1-py3-none-any.whl")
			outside := filepath.Join(filepath.Dir(dir), "outside")
			putWheel(t, outside, pure)
			link(t, target, filepath.Join(dir, pure))
		}
	}
	sdist := func(info bool) func(string) {
		return func(dir string) {
			if info {
				put(t, dir, "demo-1.0.zip", nil)
				return
			}
			putRaw(t, dir, "demo-1.0.zip", zipBytes(t, map[string]string{"demo-1.0/setup.py": ""}))
		}
	}
	mode := func(m os.FileMode) func(string) {
		return func(dir string) {
			if err := os.Chmod(putWheel(t, dir, pure), m); err != nil {
				t.Fatal(err)
			}
		}
	}
	variants := func(label, one, other string) func(string) {
		return func(dir string) {
			variantWheel(t, dir, "demo-1.0-cp311-cp311-win_amd64-"+label+".whl", `"v3": {"x86_64": {"level": ["`+one+`"]}}`)
			variantWheel(t, dir, "demo-1.0-cp312-cp312-win_amd64-v3.whl", `"v3": {"x86_64": {"level": ["`+other+`"]}}`)
		}
	}
	for rule, pair := range map[string][2]func(string){
		FoundDeadLink:        {linked("nothere"), linked("kept/demo-1.1-py3-none-any.whl")},
		FoundOutside:         {linked("../outside/" + pure), linked("kept/demo-1.1-py3-none-any.whl")},
		FoundSameName:        {func(dir string) { putWheel(t, dir, "a/"+pure); putWheel(t, dir, "b/"+pure, "Summary: other") }, same},
		FoundSameBytes:       {same, func(dir string) { putWheel(t, dir, "a/"+pure) }},
		FoundBadName:         {func(dir string) { put(t, dir, "demo.whl", wheelBytes(t, pure)) }, wheels(pure)},
		FoundBadSdistName:    {func(dir string) { put(t, dir, "demo.tar.gz", nil) }, func(dir string) { put(t, dir, "demo-1.tar.gz", nil) }},
		FoundNotNormal:       {wheels("Demo-1.0-py3-none-any.whl"), wheels(pure)},
		FoundUnreadable:      {func(dir string) { data := wheelBytes(t, pure); put(t, dir, pure, data[:len(data)-1]) }, wheels(pure)},
		FoundMismatch:        {with(pure, "Version: 1.1"), with(pure, "Version: v1")},
		FoundRequiresPython:  {with(pure, "Requires-Python: three"), with(pure, "Requires-Python: >=3")},
		FoundNoTarget:        {wheels("demo-1.0-cp312-cp312-manylinux_2_17_x86_64.whl"), wheels("demo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl")},
		FoundShadowed:        {wheels("demo-1.0-1-py3-none-any.whl", "demo-1.0-2-py3-none-any.whl"), wheels("demo-1.0-1-py3-none-any.whl", "demo-1.1-2-py3-none-any.whl")},
		FoundVariant:         {variants("v4", "v3", "v3"), variants("v3", "v3", "v3")},
		FoundVariantConflict: {variants("v3", "v3", "v4"), variants("v3", "v3", "v3")},
		FoundNoPkgInfo:       {sdist(false), sdist(true)},
		FoundPrivate:         {mode(0o640), mode(0o644)},
		FoundCouldBe:         {wheels(linux), wheels("demo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl")},
	} {
		for i, make := range pair {
			dir := filepath.Join(t.TempDir(), "dir")
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			make(dir)
			c, err := Collect(t.Context(), []string{dir}, CollectOptions{SuggestName: func(context.Context, string) string { return "better" }})
			if err != nil {
				t.Fatal(err)
			}
			if rule == FoundNoTarget {
				c.CheckTargets([]*tags.Target{linuxTarget(t, "old", 11, 17)})
			}
			found := slices.ContainsFunc(c.Items, func(i *Item) bool {
				return slices.ContainsFunc(i.Findings, func(f finding.Finding) bool { r, _ := finding.Lookup(f.Rule); return r.Name == rule })
			})
			if found != (i == 0) {
				t.Errorf("%s: directory %d of its pair: found %v, %v", rule, i, found, codes(c))
			}
		}
	}
}
