package audit

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// variantJSON is a variant.json with the given variants.
func variantJSON(variants string) string {
	return `{"$schema": "https://example.org/v1.0.0.json", "default-priorities": {"namespace": ["x86_64"]}, "variants": {` + variants + `}}`
}

// TestVariants: what a variant wheel says of itself, and what its code may need.
func TestVariants(t *testing.T) {
	const plain, v2, v3 = "ext-x86_64-gnu2.5.so", "isa-x86_64-v2.so", "isa-x86_64-v3.so"
	level := func(label string, values ...string) string {
		return variantJSON(fmt.Sprintf(`%q: {"x86_64": {"level": [%s]}}`, label, strings.Join(values, ", ")))
	}
	const null = `"null": {}`
	for _, c := range []struct {
		label, code, metadata string // "none" is no variant.json
		want                  string
		tag                   string // that the code qualifies for
	}{
		{"", plain, "none", "", "manylinux_2_5_x86_64"},
		{"", v3, "none", "WT207 needs a processor of level x86-64-v3; wheels are for every x86_64", "linux_x86_64"},
		{"fast", v3, level("fast", `"v3"`), "", "manylinux_2_5_x86_64"},
		{"fast", v2, level("fast", `"v3"`), "", "manylinux_2_5_x86_64"},
		{"fast", plain, level("fast", `"v4"`), "", "manylinux_2_5_x86_64"},
		{"fast", v3, level("fast", `"v2"`), "WT207 needs a processor of level x86-64-v3; the variant fast is for x86_64 :: level :: v2", "linux_x86_64"},
		{"fast", v3, level("fast", `"v2"`, `"v3"`), "WT207 needs a processor of level x86-64-v3; the variant fast is for x86_64 :: level :: v2", "linux_x86_64"},
		{"fast", v3, level("fast", `"v3"`, `"v4"`), "", "manylinux_2_5_x86_64"},
		{"fast", v3, level("fast", `"x"`), "WT207 needs a processor of level x86-64-v3; the variant fast does not ask for one", "linux_x86_64"},
		{"null", v3, variantJSON(null), "WT207 needs a processor of level x86-64-v3; the variant null does not ask for one", "linux_x86_64"},
		{"null", plain, variantJSON(null), "", "manylinux_2_5_x86_64"},
		{"fast", v3, "none", "WT439 is missing, and the file name has the variant label fast; WT207 needs a processor of level x86-64-v3; the variant fast does not ask for one", "linux_x86_64"},
		{"null", plain, level("fast", `"v3"`), "WT439 has the variants fast; it must have the variant of the file name alone, null", "manylinux_2_5_x86_64"},
		{"null", plain, variantJSON(null + `, "a": {}`), "WT439 has the variants a, null; it must have the variant of the file name alone, null", "manylinux_2_5_x86_64"},
		{"null", plain, variantJSON(""), "WT439 has no variant; it must have the variant of the file name alone, null", "manylinux_2_5_x86_64"},
		{"", plain, variantJSON(null), "WT439 is there, but the file name has no variant label: installers take the wheel on every system", "manylinux_2_5_x86_64"},
		{"", v3, level("fast", `"v3"`), "WT439 is there, but the file name has no variant label: installers take the wheel on every system; WT207 needs a processor of level x86-64-v3; wheels are for every x86_64", "linux_x86_64"},
		{"null", plain, "{", "WT439 cannot be read: unexpected EOF", "manylinux_2_5_x86_64"},
		{"fast", plain, level("fast", `"v4"`, `"v3"`), "WT440 variants.fast: the values of x86_64 :: level are not in ascending order", "manylinux_2_5_x86_64"},
		{"null", plain, strings.Replace(variantJSON(null), "v1.0.0", "v0.1.1", 1), "WT441 follows a draft of the format, https://example.org/v0.1.1.json", "manylinux_2_5_x86_64"},
		{"null", plain, strings.Replace(variantJSON(null), "v1.0.0", "v2.0.0", 1), `WT440 $schema "https://example.org/v2.0.0.json" has a major version that is not known`, "manylinux_2_5_x86_64"},
	} {
		code, err := os.ReadFile(filepath.Join("..", "..", "testdata", "elf", c.code))
		if err != nil {
			t.Fatal(err)
		}
		files := []string{"demo.so", string(code)}
		if c.metadata != "none" {
			files = append(files, "demo-1.0.dist-info/variant.json", c.metadata)
		}
		data := stored(t, append(files, "demo-1.0.dist-info/RECORD", recordOf(files...))...)
		name := "demo-1.0-cp311-cp311-manylinux_2_5_x86_64.whl"
		if c.label != "" {
			name = strings.Replace(name, ".whl", "-"+c.label+".whl", 1)
		}
		r, err := New(Options{Selection: finding.Selection{Select: []string{"WT207", "WT439", "WT440", "WT441", "WT101"}}}).Wheel(t.Context(), bytes.NewReader(data), int64(len(data)), name)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range r.Findings {
			got = append(got, f.Rule+" "+f.Message)
		}
		if text := strings.Join(got, "; "); text != c.want || r.PlatformTag != c.tag || r.ELF[0].PlatformTag != c.tag {
			t.Errorf("%q, %s, %s: %s, tag %s, file %s\nwant %s, %s", c.label, c.code, c.metadata, text, r.PlatformTag, r.ELF[0].PlatformTag, c.want, c.tag)
		}
	}
}
