package audit

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// reportOf is a report of one file for glibc on x86-64 that claims and is
// manylinux_2_17, with a change.
func reportOf(change func(*Report)) *Report {
	r := &Report{
		File: "demo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", Verdict: finding.Pass, Claimed: []string{"manylinux_2_17_x86_64"},
		PlatformTag: "manylinux_2_17_x86_64", PlatformTags: []string{"manylinux_2_17_x86_64", "manylinux2014_x86_64"},
		Libc: "glibc", Machine: "x86_64", ELF: []ELF{{Path: "m.so"}},
		Demands: []manylinux.Demand{{Kind: manylinux.KindVersion, File: "m.so", Library: "libc.so.6", Version: "GLIBC_2.17", Floor: 17}},
	}
	change(r)
	return r
}

func withRules(rules ...string) func(*Report) {
	return func(r *Report) {
		for _, rule := range rules {
			f := finding.Finding{File: "m.so"}
			f.Set(rule)
			r.Findings = append(r.Findings, f)
		}
		r.SetFindings(r.Findings)
	}
}

// TestExplainReports: the sentence about a report, and the name that the file should
// have.
func TestExplainReports(t *testing.T) {
	const stem = "demo-1.0-cp311-cp311-"
	isNow := stem + "manylinux2014_x86_64.manylinux_2_17_x86_64.whl"
	claims := func(list ...string) func(*Report) {
		return func(r *Report) { r.Claimed, r.File = list, stem+strings.Join(list, ".")+".whl" }
	}
	both := func(changes ...func(*Report)) func(*Report) {
		return func(r *Report) {
			for _, change := range changes {
				change(r)
			}
		}
	}
	demands := func(list ...manylinux.Demand) func(*Report) {
		return func(r *Report) {
			r.Demands, r.PlatformTag, r.PlatformTags = list, "linux_x86_64", []string{"linux_x86_64"}
			for i := range r.Demands {
				r.Demands[i].Floor = manylinux.NoPolicy
			}
		}
	}
	library := func(name string) manylinux.Demand {
		return manylinux.Demand{Kind: manylinux.KindLibrary, Library: name}
	}
	for _, c := range []struct {
		what     string
		change   func(*Report)
		sentence string
		name     string
	}{
		{"as claimed", func(*Report) {}, "This is manylinux_2_17_x86_64, as it claims.", ""},
		{"with a warning", withRules("page-size"), "This is manylinux_2_17_x86_64, as it claims.", ""},
		{"with errors", withRules("wrong-machine", "page-size", "wrong-machine", "orphan-version"), "This is manylinux_2_17_x86_64, as it claims, but the audit finds errors in it: WT204, WT213.", isNow},
		{"no claims", claims(), "This is manylinux_2_17_x86_64.", ""},
		{"a claim that is too old", both(claims("manylinux_2_5_x86_64"), withRules("symbol-version")), "This is manylinux_2_17_x86_64, though it claims manylinux_2_5_x86_64.", isNow},
		{"two claims that are too old", both(claims("manylinux1_x86_64", "manylinux_2_5_x86_64"), withRules("symbol-version")), "This is manylinux_2_17_x86_64, though it claims manylinux1_x86_64 and manylinux_2_5_x86_64.", isNow},
		{"a newer claim", claims("manylinux_2_28_x86_64"), "This is manylinux_2_17_x86_64; it claims manylinux_2_28_x86_64, which requires a newer system than it needs.", isNow},
		{"a newer claim with a warning", both(claims("manylinux_2_28_x86_64"), withRules("page-size")), "This is manylinux_2_17_x86_64; it claims manylinux_2_28_x86_64, which requires a newer system than it needs.", isNow},
		{"linux", claims("linux_x86_64"), "This is manylinux_2_17_x86_64; its tag linux_x86_64 promises nothing about the system.", isNow},
		{"no files", func(r *Report) { r.ELF, r.PlatformTag, r.PlatformTags, r.Demands = nil, "any", []string{"any"}, nil }, "No native code in this wheel; it runs wherever its Python code does.", ""},
		{"no Linux files", func(r *Report) { r.ELF, r.PlatformTag, r.PlatformTags, r.Demands = nil, "", nil, nil }, "No Linux binaries in this wheel; run audit to check its other binaries.", ""},
		{"unreadable", both(claims("linux_x86_64"), withRules("unreadable-binary")), "Part of the native code cannot be read, so that its needs are unknown; run audit for the reasons.", ""},
		{"Android", func(r *Report) { r.Libc, r.PlatformTag, r.PlatformTags, r.Demands = "bionic", "", nil, nil }, "The native code is for Android, which is not checked.", ""},
		{"no tag", func(r *Report) { r.Machine, r.PlatformTag, r.PlatformTags, r.Demands = "", "", nil, nil }, "No platform tag exists for native code of this kind.", ""},
		{"no libc", func(r *Report) { r.Libc, r.Demands = "none", nil }, "The native code needs no libc, so the wheel qualifies for the tags of both: manylinux_2_17_x86_64, manylinux2014_x86_64.", ""},
		{"a library", demands(library("libfoo.so")), "Does not qualify for any manylinux or musllinux tag: it needs libfoo.so.", stem + "linux_x86_64.whl"},
		{"a version", demands(manylinux.Demand{Kind: manylinux.KindVersion, Library: "libc.so.6", Version: "GLIBC_PRIVATE"}), "Does not qualify for any manylinux or musllinux tag: it needs GLIBC_PRIVATE of libc.so.6.", stem + "linux_x86_64.whl"},
		{"a ban", demands(manylinux.Demand{Kind: manylinux.KindBan, Library: "libz.so.1"}), "Does not qualify for any manylinux or musllinux tag: it uses banned symbols of libz.so.1.", stem + "linux_x86_64.whl"},
		{"musl's functions", demands(manylinux.Demand{Kind: manylinux.KindMusl}), "Does not qualify for any manylinux or musllinux tag: it uses functions that musl lacks.", stem + "linux_x86_64.whl"},
		{"a processor", demands(manylinux.Demand{Kind: manylinux.KindProcessor}), "Does not qualify for any manylinux or musllinux tag: it needs a newer processor.", stem + "linux_x86_64.whl"},
		{"three reasons, one of them twice", demands(library("a"), library("b"), library("a"), library("c")), "Does not qualify for any manylinux or musllinux tag: it needs a, it needs b, it needs c.", stem + "linux_x86_64.whl"},
		{"five reasons", demands(library("a"), library("b"), library("c"), library("d"), library("e")), "Does not qualify for any manylinux or musllinux tag: it needs a, it needs b, it needs c, and 2 more reasons.", stem + "linux_x86_64.whl"},
		{"a machine without policies", func(r *Report) {
			r.Machine, r.Demands, r.PlatformTag, r.PlatformTags = "armv6l", nil, "linux_armv6l", []string{"linux_armv6l"}
		}, "Does not qualify for any manylinux or musllinux tag: no policy is defined for the machine.", stem + "linux_armv6l.whl"},
		{"another name", func(r *Report) { r.File = "m.so" }, "This is manylinux_2_17_x86_64, as it claims.", ""},
		{"that name already", both(claims("manylinux2014_x86_64", "manylinux_2_17_x86_64"), withRules("wrong-machine")), "This is manylinux_2_17_x86_64, as it claims, but the audit finds errors in it: WT204.", ""},
	} {
		e := Explain(reportOf(c.change))
		if e.Sentence != c.sentence {
			t.Errorf("%s: %s", c.what, e.Sentence)
		}
		if e.Filename != c.name {
			t.Errorf("%s: file name %q, want %q", c.what, e.Filename, c.name)
		}
	}
}

