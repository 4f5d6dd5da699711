package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/wheel/index"
)

func indexCommand() *command {
	var described targetFlags
	var out string
	var views bool
	return &command{
		name: "index", summary: "checks folders of wheels and writes a simple index for them", usage: "DIR...",
		about: "Looks for what goes wrong with the wheels and source distributions in folders and below them: links to nothing, damaged wheels, names that METADATA contradicts or that are not in normal form, two files of one name, builds that no installer takes, linux_* wheels that could carry a manylinux or musllinux tag, and with --target wheels that fit none of the targets.\n\nWith --out it also writes a static index of what has no error: pages in HTML and JSON under SITE/simple, wheels and their metadata under SITE/files, as hard links where that is possible. Any server of files will do for pip and uv. The new site takes the place of the old one when it is complete; files that did not change are not read again. A folder that is no site is never replaced, and none is written while an input folder is missing, unreadable or empty.\n\n" + aboutTargets,
		examples: []example{
			{line: "index wheels", says: "check a folder"},
			{line: "index -t debian:12/arm64 -t python:3.11-bullseye/amd64 wheels", says: "and see which wheels fit none of your targets"},
			{line: "index --format json wheels wheels-differ", says: "an object a file, for scripts"},
		},
		flags: func(f *pflag.FlagSet) {
			described.add(f)
			f.StringVar(&out, "out", "", "write a static simple index to the folder `SITE`")
			f.BoolVar(&views, "views", false, "also write SITE/TARGET/simple for each target, with what installs there only")
		},
		run: func(c *call) error {
			switch {
			case len(c.args) == 0:
				return usagef("name a folder of wheels, as in 'wheeltag index dist'")
			case views && out == "":
				return usagef("--views is about what to write; add --out SITE")
			case views && len(described.words) == 0:
				return usagef("--views needs targets, as in --target debian:12/arm64")
			}
			r := indexRun{call: c}
			if err := r.readTargets(&described); err != nil {
				return err
			}
			if out != "" {
				var err error
				if r.site, err = index.OpenSite(out); err != nil {
					return usagef("%v", err)
				}
				r.folder = out
			}
			return r.all(views)
		},
	}
}

// indexRun is one run of index.
type indexRun struct {
	*call
	targets    []index.Target
	site       *index.Site // nil when nothing is to be written
	folder     string      // its path as given
	collection *index.Collection
	written    index.Written
}

// readTargets readies the targets, each once.
func (r *indexRun) readTargets(described *targetFlags) error {
	if len(described.words) == 0 {
		return nil
	}
	targets, err := described.read(r.call)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, t := range targets {
		if !seen[t.Name()] {
			seen[t.Name()] = true
			r.targets = append(r.targets, index.Target{Target: t.Target, PythonVersion: t.pythonVersion})
		}
	}
	return nil
}

// all checks, writes the site, and then shows what was found.
func (r *indexRun) all(views bool) error {
	auditor := manylinux.NewAuditor(manylinux.Options{})
	var err error
	r.collection, err = index.Collect(r.ctx, r.args, index.CollectOptions{
		Site: r.site, TrueNameBy: programVersion(),
		TrueName: func(ctx context.Context, path string) string { return trueName(ctx, auditor, path) },
	})
	if err != nil {
		return err
	}
	r.collection.CheckTargets(r.targets)
	for _, p := range r.collection.Problems {
		r.problem("%v", p)
	}
	var failed error
	if r.site != nil {
		shown := r.targets
		if !views {
			shown = nil
		}
		if r.written, failed = r.site.Write(r.ctx, r.collection, shown); errors.Is(failed, context.Canceled) {
			return failed
		}
	}
	for _, i := range r.collection.Items {
		if err := r.show(i); err != nil {
			return err
		}
	}
	r.summary()
	if failed != nil {
		return failed
	}
	r.showSite()
	return nil
}

