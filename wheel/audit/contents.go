package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/metadata"
)

// Contents are facts about a wheel that package release compares with those of other
// files of the release. Digests are the beginnings of SHA-256 in hexadecimal.
type Contents struct {
	Size int64 `json:"size"` // of the archive in bytes
	// Requirements is a digest of Requires-Dist, Requires-Python and Provides-Extra, ""
	// without METADATA.
	Requirements string `json:"requirements,omitempty"`
	// Code is a digest of the paths and hashes of all Python files, as RECORD has them, ""
	// without RECORD.
	Code string `json:"code,omitempty"`
	// Libraries are the shared libraries that are no extension modules.
	Libraries []Library `json:"libraries,omitempty"`
}

// Library is a shared library in a wheel.
type Library struct {
	Path    string `json:"path"`
	Name    string `json:"name"`              // its file name without the hash that repair tools put in
	Machine string `json:"machine,omitempty"` // of ELF files
	Digest  string `json:"digest"`            // of its content, by RECORD
	// Exports are the names of the symbols that it exports, sorted, with
	// [Options.Exports] and for ELF files.
	Exports []string `json:"exports,omitempty"`
}

// repairHash matches what auditwheel and delvewheel put into the names of libraries.
var repairHash = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`-[0-9a-f]{8}([0-9a-f]{24}|[0-9a-f]{32})?\.`)
})

func digest(parts []string) string {
	h := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(h, "%q\n", part)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// contents sums up a wheel.
func (s *Subject) sumUp(exports bool) *Contents {
	c := &Contents{Size: s.size}
	if s.dist.metadata != nil {
		c.Requirements = requirementsOf(s.dist.metadata)
	}
	if s.record.Err == nil {
		var code []string
		for i := range s.record.Rows {
			if row := &s.record.Rows[i]; strings.HasSuffix(row.Path, ".py") {
				code = append(code, row.Path+" "+row.Hash.Text)
			}
		}
		slices.Sort(code)
		c.Code = digest(code)
	}
	for _, f := range s.ELF.Files {
		if f.Loads() && !f.IsProgram() && !f.IsModule() && !linkset.HasModuleName(f.Path) && (strings.Contains(path.Base(f.Path), ".so.") || s.ELF.IsNeeded(f)) {
			l := s.recordedLibrary(f.Path)
			l.Machine = f.Machine
			if exports {
				l.Exports = exportsOf(f)
			}
			c.Libraries = append(c.Libraries, l)
		}
	}
	for _, f := range s.content.binaries {
		if name := strings.ToLower(f.path); strings.HasSuffix(name, ".dylib") || strings.HasSuffix(name, ".dll") {
			c.Libraries = append(c.Libraries, s.recordedLibrary(f.path))
		}
	}
	return c
}

// requirementsOf is a digest of what a wheel requires. How it is written makes no
// difference, as far as it can be read.
func requirementsOf(m *metadata.Metadata) string {
	parts := []string{m.RequiresPython.String(), ""}
	var requires, extras []string
	if len(m.Requirements) == len(m.RequiresDist) {
		for _, r := range m.Requirements {
			r.Name = wheel.NormalizeName(r.Name)
			requires = append(requires, r.String())
		}
	} else {
		requires = slices.Clone(m.RequiresDist)
	}
	for _, extra := range m.ProvidesExtra {
		extras = append(extras, wheel.NormalizeName(extra))
	}
	slices.Sort(requires)
	slices.Sort(extras)
	return digest(slices.Concat(parts, requires, []string{""}, extras))
}

// recordedLibrary describes a library by its path and RECORD.
func (s *Subject) recordedLibrary(name string) Library {
	l := Library{Path: name, Name: repairHash().ReplaceAllString(path.Base(name), ".")}
	for _, row := range s.record.Lookup(name) {
		l.Digest = digest([]string{row.Hash.Text})
	}
	return l
}

// maxExports is how many symbols of one library are kept.
const maxExports = 100_000

func exportsOf(f *linkset.File) []string {
	names := []string{}
	for symbol := range f.ELF.Exported() {
		if len(names) < maxExports {
			names = append(names, strings.Clone(symbol.Name))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
