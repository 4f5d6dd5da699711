package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// TestManyFindings: of many blocks of findings the first are shown and the rest counted,
// unless only one would be left.
func TestManyFindings(t *testing.T) {
	for n, want := range map[int]int{1: 1, 20: 20, 21: 21, 22: 20, 100: 20} {
		r := &audit.Report{File: "demo.whl", Verdict: finding.Fail}
		for i := range n {
			r.Findings = append(r.Findings, finding.Finding{Rule: "WT202", Severity: finding.Error, File: fmt.Sprintf("%d.so", i), Message: fmt.Sprint("needs something of ", i)})
		}
		var out bytes.Buffer
		h := newText(&out, &out, Config{Style: Style{Width: 80}})
		if err := h.Report(&Audit{Report: r}); err != nil {
			t.Fatal(err)
		}
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(out.String(), "  WT202 error   "); got != want {
			t.Errorf("%d findings: %d shown, want %d", n, got, want)
		}
		more := fmt.Sprintf("        and %d more findings; --format json has them all\n", n-want)
		if got := strings.HasSuffix(out.String(), more); got != (n > want) {
			t.Errorf("%d findings: %s", n, out.String())
		}
		if !strings.Contains(out.String(), "  WT202 error   0.so needs something of 0\n") {
			t.Errorf("%d findings: the first is missing: %s", n, out.String())
		}
	}
}

// TestBlocks: findings that differ in the file alone are one block; another rule,
// severity or message, or a finding of the whole wheel, is a block of its own.
func TestBlocks(t *testing.T) {
	f := func(rule string, severity finding.Severity, file, message string) finding.Finding {
		return finding.Finding{Rule: rule, Severity: severity, File: file, Message: message}
	}
	var list []finding.Finding
	for _, file := range []string{"a.so", "b.so", "c.so", "d.so", "e.so"} {
		list = append(list, f("WT202", finding.Error, file, "needs it"))
	}
	list = append(list,
		f("WT202", finding.Warning, "f.so", "needs it"),
		f("WT201", finding.Error, "g.so", "needs it"),
		f("WT202", finding.Error, "h.so", "needs them"),
		f("WT202", finding.Error, "", "needs it"),
		f("WT202", finding.Error, "", "needs it"),
		f("WT201", finding.Error, "i.so", "needs it"))
	var out bytes.Buffer
	h := newText(&out, &out, Config{Style: Style{Width: 80}})
	if err := h.Report(&Audit{Report: &audit.Report{File: "demo.whl", Verdict: finding.Fail, Findings: list}}); err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	want := `fail    demo.whl
        no native code
  WT202 error   a.so needs it
                also b.so, c.so, d.so and 1 more
  WT202 warning f.so needs it
  WT201 error   g.so needs it
                also i.so
  WT202 error   h.so needs them
  WT202 error   needs it
  WT202 error   needs it
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

// TestManyBlocks: what is left out is counted in findings.
func TestManyBlocks(t *testing.T) {
	r := &audit.Report{File: "demo.whl", Verdict: finding.Fail}
	for i := range 44 {
		r.Findings = append(r.Findings, finding.Finding{Rule: "WT202", Severity: finding.Error, File: fmt.Sprintf("%d.so", i), Message: fmt.Sprint("needs something of ", i/2)})
	}
	var out bytes.Buffer
	h := newText(&out, &out, Config{Style: Style{Width: 80}})
	if err := h.Report(&Audit{Report: r}); err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(out.String(), "also 39.so\n        and 4 more findings; --format json has them all\n") {
		t.Errorf("got\n%s", out.String())
	}
}
