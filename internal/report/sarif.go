package report

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// The limits of GitHub's code scanning for a run, of November 2026: a file with more
// results or more bytes is rejected. GitLab has no lower ones.
const (
	mostResults = 25_000
	mostPacked  = 9_500_000 // of 10 MB, compressed with gzip; the rules come on top
)

// The parts of a SARIF 2.1.0 file that are written, with the names of its schema.
type (
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID            string          `json:"id"`
		Name          string          `json:"name"`
		Short         sarifMessage    `json:"shortDescription"`
		Full          sarifMessage    `json:"fullDescription"`
		Help          sarifMessage    `json:"help"`
		HelpURI       string          `json:"helpUri"`
		Configuration sarifLevel      `json:"defaultConfiguration"`
		Properties    sarifProperties `json:"properties"`
	}
	sarifMessage struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifLevel struct {
		Level string `json:"level"`
	}
	sarifProperties struct {
		Tags []string `json:"tags"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level   string       `json:"level"`
		Message sarifMessage `json:"message"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifMessage      `json:"message"`
		Locations    [1]sarifLocation  `json:"locations"`
		Fingerprints sarifFingerprints `json:"partialFingerprints"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
	sarifLogical struct {
		Name string `json:"name"`
		Full string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
	// sarifFingerprints has the name that GitHub looks at and one that says what it is.
	sarifFingerprints struct {
		Line  string `json:"primaryLocationLineHash"`
		Fault string `json:"wheeltag/v1"`
	}
)

// sarif writes SARIF 2.1.0, a result on each line. Where there are more than consumers
// take, the less severe ones are left out, and the file says so.
func (t *together) sarif() error {
	list := t.all()
	rules := newSarifRules(list)
	lines, left := t.sarifResults(list, rules.index)
	driver := sarifDriver{Name: "wheeltag", Version: t.Version, InformationURI: "https://github.com/wheeltag/wheeltag", Rules: rules.list}
	run := sarifInvocation{Successful: true}
	for _, f := range t.files {
		run.Successful = run.Successful && f.verdict != finding.Unknown
	}
	if left > 0 {
		text := fmt.Sprintf("%d of %d results are left out, the least severe ones: code hosts reject larger files", left, len(list))
		run.Notifications = []sarifNotification{{"warning", sarifMessage{Text: text}}}
		if err := t.note(text); err != nil {
			return err
		}
	}
	fmt.Fprintf(t.out, `{"version":"2.1.0","$schema":"https://json.schemastore.org/sarif-2.1.0.json","runs":[{"tool":%s,`+"\n", jsonLine(sarifTool{driver}))
	fmt.Fprintf(t.out, `"invocations":[%s],`+"\n"+`"results":[`+"\n", jsonLine(run))
	first := true
	for _, line := range lines {
		if line == nil {
			continue
		}
		if !first {
			t.out.WriteString(",\n")
		}
		first = false
		t.out.Write(line)
	}
	_, err := t.out.WriteString("\n]}]}\n")
	return err
}

// sarifResults makes the line of each result, nil for those that are left out, and
// counts these.
func (t *together) sarifResults(list []located, index map[string]int) (lines [][]byte, left int) {
	var packed counter
	z, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed) // a level that there is; others pack better
	lines = make([][]byte, len(list))
	kept := 0
	for s := finding.Error; s >= finding.Note; s-- {
		for i := range list {
			e := &list[i]
			if e.severity != s || kept == mostResults || packed > mostPacked {
				continue
			}
			lines[i] = jsonLine(t.sarifResult(e, index))
			z.Write(lines[i]) // a counter takes everything
			kept++
		}
	}
	return lines, len(list) - kept
}

func (t *together) sarifResult(e *located, index map[string]int) sarifResult {
	r := sarifResult{
		RuleID: e.rule.ID, RuleIndex: index[e.rule.ID], Level: e.severity.String(),
		Message:      sarifMessage{Text: noLinks(t.subject(e.in, &e.entry))},
		Fingerprints: sarifFingerprints{e.fingerprint, e.fingerprint},
	}
	r.Locations[0].Physical = sarifPhysical{sarifArtifact{relativeURI(t.place(e.in))}, sarifRegion{1}}
	if e.member != "" {
		r.Locations[0].Logical = []sarifLogical{{e.member, e.in.path + "/" + e.member, "resource"}}
	}
	return r
}

// sarifRules are the rules of the results, each once.
type sarifRules struct {
	list  []sarifRule
	index map[string]int
}

func newSarifRules(entries []located) sarifRules {
	rules := sarifRules{list: []sarifRule{}, index: map[string]int{}}
	for i := range entries {
		r := entries[i].rule
		if _, ok := rules.index[r.ID]; ok {
			continue
		}
		rules.index[r.ID] = len(rules.list)
		level := r.Severity.String()
		if level == "" {
			level = "warning" // of a rule that is not known
		}
		tags := []string{}
		if r.Category != "" {
			tags = append(tags, string(r.Category))
		}
		rules.list = append(rules.list, sarifRule{
			ID: r.ID, Name: r.Name, Short: sarifMessage{Text: noLinks(r.Title)}, Full: sarifMessage{Text: noLinks(r.Why)},
			Help: sarifMessage{
				Text:     noLinks(r.Why + "\n\nHow to fix: " + r.Fix),
				Markdown: markdownText(r.Why) + "\n\n**How to fix:** " + markdownText(r.Fix),
			},
			HelpURI: RuleURL(r), Configuration: sarifLevel{level}, Properties: sarifProperties{tags},
		})
	}
	return rules
}

// noLinks takes the meaning of a link from text that SARIF would read as one.
func noLinks(text string) string { return strings.ReplaceAll(text, "](", "] (") }

// relativeURI is a relative path as a reference of RFC 3986. The colon of a first part
// would end a scheme.
func relativeURI(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		parts[i] = strings.ReplaceAll(url.PathEscape(part), ":", "%3A")
	}
	return strings.Join(parts, "/")
}

// counter counts the bytes that are written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

// jsonLine is a value as JSON on one line, with < > & as they are.
func jsonLine(value any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		panic(err) // of our own types, all of which have a JSON form
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
