package report

import (
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// mostLines is how many entries a test case lists.
const mostLines = 200

// junit writes the XML that test runners write and CI servers read: a test suite for the
// run, a test case for each file. A file that fails is a failure, a file without an
// answer an error; what else there is to say about a file is its output.
func (t *together) junit() error {
	failures, errors := 0, 0
	for _, f := range t.files {
		switch f.verdict {
		case finding.Fail:
			failures++
		case finding.Unknown:
			errors++
		}
	}
	counts := fmt.Sprintf(`name="wheeltag audit" tests="%d" failures="%d" errors="%d"`, len(t.files), failures, errors)
	fmt.Fprintf(t.out, "%s<testsuites %s>\n<testsuite %s skipped=\"0\">\n", xml.Header, counts, counts)
	for i := range t.files {
		t.testcase(&t.files[i])
	}
	_, err := t.out.WriteString("</testsuite>\n</testsuites>\n")
	return err
}

func (t *together) testcase(f *audited) {
	fmt.Fprintf(t.out, `<testcase classname="wheeltag.audit" name="%s" file="%[1]s"`, xmlText(f.path))
	element := map[finding.Verdict]string{finding.Fail: "failure", finding.Unknown: "error"}[f.verdict]
	switch {
	case len(f.entries) == 0:
		t.out.WriteString("/>\n")
		return
	case element == "":
		fmt.Fprintf(t.out, ">\n<system-out>%s</system-out>\n</testcase>\n", xmlText(entryLines(f.entries)))
		return
	}
	worst := worstEntry(f.entries)
	message := worst.rule.ID + ": " + worst.sentence()
	if n := len(f.entries) - 1; n > 0 {
		message += fmt.Sprintf(" (and %d more)", n)
	}
	fmt.Fprintf(t.out, ">\n<%s type=\"%s\" message=\"%s\">%s</%[1]s>\n</testcase>\n", element, xmlText(worst.rule.ID), xmlText(message), xmlText(entryLines(f.entries)))
}

// worstEntry is why there is no answer, if there is none, else the first of the most
// severe entries.
func worstEntry(entries []entry) *entry {
	worst := &entries[0]
	for i := range entries {
		e := &entries[i]
		switch {
		case e.rule.Undecided != worst.rule.Undecided:
			if e.rule.Undecided {
				worst = e
			}
		case e.severity > worst.severity:
			worst = e
		}
	}
	return worst
}

// entryLines writes entries one a line, in plain text.
func entryLines(entries []entry) string {
	var b strings.Builder
	for i := range entries {
		if i == mostLines && len(entries) > mostLines+1 {
			fmt.Fprintf(&b, "and %d more; --format json has them all\n", len(entries)-mostLines)
			break
		}
		e := &entries[i]
		fmt.Fprintf(&b, "%s %s: %s\n", e.severity, e.rule.ID, e.sentence())
	}
	return b.String()
}

// xmlText is text for an element or an attribute in quotes. It holds no control
// characters but line feeds: see [audited].
var xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace
