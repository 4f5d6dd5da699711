package tags

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// record is one line of a recording in testdata: a described target and what
// the tool answered for it. See internal/tools/oracle/tags.
type record struct {
	Python struct {
		Impl            string
		Major, Minor    int
		Threaded, Debug bool
		ABIs            []string
	}
	Platform struct {
		OS, Arch                 string
		Glibc, Musl, Version     []int
		NoManylinux              bool `json:"no_manylinux"`
		Emscripten, PyEmscripten string
	}
	Count int
	Hash  string
}

var systems = map[string]OS{
	"linux": Linux, "macos": MacOS, "windows": Windows, "ios": IOS,
	"android": Android, "emscripten": Emscripten, "generic": Generic,
}

func (r record) target(t testing.TB, profile Profile) *Target {
	t.Helper()
	p := Platform{
		OS: systems[r.Platform.OS], Arch: r.Platform.Arch, NoManylinux: r.Platform.NoManylinux,
		Emscripten: r.Platform.Emscripten, PyEmscripten: r.Platform.PyEmscripten,
	}
	if g := r.Platform.Glibc; g != nil {
		p.Libc = Libc{Glibc, g[0], g[1]}
	}
	if m := r.Platform.Musl; m != nil {
		p.Libc = Libc{Musl, m[0], m[1]}
	}
	if v := r.Platform.Version; v != nil {
		p.Major, p.Minor = v[0], v[1]
	}
	py := Python{
		Implementation: r.Python.Impl, Major: r.Python.Major, Minor: r.Python.Minor,
		Threaded: r.Python.Threaded, Debug: r.Python.Debug, ABIs: r.Python.ABIs,
	}
	target, err := New(py, p, profile)
	if err != nil {
		t.Fatalf("%+v: %v", r, err)
	}
	return target
}

// recordings yields the lines of testdata/PROFILE.jsonl.gz.
func recordings(t testing.TB, profile Profile) []record {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", profile.String()+".jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all []record
	for lines := bufio.NewScanner(z); lines.Scan(); {
		var r record
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// TestListsEqualTools compares every recorded list with ours byte for byte, by
// its hash.
func TestListsEqualTools(t *testing.T) {
	least := map[Profile]int{Packaging: 10_000, Packaging262: 2_000, Pip: 2_000, UV: 2_000}
	for profile, want := range least {
		t.Run(profile.String(), func(t *testing.T) {
			t.Parallel()
			all := recordings(t, profile)
			if len(all) < want {
				t.Fatalf("%d recordings, want %d or more", len(all), want)
			}
			wrong := 0
			for _, r := range all {
				target := r.target(t, profile)
				h := sha256.New()
				n := 0
				for tag := range target.Tags() {
					io.WriteString(h, tag.String()+"\n")
					n++
				}
				if got := hex.EncodeToString(h.Sum(nil))[:16]; got != r.Hash || n != r.Count || target.Len() != n {
					t.Errorf("%s: %d tags %s, the tool has %d tags %s; Len says %d; ABIs %q", target.Name(), n, got, r.Count, r.Hash, target.Len(), r.Python.ABIs)
					if wrong++; wrong > 10 {
						t.Fatal("more differ")
					}
				}
			}
		})
	}
}

// TestWholeLists compares the lists that are kept in full.
func TestWholeLists(t *testing.T) {
	glibc := func(arch string, minor int) Platform {
		return Platform{OS: Linux, Arch: arch, Libc: Libc{Glibc, 2, minor}}
	}
	for name, c := range map[string]struct {
		python   Python
		platform Platform
		profile  Profile
	}{
		"cp311-debian11-aarch64":  {Python{Major: 3, Minor: 11}, glibc("aarch64", 31), Packaging},
		"cp313t-glibc2.28-x86_64": {Python{Major: 3, Minor: 13, Threaded: true}, glibc("x86_64", 28), Packaging},
		"pp310-glibc2.28-x86_64":  {Python{Implementation: "pypy", Major: 3, Minor: 10}, glibc("x86_64", 28), Packaging},
		"cp312-macos14-arm64":     {Python{Major: 3, Minor: 12}, Platform{OS: MacOS, Arch: "arm64", Major: 14}, Packaging},
		"cp312-musl1.2-x86_64-uv": {Python{Major: 3, Minor: 12}, Platform{OS: Linux, Arch: "x86_64", Libc: Libc{Musl, 1, 2}}, UV},
	} {
		want, err := os.ReadFile(filepath.Join("testdata", "lists", name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		target, err := New(c.python, c.platform, c.profile)
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for tag := range target.Tags() {
			got.WriteString(tag.String() + "\n")
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s (-tool +ours):\n%s", name, diff)
		}
	}
}
