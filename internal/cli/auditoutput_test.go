package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/wheeltag/wheeltag/internal/config"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// TestOutputFile: a file is replaced when everything is written, keeps its mode and the
// link that leads to it, and stays as it was after a failure.
func TestOutputFile(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "results"), filepath.Join(dir, "link")
	if err := errors.Join(os.WriteFile(path, []byte("old"), 0o600), os.Symlink("results", link)); err != nil {
		t.Skip(err)
	}
	content := func() string {
		text, err := os.ReadFile(path)
		entries, err2 := os.ReadDir(dir)
		info, err3 := os.Lstat(link)
		if err := errors.Join(err, err2, err3); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%s %d %v", text, len(entries), info.Mode().Type() == fs.ModeSymlink)
	}
	failure := errors.New("disk full")
	for _, c := range []struct {
		failed        error
		want, message string
	}{
		{failure, "old 2 true", "disk full"},
		{fmt.Errorf("run: %w", context.Canceled), "old 2 true", "interrupted; " + path + " was not written"},
		{nil, "new 2 true", ""},
	} {
		c2 := &invocation{streams: streams{out: io.Discard}, colour: "auto"}
		c2.style.Colour, c2.style.Width = true, 120
		o, err := c2.openOutput(link)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(c2.streams.out, "new"); err != nil {
			t.Fatal(err)
		}
		if got := content(); got != "old 3 true" {
			t.Errorf("while it is written: %s", got)
		}
		if c2.style.Colour || c2.style.Width != 80 {
			t.Errorf("the style of a terminal in a file: %+v", c2.style)
		}
		got := o.finish(c.failed)
		if message := fmt.Sprint(got); got == nil && c.message != "" || got != nil && message != c.message {
			t.Errorf("%v: %v", c.failed, got)
		}
		if got := content(); got != c.want {
			t.Errorf("%v: %s, want %s", c.failed, got, c.want)
		}
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	forced := &invocation{colour: "always"}
	forced.style.Colour = true
	o, err := forced.openOutput(filepath.Join(dir, "coloured"))
	if err != nil || o.finish(nil) != nil || !forced.style.Colour {
		t.Errorf("%v: --color always is for files too", err)
	}
	plain := &invocation{}
	for _, none := range []string{"", "-"} {
		if o, err := plain.openOutput(none); err != nil || plain.streams.out != nil || o.finish(failure) != failure || o.finish(nil) != nil {
			t.Errorf("%q is not standard output: %v", none, err)
		}
	}
	if _, err := plain.openOutput(filepath.Join(path, "x")); err == nil || !strings.Contains(err.Error(), "not a directory") || strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Error(err)
	}
}

// TestConfiguredOutput: flags win over the configuration, also where they say no.
func TestConfiguredOutput(t *testing.T) {
	own := &config.Config{File: "wheeltag.toml", Run: config.Run{ExitZero: true, Quiet: true, Output: "out"}}
	given := func(flags ...string) func(string) bool {
		return func(flag string) bool { return strings.Contains(" "+strings.Join(flags, " ")+" ", " "+flag+" ") }
	}
	var o outputFlags
	o.configure(own, given())
	if want := (outputFlags{file: "out", quiet: true, exitZero: true, exitZeroBy: "exit-zero in wheeltag.toml"}); o != want {
		t.Errorf("%+v", o)
	}
	o = outputFlags{file: "mine", statistics: true}
	o.configure(own, given("output", "statistics", "quiet", "exit-zero"))
	if want := (outputFlags{file: "mine", statistics: true, exitZeroBy: "--exit-zero"}); o != want {
		t.Errorf("%+v", o)
	}
}

// TestLedger: an allowance is of no use where a file that it is about had nothing for it.
func TestLedger(t *testing.T) {
	past := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	list := []finding.Allowance{
		{Rule: "WT202", From: "a:1"}, {Rule: "WT203", From: "a:2"}, {Rule: "WT203", Project: "other", From: "a:3"}, {Rule: "WT204", Expires: past, From: "a:4"},
		{Rule: "WT401", From: "a:5"}, {Rule: "WT202", Expires: past, From: "a:6"}, {Rule: "WT202", Library: "libx.so", From: "a:7"},
	}
	l := newLedger(list)
	if got := l.unused(time.Now()); got != nil {
		t.Errorf("without files: %q", got)
	}
	rules := finding.Selection{Ignore: []string{"WT401"}}
	l.note(&audit.Report{File: "demo.whl"}, "demo", &rules)
	l.note(&audit.Report{File: "demo.whl", Findings: []finding.Finding{{Rule: "WT202", Library: "liby.so"}}}, "demo", &rules)
	want := []string{
		"a:2: the allowance for WT203 matched nothing in this run; remove it if it is no longer needed",
		"a:4: the allowance for WT204 expired on 2020-01-01 and matched nothing; remove it",
		"a:7: the allowance for WT202 matched nothing in this run; remove it if it is no longer needed",
	}
	if got := l.unused(time.Now()); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q", got)
	}
}

// TestIndexFlag: an index of the configuration, by flag and by table.
func TestIndexFlag(t *testing.T) {
	c, err := config.Parse([]byte("index = 'none'\n[indexes]\nacme = ['WT5']\n"), "wheeltag.toml", "")
	if err != nil {
		t.Fatal(err)
	}
	upload := finding.Rule{ID: "WT501", Severity: finding.Error}
	for flag, by := range map[string]string{"": "wheeltag.toml:1: index none", "none": "--index none", "pypi": "", "acme": ""} {
		s, err := (&ruleFlags{index: flag, failOn: "error"}).selection(c)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Decide(upload, "a.whl", "a"); got.By != by {
			t.Errorf("--index %s: %+v", flag, got)
		}
	}
}
