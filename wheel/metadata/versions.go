package metadata

import "strings"

// metadataVersions are the versions of the specification, oldest first (PEP 241 to 808).
var metadataVersions = []string{"1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6"}

// newestAccepted is the newest version that PyPI accepts. Source: warehouse,
// forklift/metadata.py, 2026-08-21.
const newestAccepted = "2.5"

// since are the versions that brought the fields that are not of 1.0. License-File is of
// 2.4, but build backends wrote it for years before, and nothing rejects it.
var since = map[string]string{
	"supported-platform": "1.1", "download-url": "1.1", "classifier": "1.1", "requires": "1.1", "provides": "1.1", "obsoletes": "1.1",
	"maintainer": "1.2", "maintainer-email": "1.2", "requires-dist": "1.2", "requires-python": "1.2", "requires-external": "1.2",
	"project-url": "1.2", "provides-dist": "1.2", "obsoletes-dist": "1.2",
	"description-content-type": "2.1", "provides-extra": "2.1", "dynamic": "2.2",
	"license-expression": "2.4", "import-name": "2.5", "import-namespace": "2.5",
}

// age orders versions of the specification; -1 is an unknown one.
func age(version string) int {
	for i, v := range metadataVersions {
		if v == version {
			return i
		}
	}
	return -1
}

// versions reads Metadata-Version and compares each field with it.
func (r *reader) versions() {
	version := r.m.MetadataVersion
	stated := age(version)
	switch {
	case version == "":
		r.fault(CodeMetadataVersion, "has no field Metadata-Version")
		return
	case stated < 0:
		r.fault(CodeMetadataVersion, "Metadata-Version %q is not known; the newest is %s", clip(version), metadataVersions[len(metadataVersions)-1])
		return
	case stated > age(newestAccepted):
		r.fault(CodeMetadataTooNew, "Metadata-Version is %s; PyPI accepts versions up to %s", version, newestAccepted)
	}
	told := map[string]bool{}
	for _, f := range r.m.Fields {
		name := strings.ToLower(f.Name)
		first := since[name]
		if age(first) > stated && !told[name] {
			told[name] = true
			r.fault(CodeFieldVersion, "the field %s is there since version %s; Metadata-Version is %s", f.Name, first, version)
		}
	}
}

// fixed are the fields that may not be dynamic.
var fixed = map[string]bool{"name": true, "version": true, "metadata-version": true}

// known are the other fields of the specification in lower case.
var known = func() map[string]bool {
	names := map[string]bool{}
	for name := range since {
		names[name] = true
	}
	for _, name := range []string{
		"platform", "summary", "description", "keywords", "home-page", "author", "author-email", "license", "license-file",
	} {
		names[name] = true
	}
	return names
}()

// dynamic reads Dynamic.
func (r *reader) dynamic() {
	for _, name := range r.m.Dynamic {
		switch lower := strings.ToLower(name); {
		case fixed[lower]:
			r.fault(CodeDynamic, "Dynamic: %s may not be dynamic", clip(name))
		case !known[lower]:
			r.fault(CodeDynamic, "Dynamic: %q is not a field", clip(name))
		}
	}
}
