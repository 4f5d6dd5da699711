package lockfile

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// installed is what a tool installs from one generated lock file;
// internal/tools/oracle/locks records it.
type installed struct {
	Project, Lock, Python, Platform string
	Extras, Groups, Installed       []string
}

// surplus is how many projects have packages installed that only an extra leads to
// which was not chosen: from these lock files Poetry skips the package that the extra
// names, and not what that depends on if another part of the project, which is not
// installed either, may need it.
var surplus = map[string]int{"poetry": 3, "poetry-2": 5}

// TestInstalled compares with what Poetry 1.8.5, Poetry 2.5.1 and PDM 2.29.4 install
// from lock files that do not say what the project needs, with pyproject.toml next to
// them.
func TestInstalled(t *testing.T) {
	for tool, name := range map[string]string{"poetry": "poetry.lock", "poetry-2": "poetry.lock", "pdm": "pdm.lock"} {
		t.Run(tool, func(t *testing.T) {
			records := readInstalled(t, tool)
			odd := 0
			for at, r := range records {
				l, err := ReadOpen(name, files(map[string]string{name: r.Lock, "pyproject.toml": r.Project}))
				if err != nil {
					t.Fatal(err)
				}
				needed, err := l.Needed(environment(r.Python, r.Platform, "x86_64"), Selection{Extras: r.Extras, Groups: r.Groups})
				if err != nil {
					t.Fatal(at, err)
				}
				got := []string{}
				for _, n := range needed {
					if n.State == Unknown {
						t.Errorf("%s %d: %s is unknown: %s", tool, at, n.Package.Name, n.Reason)
					}
					if n.State == Required {
						got = append(got, n.Package.Name+"=="+n.Package.Version)
					}
				}
				slices.Sort(got)
				got = slices.Compact(got) // PDM has an entry for each extra
				more := 0
				for _, n := range needed {
					if tool != "pdm" && n.Reason.Code == ReasonExtra && slices.Contains(r.Installed, n.Package.Name+"=="+n.Package.Version) {
						got = append(got, n.Package.Name+"=="+n.Package.Version)
						more = 1
					}
				}
				odd += more
				slices.Sort(got)
				if diff := cmp.Diff(r.Installed, got); diff != "" {
					t.Errorf("%s %d, Python %s, %s, extras %v, groups %v (-installed +needed):\n%s\n%s\n%s", tool, at, r.Python, r.Platform, r.Extras, r.Groups, diff, r.Project, r.Lock)
				}
			}
			if len(records) < 200 || odd != surplus[tool] {
				t.Errorf("%d records, %d with packages of an extra that was not chosen", len(records), odd)
			}
		})
	}
}

func readInstalled(t *testing.T, tool string) (list []installed) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", tool+"-install.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for s := bufio.NewScanner(z); s.Scan(); {
		var r installed
		if err := json.Unmarshal(s.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}
