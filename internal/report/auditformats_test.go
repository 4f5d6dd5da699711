package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// hostileNames are names that each mean something to one of the formats.
var hostileNames = []string{
	"a\nb", "a\r\n::error::b", "::error file=x::y", "##[add-mask]x", "a%0Ab", "x\x1b[31m\x07", "x\u202ecod.exe", "x\u200b\u2028y",
	`"quoted" 'too'`, `back\slash`, "<script>alert(1)</script>", "</system-out>]]>&amp;", "[text](https://example.org)", "`tick` ``two", "| pipe | @everyone #1",
	"a,b:c;d", "../../etc/passwd", "/etc/passwd", "C:\\x", "", ".", "x\xff\xfey", "{0} {{1}}", strings.Repeat("long", 20_000), " leading", "``", "a/../../b",
}

// hostileRun has an input and a finding for each hostile name.
func hostileRun() []Record {
	var list []Record
	for i, name := range hostileNames {
		r := &audit.Report{File: name, Verdict: finding.Fail, PlatformTag: "any"}
		for _, file := range []string{name, ""} {
			r.Findings = append(r.Findings, finding.Finding{Rule: "WT202", Severity: finding.Severity(1 + i%3), File: file, Message: "needs " + name, Library: name})
		}
		r.Findings = append(r.Findings, finding.Finding{Rule: name, Severity: finding.Error, Message: name})
		list = append(list, &Audit{Schema: AuditSchema, Report: r, Path: name, Required: []Requirement{{Tag: name, Answer: manylinux.No}}})
	}
	return list
}

func problems() []*Problem {
	var list []*Problem
	for _, name := range hostileNames {
		list = append(list, &Problem{Schema: AuditSchema, File: name, Verdict: finding.Unknown, Error: Error{"unreadable", name + ": cannot be read"}})
	}
	return list
}

// shown writes records and problems in a format.
func shown(t *testing.T, format string, c Config, records []Record, without ...*Problem) (out, messages string) {
	t.Helper()
	var o, m bytes.Buffer
	c.Width = 80
	h, err := New(format, &o, &m, c)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		err = errors.Join(err, h.Report(r))
	}
	for _, p := range without {
		err = errors.Join(err, h.Problem(p))
	}
	if err = errors.Join(err, h.Progress(Progress{}), h.Close()); err != nil {
		t.Fatal(err)
	}
	return o.String(), m.String()
}

// clean reports control characters, marks of direction and bytes that are not UTF-8.
func clean(t *testing.T, what, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("%s is not UTF-8: %q", what, text[:min(len(text), 80)])
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) }); i >= 0 {
		t.Errorf("%s has %q", what, text[i:min(len(text), i+20)])
	}
}

// auditFormats are the formats that only show audits, and those of both kinds.
var auditFormats = []string{"sarif", "junit", "gitlab", "github", "zuul", "markdown", "html"}

// TestHostileText: no format writes what could command a terminal or hide text.
func TestHostileText(t *testing.T) {
	for _, format := range append([]string{"text"}, auditFormats...) {
		out, messages := shown(t, format, Config{}, hostileRun(), problems()...)
		clean(t, format, out)
		clean(t, format+" messages", messages)
	}
}

type sarifLog struct {
	Version string
	Runs    []struct {
		Tool        sarifTool
		Invocations []sarifInvocation
		Results     []sarifResult
	}
}

func readSarif(t *testing.T, text string) *sarifLog {
	t.Helper()
	var log sarifLog
	d := json.NewDecoder(strings.NewReader(text))
	if err := d.Decode(&log); err != nil {
		t.Fatal(err)
	}
	if d.More() || log.Version != "2.1.0" || len(log.Runs) != 1 {
		t.Fatalf("%.200s", text)
	}
	return &log
}

