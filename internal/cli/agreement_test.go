package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// agreementFiles have findings of every severity, none, and one that cannot be judged.
var agreementFiles = []string{
	"wheels/demo_pure-1.0-py3-none-any.whl", "wheels/demo-1.0-cp311-cp311-musllinux_1_2_x86_64.whl",
	"wheels-bad/external-1.0-cp311-cp311-manylinux1_x86_64.manylinux_2_5_x86_64.whl",
	"wheels-bad/libpython-1.0-cp311-cp311-manylinux1_x86_64.manylinux_2_5_x86_64.whl",
	"wheels-bad/pagesize-1.0-cp311-cp311-manylinux2014_aarch64.manylinux_2_17_aarch64.whl",
	"wheels-bad/recordhash-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
	"wheels-bad/mixed-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
	"wheels-bad/truncated-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
}

// place is where something about rules is written, in the words of this test.
type place struct {
	file, project                string // a part of the name; "" for all
	selected, ignored, warn, err []string
	note                         []string
	failOn                       finding.Severity
	require                      []string
}

// expected works out by the text of docs/config.md what places, the lowest first, make of
// a rule, whose ids are all that they name.
func expected(id, file string, places []place) (shown bool, severity finding.Severity) {
	rule, _ := finding.Lookup(id)
	if rule.Undecided {
		return true, rule.Severity
	}
	longest := func(list []string) int {
		best := 0
		for _, prefix := range list {
			if strings.HasPrefix(id, prefix) {
				best = max(best, len(prefix))
			}
		}
		return best
	}
	shown, severity = true, rule.Severity
	ignoredBy, outside := 0, false
	for _, p := range places {
		if !strings.Contains(file, p.file) || !strings.HasPrefix(file, p.project) {
			continue
		}
		if p.selected != nil {
			ignoredBy, outside = 0, longest(p.selected) == 0
		}
		marks := map[finding.Severity]int{finding.Note: longest(p.note), finding.Warning: longest(p.warn), finding.Error: longest(p.err)}
		marked := 0
		for s, n := range marks {
			if n > marked {
				marked, severity = n, s
			}
		}
		if marked > 0 && marked >= ignoredBy {
			ignoredBy = 0
		}
		if n := longest(p.ignored); n > 0 && n >= max(marked, longest(p.selected)) {
			ignoredBy = n
		}
	}
	return ignoredBy == 0 && !outside, severity
}

// agreementConfigs are configurations and what they mean.
var agreementConfigs = []struct {
	text   string
	places []place
}{
	{"", nil},
	{`
select = ["WT2", "WT40"]
ignore = ["WT21"]
warn = ["WT202"]
`, []place{{selected: []string{"WT2", "WT40"}, ignored: []string{"WT21"}, warn: []string{"WT202"}}}},
	{`
ignore = ["WT4", "WT202"]
strict = true
require = { linux = "manylinux_2_5", musl = "musllinux_1_1" }

[per-file."*aarch64*"]
error = ["WT21"]
require = { linux = "manylinux_2_12" }

[per-project."lib*"]
error = ["WT202"]
fail-on = "error"
[per-project."lib*".severity]
WT212 = "note"

[per-file."recordhash*"]
fail-on = "note"
error = ["WT4"]
warn = ["WT488"]
ignore = ["WT482"]
`, []place{
		{ignored: []string{"WT4", "WT202"}, failOn: finding.Warning, require: []string{"manylinux_2_5", "musllinux_1_1"}},
		{project: "lib", err: []string{"WT202"}, note: []string{"WT212"}, failOn: finding.Error},
		{file: "aarch64", err: []string{"WT21"}, require: []string{"manylinux_2_12", "musllinux_1_1"}},
		{file: "recordhash", failOn: finding.Note, err: []string{"WT4"}, warn: []string{"WT488"}, ignored: []string{"WT482"}},
	}},
}

