package index

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// TestFindings: each finding, and beside it what comes near and is none.
func TestFindings(t *testing.T) {
	const pure = "demo-1.0-py3-none-any.whl"
	for _, test := range []struct {
		name string
		make func(t *testing.T, dir string)
		want []string
	}{
		{"nothing", func(t *testing.T, dir string) {
			putWheel(t, dir, pure)
			putWheel(t, dir, "demo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl")
			put(t, dir, "demo-1.0.tar.gz", []byte("x"))
			put(t, dir, "demo-1.0-py3-none-any.whl.asc", nil)
			put(t, dir, "SHA256SUMS", nil)
		}, []string{}},
		{"dead link", func(t *testing.T, dir string) {
			putWheel(t, dir, "sub/"+pure)
			link(t, "sub/"+pure, filepath.Join(dir, pure))
			link(t, "nothere", filepath.Join(dir, "demo-1.1-py3-none-any.whl"))
		}, []string{"demo-1.1-py3-none-any.whl: error dead-link", pure + ": note same-bytes"}},
		{"link to itself", func(t *testing.T, dir string) {
			link(t, pure, filepath.Join(dir, pure))
		}, []string{pure + ": error unreadable"}},
		{"link to a folder", func(t *testing.T, dir string) {
			link(t, ".", filepath.Join(dir, pure))
		}, []string{pure + ": error unreadable"}},
		{"same name, other bytes", func(t *testing.T, dir string) {
			putWheel(t, dir, "a/"+pure)
			putWheel(t, dir, "b/"+pure, "Summary: other")
			putWheel(t, dir, "c/"+pure)
		}, []string{pure + ": error same-name", pure + ": error same-name", pure + ": error same-name"}},
		{"same name, same bytes", func(t *testing.T, dir string) {
			putWheel(t, dir, "a/"+pure)
			putWheel(t, dir, "b/"+pure)
		}, []string{pure + ": note same-bytes"}},
		{"same name, one unreadable", func(t *testing.T, dir string) {
			put(t, dir, "a/"+pure, []byte("x"))
			putWheel(t, dir, "b/"+pure)
		}, []string{pure + ": error unreadable"}},
		{"source distributions of two kinds", func(t *testing.T, dir string) {
			put(t, dir, "demo-1.tar.gz", []byte("x"))
			put(t, dir, "demo-1.zip", []byte("y"))
		}, []string{"demo-1.zip: warning not-normal"}},
		// 1.0 and 1.00 are one version, but the tags are others.
		{"not normal", func(t *testing.T, dir string) {
			putWheel(t, dir, "Demo-1.0-py3.py2-none-any.whl")
			putWheel(t, dir, "demo-1.00-py3-none-any.whl")
		}, []string{"Demo-1.0-py3.py2-none-any.whl: warning not-normal", "Demo-1.0-py3.py2-none-any.whl: note tag-order", "demo-1.00-py3-none-any.whl: warning not-normal"}},
		{"no name at all", func(t *testing.T, dir string) {
			put(t, dir, "demo.whl", nil)
			put(t, dir, "notes.tar.gz", nil)
		}, []string{"demo.whl: error bad-name", "notes.tar.gz: warning bad-sdist-name"}},
		{"unreadable", func(t *testing.T, dir string) {
			put(t, dir, "a-1.0-py3-none-any.whl", nil)
			put(t, dir, "b-1.0-py3-none-any.whl", []byte("<html>"))
			put(t, dir, "c-1.0-py3-none-any.whl", zipBytes(t, map[string]string{"c.py": ""}))
			put(t, dir, "d-1.0-py3-none-any.whl", zipBytes(t, map[string]string{"a.dist-info/METADATA": "", "b.dist-info/METADATA": ""}))
			whole := wheelBytes(t, "e-1.0-py3-none-any.whl")
			put(t, dir, "e-1.0-py3-none-any.whl", whole[:len(whole)-1])
		}, []string{"a-1.0-py3-none-any.whl: error unreadable", "b-1.0-py3-none-any.whl: error unreadable", "c-1.0-py3-none-any.whl: error unreadable", "d-1.0-py3-none-any.whl: error unreadable", "e-1.0-py3-none-any.whl: error unreadable"}},
		{"mismatch", func(t *testing.T, dir string) {
			putWheel(t, dir, "a-1.0-py3-none-any.whl", "Name: b")
			putWheel(t, dir, "c-1.0-py3-none-any.whl", "Version: 1.1")
			putWheel(t, dir, "d-1.0-py3-none-any.whl", "Version: 1.0+local")
			putWheel(t, dir, "e-1.0-py3-none-any.whl", "Version: one")
			// The same by PEP 503 and PEP 440.
			putWheel(t, dir, "f_g-1.0-py3-none-any.whl", "Name: F.G", "Version: v1")
		}, []string{"a-1.0-py3-none-any.whl: error mismatch", "c-1.0-py3-none-any.whl: error mismatch", "d-1.0-py3-none-any.whl: error mismatch", "e-1.0-py3-none-any.whl: error mismatch"}},
		{"Requires-Python", func(t *testing.T, dir string) {
			putWheel(t, dir, "a-1.0-py3-none-any.whl", "Requires-Python: three")
			putWheel(t, dir, "b-1.0-py3-none-any.whl", "Requires-Python: >=3.7,\n !=3.9.*")
			putWheel(t, dir, "c-1.0-py3-none-any.whl", "Requires-Python: ===\x01")
			putWheel(t, dir, "d-1.0-py3-none-any.whl", "Requires-Python: ===\xff")
			putWheel(t, dir, "e-1.0-py3-none-any.whl", "Requires-Python: >3"+strings.Repeat(",>3", 500))
			putWheel(t, dir, "f-1.0-py3-none-any.whl", `Requires-Python: ==="><script>`)
		}, []string{"a-1.0-py3-none-any.whl: warning requires-python", "c-1.0-py3-none-any.whl: warning requires-python", "d-1.0-py3-none-any.whl: warning requires-python", "e-1.0-py3-none-any.whl: warning requires-python"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			test.make(t, dir)
			c := collect(t, dir)
			if diff := cmp.Diff(test.want, codes(c)); diff != "" {
				t.Error(diff)
			}
			for _, i := range c.Items {
				if i.Offered && i.fails() {
					t.Errorf("%s has an error and is offered", i.Path)
				}
			}
		})
	}
}