// TestSarif: what code hosts ask of a result is there whatever the names are: a rule, a
// relative location, a fingerprint of its own.
func TestSarif(t *testing.T) {
	out, _ := shown(t, "sarif", Config{Version: "1.2.3"}, hostileRun(), problems()...)
	run := readSarif(t, out).Runs[0]
	if d := run.Tool.Driver; d.Name != "wheeltag" || d.Version != "1.2.3" {
		t.Errorf("%+v", d)
	}
	if run.Invocations[0].Successful || run.Invocations[0].Notifications != nil {
		t.Errorf("%+v", run.Invocations)
	}
	if want := 5 * len(hostileNames); len(run.Results) != want {
		t.Errorf("%d results, want %d", len(run.Results), want)
	}
	seen := map[string]bool{}
	for _, r := range run.Results {
		if got := run.Tool.Driver.Rules[r.RuleIndex].ID; got != r.RuleID {
			t.Errorf("rule %d is %s, want %s", r.RuleIndex, got, r.RuleID)
		}
		uri := r.Locations[0].Physical.Artifact.URI
		u, err := url.Parse(uri)
		if err != nil || u.IsAbs() || u.Host != "" || u.Path == "" || strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "../") || u.RawQuery+u.Fragment != "" {
			t.Errorf("location %q: %v", uri, err)
		}
		if f := r.Fingerprints; f.Line == "" || f.Line != f.Fault || seen[f.Line] {
			t.Errorf("fingerprint %q is not one or is there twice", f)
		}
		seen[r.Fingerprints.Line] = true
		if strings.Contains(r.Message.Text, "](") || r.Message.Text == "" || len(r.Message.Text) > 2*mostText+10 {
			t.Errorf("message %.100q", r.Message.Text)
		}
	}
	for _, r := range run.Tool.Driver.Rules {
		if r.Help.Text == "" || r.Help.Markdown == "" || r.Short.Text == "" || r.Full.Text == "" || !strings.HasPrefix(r.HelpURI, "https://") || r.Configuration.Level == "" {
			t.Errorf("rule %+v", r)
		}
	}
}

// TestSarifResult: one result, exactly.
func TestSarifResult(t *testing.T) {
	r := &audit.Report{File: "demo-1.0-cp311-cp311-linux_x86_64.whl", Verdict: finding.Fail, Findings: []finding.Finding{{Rule: "WT202", Severity: finding.Warning, File: "demo/x y.so", Message: "needs libfoo.so.1"}}}
	out, messages := shown(t, "sarif", Config{}, []Record{&Audit{Report: r, Path: "dist 1/" + r.File}})
	_, line, _ := strings.Cut(out, "\"results\":[\n")
	want := `{"ruleId":"WT202","ruleIndex":0,"level":"warning","message":{"text":"demo/x y.so needs libfoo.so.1"},` +
		`"locations":[{"physicalLocation":{"artifactLocation":{"uri":"dist%201/demo-1.0-cp311-cp311-linux_x86_64.whl"},"region":{"startLine":1}},` +
		`"logicalLocations":[{"name":"demo/x y.so","fullyQualifiedName":"dist 1/demo-1.0-cp311-cp311-linux_x86_64.whl/demo/x y.so","kind":"resource"}]}],` +
		`"partialFingerprints":{"primaryLocationLineHash":"` + auditedOf(&Audit{Report: r}).entries[0].fingerprint + `","wheeltag/v1":"` + auditedOf(&Audit{Report: r}).entries[0].fingerprint + `"}}` + "\n]}]}\n"
	if diff := cmp.Diff(want, line); diff != "" || messages != "" {
		t.Errorf("%s%s", messages, diff)
	}
	if run := readSarif(t, out).Runs[0]; !run.Invocations[0].Successful {
		t.Error("a run in which every input was read is not successful")
	}
}

// many is a run with n findings in one wheel, of the severities in turn.
func many(n int, message func(int) string) []Record {
	r := &audit.Report{File: "demo-1.0-py3-none-any.whl", Verdict: finding.Fail}
	for i := range n {
		r.Findings = append(r.Findings, finding.Finding{Rule: "WT202", Severity: finding.Severity(1 + i%3), File: fmt.Sprintf("demo/%d.so", i), Message: message(i)})
	}
	return []Record{&Audit{Report: r}}
}

func needs(i int) string { return fmt.Sprint("needs something of ", i) }