// agreementRules are flags about rules and what they mean.
var agreementRules = []struct {
	flags string
	place
}{
	{"", place{}},
	{"--select WT2", place{selected: []string{"WT2"}}},
	{"--select WT2,WT4 --ignore WT20,WT4", place{selected: []string{"WT2", "WT4"}, ignored: []string{"WT20", "WT4"}}},
	{"--select WT202 --ignore WT2", place{selected: []string{"WT202"}, ignored: []string{"WT2"}}},
	{"--ignore WT --error WT4", place{ignored: []string{"WT"}, err: []string{"WT4"}}},
	{"--warn WT --error WT215 --ignore WT403", place{warn: []string{"WT"}, err: []string{"WT215"}, ignored: []string{"WT403"}}},
	{"--error WT202 --warn WT20 --index none", place{err: []string{"WT202"}, warn: []string{"WT20"}, ignored: []string{"WT5"}}},
}

// agreementFails are flags about what fails, and what they mean.
var agreementFails = []struct {
	flags    string
	failOn   finding.Severity // 0 leaves it
	exitZero bool
	verify   bool
	require  []string
}{
	{}, {flags: "--strict", failOn: finding.Warning}, {flags: "--strict=false --verify", failOn: finding.Error, verify: true},
	{flags: "--fail-on note --verify", failOn: finding.Note, verify: true}, {flags: "--fail-on=error --exit-zero", failOn: finding.Error, exitZero: true},
	{flags: "--exit-zero --require manylinux_2_17 --require musllinux_1_1", exitZero: true, require: []string{"manylinux_2_17", "musllinux_1_1"}},
}

// output of a run.
func agreementRun(t *testing.T, words ...string) (status int, out, messages string) {
	t.Helper()
	var o, m bytes.Buffer
	status = run(context.Background(), words, streams{in: strings.NewReader(""), out: &o, err: &m})
	return status, o.String(), m.String()
}

