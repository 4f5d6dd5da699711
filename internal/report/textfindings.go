package report

import (
	"fmt"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// mostBlocks is how many blocks of findings of a file are shown.
const mostBlocks = 20

// block is findings that differ in nothing but the file.
type block struct {
	finding.Finding
	also []string // the other files
}

// blocks groups findings by what they say, each group in the place of its first.
func blocks(list []finding.Finding) []block {
	type key struct {
		rule, message string
		severity      finding.Severity
	}
	var out []block
	at := map[key]int{}
	for _, f := range list {
		k := key{f.Rule, f.Message, f.Severity}
		i, ok := at[k]
		switch {
		case f.File == "":
			out = append(out, block{Finding: f})
		case ok:
			out[i].also = append(out[i].also, f.File)
		default:
			at[k] = len(out)
			out = append(out, block{Finding: f})
		}
	}
	return out
}

// findings writes a block for each fault.
func (t *text) findings(a *Audit) {
	list := blocks(a.Findings)
	for i, b := range list {
		if i == mostBlocks && len(list) > mostBlocks+1 {
			left := 0
			for _, b := range list[i:] {
				left += 1 + len(b.also)
			}
			fmt.Fprintf(t.out, "%sand %d more findings; --format json has them all\n", column, left)
			return
		}
		message := Demangle(b.Message)
		if b.File != "" && b.File != a.File {
			message = b.File + " " + message
		}
		rule := Plain(b.Rule)
		before, severity := "  "+rule+" ", b.Severity.String()
		line := t.HangWord(before, severity, len(column), message)
		fmt.Fprintln(t.out, "  "+t.Link(rule, RuleURL(ruleOf(b.Rule)))+strings.TrimPrefix(line, "  "+rule))
		if len(b.also) > 0 {
			t.print(strings.Repeat(" ", len(before)+len(column)), "also "+Some(b.also))
		}
	}
}
