package report

import (
	"fmt"

	"github.com/wheeltag/wheeltag/internal/auditpage"
)

// mostRows bounds the table of findings: browsers get slow with more.
const mostRows = 10_000

// html writes one HTML page with all of an audit, for a browser without a network.
func (t *together) html() error {
	page := auditpage.Page{Title: verdicts(t.files)}
	for i := range t.files {
		f := &t.files[i]
		page.Files = append(page.Files, auditpage.File{Verdict: string(f.verdict), Path: f.path, About: f.about, Found: bySeverity(f.entries)})
	}
	list := worstFirst(t.all())
	if n := len(list) - mostRows; n > 0 {
		list = list[:mostRows]
		page.Notes = append(page.Notes, fmt.Sprintf("%d findings are left out, the least severe ones; --format json has them all.", n))
	}
	known := map[string]bool{}
	for i := range list {
		e := &list[i]
		page.Findings = append(page.Findings, auditpage.Finding{Severity: e.severity.String(), Rule: e.rule.ID, Path: e.in.path, Member: e.member, Message: e.message})
		if !known[e.rule.ID] {
			known[e.rule.ID] = true
			page.Rules = append(page.Rules, auditpage.Rule{ID: e.rule.ID, Title: e.rule.Title, Why: e.rule.Why, Fix: e.rule.Fix, URL: RuleURL(e.rule)})
		}
	}
	return auditpage.Write(t.out, &page)
}
