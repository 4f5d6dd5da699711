package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// TestManyFindings: of many findings the first are shown and the rest counted,
// unless only one would be left.
func TestManyFindings(t *testing.T) {
	for n, want := range map[int]int{1: 1, 20: 20, 21: 21, 22: 20, 100: 20} {
		r := &audit.Report{File: "demo.whl", Verdict: finding.Fail}
		for i := range n {
			r.Findings = append(r.Findings, finding.Finding{Rule: "WT202", Severity: finding.Error, File: fmt.Sprintf("%d.so", i), Message: "needs something"})
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
		if !strings.Contains(out.String(), "  WT202 error   0.so needs something\n") {
			t.Errorf("%d findings: the first is missing: %s", n, out.String())
		}
	}
}
