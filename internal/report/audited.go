package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// audited is one input of an audit in the words of the formats for reviewers. All of its
// text is safe to show; see [Plain].
type audited struct {
	file    string // the file name
	path    string // where it is, relative and with slashes; the file name if that is not known
	verdict finding.Verdict
	about   string // a phrase that says what the file is
	entries []entry
	release bool // not an input, but the files of a release together
}

// entry is one thing to say about an input: a finding, a demand of the run that is not
// met, or why there is no answer.
type entry struct {
	rule     finding.Rule
	severity finding.Severity
	member   string // the path inside the wheel, "" for the wheel as a whole
	message  string // a sentence whose subject is the member, if there is one
	// fingerprint is the same in another run for the same fault, also of another
	// version of the project, and differs from that of every other entry of a run.
	fingerprint string
}

// sentence is the message with its subject.
func (e *entry) sentence() string {
	if e.member == "" {
		return e.message
	}
	return e.member + " " + e.message
}

// runRules are the rules of entries that are no findings. They are in no catalogue, as
// no configuration selects them.
var runRules = []finding.Rule{
	{ID: "require", Name: "require", Title: "a required tag for which the wheel does not qualify", Category: finding.CategoryLoading, Severity: finding.Error,
		Why: "The run was asked to fail wheels that do not qualify for the tag.", Fix: "Build in an older environment, or require another tag."},
	{ID: "target", Name: "target", Title: "a target on which the wheel does not install or load", Category: finding.CategoryLoading, Severity: finding.Error,
		Why: "The run was asked to fail wheels that do not install on the target or whose native code does not load there.", Fix: "Build for the target, or install there what is missing."},
	{ID: "no-answer", Name: "no-answer", Title: "an input without an answer", Category: finding.CategoryArchive, Severity: finding.Error, Undecided: true,
		Why: "The input could not be read, so nothing is known about it.", Fix: "Correct the path, or build or download the file again."},
}

// ruleOf returns a rule of the catalogue or of a run. Saved results may have rules of a
// later release, of which only the id is known.
func ruleOf(id string) finding.Rule {
	if r, ok := finding.Lookup(id); ok {
		return r
	}
	for _, r := range runRules {
		if r.ID == id {
			return r
		}
	}
	id = cmp.Or(shorten(Plain(id)), "unknown-rule")
	return finding.Rule{ID: id, Name: id, Title: id, Why: "The rule is not one of this release of wheeltag.", Fix: "See the rules of the release that made the results."}
}

// RuleURL is where the rule of a finding is explained.
func RuleURL(r finding.Rule) string {
	const page = "https://github.com/wheeltag/wheeltag/blob/main/docs/rules.md"
	if _, ok := finding.Lookup(r.ID); !ok {
		return page
	}
	return page + "#" + ruleAnchor(r)
}

// auditedOf says what there is to say about a result.
func auditedOf(a *Audit) audited {
	f := audited{file: shorten(Plain(a.File)), verdict: a.Verdict, about: shorten(Plain(describe(a.Report)))}
	f.path = location(a.Path, a.File)
	identity := identityOf(a.File)
	for _, g := range a.Findings {
		member := g.File
		if member == a.File { // a bare ELF file
			member = ""
		}
		f.add(entry{rule: ruleOf(g.Rule), severity: max(g.Severity, finding.Note), member: member, message: Demangle(g.Message)}, identity, g.Library, g.Version, g.Claimed)
	}
	for _, q := range a.Required {
		if q.Answer == manylinux.No {
			f.add(entry{rule: ruleOf("require"), severity: finding.Error, message: onRequirement(q)}, identity, q.Tag)
		}
	}
	for _, t := range a.Targets {
		if t.Loads == loads.No || t.Refusal != "" {
			f.add(entry{rule: ruleOf("target"), severity: finding.Error, message: onTarget(t, a.native())}, identity, t.Release)
		}
	}
	return f
}

// auditedProblem says that there is no answer.
func auditedProblem(p *Problem) audited {
	f := audited{file: shorten(Plain(p.File)), verdict: finding.Unknown, about: "no answer"}
	f.path = location(p.Path, p.File)
	f.add(entry{rule: ruleOf("no-answer"), severity: finding.Error, message: p.Error.Message}, identityOf(p.File))
	return f
}

// add makes the text of an entry safe and gives it its fingerprint. Not all of the
// message is in that: a number in it may change with every build.
func (f *audited) add(e entry, identity string, facts ...string) {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %q", e.rule.ID, identity, e.member, facts)
	e.fingerprint = hex.EncodeToString(h.Sum(nil)[:16])
	e.member, e.message = shorten(Plain(e.member)), shorten(Plain(cmp.Or(e.message, e.rule.Title)))
	f.entries = append(f.entries, e)
}

// identityOf is what stays the same in the file names of several versions: the project
// and the tags.
func identityOf(file string) string {
	n, err := wheel.ParseName(file)
	if err != nil {
		return file
	}
	parts := strings.Split(file, "-")
	return n.NormalizedName() + "-" + strings.Join(parts[len(parts)-3:], "-")
}

// location is a path as reviewers know it: relative to where the command ran. A path
// that leads out of there is of no use to them, and the file name has to do.
func location(full, file string) string {
	full = path.Clean(cmp.Or(full, file))
	if path.IsAbs(full) || full == "." || full == ".." || strings.HasPrefix(full, "../") {
		full = path.Base(path.Clean("/" + file))
	}
	if full == "/" {
		full = "unnamed"
	}
	return shorten(Plain(full))
}

// mostText bounds each text, in bytes: a name may be as long as its author likes.
const mostText = 2000

func shorten(text string) string {
	if len(text) <= mostText {
		return text
	}
	cut := mostText
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "..."
}

// counted says how many things there are: "1 file", "2 files".
func counted(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// verdicts counts inputs by verdict, in words.
func verdicts(files []audited) string {
	count := map[finding.Verdict]int{}
	inputs := 0
	for _, f := range files {
		if !f.release {
			inputs++
			count[f.verdict]++
		}
	}
	text := fmt.Sprintf("%s: %d pass, %d fail", counted(inputs, "file"), count[finding.Pass], count[finding.Fail])
	if n := count[finding.Unknown]; n > 0 {
		text += fmt.Sprintf(", %d unknown", n)
	}
	return text
}

// bySeverity counts entries by severity, in words: "2 errors, 1 note".
func bySeverity(entries []entry) string {
	var parts []string
	for s := finding.Error; s >= finding.Note; s-- {
		n := 0
		for i := range entries {
			if entries[i].severity == s {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, counted(n, s.String()))
		}
	}
	return strings.Join(parts, ", ")
}