func link(t *testing.T, target, path string) {
	t.Helper()
	if err := os.Symlink(target, path); err != nil {
		t.Skip("no symbolic links here:", err)
	}
}

// TestShadowed: of builds with the same version and tags the highest wins, unless
// it is for fewer Pythons.
func TestShadowed(t *testing.T) {
	for _, test := range []struct {
		name  string
		files []string // "name [field]"
		want  []string // "name by name"
	}{
		{"numbers, not text", []string{"a-1.0-9-py3-none-any.whl", "a-1.0-10-py3-none-any.whl", "a-1.0-py3-none-any.whl"},
			[]string{"a-1.0-9-py3-none-any.whl by a-1.0-10-py3-none-any.whl", "a-1.0-py3-none-any.whl by a-1.0-10-py3-none-any.whl"}},
		{"tags that are equal without their dots", []string{"a-1-1-1.py3-none-any.whl", "a-1-2-1p.y3-none-any.whl"}, nil},
		{"other platforms", []string{"a-1-1-cp311-cp311-win32.whl", "a-1-2-cp311-cp311-linux_i686.whl"}, nil},
		{"order of tags, zeros and case", []string{"a-1.0-1-py2.py3-none-any.whl", "A-1-2-py3.py2-none-ANY.whl"},
			[]string{"a-1.0-1-py2.py3-none-any.whl by A-1-2-py3.py2-none-ANY.whl"}},
		{"equal", []string{"a-1.0-py3-none-any.whl", "A-1.0-py3-none-any.whl"}, []string{"a-1.0-py3-none-any.whl by A-1.0-py3-none-any.whl"}},
		{"other tags", []string{"a-1.0-1-py3-none-any.whl", "a-1.0-2-py2.py3-none-any.whl"}, nil},
		{"other versions", []string{"a-1.0-1-py3-none-any.whl", "a-1.1-2-py3-none-any.whl"}, nil},
		{"other projects", []string{"a-1.0-1-py3-none-any.whl", "b-1.0-2-py3-none-any.whl"}, nil},
		{"for fewer Pythons", []string{"a-1.0-1-py3-none-any.whl", "a-1.0-2-py3-none-any.whl Requires-Python: >=3.12"}, nil},
		{"for the same Pythons", []string{"a-1.0-1-py3-none-any.whl Requires-Python: >=3.12", "a-1.0-2-py3-none-any.whl Requires-Python: >=3.12"},
			[]string{"a-1.0-1-py3-none-any.whl by a-1.0-2-py3-none-any.whl"}},
		{"for more Pythons", []string{"a-1.0-1-py3-none-any.whl Requires-Python: >=3.12", "a-1.0-2-py3-none-any.whl"},
			[]string{"a-1.0-1-py3-none-any.whl by a-1.0-2-py3-none-any.whl"}},
		{"by the third", []string{"a-1.0-1-py3-none-any.whl", "a-1.0-2-py3-none-any.whl", "a-1.0-3-py3-none-any.whl Requires-Python: >=3.12"},
			[]string{"a-1.0-1-py3-none-any.whl by a-1.0-2-py3-none-any.whl"}},
		{"by one that is broken", []string{"a-1.0-1-py3-none-any.whl", "a-1.0-2-py3-none-any.whl Version: 2"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			for _, f := range test.files {
				name, field, _ := strings.Cut(f, " ")
				fields := []string{"Summary: " + name}
				if field != "" {
					fields = append(fields, field)
				}
				putWheel(t, dir, name, fields...)
			}
			var got []string
			for _, i := range collect(t, dir).Items {
				for _, f := range i.Findings {
					if rule, _ := finding.Lookup(f.Rule); rule.Name == FoundShadowed {
						got = append(got, i.Name+" by "+filepath.Base(f.Others[0]))
					}
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTargets(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "a-0.9.tar.gz", []byte("x"))
	putWheel(t, dir, "a-1.0-py3-none-any.whl")
	putWheel(t, dir, "b-1.0-cp311-cp311-manylinux_2_28_x86_64.whl")
	putWheel(t, dir, "c-1.0-cp311-cp311-manylinux_2_28_aarch64.whl")
	putWheel(t, dir, "d-1.0-py3-none-any.whl", "Requires-Python: >=3.12")
	put(t, dir, "e-1.0.tar.gz", nil)
	old, new := linuxTarget(t, "old", 11, 17), linuxTarget(t, "new", 12, 40)
	for _, test := range []struct {
		targets []*tags.Target
		want    []string // name: message
	}{
		{nil, nil},
		{[]*tags.Target{old}, []string{"b: needs glibc 2.28 or newer; old has 2.17", "c: built for aarch64 machines; old is x86_64", "d: its metadata requires Python >=3.12; old has 3.11"}},
		{[]*tags.Target{old, new}, []string{
			"b: not accepted by any of the 2 targets: 1 for glibc-version, 1 for python-version",
			"c: not accepted by any of the 2 targets: 1 for machine, 1 for python-version"}},
		{[]*tags.Target{old, old, linuxTarget(t, "x", 11, 28)}, []string{
			"c: not accepted by any of the 3 targets: 3 for machine",
			"d: not accepted by any of the 3 targets: 3 for requires-python"}},
	} {
		c := collect(t, dir)
		c.CheckTargets(test.targets)
		var got []string
		for _, i := range c.Items {
			for _, f := range i.Findings {
				got = append(got, i.Project+": "+f.Message)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// TestTrueName: the helper is asked about linux_* wheels alone.
func TestTrueName(t *testing.T) {
	dir := t.TempDir()
	putWheel(t, dir, "a-1.0-cp311-cp311-linux_x86_64.whl")
	putWheel(t, dir, "b-1.0-cp311-cp311-Linux_x86_64.whl")
	putWheel(t, dir, "c-1.0-cp311-cp311-manylinux_2_17_x86_64.whl")
	putWheel(t, dir, "d-1.0-cp311-cp311-musllinux_1_2_x86_64.whl")
	putWheel(t, dir, "e-1.0-cp311-cp311-linux_armv7l.whl")
	put(t, dir, "linux_x86_64-1.0.tar.gz", nil)
	c, err := Collect(t.Context(), []string{dir}, CollectOptions{SuggestName: func(_ context.Context, path string) string {
		if name := filepath.Base(path); name[0] != 'e' {
			return name + "!"
		}
		return ""
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"a-1.0-cp311-cp311-linux_x86_64.whl: warning could-be-manylinux", "b-1.0-cp311-cp311-Linux_x86_64.whl: warning not-normal", "b-1.0-cp311-cp311-Linux_x86_64.whl: warning could-be-manylinux"}
	if diff := cmp.Diff(want, codes(c)); diff != "" {
		t.Error(diff)
	}
	if s := c.Items[0].Findings[0].Suggest; s != "a-1.0-cp311-cp311-linux_x86_64.whl!" {
		t.Error(s)
	}
}

// TestSelection: rules that are not looked at, and other severities, which also
// decide what a site offers.
func TestSelection(t *testing.T) {
	dir := t.TempDir()
	const linux, odd = "a-1.0-cp311-cp311-linux_x86_64.whl", "b-1.0-cp311-cp311-Linux_x86_64.whl"
	putWheel(t, dir, linux)
	putWheel(t, dir, odd)
	o := CollectOptions{SuggestName: func(context.Context, string) string { return "better" }}
	o.Selection.Ignore = []string{"WT107"}
	o.Selection.Severity = map[string]finding.Severity{FoundNotNormal: finding.Error}
	c, err := Collect(t.Context(), []string{dir}, o)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{odd + ": error not-normal"}, codes(c)); diff != "" {
		t.Error(diff)
	}
	if !c.Items[0].Offered || c.Items[1].Offered {
		t.Errorf("offered: %v, %v", c.Items[0].Offered, c.Items[1].Offered)
	}
}

// TestProblems: what concerns a whole folder.
func TestProblems(t *testing.T) {
	dir := t.TempDir()
	file := putWheel(t, dir, "a-1.0-py3-none-any.whl")
	empty := filepath.Join(dir, "empty")
	if err := os.Mkdir(empty, 0o755); err != nil {
		t.Fatal(err)
	}
	c := collect(t, filepath.Join(dir, "nothere"), file, empty, dir)
	var got []string
	for _, p := range c.Problems {
		got = append(got, filepath.Base(p.Source)+": "+p.Code)
	}
	if diff := cmp.Diff([]string{"nothere: read", "a-1.0-py3-none-any.whl: read", "empty: read"}, got); diff != "" {
		t.Error(diff)
	}
	if len(c.Items) != 1 || !c.Items[0].Offered {
		t.Errorf("%d items", len(c.Items))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Collect(ctx, []string{dir}, CollectOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestNamesakesListed: the message lists at most twenty other files.
func TestNamesakesListed(t *testing.T) {
	for others, dots := range map[int]bool{20: false, 21: true} {
		dir := t.TempDir()
		put(t, dir, "a/demo-1.tar.gz", []byte("x"))
		for n := range others {
			put(t, dir, fmt.Sprintf("b/%02d/demo-1.tar.gz", n), []byte("y"))
		}
		f := collect(t, dir).Items[0].Findings[0]
		if len(f.Others) != 20 || strings.HasSuffix(f.Message, " ...") != dots {
			t.Errorf("%d others: %d listed, %s", others, len(f.Others), f.Message)
		}
	}
}

// TestRefusal: the most common reason comes first, then the one of the first target.
func TestRefusal(t *testing.T) {
	reason := func(code tags.ReasonCode) tags.Reason { return tags.Reason{Code: code, Message: "as " + string(code)} }
	for _, test := range []struct {
		reasons []tags.Reason
		want    string
	}{
		{[]tags.Reason{reason("a")}, "as a"},
		{[]tags.Reason{reason("a"), reason("b"), reason("b"), reason("c")}, "not accepted by any of the 4 targets: 2 for b, 1 for a, 1 for c"},
		{[]tags.Reason{reason("b"), reason("a")}, "not accepted by any of the 2 targets: 1 for b, 1 for a"},
		{[]tags.Reason{reason("c"), reason("b"), reason("a"), reason("b"), reason("a"), reason("a")}, "not accepted by any of the 6 targets: 3 for a, 2 for b, 1 for c"},
	} {
		if got := refusal(test.reasons); got != test.want {
			t.Errorf("%s, want %s", got, test.want)
		}
	}
}

// TestEmptyAndOld: a file of the size and time of facts that do not exist is read.
func TestEmptyAndOld(t *testing.T) {
	dir := t.TempDir()
	path := put(t, dir, "demo-1.zip", nil)
	if err := os.Chtimes(path, time.Unix(0, 0), time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	c := collect(t, dir)
	if i := c.Items[0]; i.Known || c.Read != 1 || i.facts.SHA256 != digest(sdistBytes(t, "demo-1.zip", nil)) {
		t.Errorf("%+v", i)
	}
}

func TestClip(t *testing.T) {
	if long := clip(strings.Repeat("a", 101)); long != strings.Repeat("a", 100)+"..." || clip(long[:100]) != long[:100] {
		t.Error(long)
	}
}

// TestStoppedWhileReading: a long file does not hold up the end.
func TestStoppedWhileReading(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	i := &Item{File: File{Path: put(t, t.TempDir(), "a-1.0.zip", []byte("x"))}, rules: &finding.Selection{}}
	if err := i.read(ctx); err != nil {
		t.Error(err)
	}
	cancel()
	if err := i.read(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
