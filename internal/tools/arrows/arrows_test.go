package arrows

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var root = filepath.Join("..", "..", "..")

func imports(t *testing.T, tests bool) map[string][]string {
	t.Helper()
	found, err := Imports(root, tests)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// allowed are the packages of this module that a package may import. Those that
// users import come first, then those behind them, then the command's.
var allowed = map[string][]string{
	"tags":                   {"internal/machine", "internal/pystr"},
	"tags/distro":            {"tags", "internal/machine", "internal/spelling"},
	"tags/detect":            {"tags", "elfaudit", "elfaudit/loader", "internal/machine"},
	"tags/detect/image":      {},
	"tags/fleet":             {"tags", "tags/distro", "internal/tomltree"},
	"tags/resolver":          {"tags", "tags/distro", "tags/fleet", "tags/detect", "tags/detect/image", "tags/provider"},
	"tags/provider":          {"tags"},
	"wheel":                  {"tags", "wheel/pep440", "wheel/variant", "internal/pystr", "internal/unzip"},
	"wheel/pep440":           {"internal/pystr"},
	"wheel/pep508":           {"wheel/pep440", "internal/pystr"},
	"wheel/lockfile":         {"wheel", "wheel/pep440", "wheel/pep508", "wheel/variant", "internal/tomltree", "internal/yamltree", "internal/machine"},
	"wheel/variant":          {"tags", "tags/provider", "wheel/pep440", "wheel/pep508"},
	"wheel/index":            {"tags", "wheel", "wheel/finding", "wheel/pep440", "wheel/variant", "internal/filestamp"},
	"wheel/index/repository": {"wheel", "wheel/index", "wheel/remote", "internal/cache"},
	"wheel/metadata":         {"wheel", "wheel/pep440", "wheel/pep508"},
	"wheel/remote":           {},
	"wheel/retag":            {"tags", "wheel", "wheel/audit", "wheel/finding"},
	"wheel/coverage":         {"tags", "wheel", "wheel/pep440", "wheel/pep508", "wheel/lockfile", "wheel/index", "internal/machine"},
	"wheel/finding":          {"internal/spelling"},
	"wheel/audit": {
		"tags", "tags/detect", "tags/distro", "wheel", "wheel/finding", "wheel/metadata", "wheel/pep440", "wheel/pep508", "wheel/variant", "elfaudit", "elfaudit/linkset", "elfaudit/loader", "manylinux", "manylinux/loads",
		"internal/binfile", "internal/auditwheel", "internal/machine", "internal/ordered", "internal/pystr", "internal/stableabi", "internal/unzip",
	},
	"wheel/release":    {"tags", "wheel", "wheel/audit", "wheel/finding", "wheel/pep440"},
	"elfaudit":         {},
	"elfaudit/linkset": {"elfaudit"},
	"elfaudit/loader":  {"elfaudit", "internal/machine"},
	"manylinux":        {"tags", "elfaudit", "elfaudit/linkset", "internal/machine"},
	"manylinux/loads":  {"tags", "tags/distro", "tags/detect", "elfaudit", "elfaudit/linkset", "elfaudit/loader", "manylinux"},

	"internal/auditwheel": {"tags", "elfaudit", "elfaudit/linkset", "manylinux"},
	"internal/binfile":    {},
	"internal/inflate":    {},
	"internal/machine":    {},
	"internal/filestamp":  {},
	"internal/ordered":    {},
	"internal/pystr":      {},
	"internal/spelling":   {},
	"internal/stableabi":  {},
	"internal/tomltree":   {},
	"internal/unzip":      {"internal/inflate"},
	"internal/yamltree":   {"internal/tomltree"},

	"internal/cache":        {"internal/filestamp"},
	"internal/config":       {"tags", "tags/fleet", "manylinux", "wheel", "wheel/finding", "internal/tomltree", "internal/spelling"},
	"internal/auditpage":    {"internal/csp"},
	"internal/coveragepage": {"wheel/coverage", "internal/csp"},
	"internal/csp":          {},
	"internal/reference":    {},
	"internal/report":       {"tags", "elfaudit/loader", "manylinux", "manylinux/loads", "wheel", "wheel/audit", "wheel/coverage", "wheel/finding", "wheel/index", "wheel/release", "wheel/retag", "internal/auditpage", "internal/coveragepage"},
	"internal/elftest":      {"elfaudit", "elfaudit/linkset"},
	"cmd/wheeltag":          {"internal/cli"},
}

// modules are the modules that a package may import. The command may import any
// that is listed in TestDependencies.
var modules = map[string][]string{
	"internal/config":   {"github.com/Masterminds/semver/v3"},
	"internal/report":   {"github.com/ianlancetaylor/demangle"},
	"internal/tomltree": {"github.com/pelletier/go-toml/v2"},
	"internal/yamltree": {"go.yaml.in/yaml/v3"},
	"wheel/index":       {"golang.org/x/net/html", "golang.org/x/sys/unix"},
	"tags/detect/image": {"github.com/google/go-containerregistry", "github.com/klauspost/compress", "github.com/therootcompany/xz"},
}

// loud are the standard packages that a library has no use for: it neither prints
// nor talks nor runs anything.
func loud(dir, path string) bool {
	switch {
	case (dir == "wheel/remote" || dir == "wheel/index/repository") && (path == "net" || strings.HasPrefix(path, "net/")):
		return false
	case path == "net/url":
		return false
	}
	return path == "net" || strings.HasPrefix(path, "net/") || path == "flag" || path == "log" || strings.HasPrefix(path, "log/") || path == "os/exec"
}

func TestImports(t *testing.T) {
	for dir, list := range imports(t, false) {
		may, listed := allowed[dir]
		if !listed {
			continue
		}
		for _, path := range list {
			inner, ours := Inner(path)
			switch {
			case ours && !slices.Contains(may, inner):
				t.Errorf("%s imports %s", dir, inner)
			case ours, slices.ContainsFunc(modules[dir], func(m string) bool { return strings.HasPrefix(path+"/", m+"/") }):
			case !isStandard(path):
				t.Errorf("%s imports %s; library packages use the standard library", dir, path)
			case loud(dir, path) && dir != "cmd/wheeltag":
				t.Errorf("%s imports %s; libraries neither print nor talk nor run anything", dir, path)
			}
		}
	}
}

// TestEveryPackageIsListed: a new package must be given its arrows. The command
// uses all of them, tools and examples are nobody's dependency.
func TestEveryPackageIsListed(t *testing.T) {
	for dir, list := range imports(t, false) {
		free := dir == "internal/cli" || strings.HasPrefix(dir, "examples/") || strings.HasPrefix(dir, "internal/tools/") || dir == "internal/inflate/compare"
		if _, ok := allowed[dir]; !ok && !free {
			t.Errorf("package %s has no entry in the table of imports", dir)
		}
		if strings.HasPrefix(dir, "internal/tools/") {
			continue
		}
		for _, path := range list {
			if inner, ok := Inner(path); ok && (strings.HasPrefix(inner, "internal/tools/") || strings.HasPrefix(inner, "examples/")) {
				t.Errorf("%s imports %s", dir, inner)
			}
		}
	}
}

// TestNoArrowIsLeftOver: what the table allows is used, so that it says what is.
func TestNoArrowIsLeftOver(t *testing.T) {
	found := imports(t, false)
	for dir, may := range allowed {
		list, ok := found[dir]
		if !ok {
			t.Errorf("the table lists %s, which does not exist", dir)
		}
		for _, inner := range may {
			if !slices.Contains(list, Module+"/"+inner) {
				t.Errorf("%s does not import %s: take it from the table", dir, inner)
			}
		}
	}
}

// TestDependencies: the modules that this one needs, each named with its reason
// in the README.
func TestDependencies(t *testing.T) {
	want := []string{
		"github.com/google/go-cmp", "github.com/rogpeppe/go-internal",
		"github.com/pelletier/go-toml/v2", "github.com/spf13/cobra", "github.com/spf13/pflag",
		"github.com/google/go-containerregistry", "golang.org/x/net", "golang.org/x/sys", "golang.org/x/term",
		"github.com/klauspost/compress", "github.com/therootcompany/xz", "github.com/ianlancetaylor/demangle",
		"github.com/Masterminds/semver/v3", "go.yaml.in/yaml/v3",
	}
	for _, tests := range []bool{false, true} {
		for dir, list := range imports(t, tests) {
			for _, path := range list {
				if isStandard(path) || strings.HasPrefix(path, Module) {
					continue
				}
				if path == "github.com/spf13/cobra/doc" && dir != "internal/tools/man" {
					t.Errorf("%s imports %s, which would link it into the program", dir, path)
				}
				if !slices.ContainsFunc(want, func(m string) bool { return strings.HasPrefix(path+"/", m+"/") }) {
					t.Errorf("%s imports %s, which is not among the dependencies", dir, path)
				}
			}
		}
	}
}
