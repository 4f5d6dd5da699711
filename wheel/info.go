package wheel

import (
	"strings"
	"unicode/utf8"
)

// Info is what the WHEEL file says of the wheel (PEP 427), as written.
type Info struct {
	WheelVersion  string
	Generator     string
	RootIsPurelib string
	Tags          []string // one for each Tag line
	Build         string

	Fields   []Field  // every field in its order; of Tag alone there may be several
	Problems []*Error // as of [Metadata]
}

// IsPurelib reports whether the files at the top go to the directory for pure Python,
// as pip reads it.
func (w *Info) IsPurelib() bool { return strings.EqualFold(w.RootIsPurelib, "true") }

// maxExpanded bounds the tags of WHEEL that are written out; those behind it are left out.
const maxExpanded = 1 << 17

// ExpandedTags gives the tags of all Tag fields in lower case and in their order, each once.
// Some tools write a field with sets, such as py2.py3-none-any, for several tags.
func (w *Info) ExpandedTags() []string {
	var tags []string
	seen := map[string]bool{}
	add := func(tag string) {
		if !seen[tag] && len(tags) < maxExpanded {
			seen[tag] = true
			tags = append(tags, tag)
		}
	}
	for _, field := range w.Tags {
		field = strings.ToLower(field)
		parts := strings.Split(field, "-")
		if len(parts) != 3 || strings.Count(field, ".") > 50 || len(tags) == maxExpanded {
			add(field)
			continue
		}
		for python := range strings.SplitSeq(parts[0], ".") {
			for abi := range strings.SplitSeq(parts[1], ".") {
				for platform := range strings.SplitSeq(parts[2], ".") {
					add(python + "-" + abi + "-" + platform)
				}
			}
		}
	}
	return tags
}

// ParseInfo reads WHEEL. Path is for messages. The error is an *[Error]: more than
// 65,536 fields.
func ParseInfo(path string, text []byte) (*Info, error) {
	h, err := parseHeaders(path, string(text))
	if err != nil {
		return nil, err
	}
	w := &Info{Fields: h.fields}
	single := map[string]*string{
		"wheel-version": &w.WheelVersion, "generator": &w.Generator, "root-is-purelib": &w.RootIsPurelib, "build": &w.Build,
	}
	once := once{problems: h.problems}
	for _, f := range h.fields {
		name := strings.ToLower(f.Name)
		if name == "tag" {
			w.Tags = append(w.Tags, f.Value)
		} else if value := single[name]; value != nil && once.first(path, name, f) {
			*value = f.Value
		}
	}
	if !utf8.Valid(text) {
		once.problems.add(path, 0, CodeText, "is not UTF-8")
	}
	w.Problems = once.problems
	return w, nil
}
