//go:build unix

package coveragepage

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/internal/auditpage"
)

// The page of audit is tested here, in the same browser as the other one: to start it
// takes seconds.

func renderAudit(t testing.TB, p *auditpage.Page) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := auditpage.Write(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// auditSample has two files with findings and one without.
func auditSample() *auditpage.Page {
	return &auditpage.Page{
		Title: "3 files: 1 pass, 1 fail, 1 unknown",
		Files: []auditpage.File{
			{Verdict: "pass", Path: "dist/b.whl", About: "no native code"},
			{Verdict: "fail", Path: "dist/a.whl", About: "manylinux_2_28_x86_64, 1 ELF file", Found: "1 error, 1 note"},
			{Verdict: "unknown", Path: "dist/c10.whl", About: "no answer", Found: "1 error"},
		},
		Findings: []auditpage.Finding{
			{Severity: "error", Rule: "WT201", Path: "dist/a.whl", Member: "a/x.so", Message: "needs GLIBC_2.28"},
			{Severity: "error", Rule: "no-answer", Path: "dist/c10.whl", Message: "cannot be read"},
			{Severity: "note", Rule: "WT217", Path: "dist/a.whl", Member: "a/y.so", Message: "has no RELRO"},
			{Severity: "warning", Rule: "WT215", Path: "dist/c9.whl", Member: "z.so", Message: "is aligned to 4 KiB"},
		},
		Rules: []auditpage.Rule{
			{ID: "WT201", Title: "symbol versions", Why: "Importing it fails.", Fix: "Build elsewhere.", URL: "https://example.org/WT201"},
			{ID: "no-answer", Title: "no answer", Why: "It could not be read.", Fix: "Build it again.", URL: "https://example.org/no-answer"},
			{ID: "WT217", Title: "hardening", Why: "It is less safe.", Fix: "Link with -z relro.", URL: "https://example.org/WT217"},
			{ID: "WT215", Title: "page size", Why: "It cannot be loaded.", Fix: "Align it.", URL: "https://example.org/WT215"},
		},
	}
}

func (b *browser) openAudit() {
	b.t.Helper()
	b.view(1000, 700, "light")
	b.open(renderAudit(b.t, auditSample()))
	b.want(findingsShown, "WT201 no-answer WT217 WT215")
}

const (
	findingsShown = `[...document.querySelectorAll('#findings tbody tr')].filter(e => e.checkVisibility()).map(e => e.cells[1].textContent).join(' ')`
	filesShown    = `[...document.querySelectorAll('#files tbody tr')].filter(e => e.checkVisibility()).map(e => e.cells[1].textContent).join(' ')`
	auditSorted   = `[...document.querySelectorAll('thead th')].map((e, i) => e.ariaSort ? i + ' ' + e.ariaSort : '').join('')`
	auditStatus   = `[...document.querySelectorAll('.status')].map(e => e.textContent).join(', ')`
)

func auditHeader(table, column string) string {
	return fmt.Sprintf("[...document.querySelectorAll('#%s thead button')].find(e => e.textContent === %q)", table, column)
}

func testAuditSorting(b *browser) {
	b.openAudit()
	b.want(auditSorted, "")
	for _, step := range []struct{ column, rules, sorted string }{
		{"Severity", "WT201 no-answer WT215 WT217", "4 ascending"}, {"Severity", "WT217 WT215 WT201 no-answer", "4 descending"},
		{"Rule", "no-answer WT201 WT215 WT217", "5 ascending"}, {"File", "WT201 WT217 WT215 no-answer", "6 ascending"}, {"File", "no-answer WT215 WT201 WT217", "6 descending"},
		{"Message", "no-answer WT217 WT215 WT201", "8 ascending"},
	} {
		b.click(auditHeader("findings", step.column))
		b.want(findingsShown, step.rules)
		b.want(auditSorted, step.sorted)
	}
	b.want(filesShown, "dist/b.whl dist/a.whl dist/c10.whl") // the other table stays
	b.click(auditHeader("files", "Verdict"))
	b.want(filesShown, "dist/c10.whl dist/a.whl dist/b.whl")
}

func testAuditFilters(b *browser) {
	b.openAudit()
	b.want(auditStatus, "3 of 3 shown, 4 of 4 shown")
	b.want(`[...document.querySelectorAll('.chip')].map(e => e.textContent.trim()).join(' ')`, "unknown 1 fail 1 pass 1 error 2 warning 1 note 1")
	b.typeInto("text", " RELRO")
	b.want(findingsShown, "WT217")
	b.want(auditStatus, "0 of 3 shown, 1 of 4 shown")
	b.typeInto("text", "a.whl")
	b.want(findingsShown, "WT201 WT217")
	b.want(filesShown, "dist/a.whl")
	b.click("document.querySelector('.chip.note input')")
	b.want(findingsShown, "WT201")
	b.typeInto("text", "")
	b.want(findingsShown, "WT201 no-answer WT215")
	b.click("document.querySelector('.chip.fail input')")
	b.want(filesShown, "dist/b.whl dist/c10.whl")
	b.want(auditStatus, "2 of 3 shown, 3 of 4 shown")
	b.typeInto("text", "a.*") // text, not a pattern
	b.want(auditStatus, "0 of 3 shown, 0 of 4 shown")
}

// testAuditKeyboard reaches and uses everything without a mouse.
func testAuditKeyboard(b *browser) {
	b.openAudit()
	const focus = `(e => e.closest('label')?.textContent.trim() || e.textContent || e.id)(document.activeElement)`
	for _, at := range []string{"text", "unknown 1", "fail 1", "pass 1", "Verdict", "File", "What it is", "Findings", "error 2", "warning 1", "note 1", "Severity", "Rule"} {
		b.press("Tab")
		b.want(focus, at)
	}
	b.press("Enter")
	b.want(findingsShown, "no-answer WT201 WT215 WT217")
	b.want(focus, "Rule")
	b.press("Tab", "Tab", "Tab", "Tab")
	b.want(focus, "no-answer")
	b.press("Enter") // to what the rule means
	b.want("location.hash + document.querySelector('article:target h3').textContent", "#no-answerno-answer no answer")
	b.want("document.getElementById('no-answer').getBoundingClientRect().top < innerHeight", "true")
}

func testAuditLabels(b *browser) {
	b.openAudit()
	for role, want := range map[string]string{
		"table": "Files|Findings", "searchbox": "Search", "columnheader": "Verdict|File|What it is|Findings|Severity|Rule|File|In the file|Message",
		"region": "Files|Findings|Rules", "checkbox": "unknown 1|fail 1|pass 1|error 2|warning 1|note 1", "group": "Verdict|Severity",
	} {
		if got := strings.Join(b.accessible(role), "|"); got != want {
			b.t.Errorf("%s: %s, want %s", role, got, want)
		}
	}
}

// testAuditPhone: nothing is wider than a small screen, and no label is lost there.
func testAuditPhone(b *browser) {
	long := auditSample()
	for _, word := range []string{strings.Repeat("unbroken", 60), strings.Repeat("_", 300)} {
		long.Title += word
		long.Files = append(long.Files, auditpage.File{Verdict: "fail", Path: word, About: word, Found: word})
		long.Findings = append(long.Findings, auditpage.Finding{Severity: "error", Rule: word, Path: word, Member: word, Message: word})
		long.Rules = append(long.Rules, auditpage.Rule{ID: word, Title: word, Why: word, Fix: word})
		long.Notes = append(long.Notes, word)
	}
	for name, p := range map[string]*auditpage.Page{"small": auditSample(), "long": long, "empty": {Title: "0 files"}} {
		b.t.Run(name, func(t *testing.T) {
			b := *b
			b.t = t
			for _, width := range []int{320, 360, 700, 1280} {
				b.view(width, 740, "light")
				b.open(renderAudit(t, p))
				b.want(fmt.Sprintf("document.documentElement.scrollWidth <= %d", width), "true")
				if name == "empty" {
					b.want("document.getElementById('search').hidden", "true")
					continue
				}
				b.want("document.querySelector('thead button').getBoundingClientRect().height > 20", "true")
				b.typeInto("text", "relro")
				b.want(findingsShown, "WT217")
			}
		})
	}
}

func testAuditHostile(b *browser) {
	p := &auditpage.Page{Title: strings.Join(hostile, " ")}
	for _, s := range hostile {
		p.Files = append(p.Files, auditpage.File{Verdict: "fail", Path: s, About: s, Found: s})
		p.Findings = append(p.Findings, auditpage.Finding{Severity: "error", Rule: s, Path: s, Member: s, Message: s})
		p.Rules = append(p.Rules, auditpage.Rule{ID: s, Title: s, Why: s, Fix: s, URL: "javascript:hit()"})
		p.Notes = append(p.Notes, s)
	}
	b.call("Page.addScriptToEvaluateOnNewDocument", map[string]any{"source": "window.hit = () => { window.wasHit = true }"}, nil)
	b.view(1000, 700, "light")
	b.open(renderAudit(b.t, p))
	n := strconv.Itoa(len(hostile))
	b.want(auditStatus, n+" of "+n+" shown, "+n+" of "+n+" shown")
	b.want("document.querySelectorAll('#findings tbody tr').length + ' ' + document.querySelectorAll('article').length", n+" "+n)
	b.eval("for (const a of document.querySelectorAll('main a')) a.click()", nil)
	b.click(auditHeader("findings", "Message"))
	b.want("String(window.wasHit)", "undefined")
	b.want("document.querySelectorAll('img, iframe, script:not([type=module]), svg, body > *:not(header, main, script)').length", "0")
	b.quiet()
}

func testAuditContrast(b *browser) {
	for _, scheme := range []string{"light", "dark"} {
		b.view(1000, 700, scheme)
		b.open(renderAudit(b.t, auditSample()))
		b.want(findingsShown, "WT201 no-answer WT217 WT215")
		b.click("document.querySelector('.chip.pass input')") // one that is off, too
		var least [2]json.RawMessage
		b.eval(contrasts, &least)
		var ratio float64
		if err := json.Unmarshal(least[0], &ratio); err != nil || ratio < 4.5 || ratio == 99 {
			b.t.Errorf("%s: contrast %s at %s", scheme, least[0], least[1])
		}
	}
	b.quiet()
}

// testAuditWithoutScripts: everything is there, and no control that would do nothing.
func testAuditWithoutScripts(b *browser) {
	b.view(360, 740, "light")
	b.call("Emulation.setScriptExecutionDisabled", map[string]any{"value": true}, nil)
	b.open(renderAudit(b.t, auditSample()))
	b.want(findingsShown, "WT201 no-answer WT217 WT215")
	b.want("document.querySelectorAll('button').length + [...document.querySelectorAll('input')].filter(e => e.checkVisibility()).length", "0")
	b.quiet()
}

// testAuditLarge sorts and filters 5,000 findings.
func testAuditLarge(b *browser) {
	p := auditSample()
	for i := range 5_000 {
		p.Findings = append(p.Findings, auditpage.Finding{Severity: "note", Rule: "WT217", Path: fmt.Sprintf("dist/%d.whl", i%100), Member: fmt.Sprintf("x/%d.so", i), Message: "has no RELRO"})
	}
	b.view(1000, 700, "light")
	b.open(renderAudit(b.t, p))
	b.want(auditStatus, "3 of 3 shown, 5,004 of 5,004 shown")
	b.typeInto("text", "x/4999.so")
	b.want(auditStatus, "0 of 3 shown, 1 of 5,004 shown")
	var took float64
	b.eval("(() => { const t = performance.now(); "+auditHeader("findings", "In the file")+".click(); return performance.now() - t })()", &took)
	b.t.Logf("sorted in %.0f ms", took)
	b.want("document.querySelector('#findings tbody tr').cells[1].textContent", "no-answer")
}

// testAuditScreens takes pictures for a person to look at, with go test -artifacts.
func testAuditScreens(b *browser) {
	if keep := flag.Lookup("test.artifacts"); keep == nil || keep.Value.String() != "true" {
		b.t.Skip("pictures are taken with -artifacts")
	}
	dir := b.t.ArtifactDir()
	for _, width := range []int{1280, 360} {
		for _, scheme := range []string{"light", "dark"} {
			b.view(width, 800, scheme)
			b.open(renderAudit(b.t, auditSample()))
			b.want(findingsShown, "WT201 no-answer WT217 WT215")
			b.screenshot(filepath.Join(dir, fmt.Sprintf("audit-%d-%s.png", width, scheme)))
		}
	}
}
