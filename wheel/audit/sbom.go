package audit

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
)

// maxSBOM bounds how much of all bills of materials of a wheel is read, in bytes; those
// behind the bound are not judged. Those of large programs in Rust have some hundred KiB.
const maxSBOM = 8 << 20

// sbomFile is a software bill of materials in the directory sboms (PEP 770).
type sbomFile struct {
	path   string
	unread bool     // it is too large
	err    error    // it cannot be read
	fault  string   // what is wrong with its references, first of all
	faults int      // and how many of that there are
	names  []string // of components, files and places, in lower case
	system bool     // some component may be a package of a system, with libraries of any name
}

// readSBOMs reads the bills of materials of a wheel.
func readSBOMs(archive *wheel.Archive, dir string) []sbomFile {
	var list []sbomFile
	left := int64(maxSBOM)
	for m := range archive.Members() {
		name, ok := strings.CutPrefix(m.Name(), dir+"/sboms/")
		if !ok || dir == "" {
			continue
		}
		if m.ClaimedSize() > uint64(left) {
			list = append(list, sbomFile{path: m.Name(), unread: true})
			continue
		}
		text, err := m.ReadAll(left)
		left -= int64(len(text))
		f := sbomFile{path: m.Name(), err: err}
		switch {
		case err != nil:
		case strings.HasSuffix(name, ".json"):
			f.readJSON(text)
		case strings.HasSuffix(name, ".xml"):
			f.err = wellFormed(text)
		}
		list = append(list, f)
	}
	return list
}

// add notes a fault.
func (f *sbomFile) add(format string, args ...any) {
	if f.faults++; f.faults == 1 {
		f.fault = fmt.Sprintf(format, args...)
	}
}

// wellFormed reads XML to its end.
func wellFormed(text []byte) error {
	d := xml.NewDecoder(bytes.NewReader(text))
	elements := 0
	for {
		t, err := d.Token()
		switch {
		case err == io.EOF && elements == 0:
			return errors.New("has no element of XML")
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		if _, ok := t.(xml.StartElement); ok {
			elements++
		}
	}
}

// document has the parts of CycloneDX and SPDX 2 that are looked at.
type document struct {
	BOMFormat    string `json:"bomFormat"`
	SpecVersion  string `json:"specVersion"`
	SPDXVersion  string `json:"spdxVersion"`
	Metadata     struct{ Component *component }
	Components   []component
	Services     []component
	Dependencies []struct {
		Ref       string
		DependsOn []string
	}
	SPDXID   string
	Packages []spdxElement
	Files    []spdxElement
}

// component is one of CycloneDX.
type component struct {
	Ref        string `json:"bom-ref"`
	Name       string
	PURL       string
	Components []component
	Evidence   struct{ Occurrences []struct{ Location string } }
	Properties []struct{ Value string }
}

type spdxElement struct {
	SPDXID   string
	Name     string
	FileName string
	// ExternalRefs have the package URL.
	ExternalRefs []struct{ ReferenceType, ReferenceLocator string }
}

// languages are the types of package URLs for packages of programming languages, which
// do not bring the libraries of a system.
var languages = []string{"pkg:cargo/", "pkg:pypi/", "pkg:npm/", "pkg:golang/", "pkg:gem/", "pkg:maven/"}

// fromSystem reports whether a package may have libraries of a system.
func fromSystem(purl string) bool {
	return !slices.ContainsFunc(languages, func(l string) bool { return strings.HasPrefix(strings.ToLower(purl), l) })
}

// readJSON reads a document of CycloneDX or SPDX. Of other formats only the syntax is
// checked, as PEP 770 allows all of them.
func (f *sbomFile) readJSON(text []byte) {
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		f.err = err
		return
	}
	switch {
	case strings.EqualFold(d.BOMFormat, "CycloneDX"):
		f.readCycloneDX(&d)
	case d.SPDXVersion != "":
		f.readSPDX(&d)
	}
}

// references counts the names that parts of a document refer to each other by.
type references struct {
	seen map[string]bool
	f    *sbomFile
}

func (r *references) add(kind, ref string) {
	if ref == "" {
		return
	}
	if r.seen[ref] {
		r.f.add("has the %s %q twice", kind, clip(ref))
	}
	r.seen[ref] = true
}

func (f *sbomFile) readCycloneDX(d *document) {
	if d.SpecVersion == "" {
		f.add("has no specVersion, which CycloneDX demands")
	}
	refs := references{map[string]bool{}, f}
	main := ""
	var walk func(list []component)
	walk = func(list []component) { // as deep as the JSON reader allows, 10,000
		for i := range list {
			c := &list[i]
			if c.Ref == "" || c.Ref != main { // repair tools list the wheel itself once more
				refs.add("bom-ref", c.Ref)
				f.system = f.system || fromSystem(c.PURL)
			}
			f.name(c.Name)
			for _, o := range c.Evidence.Occurrences {
				f.name(o.Location)
			}
			for _, p := range c.Properties {
				f.name(p.Value)
			}
			walk(c.Components)
		}
	}
	if c := d.Metadata.Component; c != nil {
		main = c.Ref
		refs.add("bom-ref", main)
		walk(c.Components)
	}
	walk(d.Components)
	walk(d.Services)
	for _, dependency := range d.Dependencies {
		for _, ref := range append([]string{dependency.Ref}, dependency.DependsOn...) {
			if !refs.seen[ref] {
				f.add("has a dependency on %q, which is no bom-ref of it", clip(ref))
			}
		}
	}
}

func (f *sbomFile) readSPDX(d *document) {
	refs := references{map[string]bool{}, f}
	refs.add("SPDXID", d.SPDXID)
	for _, list := range [][]spdxElement{d.Packages, d.Files} {
		for _, e := range list {
			refs.add("SPDXID", e.SPDXID)
			for _, r := range e.ExternalRefs {
				f.system = f.system || r.ReferenceType == "purl" && fromSystem(r.ReferenceLocator)
			}
			f.name(e.Name)
			f.name(e.FileName)
		}
	}
}

func (f *sbomFile) name(s string) {
	if s != "" {
		f.names = append(f.names, strings.ToLower(s))
	}
}
