package report

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit/loader"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// TestMessagesThatFail: a message that cannot be written is an error, and so is a result
// before it.
func TestMessagesThatFail(t *testing.T) {
	problem := &Problem{Schema: AuditSchema, File: "x", Error: Error{Message: "bad"}}
	one := func(v finding.Verdict) Record {
		return &Audit{Schema: AuditSchema, Report: &audit.Report{File: "a.whl", Verdict: v}}
	}
	var out bytes.Buffer
	for _, format := range []string{"text", "json"} {
		h, err := New(format, &out, failing{}, Config{Style: Style{Width: 80}})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Problem(problem); !errors.Is(err, errGone) {
			t.Errorf("%s: a problem: %v", format, err)
		}
		h, _ = New(format, failing{}, &out, Config{Style: Style{Width: 80}})
		if err := errors.Join(h.Report(one(finding.Pass)), h.Report(one(finding.Fail))); err != nil {
			t.Error(err)
		}
		if err := h.Problem(problem); !errors.Is(err, errGone) {
			t.Errorf("%s: a problem behind results: %v", format, err)
		}
		if err := h.Progress(Progress{}); !errors.Is(err, errGone) {
			t.Errorf("%s: progress: %v", format, err)
		}
		if err := h.Close(); !errors.Is(err, errGone) {
			t.Errorf("%s: the end: %v", format, err)
		}
	}
	h := newText(&out, failing{}, Config{Style: Style{Width: 80}})
	if err := errors.Join(h.Report(one(finding.Pass)), h.Report(one(finding.Fail))); err != nil {
		t.Error(err)
	}
	if err := h.Close(); !errors.Is(err, errGone) {
		t.Errorf("the summary: %v", err)
	}
	out.Reset()
	if got := out.String(); got != "" {
		t.Error(got)
	}
	// In JSON Lines a problem has a line of its own, which makes the message again.
	var messages, again, saidAgain bytes.Buffer
	h = newJSON(&out, &messages, Config{})
	if err := errors.Join(h.Problem(problem), h.Close()); err != nil || out.String() != `{"schema":"wheeltag.audit/v1","file":"x","error":{"code":"","message":"bad"}}`+"\n" || messages.String() != "wheeltag: bad\n" {
		t.Errorf("%v: %s, %s", err, out.String(), messages.String())
	}
	if err := Replay(bytes.NewReader(out.Bytes()), newText(&again, &saidAgain, Config{Style: Style{Width: 80}})); err != nil || saidAgain.String() != "wheeltag: bad\n" {
		t.Errorf("%v: %s", err, saidAgain.String())
	}
	if err := Replay(bytes.NewReader(out.Bytes()), newText(&again, failing{}, Config{Style: Style{Width: 80}})); !errors.Is(err, errGone) {
		t.Errorf("%v", err)
	}
	again.Reset()
	h = newText(&again, &saidAgain, Config{Style: Style{Width: 80}})
	if err := errors.Join(Replay(strings.NewReader(`{"schema":"wheeltag.index/v1","file":"x","findings":[{"code":"c","severity":"error","message":"m"}]}`), h), h.Close()); err != nil || again.String() != "x\n  error   m (c)\n" {
		t.Errorf("%v: %q", err, again.String())
	}
	if err := Replay(failingReader{}, newText(&again, &saidAgain, Config{})); err == nil || err.Error() != "line 1: gone" {
		t.Errorf("%v", err)
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errGone }

// TestProgressIsTakenAway: a line about progress does not stay behind results or at the
// end.
func TestProgressIsTakenAway(t *testing.T) {
	var both bytes.Buffer
	h := newText(&both, &both, Config{Style: Style{Width: 80, Progress: true}}).(*text)
	h.line.Draw("working")
	if err := h.Close(); err != nil || !strings.HasSuffix(both.String(), "\r\x1b[K") {
		t.Errorf("%v: %q", err, both.String())
	}
}

// TestMoreDemands: demands with bounds of releases, and those of newer kinds.
func TestMoreDemands(t *testing.T) {
	for want, d := range map[string]manylinux.Demand{
		"the file is odd, which glibc before 2.30 refuses": {Kind: manylinux.KindHeader, Reason: "is odd", From: "2.30"}, "the file is odd, which glibc 2.30 and later refuse": {Kind: manylinux.KindHeader, Reason: "is odd", Before: "2.30"}, "a module that is no ELF library": {Kind: manylinux.KindModule},
		"9 bytes of static thread-local storage, more than glibc has for libraries": {Kind: manylinux.KindTLS, Size: 9},
	} {
		if got := describeDemand(d); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got := Hang("a\x1b ", "b c", 80); got != `a\x1b b c` {
		t.Errorf("%q", got)
	}
	if got := ruleText(&loads.Need{Rule: loader.Rule("other")}, "m"); got != "other" {
		t.Errorf("%q", got)
	}
}

// TestMatrixDetails: names with signs of tables, holes that no single change fills, and
// packages of a lock file that is not for a target.
func TestMatrixDetails(t *testing.T) {
	targets := targetsOf(t, "3.12@alpine:3.20/arm64")
	c := Config{Matrix: Matrix{Targets: targets, Fails: fails, Nearest: true}}
	rows := locked(t, "", targets, "none none-1-cp311-cp311-win32.whl", "bare bare-1-cp311-cp311-win_arm64.whl")
	if got := written(t, "text", c, rows...); !strings.Contains(got, "\nWhat would fill the holes:\n  no single change: none (3.12@alpine:3.20/arm64), bare (3.12@alpine:3.20/arm64)\n") {
		t.Errorf("%s", got)
	}
	c.Nearest, c.Colour = false, true
	if got := written(t, "text", c, rows...); !strings.Contains(got, "\x1b[31mX\x1b[0m  none 1, bare 1\n") {
		t.Errorf("%q", got)
	}
	c.Colour = false
	rows[0].(*Coverage).Row.Package = "a|b<c\nd"
	if got := written(t, "markdown", c, rows[0]); !strings.Contains(got, "| a\\|b&lt;c d | 1 | **missing** |\n") {
		t.Errorf("%q", got)
	}
	old := targetsOf(t, "3.9@debian:11/amd64")
	c.Targets, c.Explain = old, true
	refusedRows := locked(t, "requires-python = '>=3.11'\n", old, "a a-1-py3-none-any.whl")
	if got, want := written(t, "text", c, refusedRows...), "a 1 on 3.9@debian:11/amd64: unsupported\n       the lock is for Python >=3.11; 3.9@debian:11/amd64 has 3.9 (lock)\n"; got != want {
		t.Errorf("%q", got)
	}
	c.Explain = false
	windows := targetsOf(t, "3.11@win_amd64")
	c.Targets = windows
	elsewhere := locked(t, "environments = ['sys_platform == \"linux\"']\n", windows, "a a-1-py3-none-any.whl")
	if got, want := written(t, "text", c, elsewhere...), "  a  3.11@win_amd64  the lock is not for this environment\n"; got != want {
		t.Errorf("%q", got)
	}
	if got := describe(&audit.Report{Other: []audit.Other{{Format: "PE"}, {Format: "PE"}, {Format: "PE"}}}); got != "3 PE files" {
		t.Errorf("%s", got)
	}
}
