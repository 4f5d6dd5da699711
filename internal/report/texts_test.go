package report

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/elfaudit/loader"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// written gives results to the handler of a format, and returns what it writes, with the
// messages behind a bar.
func written(t *testing.T, format string, c Config, records ...Record) string {
	t.Helper()
	if c.Width == 0 {
		c.Width = 80
	}
	var out, messages bytes.Buffer
	h, err := New(format, &out, &messages, c)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if err := h.Report(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	for m := range strings.Lines(messages.String()) {
		text += "| " + m
	}
	return text
}

// TestDescribe: what a file is, in a phrase.
func TestDescribe(t *testing.T) {
	one, two := []audit.ELF{{}}, []audit.ELF{{}, {}}
	for want, r := range map[string]*audit.Report{
		"no native code": {PlatformTag: "any"}, "1 PE file": {Other: []audit.Other{{Format: "PE"}}}, "2 Mach-O files": {Other: []audit.Other{{Format: "Mach-O"}, {Format: "PE"}}},
		"1 ELF file for Android, not checked": {ELF: one, Libc: "bionic"}, "2 ELF files; what it needs cannot be determined": {ELF: two, Verdict: finding.Unknown}, "2 ELF files, of a kind that has no platform tag": {ELF: two, Verdict: finding.Fail},
		"manylinux_2_17_x86_64 = manylinux2014_x86_64, 1 ELF file": {ELF: one, Libc: "glibc", PlatformTag: "manylinux_2_17_x86_64", PlatformTags: []string{"manylinux_2_17_x86_64", "manylinux2014_x86_64"}, Other: []audit.Other{{Format: "PE"}}},
		"a = b (needs no libc), 2 ELF files":                       {ELF: two, Libc: "none", PlatformTag: "a", PlatformTags: []string{"a", "b"}, Verdict: finding.Unknown},
	} {
		if got := describe(r); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestAuditText: findings, what was allowed, and the answers to demands.
func TestAuditText(t *testing.T) {
	r := &audit.Report{File: "demo.whl", Verdict: finding.Fail, ELF: []audit.ELF{{}}, Libc: "glibc", PlatformTag: "manylinux_2_17_x86_64", Unseen: 3, Findings: []finding.Finding{
		{Rule: "WT202", Severity: finding.Error, File: "a.so", Message: "needs libfoo.so"}, {Rule: "WT210", Severity: finding.Note, Message: "claims too much"}, {Rule: "WT208", Severity: finding.Warning, File: "demo.whl", Message: "of itself"},
	}}
	version := manylinux.Demand{Kind: manylinux.KindVersion, Library: "libc.so.6", Version: "GLIBC_2.34"}
	a := &Audit{
		Schema: AuditSchema, Report: r, Allowed: []finding.Allowed{{Finding: finding.Finding{Rule: "WT203", File: "b.so"}, Reason: "tested", Expires: "2027-01-01"}},
		Required: []Requirement{
			{Tag: "manylinux_2_34", Answer: manylinux.Yes}, {Tag: "manylinux_2_5", Answer: manylinux.No, Causes: []manylinux.Demand{version, version, version}}, {Tag: "manylinux_2_6", Answer: manylinux.No, Causes: []manylinux.Demand{version}}, {Tag: "manylinux_2_7", Answer: manylinux.No},
			{Tag: "musllinux_1_2", Answer: manylinux.NotApplicable}, {Tag: "manylinux_2_8", Answer: manylinux.Unknown},
		},
		Targets: []Target{
			{Result: loads.Result{Release: "a", Loads: loads.Yes}}, {Result: loads.Result{Release: "b", Loads: loads.No, Missing: []string{"x", "y", "z", "w"}}}, {Result: loads.Result{Release: "c", Loads: loads.Unknown, NoData: []string{"p"}}}, {Result: loads.Result{Release: "d", Loads: loads.Conditional, Install: []string{"liba"}}}, {Result: loads.Result{Release: "e", Loads: loads.Conditional, Install: []string{"liba", "libb"}}},
			{Result: loads.Result{Release: "f", Loads: loads.Unknown, NoData: []string{"p"}, Install: []string{"liba"}}},
			{Result: loads.Result{Release: "g", Loads: loads.Yes}, Refusal: "too old"}, {Result: loads.Result{Release: "h", Loads: loads.No, Missing: []string{"x"}}, Refusal: "too old"}, {Result: loads.Result{Release: "i", Loads: loads.Unknown, NoData: []string{"p"}}, Refusal: "too old"},
		},
	}
	want := `fail    demo.whl
        manylinux_2_17_x86_64, 1 ELF file
        3 files skipped: their names are those of text files
  WT202 error   a.so needs libfoo.so
  WT210 note    claims too much
  WT208 warning of itself
  WT203 allowed b.so until 2027-01-01: tested
        qualifies for manylinux_2_34
        does not qualify for manylinux_2_5: GLIBC_2.34 of libc.so.6, and 2 more
        does not qualify for manylinux_2_6: GLIBC_2.34 of libc.so.6
        does not qualify for manylinux_2_7
        musllinux_1_2 does not apply: the native code is of another kind
        may qualify for manylinux_2_8; what it needs cannot be determined
        loads on a
        does not load on b: missing x, y, z and 1 more
        may load on c: no data for p
        loads on d if liba is installed
        loads on e if liba, libb are installed
        may load on f if liba is installed: no data for p
        loads on g; but the wheel does not install there: too old
        does not load on h: missing x; nor does the wheel install there: too old
        may load on i: no data for p; but the wheel does not install there: too
        old
`
	if diff := cmp.Diff(want, written(t, "text", Config{}, a)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	of := func(v finding.Verdict) Record { return &Audit{Report: &audit.Report{File: "x.whl", Verdict: v}} }
	for want, verdicts := range map[string][]finding.Verdict{
		"| wheeltag: 2 files: 1 pass, 1 fail\n": {finding.Pass, finding.Fail}, "| wheeltag: 3 files: 2 pass, 0 fail, 1 unknown\n": {finding.Pass, finding.Unknown, finding.Pass}, "": {finding.Fail},
	} {
		var records []Record
		for _, v := range verdicts {
			records = append(records, of(v))
		}
		got := written(t, "text", Config{}, records...)
		if i := strings.Index(got, "| "); want == "" && i >= 0 || want != "" && (i < 0 || got[i:] != want) {
			t.Errorf("%v: %s", verdicts, got)
		}
	}
	for _, c := range []struct {
		a    *Audit
		want bool
	}{
		{&Audit{}, true}, {a, false}, {&Audit{Required: a.Required[:1], Targets: a.Targets[:1]}, true}, {&Audit{Required: a.Required[1:2]}, false}, {&Audit{Targets: a.Targets[1:2]}, false}, {&Audit{Required: a.Required[4:], Targets: a.Targets[2:6]}, true}, {&Audit{Targets: a.Targets[6:7]}, false},
	} {
		if c.a.Met() != c.want {
			t.Errorf("met: %v", !c.want)
		}
	}
}

// TestDescribeDemand: what a file asks for, in a phrase.
func TestDescribeDemand(t *testing.T) {
	symbols := []manylinux.Symbol{{Name: "a"}, {Name: "b", Weak: true}, {Name: "c"}, {Name: "d"}, {Name: "e"}}
	for want, d := range map[string]manylinux.Demand{
		"V of L": {Kind: manylinux.KindVersion, Library: "L", Version: "V"}, "V of L: a, b (weak), c, 2 more": {Kind: manylinux.KindVersion, Library: "L", Version: "V", Symbols: symbols}, "the library L: a, b (weak), c": {Kind: manylinux.KindLibrary, Library: "L", Symbols: symbols[:3]},
		"a of L, which the policy bans": {Kind: manylinux.KindBan, Library: "L", Symbols: symbols[:1]}, "a, which musl does not have": {Kind: manylinux.KindMusl, Symbols: symbols[:1]}, "a, which musl has from 1.2.3 on": {Kind: manylinux.KindMusl, Version: "1.2.3", Symbols: symbols[:1]},
		"a processor of level V": {Kind: manylinux.KindProcessor, Version: "V"}, "packed relocations (DT_RELR) that no release of glibc reads": {Kind: manylinux.KindRelocations}, "packed relocations (DT_RELR), which 2.36 and later read": {Kind: manylinux.KindRelocations, From: "2.36"},
		"an executable stack, which glibc 2.41 and later refuse": {Kind: manylinux.KindStack, Before: "2.41"}, "the file has no name, which the loader refuses": {Kind: manylinux.KindHeader, Reason: "has no name"}, "a run path to the L of the wheel": {Kind: manylinux.KindPath, Library: "L"},
		"V of L, a library that it does not name": {Kind: manylinux.KindOrphan, Library: "L", Version: "V"}, "V, which the L of the wheel lacks": {Kind: manylinux.KindBundled, Library: "L", Version: "V"}, "room for initial-exec thread-local storage, which musl does not have": {Kind: manylinux.KindTLS},
	} {
		if got := describeDemand(d); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestExplainText: what sets the tag, what would have to go, and where the code loads.
func TestExplainText(t *testing.T) {
	d := func(file, version string) manylinux.Demand {
		return manylinux.Demand{Kind: manylinux.KindVersion, File: file, Library: "libc.so.6", Version: version}
	}
	e := &Explain{Schema: ExplainSchema, Explanation: &audit.Explanation{
		File: "demo.whl", Sentence: "This is it.", Filename: "other.whl", Floor: []manylinux.Demand{d("a.so", "GLIBC_2.34")}, Below: 2,
		Steps:    []manylinux.Step{{PlatformTag: "x", Remove: []manylinux.Demand{d("a.so", "GLIBC_2.34")}}, {PlatformTag: "y", Remove: []manylinux.Demand{d("a.so", "GLIBC_2.34"), d("b.so", "GLIBC_2.17")}}},
		Releases: []loads.Result{{Release: "r1", Loads: loads.No, Missing: []string{"m"}}, {Release: "r2", Loads: loads.Unknown, NoData: []string{"n"}}, {Release: "r3", Loads: loads.Yes, EndOfLife: "2030-01-01"}, {Release: "r4", Loads: loads.Conditional, Install: []string{"i"}}, {Release: "r5", Loads: loads.No, Missing: []string{"o"}}, {Release: "r6", Loads: loads.No, Missing: []string{"o"}}, {Release: "r7", Loads: loads.Yes}},
	}}
	want := `demo.whl
  This is it.

  What sets the tag:
    a.so: GLIBC_2.34 of libc.so.6
    below that: 2 more

  To reach x, remove:
    a.so: GLIBC_2.34 of libc.so.6

  To reach y, also remove:
    b.so: GLIBC_2.17 of libc.so.6

  Loads on:
    r3(2030-01-01) r7

  Loads if i is installed:
    r4

  May load; no data for n:
    r2

  Fails to load; missing o:
    r5 r6

  Fails to load; missing m:
    r1

  Dates are end of support.

  Suggested file name: other.whl
`
	if diff := cmp.Diff(want, written(t, "text", Config{}, e)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	small := &Explain{Explanation: &audit.Explanation{File: "s.whl", Sentence: "Nothing.", Releases: []loads.Result{{Release: "r", Loads: loads.Yes}}}}
	if got, want := written(t, "text", Config{}, small, small), "s.whl\n  Nothing.\n\n  Loads on:\n    r\n\ns.whl\n  Nothing.\n\n  Loads on:\n    r\n"; got != want {
		t.Errorf("%q", got)
	}
	for n, want := range map[int]string{10: "    9.so: ", 11: "    and 1 more\n", 13: "    and 3 more\n"} {
		var floor []manylinux.Demand
		for i := range n {
			floor = append(floor, d(string(rune('0'+i))+".so", "V"))
		}
		got := written(t, "text", Config{}, &Explain{Explanation: &audit.Explanation{File: "s", Sentence: "x", Floor: floor}})
		if !strings.Contains(got, want) || strings.Contains(got, "below that") || strings.Count(got, ".so: ") != min(n, 10) {
			t.Errorf("%d demands: %s", n, got)
		}
	}
}

// TestTreeText: where each library is found, and why not.
func TestTreeText(t *testing.T) {
	need := func(name, path string, rule loader.Rule) loads.Need {
		return loads.Need{Name: name, State: loads.StateFound, Path: path, Rule: rule, Of: "m.so", Entry: "$ORIGIN/libs"}
	}
	m := loads.Object{Path: "m.so", Needs: []loads.Need{
		need("liba.so", "libs/liba.so", loader.RuleRunPath), need("libb.so", "libs/libb.so", loader.RuleRPath), need("libc.so.6", "libc.so.6", loader.RuleLoader), need("/x", "/x", loader.RulePath), need("d", "/lib/d", loader.RuleDefault), need("e", "/etc/e", loader.RuleConfigured), need("f", "/f/f", loader.RuleLibraryPath),
		{Name: "gone", State: loads.StateMissing, Skipped: "/lib/gone"}, {Name: "aux", State: loads.StateOptional}, {Name: "out", State: loads.StateOutside}, {Name: "stop", State: loads.StateMissing, Stopped: "why"},
		{Name: "filter", State: loads.StateFound, Tag: loader.TagFilter, Rule: loader.RuleDefault, Skipped: "/no", Stopped: "no", Levels: []loads.Level{{Level: "x86-64-v3", Path: "/v3"}}},
	}}
	a := loads.Object{Path: "libs/liba.so", By: "m.so", Needs: []loads.Need{need("libb.so", "libs/libb.so", loader.RuleLoaded), {Name: "deep", State: loads.StateFound, Path: "deep", Rule: loader.RuleRPath, Entry: "/r", Of: "other.so"}}}
	tree := &Tree{File: "demo.whl", Target: "debian:12", Tree: loads.Tree{
		Processes: []loads.Process{{File: "m.so", Objects: []loads.Object{m, a}}}, Missing: []loads.Missing{{Library: "gone", File: "m.so"}}, Unknown: []string{"bad.so cannot be read"},
	}}
	want := `demo.whl on debian:12
  m.so
    liba.so -> libs/liba.so  (RUNPATH $ORIGIN/libs)
      libb.so -> libs/libb.so  (loaded already)
      deep  (RPATH /r of other.so)
    libb.so -> libs/libb.so  (RPATH $ORIGIN/libs)
    libc.so.6  (the loader itself)
    /x  (by its path)
    d -> /lib/d  (default directory)
    e -> /etc/e  (configured directory)
    f -> /f/f  (LD_LIBRARY_PATH)
    gone  (missing; /lib/gone is for another machine)
    aux  (not there, which DT_AUXILIARY allows)
    out  (not in the wheel)
    stop  (missing; why)
    filter  (default directory; DT_FILTER; on x86-64-v3: /v3)
  missing: gone, which m.so needs
  unknown: bad.so cannot be read
`
	if diff := cmp.Diff(want, written(t, "text", Config{}, tree)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for want, tree := range map[string]*Tree{
		"x\n  Does not load there; missing musl.\n": {File: "x", Tree: loads.Tree{Other: "musl"}}, "x\n  No native code for Linux.\n": {File: "x"}, "x\n  unknown: y\n": {File: "x", Tree: loads.Tree{Unknown: []string{"y"}}},
	} {
		if got := written(t, "text", Config{}, tree); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := written(t, "text", Config{}, &Tree{File: "x"}, &Tree{File: "y"}); got != "x\n  No native code for Linux.\n\ny\n  No native code for Linux.\n" {
		t.Errorf("%q", got)
	}
	narrow := written(t, "text", Config{Style: Style{Width: 40}}, tree)
	if !strings.Contains(narrow, "    liba.so -> libs/liba.so\n        (RUNPATH $ORIGIN/libs)\n") {
		t.Errorf("%s", narrow)
	}
}

// TestIndexText: a file with findings, and none without.
func TestIndexText(t *testing.T) {
	i := &Index{File: "dist/demo.whl", Findings: []IndexFinding{{Code: "dead-link", Rule: "WT601", Severity: finding.Error, Message: "leads nowhere"}, {Code: "same-bytes", Rule: "WT603", Severity: finding.Note, Message: "is there twice"}}}
	want := "dist/demo.whl\n  error   leads nowhere (dead-link)\n  note    is there twice (same-bytes)\n"
	if got := written(t, "text", Config{}, &Index{File: "x"}, i); got != want {
		t.Errorf("%q", got)
	}
}

// TestProgressText: a line on a terminal, after a second of work and a result.
func TestProgressText(t *testing.T) {
	for _, c := range []struct {
		terminal bool
		after    time.Duration
		done     int
		want     bool
	}{{true, 2 * time.Second, 1, true}, {false, 2 * time.Second, 1, false}, {true, -time.Hour, 1, false}, {true, 2 * time.Second, 0, false}} {
		var out, messages bytes.Buffer
		h := newText(&out, &messages, Config{Style: Style{Width: 80, Progress: c.terminal}}).(*text)
		h.started = time.Now().Add(-c.after)
		if err := h.Report(&Audit{Report: &audit.Report{File: "a.whl"}}); err != nil {
			t.Fatal(err)
		}
		if err := h.Progress(Progress{Done: c.done, Last: "a.whl"}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(messages.String(), "1 audited, the last a.whl"); got != c.want || !strings.Contains(out.String(), "a.whl") {
			t.Errorf("%+v: %q, %q", c, out.String(), messages.String())
		}
		if err := errors.Join(h.Problem(&Problem{Error: Error{Message: "bad\x1b"}}), h.Close()); err != nil {
			t.Fatal(err)
		}
		if got := messages.String(); !strings.HasSuffix(got, `wheeltag: bad\x1b`+"\n") {
			t.Errorf("%q", got)
		}
	}
}

// TestLayout: lines are broken at the width, and what is not printable is escaped.
func TestLayout(t *testing.T) {
	for _, c := range []struct {
		text   string
		width  int
		indent string
		want   string
	}{
		{"one two three", 7, "", "one two\nthree"}, {"one two three", 6, "", "one\ntwo\nthree"}, {"one two", 9, "  ", "  one two"}, {"one two", 8, "  ", "  one\n  two"}, {"a\n\nb", 10, " ", " a\n\n b"}, {"  a   b ", 10, "", "a b"}, {"", 10, " ", ""}, {"verylongword a", 5, "", "verylongword\na"}, {"üü ü", 4, "", "üü ü"}, {"a\x1bb", 10, "", `a\x1bb`},
	} {
		if got := Wrap(c.text, c.width, c.indent); got != c.want {
			t.Errorf("%q in %d: %q, want %q", c.text, c.width, got, c.want)
		}
	}
	if got := Hang("pre ", "one two three", 11); got != "pre one two\n    three" {
		t.Errorf("%q", got)
	}
	for text, want := range map[string]string{"plain ~": "plain ~", "ü": "ü", "a\x7f": `a\x7f`, "a\x00b": `a\x00b`, "\xff": `\xff`, "\u202e": `\u202e`, "\ufffd": "\ufffd", "a\tb": `a\tb`, "": ""} {
		if got := Plain(text); got != want && text != "\ufffd" {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for n, want := range map[int]string{0: "", 1: "a", 3: "a, b, c", 4: "a, b, c and 1 more", 5: "a, b, c and 2 more"} {
		if got := Some([]string{"a", "b", "c", "d", "e"}[:n]); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}