// TestExplainReleases: where code of this kind can run is listed, and nothing for a wheel
// without any, or without a tag.
func TestExplainReleases(t *testing.T) {
	e := Explain(reportOf(func(*Report) {}))
	loads := map[string]string{}
	for _, r := range e.Releases {
		loads[r.Release] = string(r.Loads)
	}
	if loads["debian:12"] != "yes" || loads["alpine:3.20"] != "no" || len(loads) < 20 {
		t.Errorf("%v", loads)
	}
	want := &Explanation{
		File: "demo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", Sentence: "This is manylinux_2_17_x86_64, as it claims.", PlatformTag: "manylinux_2_17_x86_64",
		Floor:    []manylinux.Demand{{Kind: manylinux.KindVersion, File: "m.so", Library: "libc.so.6", Version: "GLIBC_2.17", Floor: 17}},
		Steps:    []manylinux.Step{{PlatformTag: "manylinux_2_5_x86_64", Remove: []manylinux.Demand{{Kind: manylinux.KindVersion, File: "m.so", Library: "libc.so.6", Version: "GLIBC_2.17", Floor: 17}}}},
		Releases: e.Releases,
	}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for what, change := range map[string]func(*Report){
		"no files": func(r *Report) { r.ELF = nil }, "no tag": func(r *Report) { r.PlatformTag, r.PlatformTags = "", nil },
	} {
		if e := Explain(reportOf(change)); len(e.Releases) > 0 || e.Releases == nil || e.Steps == nil || e.Floor == nil {
			t.Errorf("%s: %+v", what, e)
		}
	}
}

