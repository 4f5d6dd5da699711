package audit

import (
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// TestUpload: names that PyPI refuses, and those next to them.
func TestUpload(t *testing.T) {
	platform := func(tags string) string {
		return "WT501 error: PyPI does not accept the platform tag " + tags + ", as of 2026-08-21"
	}
	for name, want := range map[string]string{
		"py3-none-any": "", "py3-none-win32": "", "py3-none-win_arm64": "", "cp312-cp312-linux_armv7l": "", "py3-none-manylinux_3_0_s390x": "", "py3-none-manylinux2014_ppc64": "", "py3-none-musllinux_1_2_riscv64": "",
		"py3-none-macosx_10_99_universal2": "", "py3-none-macosx_26_0_arm64": "", "py3-none-macosx_27_0_arm64": "", "py3-none-manylinux_2_38_loongarch64": "", "py3-none-ios_13_0_arm64_iphoneos": "", "py3-none-android_21_x86": "", "py3-none-pyemscripten_2026_0_wasm32": "",
		"py3-none-linux_x86_64":                 platform("linux_x86_64"),
		"py3-none-linux_aarch64":                platform("linux_aarch64"),
		"py3-none-manylinux1_aarch64":           platform("manylinux1_aarch64"),
		"py3-none-musllinux_1_1_ppc64":          platform("musllinux_1_1_ppc64"),
		"py3-none-manylinux_2_28_x86_64_v3":     platform("manylinux_2_28_x86_64_v3"),
		"py3-none-macosx_11_2_arm64":            platform("macosx_11_2_arm64"),
		"py3-none-macosx_16_0_arm64":            platform("macosx_16_0_arm64"),
		"py3-none-macosx_9_2_x86_64":            platform("macosx_9_2_x86_64"),
		"py3-none-macosx_10_15_amd64":           platform("macosx_10_15_amd64"),
		"py3-none-pyodide_2024_0_wasm32":        platform("pyodide_2024_0_wasm32"),
		"py3-none-freebsd_14_1_release_amd64":   platform("freebsd_14_1_release_amd64"),
		"py3-none-linux_x86_64.win32":           platform("linux_x86_64"),
		"py3-none-any.linux_ppc64.linux_x86_64": platform("linux_ppc64, linux_x86_64"),
	} {
		if got := uploadFindings(t, "demo-1.0-"+name+".whl"); got != want {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"demo_x-1.0-py3-none-any.whl":           "",
		"demo-1.0rc1.post2-py3-none-any.whl":    "",
		"Demo-1.0-py3-none-any.whl":             "WT502 error: PyPI does not accept the name Demo in a file name; it must be demo",
		"demo.x-1.0-py3-none-any.whl":           "WT502 error: PyPI does not accept the name demo.x in a file name; it must be demo_x",
		"demo-1.0+cu118-py3-none-any.whl":       "WT503 error: PyPI does not accept the local version cu118",
		"demo-1.0-1-py3-none-any-x8664v3.whl":   "WT504 error: PyPI does not accept the names of wheel variants, as of 2026-08-21",
		"dataclasses-1.0-py3-none-any.whl":      "WT506 note: the project is called like the module dataclasses of Python, a name that PyPI gives to no new project",
		"Sqlite3-1.0-py3-none-any.whl":          "WT502 error: PyPI does not accept the name Sqlite3 in a file name; it must be sqlite3\nWT506 note: the project is called like the module sqlite3 of Python, a name that PyPI gives to no new project",
		"dataclasses_json-1.0-py3-none-any.whl": "",
		"demo-1.0-1-py3-none-any.whl":           "",
	} {
		if got := uploadFindings(t, name); got != want {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
}

func uploadFindings(t *testing.T, filename string) string {
	t.Helper()
	name, err := wheel.ParseName(filename)
	if err != nil {
		t.Fatal(err)
	}
	s := &Subject{Filename: filename, name: name, ELF: linkset.New(nil)}
	for tag := range name.Tags.Members(tags.PartPlatform) {
		s.Claims = append(s.Claims, tags.ParsePlatformTag(tag))
	}
	var lines []string
	for _, check := range []func(*Subject, reporter){checkUpload, checkUploadProject} {
		check(s, func(rule string, f finding.Finding) {
			f.Set(rule)
			lines = append(lines, f.Rule+" "+f.Severity.String()+": "+f.Message)
		})
	}
	return strings.Join(lines, "\n")
}

// TestUploadSize: the limit of a file, and a byte more.
func TestUploadSize(t *testing.T) {
	for size, want := range map[int64]string{0: "", 100 << 20: "", 100<<20 + 1: "upload-size  has 100 MiB; PyPI accepts 100 MiB unless the project was given a higher limit", 539 << 20: "upload-size  has 539 MiB; PyPI accepts 100 MiB unless the project was given a higher limit"} {
		if got := strings.Join(collect(func(r reporter) { checkUploadSize(&Subject{size: size}, r) }), ""); got != want {
			t.Errorf("%d: %s", size, got)
		}
	}
}

// TestNoIndex: the rules about uploads are off for another index.
func TestNoIndex(t *testing.T) {
	for index, want := range map[string]int{"pypi": 1, "none": 0} {
		o := Options{Selection: finding.Selection{Select: []string{"WT"}, Index: map[string]finding.Index{"pypi": finding.PyPI(), "none": finding.NoIndex()}[index]}}
		n := 0
		for _, f := range audited(t, "linux_x86_64", o, map[string][]byte{"demo/a.py": nil}).Findings {
			if f.Rule == "WT501" {
				n++
			}
		}
		if n != want {
			t.Errorf("%s: %d findings", index, n)
		}
	}
}

// TestParsePyPI: what the data file may not have.
func TestParsePyPI(t *testing.T) {
	for _, text := range []string{"colour red", "file-mebibytes many", "platform (", "open [", "date"} {
		if _, err := parsePyPI(text); (err == nil) != (text == "date") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
