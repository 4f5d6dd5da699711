package index

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/provider"
	"github.com/wheeltag/wheeltag/wheel/finding"
	"github.com/wheeltag/wheeltag/wheel/variant"
)

const providers = `"providers": {"x86_64": {"requires": ["x86-64-variant-provider"]}}, `

// variantWheel writes a wheel with the given variants in variant.json; "" writes none.
func variantWheel(t testing.TB, dir, filename, variants string, namespaces ...string) {
	t.Helper()
	if namespaces == nil {
		namespaces = []string{"x86_64"}
	}
	parts := strings.Split(filename, "-")
	info := parts[0] + "-" + parts[1] + ".dist-info/"
	members := map[string]string{info + "METADATA": "Metadata-Version: 2.1\nName: " + parts[0] + "\nVersion: " + parts[1] + "\n", "module.py": filename}
	if variants != "" {
		list, err := json.Marshal(namespaces)
		if err != nil {
			t.Fatal(err)
		}
		also := providers
		if len(namespaces) > 1 {
			also = ""
		}
		members[info+"variant.json"] = `{"$schema": "` + variant.SchemaPEP825 + `", ` + also + `"default-priorities": {"namespace": ` + string(list) + `}, "variants": {` + variants + `}}`
	}
	if err := os.WriteFile(filepath.Join(dir, filename), zipBytes(t, members), 0o644); err != nil {
		t.Fatal(err)
	}
}

const (
	v3   = `"v3": {"x86_64": {"level": ["v3"]}}`
	v4   = `"v4": {"x86_64": {"level": ["v4"]}}`
	null = `"null": {}`
)

