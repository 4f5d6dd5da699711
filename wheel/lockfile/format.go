package lockfile

import (
	"path"
	"strings"

	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// Format is the kind of a lock file.
type Format string

// The formats that [Read] knows.
const (
	UV           Format = "uv"           // uv.lock, version 1
	Pylock       Format = "pylock"       // pylock.toml (PEP 751), lock-version 1.x
	Poetry       Format = "poetry"       // poetry.lock, lock-version 1.x and 2.x
	PDM          Format = "pdm"          // pdm.lock, lock_version 4.x
	Requirements Format = "requirements" // requirements files as pip reads them
	Pipfile      Format = "pipfile"      // Pipfile.lock, pipfile-spec 6
	PipReport    Format = "pip-report"   // pip install --report, version 1
	PipInspect   Format = "pip-inspect"  // pip inspect, version 1

	// Of these, what pip installs: packages of conda are counted and not judged.

	CondaEnvironment Format = "conda-environment" // environment.yml
	CondaLock        Format = "conda-lock"        // conda-lock.yml, version 1
	Pixi             Format = "pixi"              // pixi.lock, versions 4 to 7
)

// format is everything that the package knows of one format, apart from its
// reader, which has a file of its own. Nothing else asks which format a lock has.
type format struct {
	name   Format
	source string                 // what writes or defines it, for messages
	file   string                 // the name that files have, or ""
	named  func(base string) bool // other names that files have, or nil

	// A format is read from a document in TOML, JSON or YAML, which has recognizes by
	// its keys, or from text.
	has      func(doc *tomltree.Table) bool
	read     func(*reader, *tomltree.Table) *Error
	readText func(*reader, []byte, Opener)
	readYAML func(*reader, *tomltree.Table, Opener) *Error
	syntax   syntax
	project  func(*reader, *tomltree.Table) // what pyproject.toml adds, or nil

	rules
}

// syntax is the language of a document.
type syntax uint8

const (
	inTOML syntax = iota
	inJSON
	inYAML
)

// rules are the ways in which installers treat the formats differently.
type rules struct {
	graph           bool           // packages are needed by a path of dependencies from a project
	markers         pep508.Context // how markers are evaluated
	always          string         // the group that is chosen unless only others are
	extrasAreGroups bool           // an extra is chosen by the name of its group
	plainPython     bool           // a pre-release of Python counts as its release
	skipsPython     bool           // packages for other versions of Python are left out
	oneEntry        bool           // no package may be needed twice, even in one version
	// extrasAreEntries is set if a package with extras has an entry of its own.
	extrasAreEntries bool
	// alternatives is set if groups exclude each other: always, or those selected.
	alternatives bool
	// unlisted is set if the file does not list the files of packages from an index.
	unlisted bool
}

// formats are all formats. The keys of later ones are more telling, so documents
// are compared with those first.
var formats = [...]format{
	{name: UV, source: "uv", file: "uv.lock", has: isUV, read: (*reader).readUV, rules: rules{graph: true, plainPython: true}, project: (*reader).uvDefaults},
	{name: Pylock, source: "PEP 751", file: "pylock.toml", named: isNamedPylock, has: isPylock, read: (*reader).readPylock,
		rules: rules{markers: pep508.LockFile, oneEntry: true}},
	{name: Poetry, source: "Poetry", file: "poetry.lock", has: isPoetry, read: (*reader).readPoetry,
		rules: rules{markers: pep508.ExtraSet, always: "main", skipsPython: true}, project: (*reader).poetryProject},
	{name: PDM, source: "PDM", file: "pdm.lock", has: isPDM, read: (*reader).readPDM,
		rules: rules{always: "default", extrasAreGroups: true, extrasAreEntries: true}, project: (*reader).pdmProject},
	{name: Requirements, source: "pip", named: isRequirements, readText: (*reader).readRequirements, rules: rules{unlisted: true}},
	{name: Pipfile, source: "Pipenv", file: "Pipfile.lock", syntax: inJSON, has: isPipfile, read: (*reader).readPipfile,
		rules: rules{always: "default", unlisted: true}},
	{name: PipReport, source: "pip install --report", syntax: inJSON, has: isPipReport, read: (*reader).readPipReport},
	{name: PipInspect, source: "pip inspect", syntax: inJSON, has: isPipInspect, read: (*reader).readPipInspect, rules: rules{unlisted: true}},
	{name: CondaEnvironment, source: "conda", named: isNamedCondaEnvironment, syntax: inYAML, has: isCondaEnvironment, readYAML: (*reader).readCondaEnvironment, rules: rules{unlisted: true}},
	{name: CondaLock, source: "conda-lock", file: "conda-lock.yml", named: isNamedCondaLock, syntax: inYAML, has: isCondaLock, readYAML: (*reader).readCondaLock,
		rules: rules{always: "main", extrasAreGroups: true}},
	{name: Pixi, source: "pixi", file: "pixi.lock", syntax: inYAML, has: isPixi, readYAML: (*reader).readPixi, rules: rules{always: "default", alternatives: true}},
}

// FileNames lists the usual names of lock files, such as "uv.lock". Other names
// are recognised too: pylock.NAME.toml, and those of requirements files.
func FileNames() []string {
	var names []string
	for _, f := range formats {
		if f.file != "" {
			names = append(names, f.file)
		}
	}
	return names
}

// rules returns what is special about the lock's format.
func (l *Lock) rules() rules {
	for i := range formats {
		if formats[i].name == l.Format {
			return formats[i].rules
		}
	}
	return rules{}
}

// formatOf returns the format by the name of a file, or nil.
func formatOf(name string) *format {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	for i := range formats {
		if f := &formats[i]; base == f.file || f.named != nil && f.named(base) {
			return f
		}
	}
	return nil
}

// formatOfDocument returns the format by keys that only one format has, or nil.
func formatOfDocument(doc *tomltree.Table, in syntax) *format {
	for i := len(formats) - 1; i >= 0; i-- {
		if f := &formats[i]; f.syntax == in && f.has != nil && f.has(doc) {
			return f
		}
	}
	return nil
}

// formatOfText returns the format of text that is not TOML, or nil.
func formatOfText(data []byte) *format {
	if !looksLikeRequirements(data) {
		return nil
	}
	for i := range formats {
		if formats[i].readText != nil {
			return &formats[i]
		}
	}
	return nil
}

// Unlisted reports whether a lock file does not list the files of packages from an
// index, so that they are those of the index: a requirements file, Pipfile.lock,
// environment.yml and what pip inspect writes.
func (l *Lock) Unlisted() bool { return l.rules().unlisted }

// sourcesOf names what writes the formats in a language: "uv, PEP 751, Poetry or PDM".
func sourcesOf(in syntax) string {
	var names []string
	for _, f := range formats {
		if f.has != nil && f.syntax == in {
			names = append(names, f.source)
		}
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
