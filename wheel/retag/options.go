package retag

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// Auto as [Options.Platform] means the tags that the native code of the wheel qualifies
// for, with their older names.
const Auto = "auto"

// Options say what to change. The zero value changes no tag and repairs the rest.
//
// Python, ABI and Platform are words as the command "wheel tags" takes them: tags with dots
// between them replace those of the file name, with a plus sign before them they are added,
// with a minus sign taken away; "" changes nothing.
type Options struct {
	Python, ABI, Platform string

	// Build replaces the build tag; one that is empty removes it, nil keeps it.
	Build *string

	// Modified is the time of WHEEL and RECORD. The zero time keeps that of the source.
	Modified time.Time

	// Force accepts a result with errors, but for those about the archive and RECORD, and
	// replaces a file with other content.
	Force bool

	// DryRun writes nothing.
	DryRun bool

	// Audit says how the result is audited; Verify is always on. Allowances accept errors
	// of it, up to the date that each has.
	Audit      audit.Options
	Allowances []finding.Allowance
}

// Check reports a word that is not made of tags.
func (o *Options) Check() error {
	for part, word := range []string{o.Python, o.ABI, o.Platform} {
		if word == "" {
			continue
		}
		for tag := range strings.SplitSeq(strings.TrimLeft(word[:1], "+-")+word[1:], ".") {
			if !isTag(tag) {
				return fmt.Errorf("%q is not %s", tag, [...]string{"an interpreter tag", "an ABI tag", "a platform tag"}[part])
			}
		}
	}
	if o.Build == nil || *o.Build == "" {
		return nil
	}
	if build := *o.Build; build[0]-'0' > 9 || !isTag(strings.ReplaceAll(build, ".", "_")) {
		return fmt.Errorf("%q is not a build tag: want a digit, then letters, digits, dots and underscores", build)
	}
	return nil
}

// isTag reports whether text can be a tag of its own.
func isTag(text string) bool {
	return text != "" && strings.Trim(strings.ToLower(text), "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// maxTags bounds the combinations of a file name, each of which is a line of WHEEL.
const maxTags = 10_000

// rename gives the file name with the tags and the build that were asked for.
func (o *Options) rename(n *wheel.Name) (wheel.Name, error) {
	build := n.Build.String()
	if o.Build != nil {
		build = *o.Build
	}
	fields := []string{n.Distribution, n.Version.Source()}
	if build != "" {
		fields = append(fields, build)
	}
	for part, word := range []string{o.Python, o.ABI, o.Platform} {
		list := changed(slices.Collect(n.Tags.Members(tags.Part(part))), word)
		if len(list) == 0 {
			return wheel.Name{}, &Refusal{Code: CodeTags, Err: fmt.Errorf("%s takes the last %s away", word, [...]string{"interpreter tag", "ABI tag", "platform tag"}[part])}
		}
		fields = append(fields, strings.Join(list, "."))
	}
	if n.Variant != "" {
		fields = append(fields, n.Variant)
	}
	renamed, err := wheel.ParseName(strings.Join(fields, "-") + ".whl")
	if err != nil {
		return wheel.Name{}, &Refusal{Code: CodeTags, Err: err}
	}
	if renamed.Tags.Len() > maxTags {
		return wheel.Name{}, &Refusal{Code: CodeTags, Err: fmt.Errorf("%d combinations of tags are too many; up to %d are written", renamed.Tags.Len(), maxTags)}
	}
	return renamed, nil
}

// changed gives the tags of one kind, sorted, each once.
func changed(list []string, word string) []string {
	if word != "" {
		words := strings.Split(strings.ToLower(strings.TrimLeft(word[:1], "+-")+word[1:]), ".")
		switch word[0] {
		case '+':
			list = append(list, words...)
		case '-':
			list = slices.DeleteFunc(list, func(tag string) bool { return slices.Contains(words, tag) })
		default:
			list = words
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