// TestReleases: the file of a release is the union of its wheels, and is listed on the
// pages that list one of them.
func TestReleases(t *testing.T) {
	dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
	variantWheel(t, dir, "demo-1.0-cp311-cp311-manylinux_2_17_x86_64-v3.whl", v3)
	variantWheel(t, dir, "demo-1.0-cp312-cp312-manylinux_2_17_x86_64-v3.whl", v3)
	variantWheel(t, dir, "demo-1.0-cp312-cp312-manylinux_2_17_x86_64-v4.whl", v4)
	variantWheel(t, dir, "demo-1.0-cp312-cp312-manylinux_2_17_aarch64-null.whl", null)
	variantWheel(t, dir, "demo-1.0-py3-none-any.whl", "")
	variantWheel(t, dir, "demo-1.1-py3-none-any.whl", "")
	variantWheel(t, dir, "demo-2.0-py3-none-any-null.whl", null)
	target := func(profile tags.Profile, arch string, offers ...string) *tags.Target {
		p := tags.Platform{OS: tags.Linux, Arch: arch, Libc: tags.Libc{Family: tags.Glibc, Major: 2, Minor: 31}}
		one, err := tags.New(tags.Python{Major: 3, Minor: 12}, p, profile)
		if err != nil {
			t.Fatal(err)
		}
		var features []tags.VariantFeature
		for _, offer := range offers {
			list, err := provider.Describe(offer)
			if err != nil {
				t.Fatal(err)
			}
			features = append(features, list...)
		}
		return one.WithName(profile.String() + arch + strings.Join(offers, "")).WithVariantFeatures(features)
	}
	views := []*tags.Target{
		target(tags.Pip, "x86_64"), target(tags.UVVariants, "x86_64", "x86_64::level=v3"), target(tags.UVVariants, "x86_64", "x86_64::level=v4"), target(tags.UVVariants, "aarch64"),
	}
	c, written := writeSite(t, site, views, dir)
	for _, i := range c.Items {
		if len(i.Findings) > 0 {
			t.Errorf("%s: %v", i.Name, i.Findings)
		}
	}
	text, err := os.ReadFile(filepath.Join(site, "files", "demo-1.0-variants.json"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := variant.Parse(text)
	if err != nil || strings.Join(m.Labels(), " ") != "null v3 v4" || len(m.Providers) != 1 {
		t.Errorf("%+v, %v", m, err)
	}
	const plain = "demo-1.0-py3-none-any.whl demo-1.1-py3-none-any.whl"
	for at, want := range []string{
		plain,
		"demo-1.0-cp312-cp312-manylinux_2_17_x86_64-v3.whl " + plain + " demo-2.0-py3-none-any-null.whl demo-1.0-variants.json demo-2.0-variants.json",
		"demo-1.0-cp312-cp312-manylinux_2_17_x86_64-v3.whl demo-1.0-cp312-cp312-manylinux_2_17_x86_64-v4.whl " + plain + " demo-2.0-py3-none-any-null.whl demo-1.0-variants.json demo-2.0-variants.json",
		"demo-1.0-cp312-cp312-manylinux_2_17_aarch64-null.whl " + plain + " demo-2.0-py3-none-any-null.whl demo-1.0-variants.json demo-2.0-variants.json",
	} {
		page, err := os.ReadFile(filepath.Join(site, written.Views[at].Folder, "simple", "demo", "index.json"))
		if err != nil {
			t.Fatal(err)
		}
		var listed struct {
			Files []struct {
				Filename, URL string
				Size          int
				Hashes        struct{ SHA256 string }
			}
		}
		if err := json.Unmarshal(page, &listed); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range listed.Files {
			names = append(names, f.Filename)
			if f.Filename == "demo-1.0-variants.json" && (f.Hashes.SHA256 != digest(text) || f.Size != len(text) || f.URL != "../../../files/"+f.Filename) {
				t.Errorf("%+v", f)
			}
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: %s\nwant %s", written.Views[at].Folder, got, want)
		}
		// uv refuses a page with an empty time.
		if strings.Contains(string(page), `"upload-time": ""`) || !strings.Contains(string(page), `"upload-time": "2`) {
			t.Errorf("%s: times of upload: %s", written.Views[at].Folder, page)
		}

		html, err := os.ReadFile(filepath.Join(site, written.Views[at].Folder, "simple", "demo", "index.html"))
		if err != nil || strings.Contains(string(html), "demo-1.0-variants.json#sha256="+digest(text)) != (at > 0) {
			t.Errorf("%s\n%v", html, err)
		}
	}
	// Again: nothing is read that has not changed, and the answer is the same.
	again, _ := writeSite(t, site, views, dir)
	if text2, err := os.ReadFile(filepath.Join(site, "files", "demo-1.0-variants.json")); err != nil || string(text2) != string(text) || again.Read != 0 {
		t.Errorf("%d read, %v: %s", again.Read, err, text2)
	}
}

// TestVariantFindings: wheels with a wrong variant.json are not offered, and of wheels
// that contradict each other the first one is.
func TestVariantFindings(t *testing.T) {
	for _, c := range []struct {
		what  string
		write func(dir string)
		want  string // of the file b
	}{
		{"nothing", func(dir string) { variantWheel(t, dir, "b-1.0-py3-none-any-null.whl", null) }, ""},
		{"missing", func(dir string) { variantWheel(t, dir, "b-1.0-py3-none-any-null.whl", "") }, "WT439: variant.json is missing, and the name has the variant label null"},
		{"another label", func(dir string) { variantWheel(t, dir, "b-1.0-py3-none-any-null.whl", v3) }, "WT439: variant.json does not have the variant null alone"},
		{"two labels", func(dir string) { variantWheel(t, dir, "b-1.0-py3-none-any-null.whl", null+","+v3) }, "WT439: variant.json does not have the variant null alone"},
		{"broken", func(dir string) { variantWheel(t, dir, "b-1.0-py3-none-any-null.whl", `"X": {}`) }, `WT439: variant.json cannot be read: "X" is not a variant label`},
		{"no label", func(dir string) { variantWheel(t, dir, "b-1.0-py3-none-any.whl", null) }, "WT439: has a variant.json, but its name has no variant label: installers take it on every system"},
		{"other properties", func(dir string) {
			variantWheel(t, dir, "b-1.0-cp310-none-any-v3.whl", v3)
			variantWheel(t, dir, "b-1.0-cp311-none-any-v3.whl", strings.Replace(v3, `["v3"]`, `["v2"]`, 1))
		}, "WT606: the variant v3 has other properties than in b-1.0-cp310-none-any-v3.whl"},
		{"other order", func(dir string) {
			variantWheel(t, dir, "b-1.0-cp310-none-any-v3.whl", v3, "x86_64", "lib")
			variantWheel(t, dir, "b-1.0-cp311-none-any-v3.whl", v3, "lib", "x86_64")
		}, "WT606: its order of namespaces contradicts that of b-1.0-cp310-none-any-v3.whl"},
		{"other versions", func(dir string) {
			variantWheel(t, dir, "b-1.0-cp310-none-any-v3.whl", v3)
			variantWheel(t, dir, "b-1.1-cp311-none-any-v3.whl", strings.Replace(v3, `["v3"]`, `["v2"]`, 1))
		}, ""},
	} {
		dir := t.TempDir()
		c.write(dir)
		collection, err := Collect(t.Context(), []string{dir}, CollectOptions{Selection: finding.Selection{Ignore: []string{"WT604"}}})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for at, i := range collection.Items {
			for _, f := range i.Findings {
				got = append(got, f.Rule+": "+f.Message)
			}
			if last := at == len(collection.Items)-1; i.Offered != (c.want == "" || !last) {
				t.Errorf("%s: %s is offered: %t", c.what, i.Name, i.Offered)
			}
		}
		if text := strings.Join(got, "; "); text != c.want {
			t.Errorf("%s: %s\nwant %s", c.what, text, c.want)
		}
		for _, r := range collection.releases {
			if m, err := variant.Parse(r.text); err != nil || slices.Contains(m.Labels(), "X") {
				t.Errorf("%s: %s, %v", c.what, r.text, err)
			}
		}
	}
}