// TestLimits: of more than consumers take, the least severe are left out, and that is
// said.
func TestLimits(t *testing.T) {
	out, messages := shown(t, "sarif", Config{}, many(5000, needs))
	if run := readSarif(t, out).Runs[0]; len(run.Results) != 5000 || run.Invocations[0].Notifications != nil || messages != "" {
		t.Errorf("%d results of 5000, %q", len(run.Results), messages)
	}
	out, messages = shown(t, "sarif", Config{}, many(30_000, needs))
	run := readSarif(t, out).Runs[0]
	count := map[string]int{}
	for _, r := range run.Results {
		count[r.Level]++
	}
	if count["error"] != 10_000 || count["warning"] != 10_000 || count["note"] != 5000 {
		t.Errorf("%v", count)
	}
	const said = "5000 of 30000 results are left out, the least severe ones: code hosts reject larger files"
	if n := run.Invocations[0].Notifications; len(n) != 1 || n[0].Message.Text != said || messages != "wheeltag: "+said+"\n" {
		t.Errorf("%+v, %q", n, messages)
	}
	if testing.Short() {
		t.Skip("the rest takes seconds")
	}
	// Text that does not compress: the file stays below 10 MB.
	noise := func(i int) string {
		var b strings.Builder
		for x := uint64(i)*2_862_933_555_777_941_757 + 1; b.Len() < 1900; x = x*6_364_136_223_846_793_005 + 1_442_695_040_888_963_407 {
			fmt.Fprintf(&b, "%016x", x)
		}
		return b.String()
	}
	out, messages = shown(t, "sarif", Config{}, many(12_000, noise))
	var lines []string
	for line := range strings.Lines(out) {
		lines = append(lines, line)
	}
	if n := len(lines) - 6; n < 5000 || n > 11_000 || !strings.Contains(messages, " of 12000 results are left out") {
		t.Errorf("%d results, %q", n, messages)
	}
}

