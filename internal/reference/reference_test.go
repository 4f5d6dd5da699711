package reference_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/internal/reference"
)

func TestVersions(t *testing.T) {
	var names []string
	for tool := range reference.Tools() {
		names = append(names, tool.Name)
		if tool.Follows == "" || !strings.HasPrefix(tool.Installed, tool.Follows) || tool.For == "" {
			t.Errorf("%+v: the release installed is not one of the version followed", tool)
		}
	}
	if want := []string{"packaging", "packaging@26.2", "pip", "pip@22", "uv", "uv-platform-tags", "auditwheel", "poetry", "poetry@2", "pdm", "abi3audit", "check-wheel-contents", "installer", "pydistcheck", "twine", "wheel"}; !slices.Equal(names, want) {
		t.Errorf("tools %q, want %q", names, want)
	}
	if got := reference.Version("uv"); got != "0.13" {
		t.Errorf("uv %q", got)
	}
	if got := reference.Version("hatch"); got != "" {
		t.Errorf("hatch %q", got)
	}
	for tool := range reference.Tools() {
		if tool.Name != "packaging" {
			t.Errorf("%s before the first", tool.Name)
		}
		break
	}
}

// older are mentions of versions that are not followed, each with its reason.
var older = map[string]string{
	"tags/distro/data/triples.tsv: uv 0.12":            "its names of targets were read from that release",
	"internal/machine/data/machines.tsv: uv 0.12":      "the tables were read from that release; its lists are those of the table",
	"wheel/select_installer_test.go: uv 0.12.24":       "asked as well, as a second release",
	"wheel/select_installer_test.go: uv 0.13.8":        "recorded with that release",
	"internal/tools/oracle/README.md: packaging 26.4":  "says what is different there",
	"internal/cli/targetwords_test.go: packaging 25.0": "a profile with a version that is refused or older",
	"internal/cli/targetwords_test.go: pip 26.2":       "the same",
	"internal/cli/targetwords_test.go: pip 27.1":       "the same",
	"wheel/fit.go: packaging 26.4":                     "cannot read wheel variants either",
	"wheel/nameerror.go: packaging 26.4":               "the same",
	"wheel/variant_test.go: packaging 26.4":            "the same",
	"wheel/pep508/environment.go: packaging 26.4":      "does not know the markers of variants either",
	"wheel/pep508/parsemarker.go: packaging 26.4":      "the same",
	"internal/tools/oracle/README.md: uv 0.13.8":       "the release before, with the same answers",
}

var mention = regexp.MustCompile(`\b(packaging|pip|uv|auditwheel)[ =@]+v?(\d+\.\d+(?:\.\d+)?)\b`)

// TestMentions looks for versions of the tools in all that people read: each is one
// that is followed, or the release that was asked.
func TestMentions(t *testing.T) {
	root := filepath.Join("..", "..")
	may := map[string][]string{}
	for tool := range reference.Tools() {
		name, _, _ := strings.Cut(tool.Name, "@")
		may[name] = append(may[name], tool.Follows, tool.Installed)
	}
	found, unused := 0, map[string]bool{}
	for key := range older {
		unused[key] = true
	}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if path != root && (strings.HasPrefix(d.Name(), ".git") || d.Name() == "testdata" && path != filepath.Join(root, "testdata")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || d.Name() == "reference_test.go" {
			return nil
		}
		switch filepath.Ext(path) {
		case ".go", ".md", ".py", ".sh", ".txt", ".tsv", ".yml", "":
		default:
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil || len(text) > 1<<20 {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		for _, m := range mention.FindAllStringSubmatch(string(text), -1) {
			found++
			key := filepath.ToSlash(name) + ": " + m[1] + " " + m[2]
			delete(unused, key)
			if _, known := older[key]; !known && !slices.Contains(may[m[1]], m[2]) {
				t.Errorf("%s; the version followed is %s", key, strings.Join(may[m[1]], " or "))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 30 {
		t.Errorf("only %d mentions found", found)
	}
	for key := range unused {
		t.Errorf("%s is no longer mentioned", key)
	}
}