// auditsOf reads JSON Lines.
func auditsOf(t *testing.T, lines string) []*report.Audit {
	t.Helper()
	var all []*report.Audit
	for line := range strings.Lines(lines) {
		a := &report.Audit{Report: &audit.Report{}}
		if err := json.Unmarshal([]byte(line), a); err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
	return all
}

// TestAgreement: text, JSON, counts and the exit status agree with each other and with
// the meaning of every combination of configuration and flags.
func TestAgreement(t *testing.T) {
	t.Chdir(fixtureFolder)
	dir := t.TempDir()
	base := map[bool][]*report.Audit{}
	for _, verify := range []bool{false, true} {
		_, out, _ := agreementRun(t, slices.Concat([]string{"audit", "--format", "json", fmt.Sprintf("--verify=%v", verify)}, agreementFiles)...)
		base[verify] = auditsOf(t, out)
	}
	n := 0
	for i, c := range agreementConfigs {
		path := filepath.Join(dir, fmt.Sprintf("wheeltag%d.toml", i))
		if err := os.WriteFile(path, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, rules := range agreementRules {
			for _, fails := range agreementFails {
				if n++; testing.Short() && n%5 != 0 {
					continue
				}
				flags := strings.Fields("--config " + path + " " + rules.flags + " " + fails.flags)
				t.Run(strings.Join(flags[2:], " "), func(t *testing.T) {
					places := append(slices.Clone(c.places), rules.place)
					want := agreementCase{base: base[fails.verify], places: places, failOn: fails.failOn, exitZero: fails.exitZero, require: fails.require}
					want.check(t, flags, dir)
				})
			}
		}
	}
}

type agreementCase struct {
	base     []*report.Audit
	places   []place
	failOn   finding.Severity
	exitZero bool
	require  []string
}

// settle returns what the case demands of a file.
func (c *agreementCase) settle(file string) (failOn finding.Severity, require []string) {
	failOn = finding.Error
	for _, p := range c.places {
		if strings.Contains(file, p.file) && strings.HasPrefix(file, p.project) {
			if p.failOn != 0 {
				failOn = p.failOn
			}
			if p.require != nil {
				require = p.require
			}
		}
	}
	if c.failOn != 0 {
		failOn = c.failOn
	}
	if c.require != nil {
		require = c.require
	}
	return failOn, require
}

func (c *agreementCase) check(t *testing.T, flags []string, dir string) {
	words := slices.Concat([]string{"audit"}, flags, agreementFiles)
	status, out, messages := agreementRun(t, append(words, "--format", "json")...)
	got := auditsOf(t, out)
	if len(got) != len(c.base) {
		t.Fatalf("%d results: %s", len(got), messages)
	}
	verdicts := map[finding.Verdict]int{}
	for i, a := range got {
		c.checkFile(t, c.base[i], a)
		verdicts[a.Verdict]++
	}
	wantStatus := exitYes
	switch {
	case verdicts[finding.Unknown] > 0:
		wantStatus = exitNoAnswer
	case verdicts[finding.Fail] > 0 && !c.exitZero:
		wantStatus = exitNo
	}
	if status != wantStatus {
		t.Errorf("status %d, want %d", status, wantStatus)
	}
	if files := agreementFiles[:len(agreementFiles)-1]; wantStatus == exitNoAnswer { // the last one is unknown
		status, _, messages := agreementRun(t, slices.Concat([]string{"audit"}, flags, files)...)
		if fails := verdicts[finding.Fail] > 0; (status == exitNo) != (fails && !c.exitZero) || strings.Contains(messages, "exit status is 0") != (fails && c.exitZero) {
			t.Errorf("without the unknown file: status %d, %s", status, messages)
		}
	}
	textStatus, text, _ := agreementRun(t, words...)
	if textStatus != status {
		t.Errorf("status %d with text, %d with JSON", textStatus, status)
	}
	compareText(t, text, got, false)
	textStatus, text, messages = agreementRun(t, append(words, "--quiet")...)
	if textStatus != status || messages != "" {
		t.Errorf("status %d with --quiet: %s", textStatus, messages)
	}
	compareText(t, text, got, true)
	compareStatistics(t, words, got, status)

	file := filepath.Join(dir, "out.json")
	fileStatus, nothing, _ := agreementRun(t, append(words, "--format", "json", "-o", file)...)
	if written, err := os.ReadFile(file); err != nil || string(written) != out || fileStatus != status || nothing != "" {
		t.Errorf("-o: status %d, %v, %q", fileStatus, err, nothing)
	}
}

// checkFile compares the JSON of a file with what it is without flags and what the flags
// mean.
func (c *agreementCase) checkFile(t *testing.T, base, got *report.Audit) {
	t.Helper()
	type row struct {
		id, message    string
		severity, rule finding.Severity
	}
	var want, have []row
	silenced := map[string]int{}
	failOn, require := c.settle(base.File)
	verdict := finding.Pass
	for _, f := range base.Findings {
		shown, severity := expected(f.Rule, base.File, c.places)
		if !shown {
			silenced[f.Rule]++
			continue
		}
		want = append(want, row{f.Rule, f.Message, severity, f.Severity})
		if severity >= failOn {
			verdict = finding.Fail
		}
	}
	for _, f := range got.Findings {
		have = append(have, row{f.Rule, f.Message, f.Severity, f.RuleSeverity})
	}
	less := func(a, b row) int { return strings.Compare(a.id+a.message, b.id+b.message) }
	slices.SortFunc(want, less)
	slices.SortFunc(have, less)
	if diff := cmp.Diff(want, have, cmp.AllowUnexported(row{})); diff != "" {
		t.Errorf("%s: findings (-want +got):\n%s", base.File, diff)
	}
	counted := map[string]int{}
	for _, s := range got.Silenced {
		counted[s.Rule] += s.Count
		if s.By == "" {
			t.Errorf("%s: %s is silenced by nothing", base.File, s.Rule)
		}
	}
	if diff := cmp.Diff(silenced, counted); diff != "" {
		t.Errorf("%s: silenced (-want +got):\n%s", base.File, diff)
	}
	for _, tag := range require {
		answer, _, err := base.Qualifies(tag, nil)
		i := slices.IndexFunc(got.Required, func(q report.Requirement) bool { return q.Tag == tag })
		switch {
		case err != nil:
			t.Fatal(err)
		case i < 0 && answer != manylinux.NotApplicable || i >= 0 && got.Required[i].Answer != answer:
			t.Errorf("%s: %s is required: want %s, %+v", base.File, tag, answer, got.Required)
		}
		if answer == manylinux.No {
			verdict = finding.Fail
		}
	}
	if base.Verdict == finding.Unknown {
		verdict = finding.Unknown
	}
	if got.Verdict != verdict {
		t.Errorf("%s: %s, want %s", base.File, got.Verdict, verdict)
	}
	// What the code needs is not a matter of rules.
	facts := func(r audit.Report) string {
		r.Findings, r.Silenced, r.Verdict = nil, nil, ""
		return jsonText(r)
	}
	if diff := cmp.Diff(facts(*base.Report), facts(*got.Report)); diff != "" {
		t.Errorf("%s: facts without flags and with them:\n%s", base.File, diff)
	}
}

var (
	headLine     = regexp.MustCompile(`^(pass|fail|unknown) +(\S+)$`)
	findingLine  = regexp.MustCompile(`^  (WT\d+) (error|warning|note) `)
	silencedLine = regexp.MustCompile(`^ +(\d+) findings? \(`)
)

// compareText compares text with JSON, file by file.
func compareText(t *testing.T, text string, want []*report.Audit, quiet bool) {
	t.Helper()
	type shown struct {
		verdict  finding.Verdict
		rules    map[string]bool
		silenced int
	}
	got, expect := map[string]*shown{}, map[string]*shown{}
	var at *shown
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if m := headLine.FindStringSubmatch(line); m != nil {
			at = &shown{verdict: finding.Verdict(m[1]), rules: map[string]bool{}}
			got[m[2]] = at
		}
		if m := findingLine.FindStringSubmatch(line); m != nil {
			at.rules[m[1]+" "+m[2]] = true
		}
		if m := silencedLine.FindStringSubmatch(line); m != nil {
			count := 0
			fmt.Sscan(m[1], &count)
			at.silenced += count
		}
	}
	for _, a := range want {
		if quiet && a.Verdict == finding.Pass {
			continue
		}
		s := &shown{verdict: a.Verdict, rules: map[string]bool{}}
		for _, f := range a.Findings {
			s.rules[f.Rule+" "+f.Severity.String()] = true
		}
		for _, one := range a.Silenced {
			s.silenced += one.Count
		}
		expect[a.File] = s
	}
	if diff := cmp.Diff(expect, got, cmp.AllowUnexported(shown{})); diff != "" {
		t.Errorf("text, quiet %v (-JSON +text):\n%s", quiet, diff)
	}
}

// compareStatistics compares the counts with the results that they count.
func compareStatistics(t *testing.T, words []string, want []*report.Audit, wantStatus int) {
	t.Helper()
	status, out, _ := agreementRun(t, append(words, "--statistics", "--format", "json")...)
	var s report.Statistics
	if err := json.Unmarshal([]byte(out), &s); err != nil || status != wantStatus {
		t.Fatalf("status %d, %v: %s", status, err, out)
	}
	rules, silenced := map[string]int{}, 0
	verdicts := map[finding.Verdict]int{}
	for _, a := range want {
		verdicts[a.Verdict]++
		for _, f := range a.Findings {
			rules[f.Rule+" "+f.Severity.String()]++
		}
		for _, one := range a.Silenced {
			silenced += one.Count
		}
	}
	got := map[string]int{}
	for _, r := range s.Rules {
		got[r.Rule+" "+r.Severity.String()] = r.Findings
	}
	if !maps.Equal(rules, got) {
		t.Errorf("counts are %v, want %v", got, rules)
	}
	for _, one := range s.Silenced {
		silenced -= one.Count
	}
	if silenced != 0 || s.Files != len(want) || s.Pass != verdicts[finding.Pass] || s.Fail != verdicts[finding.Fail] || s.Unknown != verdicts[finding.Unknown] {
		t.Errorf("%+v, want %v", s, verdicts)
	}
	_, text, messages := agreementRun(t, append(words, "--statistics")...)
	total := 0
	for line := range strings.Lines(text) {
		var count int
		var id, severity string
		if n, _ := fmt.Sscanf(line, "%d %s %s", &count, &id, &severity); n == 3 && rules[id+" "+severity] == count {
			total++
		}
	}
	if total != len(rules) || !strings.Contains(messages, fmt.Sprintf("%d files: %d pass, %d fail", s.Files, s.Pass, s.Fail)) {
		t.Errorf("text has %d of %d rules:\n%s%s", total, len(rules), text, messages)
	}
}