// TestReportQuestions: what is asked of a report after it was made.
func TestReportQuestions(t *testing.T) {
	warning := reportOf(withRules("page-size", "hardening"))
	note := reportOf(withRules("hardening"))
	for _, c := range []struct {
		r                *Report
		fails, ifStrict  bool
		verdictOfFailing finding.Verdict
	}{{warning, false, true, finding.Pass}, {note, false, false, finding.Pass}, {reportOf(withRules("wrong-libc")), true, true, finding.Fail}} {
		if c.r.Fails(false) != c.fails || c.r.Fails(true) != c.ifStrict || c.r.Verdict != c.verdictOfFailing {
			t.Errorf("%+v: %v, strict %v, %s", c.r.Findings, c.r.Fails(false), c.r.Fails(true), c.r.Verdict)
		}
	}
	r := reportOf(withRules("wrong-libc"))
	if r.SetFindings(nil); r.Findings == nil || r.Verdict != finding.Pass {
		t.Errorf("after all findings are allowed: %v, %s", r.Findings, r.Verdict)
	}
	for _, libc := range []string{"glibc", "musl", "bionic", "none", ""} {
		r := reportOf(func(r *Report) { r.Libc = libc })
		want := libc
		if want == "" {
			want = "unknown"
		}
		if got := r.Code().Libc.String(); got != want {
			t.Errorf("libc %q becomes %q", libc, got)
		}
	}
	code := reportOf(withRules("unreadable-binary")).Code()
	if code.Readable || code.Files != 1 || len(code.Claims) != 1 || code.Claims[0].Tag != "manylinux_2_17_x86_64" || len(code.Demands) != 1 || code.Machine != "x86_64" {
		t.Errorf("%+v", code)
	}
}

// TestQualifiesReports: whether a wheel may carry a tag, where the code itself does not
// decide.
func TestQualifiesReports(t *testing.T) {
	noCode := func(tag string) func(*Report) {
		return func(r *Report) { r.ELF, r.PlatformTag, r.Demands = nil, tag, nil }
	}
	custom := &manylinux.Custom{Name: "acme", Base: "manylinux_2_12", Versions: []string{"GLIBC_2.17"}}
	strange := &manylinux.Custom{Name: "acme", Base: "el8"}
	for _, c := range []struct {
		what   string
		change func(*Report)
		custom *manylinux.Custom
		want   manylinux.Answer
		unmet  int
		err    string
	}{
		{"enough", func(*Report) {}, nil, manylinux.Yes, 0, ""},
		{"a wheel without native code", noCode("any"), nil, manylinux.Yes, 0, ""},
		{"a wheel for another system", noCode(""), nil, manylinux.NotApplicable, 0, ""},
		{"a wheel that cannot be read", withRules("unreadable-binary"), nil, manylinux.Unknown, 0, ""},
		{"more than the policy has", func(r *Report) { r.Demands[0].Floor = 34 }, nil, manylinux.No, 1, ""},
		{"a custom policy", func(*Report) {}, custom, manylinux.Yes, 0, ""},
		{"a custom policy, unreadable", withRules("unreadable-binary"), custom, manylinux.Unknown, 0, ""},
		{"a custom policy that does not allow it", func(r *Report) { r.Demands[0].Version = "GLIBC_2.16" }, custom, manylinux.No, 1, ""},
		{"a custom policy on no known one", noCode("any"), strange, "", 0, `"el8" is not a tag for Linux, macOS, iOS or Windows such as manylinux_2_28, macosx_11_0_arm64 or win_amd64`},
	} {
		got, unmet, err := reportOf(c.change).Qualifies("manylinux_2_17", c.custom)
		text := ""
		if err != nil {
			text = err.Error()
		}
		if got != c.want || len(unmet) != c.unmet || text != c.err {
			t.Errorf("%s: %v, %+v, %v", c.what, got, unmet, err)
		}
	}
	// A tag that is none is an error whatever the wheel has.
	if _, _, err := reportOf(noCode("any")).Qualifies("el8", nil); err == nil {
		t.Error("el8 is taken for a policy")
	}
}
