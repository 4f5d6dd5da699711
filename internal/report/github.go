package report

import (
	"fmt"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// mostAnnotations is how many annotations of each kind GitHub shows for a step, of
// November 2026.
const mostAnnotations = 10

// githubCommands are the workflow commands that make annotations.
var githubCommands = map[finding.Severity]string{finding.Note: "notice", finding.Warning: "warning", finding.Error: "error"}

// cause is entries of one rule that say the same.
type cause struct {
	located
	files []string // of the others
}

// causes groups entries over all files, each group in the place of its first.
func causes(list []located) []cause {
	type key struct {
		rule, message string
		severity      finding.Severity
	}
	var out []cause
	at := map[key]int{}
	for _, e := range list {
		k := key{e.rule.ID, e.message, e.severity}
		if i, ok := at[k]; ok {
			name := e.in.path
			if e.member != "" {
				name += "/" + e.member
			}
			out[i].files = append(out[i].files, name)
			continue
		}
		at[k] = len(out)
		out = append(out, cause{located: e})
	}
	return out
}

// github writes workflow commands for annotations, as many as GitHub shows, and the
// summary of the job where there is a place for it.
func (t *together) github() error {
	list := causes(t.all())
	left := map[finding.Severity]int{}
	for s := finding.Error; s >= finding.Note; s-- {
		shown := 0
		for i := range list {
			c := &list[i]
			switch {
			case c.severity != s:
			case shown == mostAnnotations:
				left[s]++
			default:
				t.annotate(c)
				shown++
			}
		}
	}
	fmt.Fprintln(t.out, verdicts(t.files))
	for s := finding.Error; s >= finding.Note; s-- {
		if left[s] > 0 {
			fmt.Fprintf(t.out, "%s without an annotation, as GitHub shows %d of a step\n", counted(left[s], s.String()), mostAnnotations)
		}
	}
	if t.Summary == nil {
		return nil
	}
	_, err := t.Summary.Write([]byte(t.markdownPage(mostSummary)))
	return err
}

func (t *together) annotate(c *cause) {
	message := c.in.path + ": " + c.sentence()
	if len(c.files) > 0 {
		message += "\nalso " + Some(c.files)
	}
	message += "\nHow to fix: " + c.rule.Fix
	title := c.rule.ID
	if c.rule.Name != title {
		title += " " + c.rule.Name
	}
	fmt.Fprintf(t.out, "::%s file=%s,line=1,title=%s::%s\n", githubCommands[c.severity], githubProperty(t.place(c.in)), githubProperty(title), githubData(message))
}

// githubData and githubProperty are the escapes of workflow commands. A line feed would
// begin another command.
var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace
)
