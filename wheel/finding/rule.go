package finding

import (
	_ "embed"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
)

//go:embed data/rules.txt
var ruleText string

// Category is the part of a wheel that a rule is about.
type Category string

// The categories.
const (
	CategoryName     Category = "name"     // the file name and its tags
	CategoryLoading  Category = "loading"  // what dynamic loaders make of native code
	CategoryArchive  Category = "archive"  // the zip archive and RECORD
	CategoryMetadata Category = "metadata" // METADATA and WHEEL
	CategoryUpload   Category = "upload"   // what an index refuses on upload
	CategoryIndex    Category = "index"    // a file among the other files of an index
	CategoryRelease  Category = "release"  // the files of a release as a whole
)

// Rule is an entry of the catalogue.
type Rule struct {
	ID       string   // such as "WT201"
	Name     string   // the same in words, such as "symbol-version"
	Title    string   // one line
	Why      string   // what the fault does to users of the wheel
	Fix      string   // how its maker repairs it
	Category Category // what the rule is about
	Severity Severity // the default
	Since    string   // the first release of wheeltag with the rule
	// Undecided is set for faults that leave open what is true of the wheel.
	// Such a rule makes a verdict unknown and cannot be silenced.
	Undecided bool
}

var catalogue = sync.OnceValue(func() []Rule {
	rules, err := parseRules(ruleText)
	if err != nil {
		panic("finding: the embedded catalogue: " + err.Error())
	}
	return rules
})

// Rules returns the catalogue in the order of the ids.
func Rules() iter.Seq[Rule] { return slices.Values(catalogue()) }

// byWord has the rules by their ids and names in lower case.
var byWord = sync.OnceValue(func() map[string]*Rule {
	rules := catalogue()
	words := make(map[string]*Rule, 2*len(rules))
	for i := range rules {
		words[strings.ToLower(rules[i].ID)] = &rules[i]
		words[strings.ToLower(rules[i].Name)] = &rules[i]
	}
	return words
})

// Lookup returns the rule with an id or a name; letter case does not matter.
func Lookup(id string) (Rule, bool) {
	if r := byWord()[strings.ToLower(id)]; r != nil {
		return *r, true
	}
	return Rule{}, false
}

// parseRules reads the form that the head of the data file describes.
func parseRules(text string) ([]Rule, error) {
	var rules []Rule
	for line := range strings.SplitSeq(text, "\n") {
		switch key, value, _ := strings.Cut(line, " "); {
		case line == "" || line[0] == '#':
		case strings.HasPrefix(key, "WT"):
			severity, name, _ := strings.Cut(value, " ")
			s, err := ParseSeverity(severity)
			if err != nil || name == "" {
				return nil, fmt.Errorf("rule %s: want SEVERITY NAME", key)
			}
			rules = append(rules, Rule{ID: key, Name: name, Severity: s})
		case len(rules) == 0 || !rules[len(rules)-1].set(key, value):
			return nil, fmt.Errorf("line %q", line)
		}
	}
	return rules, nil
}

// set fills one field of a rule and reports whether there is such a field.
func (r *Rule) set(key, value string) bool {
	switch key {
	case "title:":
		r.Title = value
	case "why:":
		r.Why = value
	case "fix:":
		r.Fix = value
	case "category:":
		r.Category = Category(value)
	case "since:":
		r.Since = value
	case "effect:":
		r.Undecided = value == "unknown"
	default:
		return false
	}
	return true
}
