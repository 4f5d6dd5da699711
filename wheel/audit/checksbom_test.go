package audit

import (
	"bytes"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel"
)

func openArchive(t *testing.T, data []byte) *wheel.Archive {
	t.Helper()
	a, err := wheel.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestSBOMs: bills of materials that are damaged, contradict themselves or leave
// libraries out, and those that come close.
func TestSBOMs(t *testing.T) {
	const dir = "demo-1.0.dist-info/sboms/"
	const library = "demo.libs/libfoo-0a1b2c3d.so.1"
	const uncovered = "WT499 note " + library + " is a bundled library that no bill of materials of the wheel names"
	cyclone := func(rest string) string {
		return `{"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": {"bom-ref": "main", "name": "demo"}}, ` + rest + `}`
	}
	twice := func(file, kind, ref string) string {
		return "WT498 warning " + dir + file + ` has the ` + kind + ` "` + ref + `" twice`
	}
	for _, c := range []struct{ what, file, text, want string }{
		{"all is well", "a.cdx.json", cyclone(`"components": [{"bom-ref": "a", "name": "x", "components": [{"bom-ref": "b", "name": "y"}]}], "dependencies": [{"ref": "main", "dependsOn": ["a", "b"]}]`), ""},
		{"the wheel listed again", "a.cdx.json", cyclone(`"components": [{"bom-ref": "main", "name": "demo"}]`), ""},
		{"parts without a reference", "a.cdx.json", cyclone(`"components": [{"name": "x"}, {"name": "y"}]`), ""},
		{"a reference twice", "a.cdx.json", cyclone(`"components": [{"bom-ref": "a"}, {"bom-ref": "a"}]`), twice("a.cdx.json", "bom-ref", "a")},
		{"a reference of an inner part", "a.cdx.json", cyclone(`"components": [{"bom-ref": "a", "components": [{"bom-ref": "a"}]}]`), twice("a.cdx.json", "bom-ref", "a")},
		{"a service too", "a.cdx.json", cyclone(`"components": [{"bom-ref": "a"}], "services": [{"bom-ref": "a"}, {"bom-ref": "a"}]`), twice("a.cdx.json", "bom-ref", "a") + " (and 1 more like this)"},
		{"a dependency on nothing", "a.cdx.json", cyclone(`"dependencies": [{"ref": "main", "dependsOn": ["a"]}]`), "WT498 warning " + dir + `a.cdx.json has a dependency on "a", which is no bom-ref of it`},
		{"a dependency of nothing", "a.cdx.json", cyclone(`"dependencies": [{"ref": "b"}]`), "WT498 warning " + dir + `a.cdx.json has a dependency on "b", which is no bom-ref of it`},
		{"no version", "a.json", `{"bomFormat": "CycloneDX"}`, "WT498 warning " + dir + "a.json has no specVersion, which CycloneDX demands"},
		{"no JSON", "a.json", `{"bomFormat": `, "WT498 warning " + dir + "a.json cannot be read: unexpected end of JSON input"},
		{"another format", "a.json", `{"hello": ["world"]}`, ""},
		{"no JSON, and not said to be", "a.txt", "hello", ""},
		{"SPDX", "a.spdx.json", `{"spdxVersion": "SPDX-2.3", "SPDXID": "D", "packages": [{"SPDXID": "A", "name": "x"}], "files": [{"SPDXID": "B", "fileName": "f"}]}`, ""},
		{"SPDX with a name twice", "a.spdx.json", `{"spdxVersion": "SPDX-2.3", "packages": [{"SPDXID": "A"}], "files": [{"SPDXID": "A"}]}`, twice("a.spdx.json", "SPDXID", "A")},
		{"XML", "a.cdx.xml", `<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components/></bom>`, ""},
		{"XML that does not end", "a.cdx.xml", `<bom><components/>`, "WT498 warning " + dir + "a.cdx.xml cannot be read: XML syntax error on line 1: unexpected EOF"},
		{"no XML at all", "a.cdx.xml", "hello", "WT498 warning " + dir + "a.cdx.xml cannot be read: has no element of XML"},

		{"a library that is named", library, cyclone(`"components": [{"name": "foo", "purl": "pkg:cargo/foo@1"}]`), ""},
		{"a library that is not named", library, cyclone(`"components": [{"name": "bar", "purl": "pkg:cargo/bar@1"}]`), uncovered},
		{"packages of a system", library, cyclone(`"components": [{"name": "bar", "purl": "pkg:rpm/bar@1"}]`), ""},
		{"files of a package", library, cyclone(`"components": [{"name": "bar", "purl": "pkg:rpm/bar@1", "evidence": {"occurrences": [{"location": "demo.libs/libbar.so.1"}]}}]`), ""},
		{"files of a package, one of them ours", library, cyclone(`"components": [{"name": "bar", "purl": "pkg:rpm/bar@1", "evidence": {"occurrences": [{"location": "demo.libs/LIBFOO-0a1b2c3d.so.1"}]}}]`), "WT499 note demo.libs/libbar.so.1 is a bundled library that no bill of materials of the wheel names"},
		{"a file of SPDX", library, `{"spdxVersion": "SPDX-2.3", "files": [{"SPDXID": "A", "fileName": "./demo.libs/libbar.so.1"}]}`, uncovered},
		{"a package of SPDX", library, `{"spdxVersion": "SPDX-2.3", "packages": [{"SPDXID": "A", "name": "bar", "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:cargo/bar@1"}]}]}`, uncovered},
		{"a package of a system in SPDX", library, `{"spdxVersion": "SPDX-2.3", "packages": [{"SPDXID": "A", "name": "bar", "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:deb/bar@1"}]}]}`, ""},
		{"a format that is not read", library, `{"hello": "world"}`, ""},
		{"damaged", library, "{", "WT498 warning " + dir + "b.json cannot be read: unexpected end of JSON input"},
	} {
		files := map[string]string{dir + c.file: c.text}
		if c.file == library {
			files = map[string]string{dir + "b.json": c.text, library: "x"}
			if strings.Contains(c.text, "LIBFOO") {
				files["demo.libs/libbar.so.1"] = "y"
			}
		}
		if got := layoutFindings(t, "demo-1.0-py3-none-any.whl", files); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.what, got, c.want)
		}
	}
}

// TestSBOMBound: what is not read is not judged.
func TestSBOMBound(t *testing.T) {
	large := "{" + strings.Repeat(" ", maxSBOM)
	got := layoutFindings(t, "demo-1.0-py3-none-any.whl", map[string]string{"demo-1.0.dist-info/sboms/a.json": large, "demo-1.0.dist-info/sboms/b.json": `{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"name": "bar", "purl": "pkg:cargo/bar"}]}`, "demo.libs/libfoo.so": "x"})
	if got != "" {
		t.Error(got)
	}
}

// TestLibraryStem: what the file names of libraries have in common with package names.
func TestLibraryStem(t *testing.T) {
	for library, want := range map[string]string{
		"libgfortran-040039e1.so.5.0.0": "gfortran", "libgomp.so.1": "gomp", "libfoo-1.2.so.3": "foo", "libz.1.dylib": "z", "LibFoo.dylib": "foo", "lib1.so": "1", "libgcc_s-0bf60adc.so.1": "gcc_s", "libx-0bf60adg.so": "x-0bf60adg", "libx-0bf60ad.so": "x-0bf60ad",
	} {
		if got := libraryStem(library); got != want {
			t.Errorf("%s: %s, want %s", library, got, want)
		}
	}
}
