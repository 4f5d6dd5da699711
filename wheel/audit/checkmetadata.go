package audit

import (
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
	"github.com/wheeltag/wheeltag/wheel/metadata"
)

// metadataRule is the rule that each fault of METADATA breaks. Those of entry points and
// license files that are missing are others.
var metadataRule = map[wheel.Code]string{
	metadata.CodeMetadataVersion: "metadata-version", metadata.CodeMetadataTooNew: "metadata-too-new", metadata.CodeRequired: "required-field",
	metadata.CodeFieldVersion: "field-version", metadata.CodeProjectName: "project-name", metadata.CodeProjectVersion: "project-version",
	metadata.CodeRequiresPython: "requires-python", metadata.CodeRequirement: "requirement", metadata.CodeDirectURL: "direct-url",
	metadata.CodeExtra: "extra-name", metadata.CodeUnknownExtra: "unknown-extra", metadata.CodeLicenseExpression: "license-expression",
	metadata.CodeLicenseFile: "license-path", metadata.CodeDescriptionType: "description-type", metadata.CodeImportName: "import-name",
	metadata.CodeDynamic: "dynamic-field", metadata.CodeSummary: "summary", metadata.CodeEmail: "email", metadata.CodeURL: "project-url",
	metadata.CodeClassifier: "classifier",
}

// metadataRules are the rules that checkMetadata reports.
var metadataRules = func() []string {
	var rules []string
	for _, rule := range metadataRule {
		rules = append(rules, rule)
	}
	slices.Sort(rules)
	return rules
}()

// checkMetadata reports the faults of METADATA.
func checkMetadata(s *Subject, report reporter) {
	reportFirst(s.dist.faults, report, func(c wheel.Code) string { return metadataRule[c] })
}

// checkLicenseFiles looks for the files of License-File in licenses (PEP 639). Before
// version 2.4 of the metadata the field had no meaning that was agreed on.
func checkLicenseFiles(s *Subject, report reporter) {
	m := s.dist.metadata
	if m == nil || m.MetadataVersion < "2.4" {
		return
	}
	var absent group
	for _, file := range m.LicenseFiles {
		if !slices.Contains(s.distFiles(), "licenses/"+file) {
			absent.add(s.dist.info.Dir+"/licenses/"+clip(file), "is named by License-File and is not in the wheel")
		}
	}
	absent.report("license-file", report)
}

// distFiles are the files below the *.dist-info directory.
func (s *Subject) distFiles() []string { return slices.Collect(s.dist.info.Files()) }

// checkImports looks for the modules of Import-Name in the wheel (PEP 794).
func checkImports(s *Subject, report reporter) {
	m := s.dist.metadata
	if m == nil || len(m.Imports) == 0 {
		return
	}
	modules := s.modules()
	var absent group
	for _, i := range m.Imports {
		if !modules[i.Name] {
			absent.add(s.dist.info.Dir+"/METADATA", "names the import %s, which the wheel does not have", clip(i.Name))
		}
	}
	absent.report("absent-import", report)
}

// modules are the names that the files of the wheel can be imported by, packages
// without __init__.py among them.
func (s *Subject) modules() map[string]bool {
	modules := map[string]bool{}
	for m := range s.files() {
		name := m.Name()
		if top, rest, _ := strings.Cut(name, "/"); strings.HasSuffix(top, ".data") {
			scheme, file, _ := strings.Cut(rest, "/")
			if scheme != "purelib" && scheme != "platlib" {
				continue
			}
			name = file
		}
		dir, base := path.Split(name)
		stem, extension, _ := strings.Cut(base, ".")
		if extension != "py" && !strings.HasSuffix(extension, "so") && !strings.HasSuffix(extension, "pyd") && extension != "pyc" && extension != "pyi" {
			continue
		}
		dir = strings.TrimSuffix(dir, "/")
		if stem != "__init__" {
			modules[strings.ReplaceAll(path.Join(dir, stem), "/", ".")] = true
		}
		for ; dir != "" && dir != "."; dir = path.Dir(dir) {
			modules[strings.ReplaceAll(dir, "/", ".")] = true
		}
	}
	return modules
}

// checkEntryPoints reports what is wrong with entry_points.txt.
func checkEntryPoints(s *Subject, report reporter) {
	if s.dist.info == nil {
		return
	}
	file := s.dist.info.Dir + "/entry_points.txt"
	var fault *wheel.Error
	switch err := s.dist.entryPointsErr; {
	case errors.Is(err, wheel.ErrNoMember):
		return
	case errors.As(err, &fault):
		report("entry-points", finding.Finding{File: file, Message: "cannot be read: " + fault.Err.Error()})
		return
	}
	_, faults := metadata.ReadEntryPoints(file, s.dist.entryPoints)
	reportFirst(faults, report, func(wheel.Code) string { return "entry-points" })
}
