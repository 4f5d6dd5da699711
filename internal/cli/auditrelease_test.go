package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRelease: what the findings of releases do to results and exit status.
func TestRelease(t *testing.T) {
	_, before, after := company(t)
	page := filepath.Join(t.TempDir(), "page.html")
	const html = `<!DOCTYPE html><html><head><title>Links for core</title></head><body>
<a href="core-1.0-cp312-cp312-manylinux_2_5_x86_64.whl">core-1.0-cp312-cp312-manylinux_2_5_x86_64.whl</a>
<a href="core-1.0-cp312-cp312-win_amd64.whl">core-1.0-cp312-cp312-win_amd64.whl</a>
</body></html>
`
	if err := os.WriteFile(page, []byte(html), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what, args string
		status     int
		want, not  string // in the output
	}{
		{"not asked", after, 0, "", "together"},
		{"one file", "--release " + after, 0, "", "together"},
		{"several files", "--release wheels", 0, "demo 1.0: 10 files together", "WT630"},
		{"notes never fail", "--release --strict --fail-on warning wheels", 0, "WT625 note", ""},
		{"unless they are errors", "--release --error WT625 wheels", 1, "WT625 error", ""},
		{"ignored", "--release --ignore WT62 wheels", 0, "10 files together", "WT625"},
		{"removed symbols", "--baseline " + before + " " + after, 0, "no longer exports core_open, as in 1.0", "WT630"},
		{"a page", "--baseline " + page + " " + after, 0, "cp312 no longer has a wheel for win amd64; 1.0 has", ""},
		{"and raised floors", "--baseline " + page + " " + after, 0, "claim manylinux_2_17, 1.0 manylinux_2_5", "WT634"},
		{"warnings fail a strict run", "--strict --baseline " + page + " " + after, 1, "core 2.0: 1 file together, compared with 1.0", ""},
		{"as JSON", "--format json --baseline " + page + " " + after, 0, `"schema":"wheeltag.release/v1","project":"core","version":"2.0","files":["core-2.0-cp312-cp312-manylinux_2_17_x86_64.whl"],"baseline":"1.0","verdict":"pass"`, ""},
		{"as SARIF", "--format sarif --baseline " + page + " " + after, 0, `"WT630"`, ""},
		{"as JUnit", "--format junit --strict --baseline " + page + " " + after, 1, "no longer has a wheel for win amd64", ""},
		{"as Markdown", "--format markdown --baseline " + page + " " + after, 0, "1 file: 1 pass, 0 fail", ""},
		{"counted", "--statistics --baseline " + page + " " + after, 0, "WT630", ""},
	} {
		args := append([]string{"audit", "--ignore", "WT4", "--ignore", "WT301", "--ignore", "WT235", "--ignore", "WT217"}, strings.Fields(c.args)...)
		status, out, messages := inFixtures(t, args, "")
		text := strings.Join(strings.Fields(out+messages), " ")
		if status != c.status || !strings.Contains(text, c.want) || c.not != "" && strings.Contains(text, c.not) {
			t.Errorf("%s: status %d, want %d\n%s%s", c.what, status, c.status, out, messages)
		}
	}
}
