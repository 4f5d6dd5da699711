package wheel

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// Metadata is what METADATA says of the project: the fields of the core metadata
// specification up to version 2.5, as written. Nothing but their lengths is checked; a
// field that is missing is empty.
type Metadata struct {
	MetadataVersion        string
	Name                   string
	Version                string
	Dynamic                []string
	Platforms              []string
	SupportedPlatforms     []string
	Summary                string
	Description            string // the text behind the fields, else the field
	DescriptionContentType string
	Keywords               string
	HomePage               string
	DownloadURL            string
	Author                 string
	AuthorEmail            string
	Maintainer             string
	MaintainerEmail        string
	License                string
	LicenseExpression      string
	LicenseFiles           []string
	Classifiers            []string
	RequiresDist           []string
	RequiresPython         string // empty allows every Python
	RequiresExternal       []string
	ProjectURLs            []string // "label, URL"
	ProvidesExtra          []string
	ProvidesDist           []string
	ObsoletesDist          []string
	ImportNames            []string
	ImportNamespaces       []string
	Requires               []string // of version 1.1, as the next two
	Provides               []string
	Obsoletes              []string

	// Fields has every field in its order: also those above, unknown ones, and the
	// second one of a field that may be there once, of which the first counts.
	Fields []Field

	// Problems are lines that are no fields, repeated fields, and text that is not
	// UTF-8, which pip refuses.
	Problems []*Error
}

// single gives the place of a field that may be there once, by its name in lower
// case, or nil.
func (m *Metadata) single(name string) *string {
	switch name {
	case "metadata-version":
		return &m.MetadataVersion
	case "name":
		return &m.Name
	case "version":
		return &m.Version
	case "summary":
		return &m.Summary
	case "description":
		return &m.Description
	case "description-content-type":
		return &m.DescriptionContentType
	case "keywords":
		return &m.Keywords
	case "home-page":
		return &m.HomePage
	case "download-url":
		return &m.DownloadURL
	case "author":
		return &m.Author
	case "author-email":
		return &m.AuthorEmail
	case "maintainer":
		return &m.Maintainer
	case "maintainer-email":
		return &m.MaintainerEmail
	case "license":
		return &m.License
	case "license-expression":
		return &m.LicenseExpression
	case "requires-python":
		return &m.RequiresPython
	}
	return nil
}

// multiple gives the place of a field that may be there several times, or nil.
func (m *Metadata) multiple(name string) *[]string {
	switch name {
	case "dynamic":
		return &m.Dynamic
	case "platform":
		return &m.Platforms
	case "supported-platform":
		return &m.SupportedPlatforms
	case "license-file":
		return &m.LicenseFiles
	case "classifier":
		return &m.Classifiers
	case "requires-dist":
		return &m.RequiresDist
	case "requires-external":
		return &m.RequiresExternal
	case "project-url":
		return &m.ProjectURLs
	case "provides-extra":
		return &m.ProvidesExtra
	case "provides-dist":
		return &m.ProvidesDist
	case "obsoletes-dist":
		return &m.ObsoletesDist
	case "import-name":
		return &m.ImportNames
	case "import-namespace":
		return &m.ImportNamespaces
	case "requires":
		return &m.Requires
	case "provides":
		return &m.Provides
	case "obsoletes":
		return &m.Obsoletes
	}
	return nil
}

// maxShort bounds the fields that are compared and evaluated: Name, Version and
// Requires-Python. No version is longer.
const maxShort = pep440.MaxLength

// ParseMetadata reads METADATA, or PKG-INFO of a source distribution. Path is for
// messages. The error is an *[Error]: more than 65,536 fields, or a Name, Version or
// Requires-Python of more than 16 KiB.
func ParseMetadata(path string, text []byte) (*Metadata, error) {
	h, err := parseHeaders(path, string(text))
	if err != nil {
		return nil, err
	}
	m := &Metadata{Fields: h.fields}
	once := once{problems: h.problems}
	for _, f := range h.fields {
		name := strings.ToLower(f.Name)
		if list := m.multiple(name); list != nil {
			*list = append(*list, f.Value)
			continue
		}
		value := m.single(name)
		if value == nil || !once.first(path, name, f) {
			continue
		}
		switch name {
		case "name", "version", "requires-python":
			if len(f.Value) > maxShort {
				return nil, &Error{path, int64(f.Offset), CodeFieldLength, fmt.Errorf("%s has %d bytes, more than %d", f.Name, len(f.Value), maxShort)}
			}
		}
		*value = f.Value
	}
	if strings.TrimSpace(h.body) != "" {
		m.Description = h.body
	}
	if !utf8.Valid(text) {
		once.problems.add(path, 0, CodeText, "is not UTF-8")
	}
	m.Problems = once.problems
	return m, nil
}

// once keeps the first of each field that may be there once, and notes the others.
type once struct {
	seen     map[string]bool
	problems problems
}

func (o *once) first(path, name string, f Field) bool {
	if o.seen[name] {
		o.problems.add(path, int64(f.Offset), CodeFieldRepeat, "the field %s is there again", f.Name)
		return false
	}
	if o.seen == nil {
		o.seen = map[string]bool{}
	}
	o.seen[name] = true
	return true
}
