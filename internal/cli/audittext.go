package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
	"github.com/wheeltag/wheeltag/wheel/remote"
)

func (a *auditRun) printDemands(r auditRecord) {
	for _, f := range r.Allowed {
		fmt.Fprintln(a.out, hang(fmt.Sprintf("  %s allowed ", f.Rule), fmt.Sprintf("%s until %s: %s", f.File, f.Expires, f.Reason)))
	}
	for _, q := range r.Required {
		text := "may carry " + q.Tag
		if !q.Carries {
			text = "cannot carry " + q.Tag
			if len(q.Causes) > 0 {
				text += ", because of " + describeCause(q.Causes[0])
			}
			if n := len(q.Causes) - 1; n > 0 {
				text += fmt.Sprintf(", and %d more", n)
			}
		}
		fmt.Fprintln(a.out, wrap(text, 80, "        "))
	}
	for _, t := range r.Targets {
		text := "loads on " + t.Release
		switch t.Loads {
		case loads.No:
			text = fmt.Sprintf("does not load on %s, for want of %s", t.Release, some(t.Missing))
		case loads.Unknown:
			text = fmt.Sprintf("may load on %s; %s was not measured there", t.Release, some(t.NoData))
		}
		fmt.Fprintln(a.out, wrap(text, 80, "        "))
	}
}

// explainPath adds what to do to errors that need it.
func explainPath(command, path string, err error) error {
	text := err.Error()
	var far *remote.Error
	if errors.As(err, &far) {
		return err // it says what and where, and paths of one's own have no part in it
	}
	if path != "" && !strings.Contains(text, path) {
		text = path + ": " + text
	}
	switch {
	case os.IsPermission(err):
		return fmt.Errorf("%s; make it readable", text)
	case strings.HasSuffix(path, ".whl"):
		return fmt.Errorf("%s; build or download the wheel again", text)
	}
	return fmt.Errorf("%s; %s takes wheels, directories and ELF files", text, command)
}

// print writes one report as text. The outcome is that of this run: a wheel that
// keeps its promise may still fail a demand or, if strict, for a warning.
func (a *auditRun) print(r *audit.Report, outcome finding.Verdict) {
	word := fmt.Sprintf("%-8s", outcome)
	if a.colour {
		word = paint(word, outcome == finding.Pass)
	}
	fmt.Fprintf(a.out, "%s%s\n", word, plain(r.File))
	fmt.Fprintln(a.out, wrap(describeReport(r), 80, "        "))
	const most = 20
	if r.Unseen > 0 {
		fmt.Fprintln(a.out, wrap(fmt.Sprintf("%d files were not looked at, as their names say that they are text", r.Unseen), 80, "        "))
	}
	for i, f := range r.Findings {
		if i == most && len(r.Findings) > most+1 {
			fmt.Fprintf(a.out, "        and %d more findings; --format json has them all\n", len(r.Findings)-most)
			break
		}
		text := f.Message
		if f.File != "" && f.File != r.File {
			text = f.File + " " + text
		}
		fmt.Fprintln(a.out, hang(fmt.Sprintf("  %s %-8s", f.Rule, f.Severity), text))
	}
}

// describeReport says in a phrase what a wheel is.
func describeReport(r *audit.Report) string {
	count := fmt.Sprintf("%d ELF files", len(r.ELF))
	if len(r.ELF) == 1 {
		count = "1 ELF file"
	}
	switch {
	case len(r.ELF) == 0 && len(r.Other) == 1:
		return "1 " + r.Other[0].Format + " file"
	case len(r.ELF) == 0 && len(r.Other) > 1:
		return fmt.Sprintf("%d %s files", len(r.Other), r.Other[0].Format)
	case len(r.ELF) == 0:
		return "no machine code"
	case r.Libc == "bionic":
		return count + " for Android, which is not judged"
	case r.PlatformTag == "" && r.Verdict == finding.Unknown:
		return count + ", and what it needs cannot be told"
	case r.PlatformTag == "":
		return count + ", of a kind that no platform tag is for"
	}
	text := r.PlatformTag
	for _, alias := range r.PlatformTags {
		if alias != r.PlatformTag {
			text += " = " + alias
		}
	}
	if r.Libc == "none" {
		text += " (needs no libc)"
	}
	return text + ", " + count
}

// summary counts on standard error, when there was more than one.
func (a *auditRun) summary() {
	if a.stats {
		const mib = 1 << 20
		a.say("unpacked %.1f MiB from %.1f MiB of archives; %.1f MiB of machine code were never needed, %d files were unpacked twice for their tables",
			float64(a.read.Unpacked)/mib, float64(a.read.Packed)/mib, float64(a.read.Skipped)/mib, a.read.Again)
	}
	if a.json || a.files < 2 {
		return
	}
	text := fmt.Sprintf("%d files: %d pass, %d fail", a.files, a.count[finding.Pass], a.count[finding.Fail])
	if n := a.count[finding.Unknown]; n > 0 {
		text += fmt.Sprintf(", %d unknown", n)
	}
	a.say("%s", text)
}
