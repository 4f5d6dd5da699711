package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
)

func newCompat(c *invocation) *cobra.Command {
	var described targetFlags
	cmd := &cobra.Command{
		Use: "compat --target T... WHEEL...", Short: "check which wheels install on which targets, and why not",
		Long: "Shows for each wheel and target whether an installer accepts the wheel, and by which tag or why not. A WHEEL is a file, a file name, a directory of wheels, or - to read names from standard input. For existing files, Requires-Python in their metadata is checked as well.\n\n" + aboutTargets,
		Example: `  # a directory against Debian 11 on arm64
  wheeltag compat --target 3.11@debian:11/arm64 wheels
  # one name against two targets
  wheeltag compat -t debian:12/arm64 -t alpine:3.20/arm64 demo-1.0-cp311-cp311-musllinux_1_2_aarch64.whl
  # one object per line, for scripts
  wheeltag compat --target python:3.11-bullseye/arm64 --format json wheels`,
		Args: needWheels,
		RunE: func(*cobra.Command, []string) error {
			targets, err := described.read(c)
			if err != nil {
				return err
			}
			r := compatRun{invocation: c, targets: targets, beside: releases{}}
			return r.run()
		},
	}
	c.addFlags(cmd, func(f *pflag.FlagSet) {
		described.add(f)
		described.addProfile(f)
	})
	return cmd
}

// compatRun is one run of compat. Answers depend on the tags alone, and the tags
// repeat, so an answer is rendered once and used again.
type compatRun struct {
	*invocation
	targets []target
	kept    []map[string]compatAnswer // for each target, by the text of the tag set
	fits    []int                     // wheels, for each target
	wheels  int
	beside  releases
	name    wheel.Name // of the wheel in turn; it is large, and there may be millions
}

// compatAnswer is the answer for a tag set on a target, rendered but for the file
// name.
type compatAnswer struct {
	fits          bool
	before, after string // the file name, which with several targets has its own line
}

// maxKept bounds the kept answers of a target.
const maxKept = 1 << 16

// run answers for each input and target.
func (r *compatRun) run() error {
	r.fits = make([]int, len(r.targets))
	for range r.targets {
		r.kept = append(r.kept, map[string]compatAnswer{})
	}
	if len(r.targets) == 1 && !r.json {
		t := r.targets[0]
		fmt.Fprintf(r.out, "%s: %s, %s\n", t.Name(), t.Python(), t.Platform())
	}
	n := 0
	for in, err := range r.inputs(acceptNames) {
		if n++; n&1023 == 0 && r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		if err == nil {
			err = r.wheel(in)
		}
		if err == nil {
			continue
		}
		if err := r.reject("compat", in, err); err != nil {
			return err
		}
	}
	r.summary()
	return nil
}

// wheel answers for one wheel. The error is the wheel's.
func (r *compatRun) wheel(in input) (err error) {
	if r.name, err = wheel.ParseName(in.name); err != nil {
		return badName(in, err)
	}
	requires := ""
	if in.path != "" {
		if requires, err = requiresPython(in.path); err != nil {
			return err
		}
	}
	r.wheels++
	name := in.name
	if r.json {
		name = jsonEscape(name)
	} else {
		name = report.Plain(name)
	}
	if len(r.targets) > 1 && !r.json {
		r.out.WriteString(name)
		r.out.WriteByte('\n')
		name = ""
	}
	var release *wheel.ReleaseVariants
	if r.name.Variant != "" {
		release = r.beside.of(in, &r.name)
	}
	for i := range r.targets {
		a := r.answer(i, requires, release)
		if a.fits {
			r.fits[i]++
		} else {
			r.fail()
		}
		r.out.WriteString(a.before)
		r.out.WriteString(name)
		r.out.WriteString(a.after)
	}
	return nil
}

// answer works out whether the wheel in turn fits a target. For a name alone that
// is looked up.
func (r *compatRun) answer(i int, requires string, release *wheel.ReleaseVariants) compatAnswer {
	key, keep := tagText(&r.name), requires == "" && r.name.Variant == ""
	if a, ok := r.kept[i][key]; ok && keep {
		return a
	}
	t := r.targets[i]
	tag, rank, _ := t.Best(&r.name.Tags)
	render := r.renderText
	if r.json {
		render = r.renderJSON
	}
	reason := wheel.Fit(t.Target, &r.name, requires)
	if reason == nil {
		_, reason = wheel.RankVariant(t.Target, &r.name, release)
	}
	a := render(t, tag, rank, reason)
	if keep && len(r.kept[i]) < maxKept {
		r.kept[i][strings.Clone(key)] = a
	}
	return a
}

// tagText is the part of a wheel's name from its third last dash on; without a variant
// label, that is its tags.
func tagText(n *wheel.Name) string {
	end := len(n.Filename)
	for range 3 {
		end = strings.LastIndexByte(n.Filename[:end], '-')
	}
	return n.Filename[end:]
}

// renderText writes what stands around the file name. With one target that is on
// the line of the answer, a reason below it; with several, the target is.
func (r *compatRun) renderText(t target, tag tags.Tag, _ int, reason *tags.Reason) compatAnswer {
	const indent = "       "
	a := compatAnswer{fits: reason == nil}
	if a.fits {
		a.before = "  " + r.style.Word("yes", 5)
	} else {
		a.before = "  " + r.style.Word("no", 5)
	}
	several := len(r.targets) > 1
	if several {
		a.before += t.Name()
	}
	switch {
	case !a.fits:
		a.after = "\n" + r.style.Wrap(reason.String(), indent) + "\n"
	case several:
		a.after = "\n" + indent + "by " + tag.String() + "\n"
	default:
		a.after = "\n"
	}
	return a
}

// compatRecord is the JSON object of compat.
type compatRecord struct {
	Schema     string        `json:"schema"`
	File       string        `json:"file"`
	Target     string        `json:"target"`
	Compatible bool          `json:"compatible"`
	Tag        string        `json:"tag,omitempty"`
	Rank       *int          `json:"rank,omitempty"`
	Reason     *reasonRecord `json:"reason,omitempty"`
}

// renderJSON splits the object where the file name comes, which has no other
// place in it.
func (r *compatRun) renderJSON(t target, tag tags.Tag, rank int, reason *tags.Reason) compatAnswer {
	const begin = `{"schema":"wheeltag.compat/v1","file":"`
	record := compatRecord{Schema: "wheeltag.compat/v1", Target: t.Name(), Compatible: reason == nil}
	if reason == nil {
		record.Tag, record.Rank = tag.String(), &rank
	} else {
		record.Reason = &reasonRecord{string(reason.Code), reason.Message, reason.Need, reason.Have}
	}
	return compatAnswer{reason == nil, begin, strings.TrimPrefix(jsonText(record), begin)}
}

// summary counts, when there was more than one answer.
func (r *compatRun) summary() {
	if r.json || r.wheels*len(r.targets) < 2 {
		return
	}
	for i, t := range r.targets {
		r.logf("%s takes %d of %d wheels", t.Name(), r.fits[i], r.wheels)
	}
}

// requiresPython reads the field of a wheel that is there.
func requiresPython(path string) (string, error) {
	a, err := wheel.OpenFile(path)
	if err != nil {
		return "", err
	}
	defer a.Close()
	m, err := a.Metadata()
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return m.RequiresPython, nil
}
