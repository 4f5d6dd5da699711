package lockfile

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readShared reads a real lock file, in which nothing must be wrong.
func readShared(t *testing.T, name string) *Lock {
	t.Helper()
	l, err := ReadFile(sharedLock(t, name))
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Problems) > 0 {
		t.Errorf("%s: %d problems, first %v", name, len(l.Problems), l.Problems[0])
	}
	return l
}

// contents gives the sorted sha256 digests of each package by name and version.
// Entries that differ in their markers alone are one.
func contents(l *Lock) map[string][]string {
	found := make(map[string][]string)
	for i := range l.Packages {
		p := &l.Packages[i]
		if p.Project {
			continue
		}
		var digests []string
		for _, f := range p.Files {
			for _, h := range f.Hashes {
				digests = append(digests, h.Digest)
			}
		}
		for _, h := range p.Hashes {
			digests = append(digests, h.Digest)
		}
		slices.Sort(digests)
		found[p.Name+" "+p.Version] = slices.Compact(digests)
	}
	return found
}

// required lists what an environment needs, without projects.
func required(t *testing.T, l *Lock, python, system, machine string) []string {
	t.Helper()
	needed, err := l.Needed(environment(python, system, machine), Selection{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, n := range needed {
		switch {
		case n.State == Unknown, n.State == Excluded && n.Reason.String() == "":
			t.Errorf("%s %s: %s %+v", n.Package.Name, n.Package.Version, n.State, n.Reason)
		case n.State == Required && !n.Package.Project:
			names = append(names, n.Package.Name+" "+n.Package.Version)
		}
	}
	slices.Sort(names)
	return names
}

// TestFormatsAgree holds the lock files that uv wrote of two services against
// each other: uv.lock, and what uv exported from it as pylock.toml and as
// requirements with hashes.
func TestFormatsAgree(t *testing.T) {
	for _, tt := range []struct {
		service  string
		packages int
	}{{"nodepool", 121}, {"web", 78}} {
		t.Run(tt.service, func(t *testing.T) {
			lock := readShared(t, tt.service+"/uv.lock")
			want := contents(lock)
			if len(want) != tt.packages {
				t.Errorf("%d packages, want %d", len(want), tt.packages)
			}
			for _, name := range []string{"pylock.toml", "requirements.txt"} {
				other := readShared(t, tt.service+"/"+name)
				if diff := cmp.Diff(want, contents(other)); diff != "" {
					t.Errorf("%s: %.2000s", name, diff)
				}
				for _, python := range []string{"3.11.4", "3.13.1"} {
					for _, system := range []string{"linux x86_64", "linux aarch64", "darwin arm64", "win32 AMD64"} {
						system, machine, _ := strings.Cut(system, " ")
						if diff := cmp.Diff(required(t, lock, python, system, machine), required(t, other, python, system, machine)); diff != "" {
							t.Errorf("%s on %s %s %s: %s", name, python, system, machine, diff)
						}
					}
				}
			}
		})
	}
}

// TestSharedFiles looks at single facts of the real files.
func TestSharedFiles(t *testing.T) {
	uv, pylock := readShared(t, "web/uv.lock"), readShared(t, "web/pylock.toml")
	byURL := make(map[string]File)
	for _, p := range uv.Packages {
		for _, f := range p.Files {
			byURL[f.URL] = f
			if f.Kind == Other || f.Uploaded.IsZero() || len(f.Hashes) != 1 || f.Line <= p.Line {
				t.Errorf("%s: %+v", p.Name, f)
			}
		}
	}
	seen := 0
	for _, p := range pylock.Packages {
		for _, f := range p.Files {
			g := byURL[f.URL]
			if seen++; f.Name != g.Name || f.Kind != g.Kind || !slices.Equal(f.Hashes, g.Hashes) || f.Uploaded.Unix() != g.Uploaded.Unix() {
				t.Errorf("%+v\n%+v", f, g)
			}
		}
	}
	if seen != len(byURL) || seen < 3000 {
		t.Errorf("%d files, %d in uv.lock", seen, len(byURL))
	}
	// On Windows one more is needed.
	linux, windows := required(t, uv, "3.12.1", "linux", "x86_64"), required(t, uv, "3.12.1", "win32", "AMD64")
	only := maps.Collect(func(yield func(string, bool) bool) {
		for _, name := range windows {
			if !slices.Contains(linux, name) && !yield(strings.Fields(name)[0], true) {
				return
			}
		}
	})
	if diff := cmp.Diff(map[string]bool{"tzdata": true}, only); diff != "" {
		t.Error(diff)
	}
}

// TestSharedPip: a lock of pip's is for one environment and has no markers.
func TestSharedPip(t *testing.T) {
	l := readShared(t, "pip/pylock.toml")
	if names := required(t, l, "3.11.4", "linux", "x86_64"); len(names) != 9 || len(l.Packages) != 9 || l.Format != Pylock {
		t.Errorf("%q", names)
	}
}
