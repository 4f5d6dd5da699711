package metadata

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep440"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// Metadata is core metadata with its types. What was not given, or is faulty, is zero.
type Metadata struct {
	*wheel.Metadata // as written

	Version           pep440.Version
	RequiresPython    pep440.SpecifierSet
	Requirements      []pep508.Requirement // of Requires-Dist
	Extras            []string             // of Provides-Extra, in normal form
	LicenseExpression string               // with the identifiers as SPDX writes them
	DescriptionType   ContentType
	Imports           []Import // of Import-Name and Import-Namespace
	ProjectURLs       []Link
}

// Import is a module that the project installs (PEP 794).
type Import struct {
	Name      string // such as "demo.plugins"
	Private   bool
	Namespace bool // of Import-Namespace
}

// Link is a Project-URL.
type Link struct{ Label, URL string }

// What can be wrong with core metadata; also the name of the field is in the error.
const (
	CodeMetadataVersion   wheel.Code = "metadata-version"   // missing or unknown
	CodeMetadataTooNew    wheel.Code = "metadata-too-new"   // known, but PyPI does not accept it
	CodeRequired          wheel.Code = "required-field"     // Name or Version is missing
	CodeFieldVersion      wheel.Code = "field-version"      // of a later metadata version than stated
	CodeProjectName       wheel.Code = "project-name"       // not a valid name
	CodeProjectVersion    wheel.Code = "project-version"    // not a valid version
	CodeRequiresPython    wheel.Code = "requires-python"    // not a list of version specifiers
	CodeRequirement       wheel.Code = "requirement"        // not a dependency specifier
	CodeDirectURL         wheel.Code = "direct-url"         // a requirement that is a URL
	CodeExtra             wheel.Code = "extra"              // not a valid name of an extra
	CodeUnknownExtra      wheel.Code = "unknown-extra"      // a marker with an extra that is not provided
	CodeLicenseExpression wheel.Code = "license-expression" // not an SPDX expression, or beside License
	CodeLicenseFile       wheel.Code = "license-file"       // not a relative path
	CodeDescriptionType   wheel.Code = "description-type"   // a content type that PyPI does not render
	CodeImportName        wheel.Code = "import-name"        // not a name that can be imported
	CodeDynamic           wheel.Code = "dynamic"            // not a field that may be dynamic
	CodeSummary           wheel.Code = "summary"            // several lines, or too long
	CodeEmail             wheel.Code = "email"              // not an address
	CodeURL               wheel.Code = "url"                // not a URL, or a label that is too long
	CodeClassifier        wheel.Code = "classifier"         // not a classifier that PyPI accepts
)

// maxFaults bounds the list of faults.
const maxFaults = 1000

// reader reads one METADATA.
type reader struct {
	m      *Metadata
	path   string
	faults []*wheel.Error
}

func (r *reader) fault(code wheel.Code, format string, args ...any) {
	if len(r.faults) < maxFaults {
		r.faults = append(r.faults, &wheel.Error{Path: r.path, Code: code, Err: fmt.Errorf(format, args...)})
	}
}

// Read gives the fields of METADATA with their types, and what is wrong with them. Path
// is for messages.
func Read(path string, text *wheel.Metadata) (*Metadata, []*wheel.Error) {
	r := &reader{m: &Metadata{Metadata: text}, path: path}
	r.versions()
	r.project()
	r.requirements()
	r.license()
	r.description()
	r.imports()
	r.dynamic()
	r.contacts()
	r.classifiers()
	return r.m, r.faults
}

// project reads Name, Version and Requires-Python.
func (r *reader) project() {
	switch name := r.m.Name; {
	case name == "":
		r.fault(CodeRequired, "has no field Name")
	case !validName(name):
		r.fault(CodeProjectName, "Name %q is not a valid project name", clip(name))
	}
	if r.m.Metadata.Version == "" {
		r.fault(CodeRequired, "has no field Version")
	} else if v, err := pep440.Parse(r.m.Metadata.Version); err != nil {
		r.fault(CodeProjectVersion, "Version %q is not a valid version", clip(r.m.Metadata.Version))
	} else {
		r.m.Version = v
	}
	set, err := pep440.ParseSpecifierSet(r.m.Metadata.RequiresPython)
	if err != nil {
		r.fault(CodeRequiresPython, "Requires-Python %q is not a list of version specifiers", clip(r.m.Metadata.RequiresPython))
	}
	r.m.RequiresPython = set
}

// maxRequirements bounds the requirements that are parsed.
const maxRequirements = 1 << 14

// requirements reads Requires-Dist and Provides-Extra.
func (r *reader) requirements() {
	for _, extra := range r.m.ProvidesExtra {
		if !validName(extra) {
			r.fault(CodeExtra, "Provides-Extra %q is not a valid name", clip(extra))
			continue
		}
		r.m.Extras = append(r.m.Extras, wheel.NormalizeName(extra))
	}
	unknown := map[string]bool{}
	for _, text := range r.m.RequiresDist[:min(len(r.m.RequiresDist), maxRequirements)] {
		q, err := pep508.ParseRequirement(text)
		if err != nil {
			r.fault(CodeRequirement, "Requires-Dist %q is not a dependency specifier: %v", clip(text), err)
			continue
		}
		r.m.Requirements = append(r.m.Requirements, q)
		if q.URL != "" {
			r.fault(CodeDirectURL, "Requires-Dist %q is a direct reference", clip(text))
		}
		for variable, value := range q.Marker.Comparisons() {
			if extra := wheel.NormalizeName(value); variable == "extra" && !slices.Contains(r.m.Extras, extra) && !unknown[extra] {
				unknown[extra] = true
				r.fault(CodeUnknownExtra, "Requires-Dist %q is for the extra %q, which no Provides-Extra names", clip(text), clip(value))
			}
		}
	}
}

// validName reports whether a name of a project or an extra is valid: ASCII letters,
// digits, and dots, dashes and underscores within.
func validName(s string) bool {
	for i := range len(s) {
		c := s[i]
		alphanumeric := c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
		if !alphanumeric && (i == 0 || i == len(s)-1 || strings.IndexByte("._-", c) < 0) {
			return false
		}
	}
	return s != ""
}

// clip shortens text for a message.
func clip(s string) string {
	const most = 100
	if len(s) <= most {
		return s
	}
	return s[:most] + "..."
}
