package cli

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/wheel/finding"
	"github.com/wheeltag/wheeltag/wheel/index"
)

// show reports one file.
func (r *indexRun) show(h report.Handler, i *index.Item) error {
	switch finding.Judge(i.Findings, finding.Error) {
	case finding.Unknown:
		r.status = exitNoAnswer
	case finding.Fail:
		r.fail()
	}
	var views []string
	for _, v := range r.written.Views {
		if i.Offered && i.Fits(v.Target) {
			views = append(views, v.Folder)
		}
	}
	return h.Report(report.NewIndex(i, views))
}

// summary counts the findings.
func (r *indexRun) summary() {
	projects, count := map[string]bool{}, map[finding.Severity]int{}
	for _, i := range r.collection.Items {
		projects[i.Project] = true
		for _, f := range i.Findings {
			count[f.Severity]++
		}
	}
	delete(projects, "")
	var parts []string
	for _, severity := range []finding.Severity{finding.Error, finding.Warning, finding.Note} {
		if count[severity] > 0 {
			parts = append(parts, plural(count[severity], severity.String()))
		}
	}
	if parts == nil && len(r.collection.Items) == 0 {
		return // why there are none was said above
	}
	if parts == nil {
		parts = []string{"no findings"}
	}
	r.logf("%s of %s: %s", plural(len(r.collection.Items), "file"), plural(len(projects), "project"), strings.Join(parts, ", "))
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// showSite says what was written.
func (r *indexRun) showSite() {
	if r.site == nil {
		return
	}
	known := 0
	for _, i := range r.collection.Items {
		if i.Known {
			known++
		}
	}
	text := fmt.Sprintf("%s: %s of %s; %d read, %d known from before", r.folder, plural(r.written.Files, "file"), plural(r.written.Projects, "project"), r.collection.Read, known)
	if r.written.Copied > 0 {
		text += fmt.Sprintf(", %d copied", r.written.Copied)
	}
	r.logf("%s", text)
	for _, v := range r.written.Views {
		r.logf("%s: %s for %s", filepath.Join(r.folder, v.Folder, "simple"), plural(v.Files, "file"), v.Target.Name())
	}
}