// trueName is the name that a wheel's machine code allows, if an audit finds
// nothing against it.
func trueName(ctx context.Context, auditor *manylinux.Auditor, path string) string {
	report, err := auditor.File(ctx, path)
	if err != nil || report.Verdict != manylinux.Pass {
		return ""
	}
	if tag := report.PlatformTag; !strings.HasPrefix(tag, "manylinux") && !strings.HasPrefix(tag, "musllinux") {
		return ""
	}
	return report.Explain().Filename
}

// programVersion tells builds of this program apart as well as can be.
func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	text := "wheeltag " + info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" || s.Key == "vcs.time" && s.Value != "" {
			text += " " + s.Value
		}
	}
	return text
}

// indexRecord is the JSON object of index.
type indexRecord struct {
	Schema         string          `json:"schema"`
	File           string          `json:"file"`
	Name           string          `json:"name"`
	Project        string          `json:"project,omitempty"`
	Version        string          `json:"version,omitempty"`
	Size           int64           `json:"size"`
	SHA256         string          `json:"sha256,omitempty"`
	RequiresPython string          `json:"requires_python,omitempty"`
	Offered        bool            `json:"offered"`
	Known          bool            `json:"known"`
	Views          []string        `json:"views,omitempty"`
	Findings       []findingRecord `json:"findings"`
}

type findingRecord struct {
	Code     string   `json:"code"`
	Severity string   `json:"severity"`
	Message  string   `json:"message"`
	Others   []string `json:"others,omitempty"`
	Suggest  string   `json:"suggest,omitempty"`
}

// show writes one file: as JSON in any case, as text when there is something to
// say about it.
func (r *indexRun) show(i *index.Item) error {
	record := indexRecord{
		Schema: "wheeltag.index/v1", File: i.Path, Name: i.Name, Project: i.Project, Version: i.Version, Size: i.Size,
		RequiresPython: i.RequiresPython, Offered: i.Offered, Known: i.Known, Findings: []findingRecord{},
	}
	for _, f := range i.Findings {
		switch {
		case f.Code == index.FoundUnreadable:
			r.status = exitNoAnswer
		case f.Severity == index.SeverityError:
			r.no()
		}
		record.Findings = append(record.Findings, findingRecord(f))
	}
	if r.json {
		for _, h := range i.Hashes {
			record.SHA256 = h.Digest
		}
		for _, v := range r.written.Views {
			if i.Offered && v.Target.Takes(i) {
				record.Views = append(record.Views, v.Folder)
			}
		}
		return r.writeJSON(record)
	}
	if len(i.Findings) > 0 {
		fmt.Fprintln(r.out, printable(i.Path))
	}
	for _, f := range i.Findings {
		word := fmt.Sprintf("%-7s", f.Severity)
		if r.colour && f.Severity != index.SeverityNote {
			word = paint(word, false)
		}
		text := wrap(fmt.Sprintf("%s (%s)", printable(f.Message), f.Code), 80, "          ")
		fmt.Fprintf(r.out, "  %s %s\n", word, strings.TrimLeft(text, " "))
	}
	return nil
}

// printable keeps names that come from folders from reaching the terminal as
// control characters.
func printable(text string) string {
	if quoted := strconv.Quote(text); len(quoted) != len(text)+2+strings.Count(text, `"`)+strings.Count(text, `\`) {
		return quoted
	}
	return text
}

// summary counts the findings.
func (r *indexRun) summary() {
	projects, count := map[string]bool{}, map[string]int{}
	for _, i := range r.collection.Items {
		projects[i.Project] = true
		for _, f := range i.Findings {
			count[f.Severity]++
		}
	}
	delete(projects, "")
	var parts []string
	for _, severity := range []string{index.SeverityError, index.SeverityWarning, index.SeverityNote} {
		if count[severity] > 0 {
			parts = append(parts, plural(count[severity], severity))
		}
	}
	if parts == nil {
		parts = []string{"nothing found"}
	}
	r.say("%s of %s: %s", plural(len(r.collection.Items), "file"), plural(len(projects), "project"), strings.Join(parts, ", "))
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
	r.say("%s", text)
	for _, v := range r.written.Views {
		r.say("%s: %s for %s", filepath.Join(r.folder, v.Folder, "simple"), plural(v.Files, "file"), v.Target.Name())
	}
}
