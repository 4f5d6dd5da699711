package report

import (
	"fmt"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// categories are the headings of the page of rules, in the order of the ids.
var categories = []struct {
	finding.Category
	title string
}{
	{finding.CategoryName, "File names and tags"},
	{finding.CategoryLoading, "Native code"},
	{finding.CategoryArchive, "Archives, RECORD and contents"},
	{finding.CategoryMetadata, "METADATA and WHEEL"},
	{finding.CategoryUpload, "Uploads to PyPI"},
	{finding.CategoryIndex, "Files among the others of an index"},
	{finding.CategoryRelease, "The files of a release together"},
}

// RulesPage is a page in Markdown about rules: a table of them and a section for each,
// which [RuleURL] leads to.
func RulesPage(rules []finding.Rule) string {
	var b strings.Builder
	b.WriteString(`# Rules

What ` + "`wheeltag audit` and `wheeltag index`" + ` look for. An error fails an audit, a warning with
` + "`--strict`" + `, a note never; the configuration may change that. Ids and names stay. This page is
written by ` + "`wheeltag rules --format markdown`" + `.
`)
	for _, c := range categories {
		rows := 0
		for _, r := range rules {
			if r.Category != c.Category {
				continue
			}
			if rows++; rows == 1 {
				fmt.Fprintf(&b, "\n**%s**\n\n| rule | severity | is about |\n|---|---|---|\n", c.title)
			}
			fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", r.ID, ruleAnchor(r), r.Severity, markdownText(r.Title))
		}
	}
	for _, r := range rules {
		fmt.Fprintf(&b, "\n## %s %s\n\nReports %s. Severity: %s; since %s.", r.ID, r.Name, markdownText(r.Title), r.Severity, r.Since)
		if r.Undecided {
			b.WriteString(" The verdict is unknown then, and nothing can silence the rule.")
		}
		fmt.Fprintf(&b, "\n\n**What it means:** %s\n\n**How to fix:** %s\n", markdownText(r.Why), markdownText(r.Fix))
	}
	return b.String()
}

// ruleAnchor is what GitHub and GitLab make of the heading of a rule.
func ruleAnchor(r finding.Rule) string { return strings.ToLower(r.ID + "-" + r.Name) }
