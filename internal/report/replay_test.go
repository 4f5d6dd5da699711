package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// run gives a handler the results for all fixture wheels, as a command would; those of
// explain too where they are wanted.
func run(t *testing.T, h Handler, explain bool) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "testdata", "wheels*", "*.whl"))
	if err != nil || len(paths) < 50 {
		t.Fatal(len(paths), err)
	}
	for i, path := range paths {
		r, err := audit.File(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		a := &Audit{Schema: AuditSchema, Path: "dist/" + r.File, Report: r}
		if i%3 == 0 {
			a.Required = []Requirement{{Tag: "manylinux_2_5"}, {Tag: "manylinux_2_28", Carries: true}}
			a.Required[0].Answer, a.Required[0].Causes = manylinux.No, r.Demands
		}
		if i%4 == 0 {
			a.Targets = []Target{{Result: loads.Result{Release: "debian:12", Loads: loads.No, Missing: []string{"libfoo.so.1"}}}, {Result: loads.Result{Release: "x", Loads: loads.Unknown, NoData: []string{"a", "b", "c", "d"}}}}
			a.Allowed = []finding.Allowed{{Finding: finding.Finding{Rule: "WT202", Severity: finding.Error, File: "a.so"}, Reason: "tested", Expires: "2027-01-01"}}
		}
		err = h.Report(a)
		if explain && err == nil {
			err = h.Report(&Explain{Schema: ExplainSchema, Explanation: audit.Explain(r)})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(h.Problem(&Problem{Schema: AuditSchema, File: "x.whl", Verdict: finding.Unknown, Error: Error{"unreadable", "x.whl: no such file"}}), h.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestReplay: every format made again from saved JSON Lines is that of the run, byte for
// byte, and so are the messages.
func TestReplay(t *testing.T) {
	for _, format := range Formats(&Audit{}) {
		explain := slices.Contains(Formats(&Explain{}), format)
		var saved, messages bytes.Buffer
		run(t, newJSON(&saved, &messages, Config{}), explain)
		for _, style := range []Style{{Width: 80}, {Width: 40, Colour: true, Terminal: true}} {
			var direct, again, said, saidAgain, summary, summaryAgain bytes.Buffer
			h, err := New(format, &direct, &said, Config{Style: style, Version: "1.2.3", Summary: &summary})
			if err != nil {
				t.Fatal(err)
			}
			run(t, h, explain)
			if h, err = New(format, &again, &saidAgain, Config{Style: style, Version: "1.2.3", Summary: &summaryAgain}); err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(Replay(bytes.NewReader(saved.Bytes()), h), h.Close()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(direct.String(), again.String()); diff != "" || direct.Len() == 0 {
				t.Errorf("%s (-direct +again):\n%s", format, diff)
			}
			if diff := cmp.Diff(said.String(), saidAgain.String()); diff != "" || !strings.Contains(said.String(), "no such file") {
				t.Errorf("%s, messages (-direct +again):\n%s", format, diff)
			}
			if diff := cmp.Diff(summary.String(), summaryAgain.String()); diff != "" || (summary.Len() > 0) != (format == "github") {
				t.Errorf("%s, summary (-direct +again):\n%s", format, diff)
			}
		}
	}
}

func TestReplayRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"{}":      `line 1: results with the schema ""`,
		"\n{":     "line 2: unexpected end",
		"null\n1": "line 1:",
		`{"schema":"wheeltag.audit/v1","file":3}`:                                             "line 1: json:",
		`{"schema":"wheeltag.audit/v2"}`:                                                      `"wheeltag.audit/v2" cannot be shown`,
		`{"schema":"wheeltag.audit/v1","findings":[{"rule":"WT101","severity":"deadly"}]}`:    `unknown severity "deadly"`,
		`{"schema":"wheeltag.audit/v1","demands":[{"floor":"low"}]}`:                          "line 1: json:",
		`{"schema":"wheeltag.audit/v1","verdict":"pass"}` + "\n\n" + strings.Repeat("x", 100): "line 3:",
	} {
		err := Replay(strings.NewReader(text), newJSON(io.Discard, io.Discard, Config{}))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v, want %q", text, err, want)
		}
	}
	if _, err := New("yaml", io.Discard, io.Discard, Config{}); err == nil || !strings.Contains(err.Error(), "text, json") {
		t.Errorf("yaml: %v", err)
	}
}

// failing is a writer whose reader is gone.
type failing struct{}

var errGone = errors.New("gone")

func (failing) Write([]byte) (int, error) { return 0, errGone }

// TestWriteErrors: a result that cannot be written is an error at the latest when
// the report ends.
func TestWriteErrors(t *testing.T) {
	for _, format := range Formats(&Audit{}) {
		h, err := New(format, failing{}, io.Discard, Config{Style: Style{Width: 80}})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Report(&Audit{Report: &audit.Report{File: "a.whl"}}); err != nil {
			t.Error(err)
		}
		if err := h.Close(); !errors.Is(err, errGone) {
			t.Errorf("%s: %v", format, err)
		}
	}
}

// FuzzReplay: saved results may come from anywhere.
func FuzzReplay(f *testing.F) {
	r, err := audit.File(f.Context(), filepath.Join("..", "..", "testdata", "wheels-bad", "toonew-1.0-cp311-cp311-manylinux2014_aarch64.manylinux_2_17_aarch64.whl"))
	if err != nil {
		f.Fatal(err)
	}
	line, err := json.Marshal(&Audit{Schema: AuditSchema, Report: r})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(line))
	f.Add(`{"schema":"wheeltag.explain/v1","ladder":[{"remove":[{}]},{"remove":[]}]}`)
	f.Add(`{"schema":"wheeltag.audit/v1"}`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, format := range Formats(&Audit{}) {
			h, _ := New(format, io.Discard, io.Discard, Config{Style: Style{Width: 80}})
			_ = Replay(strings.NewReader(text), h)
			_ = h.Close()
		}
	})
}
