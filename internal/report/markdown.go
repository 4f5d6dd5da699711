package report

import (
	"fmt"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// The sizes of pages in Markdown: GitHub takes comments of up to 65,536 characters and
// 1 MiB for the summary of a step, of November 2026.
const (
	mostComment = 60_000
	mostSummary = 1_000_000
)

// markdown writes a page for a comment on a pull request.
func (t *together) markdown() error {
	_, err := t.out.WriteString(t.markdownPage(mostComment))
	return err
}

// markdownPage is what is wrong, file by file, in at most so many bytes. Files without
// a fault are named at the end.
func (t *together) markdownPage(limit int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "### wheeltag audit: %s\n", verdicts(t.files))
	room := limit - 2*mostText // for what is left out and where the names of the others end
	left := 0
	for _, verdict := range []finding.Verdict{finding.Unknown, finding.Fail, finding.Pass} {
		for i := range t.files {
			f := &t.files[i]
			if f.verdict != verdict || len(f.entries) == 0 {
				continue
			}
			part := markdownFile(f, max(0, room-b.Len()))
			if part == "" {
				left++
				continue
			}
			b.WriteString(part)
		}
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n%s with findings left out, as this page has its limit; `--format json` has them all.\n", counted(left, "file"))
	}
	var clean []string
	for i := range t.files {
		if len(t.files[i].entries) == 0 {
			clean = append(clean, t.files[i].path)
		}
	}
	if len(clean) > 0 {
		b.WriteString("\nNothing to say about " + codeSpans(clean) + ".\n")
	}
	return b.String()
}

// markdownFile is the part about one file, "" where not even its first lines have room.
func markdownFile(f *audited, room int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n**%s** %s: %s\n\n", f.verdict, codeSpan(f.path), markdownText(f.about))
	blocks := sameMessages(f.entries)
	for i := range blocks {
		e := &blocks[i]
		line := fmt.Sprintf("- [%s](%s) %s %s", codeSpan(e.rule.ID), RuleURL(e.rule), e.severity, codeSpan(e.sentence()))
		if len(e.files) > 0 {
			line += ", also " + codeSpans(e.files)
		}
		line += "\n"
		if b.Len()+len(line) > room {
			if i == 0 {
				return ""
			}
			fmt.Fprintf(&b, "- and %d more; `--format json` has them all\n", len(blocks)-i)
			break
		}
		b.WriteString(line)
	}
	return b.String()
}

// sameMessages groups the entries of a file that differ in the member alone.
func sameMessages(entries []entry) []cause {
	list := make([]located, len(entries))
	for i, e := range entries {
		list[i] = located{&audited{}, e}
	}
	groups := causes(list)
	for i := range groups {
		for j, name := range groups[i].files {
			groups[i].files[j] = strings.TrimPrefix(name, "/")
		}
	}
	return groups
}

// codeSpans joins the first few of a list.
func codeSpans(list []string) string {
	const most = 3
	var spans []string
	for _, text := range list[:min(most, len(list))] {
		spans = append(spans, codeSpan(text))
	}
	text := strings.Join(spans, ", ")
	if n := len(list) - most; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}

// codeSpan is text between as many backticks as it takes to have it as it is: no markup,
// link or mention of a person begins in there.
func codeSpan(text string) string {
	if text == "" {
		return "` `"
	}
	longest, run := 0, 0
	for i := range len(text) {
		if text[i] != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", longest+1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") || strings.HasPrefix(text, " ") && strings.HasSuffix(text, " ") {
		text = " " + text + " "
	}
	return fence + text + fence
}

// markdownText is text of our own, as of the catalogue, without a meaning in Markdown.
var markdownText = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "|", `\|`, "#", `\#`, "~", `\~`,
).Replace