type junitSuites struct {
	Tests, Failures, Errors int `xml:",attr"`
	Suite                   struct {
		Cases []struct {
			Name    string `xml:"name,attr"`
			Failure *struct {
				Type    string `xml:"type,attr"`
				Message string `xml:"message,attr"`
				Text    string `xml:",chardata"`
			} `xml:"failure"`
			Error *struct {
				Message string `xml:"message,attr"`
			} `xml:"error"`
			Out string `xml:"system-out"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

func readJunit(t *testing.T, text string) *junitSuites {
	t.Helper()
	var s struct {
		XMLName xml.Name `xml:"testsuites"`
		Tests   int      `xml:"tests,attr"`
		Fail    int      `xml:"failures,attr"`
		Err     int      `xml:"errors,attr"`
		junitSuites
	}
	if err := xml.Unmarshal([]byte(text), &s); err != nil {
		t.Fatal(err)
	}
	s.junitSuites.Tests, s.Failures, s.Errors = s.Tests, s.Fail, s.Err
	return &s.junitSuites
}

// TestJunit: a case for each input, whatever it is called, with what there is to say.
func TestJunit(t *testing.T) {
	out, _ := shown(t, "junit", Config{}, hostileRun(), problems()...)
	s := readJunit(t, out)
	if n := len(hostileNames); s.Tests != 2*n || s.Failures != n || s.Errors != n || len(s.Suite.Cases) != 2*n {
		t.Errorf("%d tests, %d failures, %d errors, %d cases", s.Tests, s.Failures, s.Errors, len(s.Suite.Cases))
	}
	for i, c := range s.Suite.Cases {
		if failed := i < len(hostileNames); (c.Failure != nil) != failed || (c.Error != nil) == failed {
			t.Errorf("case %q: failure %v, error %v", c.Name, c.Failure, c.Error)
		}
	}
	if c := s.Suite.Cases[10]; c.Name != "<script>alert(1)<" && c.Name != "<script>alert(1)</script>" || !strings.Contains(c.Failure.Text, "needs <script>alert(1)</script>") {
		t.Errorf("%+v", c)
	}
	warned := &audit.Report{File: "a.whl", Verdict: finding.Pass, Findings: []finding.Finding{{Rule: "WT215", Severity: finding.Warning, File: "x.so", Message: "is odd"}}}
	open := &audit.Report{File: "b.whl", Verdict: finding.Unknown, Findings: []finding.Finding{{Rule: "WT201", Severity: finding.Error, Message: "bad"}, {Rule: "WT206", Severity: finding.Error, File: "y.so", Message: "cannot be judged"}}}
	failed := &audit.Report{File: "c.whl", Verdict: finding.Fail, Findings: []finding.Finding{{Rule: "WT215", Severity: finding.Warning, Message: "odd"}, {Rule: "WT201", Severity: finding.Error, Message: "bad"}, {Rule: "WT202", Severity: finding.Error, Message: "worse"}}}
	out, _ = shown(t, "junit", Config{}, []Record{&Audit{Report: warned}, &Audit{Report: open}, &Audit{Report: failed}})
	s = readJunit(t, out)
	if got := s.Suite.Cases[0]; got.Out != "warning WT215: x.so is odd\n" || got.Failure != nil {
		t.Errorf("%+v", got)
	}
	if got := s.Suite.Cases[1].Error; got == nil || got.Message != "WT206: y.so cannot be judged (and 1 more)" {
		t.Errorf("%+v", got)
	}
	if got := s.Suite.Cases[2].Failure; got == nil || got.Type != "WT201" || got.Message != "WT201: bad (and 2 more)" || got.Text != "warning WT215: odd\nerror WT201: bad\nerror WT202: worse\n" {
		t.Errorf("%+v", got)
	}
	out, _ = shown(t, "junit", Config{}, many(5000, needs))
	if got := readJunit(t, out).Suite.Cases[0].Failure.Text; strings.Count(got, "\n") != mostLines+1 || !strings.HasSuffix(got, "\nand 4800 more; --format json has them all\n") {
		t.Errorf("%s", got[len(got)-100:])
	}
}

// TestGitlab: fingerprints differ, paths are relative, severities are GitLab's.
func TestGitlab(t *testing.T) {
	read := func(text string) []gitlabIssue {
		var list []gitlabIssue
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			t.Fatal(err)
		}
		return list
	}
	out, _ := shown(t, "gitlab", Config{}, append(hostileRun(), many(5000, needs)...), problems()...)
	list, seen := read(out), map[string]bool{}
	if want := 5*len(hostileNames) + 5000; len(list) != want {
		t.Errorf("%d issues, want %d", len(list), want)
	}
	for _, g := range list {
		if seen[g.Fingerprint] || g.Fingerprint == "" {
			t.Errorf("fingerprint %s is there twice", g.Fingerprint)
		}
		seen[g.Fingerprint] = true
		if p := g.Location.Path; p == "" || strings.HasPrefix(p, "/") || strings.HasPrefix(p, "./") || strings.HasPrefix(p, "..") || g.Location.Lines.Begin != 1 {
			t.Errorf("location %q", p)
		}
	}
	r := &audit.Report{File: "a.whl"}
	for _, s := range []finding.Severity{finding.Note, finding.Warning, finding.Error} {
		r.Findings = append(r.Findings, finding.Finding{Rule: "WT201", Severity: s, Message: "m"})
	}
	r.Findings = append(r.Findings, finding.Finding{Rule: "WT206", Severity: finding.Error, Message: "m"})
	out, _ = shown(t, "gitlab", Config{At: "pyproject.toml"}, []Record{&Audit{Report: r, Path: "dist/a.whl"}})
	for i, want := range []string{"info", "minor", "major", "critical"} {
		if got := read(out)[i]; got.Severity != want || got.Location.Path != "pyproject.toml" || !strings.HasSuffix(got.Description, ": dist/a.whl: m") {
			t.Errorf("%+v, want %s", got, want)
		}
	}
	if out, _ = shown(t, "gitlab", Config{}, nil); len(read(out)) != 0 {
		t.Error(out)
	}
}

// TestGithub: each line is a command of ours or a count, at most ten of each kind; equal
// faults are one annotation.
func TestGithub(t *testing.T) {
	var summary bytes.Buffer
	out, messages := shown(t, "github", Config{Summary: &summary}, hostileRun(), problems()...)
	count := map[string]int{}
	for line := range strings.Lines(out) {
		command, rest, ok := strings.Cut(strings.TrimPrefix(line, "::"), " file=")
		if !ok || !strings.HasPrefix(line, "::") {
			count["other"]++
			continue
		}
		count[command]++
		if property, _, _ := strings.Cut(rest, "::"); strings.Count(property, ",") != 2 || strings.Contains(property, ":") {
			t.Errorf("properties %q", property)
		}
	}
	if want := map[string]int{"error": 10, "warning": 9, "notice": 9, "other": 2}; !cmp.Equal(count, want) {
		t.Errorf("%v, want %v", count, want)
	}
	if strings.Contains(messages, "##[") || !strings.Contains(messages, "# #[add-mask]x") {
		t.Errorf("messages %s", messages)
	}
	if n := summary.Len(); n == 0 || n > mostSummary {
		t.Errorf("a summary of %d bytes", n)
	}
	r := &audit.Report{File: "a.whl", Verdict: finding.Fail}
	for _, file := range []string{"x.so", "y.so", "z.so", "u.so", "v.so"} {
		r.Findings = append(r.Findings, finding.Finding{Rule: "WT202", Severity: finding.Error, File: file, Message: "needs 100% of it"})
	}
	out, _ = shown(t, "github", Config{}, []Record{&Audit{Report: r, Path: "dist/a,b:c.whl"}, &Audit{Report: r}})
	rule, _ := finding.Lookup("WT202")
	want := "::error file=dist/a%2Cb%3Ac.whl,line=1,title=WT202 external-library::dist/a,b:c.whl: x.so needs 100%25 of it%0Aalso dist/a,b:c.whl/y.so, dist/a,b:c.whl/z.so, dist/a,b:c.whl/u.so and 6 more%0AHow to fix: " + rule.Fix + "\n2 files: 0 pass, 2 fail\n"
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
	out, _ = shown(t, "github", Config{}, many(5000, needs))
	if want := "1 file: 0 pass, 1 fail\n1656 errors without an annotation, as GitHub shows 10 of a step\n1657 warnings without an annotation, as GitHub shows 10 of a step\n1657 notes without an annotation, as GitHub shows 10 of a step\n"; !strings.HasSuffix(out, want) {
		t.Errorf("%s", out[max(0, len(out)-300):])
	}
	h, err := New("github", new(bytes.Buffer), new(bytes.Buffer), Config{Summary: failing{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); !errors.Is(err, errGone) {
		t.Errorf("a summary that cannot be written: %v", err)
	}
}

// TestZuul: only the fields that zuul_return takes, comments up to a bound, and the
// verdicts as warnings.
func TestZuul(t *testing.T) {
	type data struct {
		Zuul struct {
			Comments map[string][]map[string]string `json:"file_comments"`
			Warnings []string                       `json:"warnings"`
		} `json:"zuul"`
	}
	read := func(text string) (d data) {
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&d); err != nil {
			t.Fatal(err)
		}
		return d
	}
	out, _ := shown(t, "zuul", Config{}, hostileRun(), problems()...)
	d, n := read(out), 0
	for _, list := range d.Zuul.Comments {
		for _, c := range list {
			n++
			if len(c) != 2 || c["message"] == "" || c["level"] != "error" {
				t.Errorf("%v", c)
			}
		}
	}
	if n != mostComments || len(d.Zuul.Warnings) != mostWarnings+2 || d.Zuul.Warnings[mostWarnings] != "and 34 more files" || d.Zuul.Warnings[mostWarnings+1] != "85 of 135 comments are left out, the least severe ones" {
		t.Errorf("%d comments, %q", n, d.Zuul.Warnings[max(0, len(d.Zuul.Warnings)-2):])
	}
	r := &audit.Report{File: "a.whl", Verdict: finding.Fail, Findings: []finding.Finding{
		{Rule: "WT210", Severity: finding.Note, Message: "n"}, {Rule: "WT215", Severity: finding.Warning, File: "x.so", Message: "w"}, {Rule: "WT201", Severity: finding.Error, Message: "e"}}}
	records := []Record{&Audit{Report: r, Path: "dist/a.whl"}, &Audit{Report: &audit.Report{File: "b.whl", Verdict: finding.Pass}}}
	for at, want := range map[string]string{
		"":         `{"zuul":{"file_comments":{"dist/a.whl":[{"message":"WT201: e","level":"error"},{"message":"WT215: x.so w","level":"warning"},{"message":"WT210: n","level":"info"}]},"warnings":["fail dist/a.whl: 1 error, 1 warning, 1 note"]}}`,
		"setup.py": `{"zuul":{"file_comments":{"setup.py":[{"message":"WT201: dist/a.whl: e","level":"error"},{"message":"WT215: dist/a.whl: x.so w","level":"warning"},{"message":"WT210: dist/a.whl: n","level":"info"}]},"warnings":["fail dist/a.whl: 1 error, 1 warning, 1 note"]}}`,
	} {
		if out, _ := shown(t, "zuul", Config{At: at}, records); out != want+"\n" {
			t.Errorf("%s", out)
		}
	}
	if out, _ := shown(t, "zuul", Config{}, nil); out != `{"zuul":{"file_comments":{},"warnings":[]}}`+"\n" {
		t.Error(out)
	}
}

// TestEmptyRuns: a run without an input has a whole report too.
func TestEmptyRuns(t *testing.T) {
	for format, want := range map[string]string{
		"sarif":    "\"invocations\":[{\"executionSuccessful\":true}],\n\"results\":[\n\n]}]}\n",
		"junit":    "tests=\"0\" failures=\"0\" errors=\"0\" skipped=\"0\">\n</testsuite>\n</testsuites>\n",
		"github":   "0 files: 0 pass, 0 fail\n",
		"markdown": "### wheeltag audit: 0 files: 0 pass, 0 fail\n",
		"html":     "<p>No files were audited.</p>",
	} {
		if out, _ := shown(t, format, Config{}, nil); !strings.Contains(out, want) {
			t.Errorf("%s: %s", format, out)
		}
	}
}

// TestFingerprints: they stay the same for another version and message, and differ for
// another project, tag, rule, file or library.
func TestFingerprints(t *testing.T) {
	of := func(file string, f finding.Finding) string {
		return auditedOf(&Audit{Report: &audit.Report{File: file, Findings: []finding.Finding{f}}}).entries[0].fingerprint
	}
	const file = "demo_x-1.0-cp311-cp311-linux_x86_64.whl"
	base := finding.Finding{Rule: "WT202", Severity: finding.Error, File: "demo/x.so", Message: "needs 1 thing", Library: "libfoo.so.1"}
	same := base
	same.Message, same.Severity = "needs 2 things", finding.Warning
	for _, other := range []string{file, "demo_x-1.1-cp311-cp311-linux_x86_64.whl", "Demo.X-1.0-cp311-cp311-linux_x86_64.whl", "demo_x-1.0-1-cp311-cp311-linux_x86_64.whl"} {
		if of(other, same) != of(file, base) {
			t.Errorf("%s: another fingerprint", other)
		}
	}
	for _, other := range []string{"demo_y-1.0-cp311-cp311-linux_x86_64.whl", "demo_x-1.0-cp312-cp311-linux_x86_64.whl", "demo_x-1.0-cp311-cp311-linux_aarch64.whl", "x.so"} {
		if of(other, base) == of(file, base) {
			t.Errorf("%s: the same fingerprint", other)
		}
	}
	for _, change := range []func(*finding.Finding){
		func(f *finding.Finding) { f.Rule = "WT201" }, func(f *finding.Finding) { f.File = "demo/y.so" }, func(f *finding.Finding) { f.Library = "libbar.so" },
		func(f *finding.Finding) { f.Version = "GLIBC_2.34" }, func(f *finding.Finding) { f.Claimed = "manylinux_2_17_x86_64" },
	} {
		f := base
		if change(&f); of(file, f) == of(file, base) {
			t.Errorf("%+v: the same fingerprint", f)
		}
	}
}

// TestDemandsAreEntries: what the run demanded fails a wheel, so each format has it.
func TestDemandsAreEntries(t *testing.T) {
	a := &Audit{
		Report:   &audit.Report{File: "a.whl", Verdict: finding.Fail},
		Required: []Requirement{{Tag: "manylinux_2_5", Answer: manylinux.No}, {Tag: "manylinux_2_28", Answer: manylinux.Yes}, {Tag: "manylinux_2_30", Answer: manylinux.Unknown}},
		Targets:  []Target{{Result: loads.Result{Release: "debian:11", Loads: loads.Yes}}, {Result: loads.Result{Release: "alpine:3.20", Loads: loads.Yes}, Refusal: "it is for glibc"}},
	}
	want := "error require: does not qualify for manylinux_2_5\nerror target: does not install on alpine:3.20: it is for glibc\n"
	if got := entryLines(auditedOf(a).entries); got != want {
		t.Errorf("%s", got)
	}
	a.Targets[0].Loads, a.ELF = loads.No, []audit.ELF{{}}
	a.Targets[0].Missing = []string{"libx.so"}
	want = "error require: does not qualify for manylinux_2_5\nerror target: does not load on debian:11: missing libx.so\nerror target: loads on alpine:3.20; but the wheel does not install there: it is for glibc\n"
	if got := entryLines(auditedOf(a).entries); got != want {
		t.Errorf("%s", got)
	}
}
