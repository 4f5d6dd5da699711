package cli

import (
	"errors"
	"slices"

	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/config"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// ruleFlags choose rules and say what their findings do.
type ruleFlags struct {
	selected, ignored, warned, failed []string
	index                             string
	strict                            bool
	failOn                            string
}

func (o *ruleFlags) add(f *pflag.FlagSet) {
	f.StringSliceVar(&o.selected, "select", nil, "report only `RULES`")
	f.StringSliceVar(&o.ignored, "ignore", nil, "do not report `RULES`")
	f.StringSliceVar(&o.warned, "warn", nil, "report `RULES` as warnings")
	f.StringSliceVar(&o.failed, "error", nil, "report `RULES` as errors")
	f.StringVar(&o.index, "index", "", "report what `INDEX` would refuse: pypi, none, or one of wheeltag.toml (default pypi)")
	f.BoolVar(&o.strict, "strict", false, "also fail on warnings, as --fail-on warning")
	addChoice(f, &o.failOn, "fail-on", "fail on findings from `SEVERITY` on: error, warning or note", "error", "warning", "note")
}

// selection puts the flags over what the configuration says of rules.
func (o *ruleFlags) selection(own *config.Config) (finding.Selection, error) {
	s := finding.Selection{
		Select: o.selected, Ignore: o.ignored, Severity: map[string]finding.Severity{},
		From: map[string]string{"select": "--select", "ignore": "--ignore", "index": "--index"},
	}
	for _, entry := range o.warned {
		s.Severity[finding.Canonical(entry)] = finding.Warning
	}
	for _, entry := range o.failed {
		id := finding.Canonical(entry)
		if s.Severity[id] == finding.Warning {
			return s, usagef("%s is in both --warn and --error; leave one", entry)
		}
		s.Severity[id] = finding.Error
	}
	if bad, ok := errors.AsType[*finding.EntryError](s.Check()); ok {
		return s, usagef("--%s: %v", o.flagOf(bad), bad)
	}
	if o.index != "" {
		index, err := own.Index(o.index)
		if err != nil {
			return s, usagef("--index: %v", err)
		}
		s.Index = index
	}
	all := own.Selection()
	all.Over = append(all.Over, s)
	return all, nil
}

// flagOf returns the flag that an entry comes from.
func (o *ruleFlags) flagOf(e *finding.EntryError) string {
	isIt := func(entry string) bool { return finding.Canonical(entry) == e.Entry }
	switch {
	case e.List != "severity":
		return e.List
	case slices.ContainsFunc(o.warned, isIt):
		return "warn"
	}
	return "error"
}

// failing returns the lowest severity that fails a file by the flags, 0 if they leave
// that to the configuration.
func (o *ruleFlags) failing(given func(flag string) bool) (finding.Severity, error) {
	chosen, err := finding.ParseSeverity(o.failOn)
	switch {
	case err != nil:
		return 0, err
	case given("fail-on") && o.strict && chosen != finding.Warning:
		return 0, usagef("--strict and --fail-on %s contradict each other; --strict means --fail-on warning", chosen)
	case o.strict:
		return finding.Warning, nil
	case given("fail-on") || given("strict"):
		return chosen, nil
	}
	return 0, nil
}
