package manylinux

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed data/rules.txt
var ruleText string

// Severity says what a finding does to an audit.
type Severity string

// The severities: an error fails the audit, a warning only a strict one.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Rule is an entry of the catalogue.
type Rule struct {
	ID       string // "WT201", for ever
	Severity Severity
	Title    string
	Means    string // what it means for a user of the wheel
	Mend     string // what its maker can do
}

var readRules = sync.OnceValue(func() []Rule {
	rules, err := parseRules(ruleText)
	if err != nil {
		panic("manylinux: the embedded rules: " + err.Error())
	}
	return rules
})

// Rules gives the catalogue in the order of the ids.
func Rules() []Rule { return append([]Rule(nil), readRules()...) }

// RuleByID finds a rule; letter case does not matter.
func RuleByID(id string) (Rule, bool) {
	for _, r := range readRules() {
		if strings.EqualFold(r.ID, id) {
			return r, true
		}
	}
	return Rule{}, false
}

func parseRules(text string) ([]Rule, error) {
	var rules []Rule
	for line := range strings.SplitSeq(text, "\n") {
		key, value, _ := strings.Cut(line, " ")
		switch {
		case line == "" || line[0] == '#':
		case strings.HasPrefix(key, "WT"):
			severity, title, ok := strings.Cut(value, " ")
			if !ok || severity != string(Error) && severity != string(Warning) && severity != string(Note) {
				return nil, fmt.Errorf("rule %s: want SEVERITY TITLE", key)
			}
			rules = append(rules, Rule{ID: key, Severity: Severity(severity), Title: title})
		case len(rules) > 0 && key == "means:":
			rules[len(rules)-1].Means = value
		case len(rules) > 0 && key == "mend:":
			rules[len(rules)-1].Mend = value
		default:
			return nil, fmt.Errorf("line %q", line)
		}
	}
	return rules, nil
}
