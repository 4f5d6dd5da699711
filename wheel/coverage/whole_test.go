package coverage

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/index"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

const wholeUV = `version = 1
requires-python = ">=3.10"
[[package]]
name = "top"
version = "1"
source = { editable = "." }
dependencies = [{ name = "tagged" }, { name = "pure" }, { name = "source" }, { name = "repo" }, { name = "win", marker = "sys_platform == 'win32'" }, { name = "doubt", marker = "moon" }, { name = "local" }, { name = "zip" }, { name = "empty" }]
[[package]]
name = "tagged"
version = "1.0"
source = { registry = "https://h" }
sdist = { url = "https://h/tagged-1.0.tar.gz", hash = "sha256:aa", size = 3 }
wheels = [
  { url = "https://h/tagged-1.0-cp311-cp311-manylinux_2_28_x86_64.whl", hash = "sha256:bb", size = 5 },
  { url = "https://h/tagged-1.0-1-cp311-cp311-manylinux_2_28_x86_64.whl" },
  { url = "https://h/tagged-1.0-cp312-cp312-manylinux_2_34_x86_64.whl" },
  { url = "https://h/tagged-1.0-cp311-cp311-macosx_14_0_arm64.whl" },
  { url = "https://h/tagged-1.0-cp310-none-win_amd64.whl" },
]
[[package]]
name = "pure"
version = "2"
source = { registry = "https://h" }
wheels = [{ url = "https://h/pure-2-py3-none-any.whl" }, { path = "w/pure-2-py2-none-any.whl" }]
[[package]]
name = "source"
version = "2"
source = { registry = "https://h" }
sdist = { url = "https://h/source-2.zip" }
[[package]]
name = "repo"
version = "2"
source = { git = "https://h/repo#0123" }
[[package]]
name = "win"
version = "2"
source = { registry = "https://h" }
wheels = [{ url = "https://h/win-2-cp311-cp311-win_amd64.whl" }]
[[package]]
name = "doubt"
version = "2"
source = { registry = "https://h" }
wheels = [{ url = "https://h/doubt-2-cp39-cp39-win_amd64.whl" }]
[[package]]
name = "local"
version = "2"
source = { path = "local-2-py3-none-any.whl" }
wheels = [{ filename = "local-2-py3-none-any.whl" }]
[[package]]
name = "zip"
version = "2"
source = { url = "https://h/v2.zip" }
sdist = { hash = "sha256:aa" }
[[package]]
name = "empty"
version = "2"
source = { registry = "https://h" }
`

const wholePylock = `lock-version = "1.0"
environments = ["sys_platform == 'linux'"]
[[packages]]
name = "new"
version = "1.0"
requires-python = ">=3.12"
wheels = [{ url = "https://h/new-1.0-py3-none-any.whl", hashes = { sha256 = "aa" } }]
[[packages]]
name = "pure"
version = "3"
sdist = { url = "https://h/pure-3.tar.gz", hashes = { sha256 = "aa" } }
`

const wholeRequirements = `-c c.txt
pure
pinned==1.0
range>=1,<3
hashed==1.0 --hash=sha256:aa --hash=sha512:cc
gone
built @ https://h/built-1.0.zip
bad @ https://h/bad.whl
elsewhere @ git+https://h/elsewhere
--no-binary nowheel
--only-binary nosdist
nowheel
nosdist
`

// wholePool are files of an index, each with what else is known of it.
func wholePool() *Pool {
	var pool Pool
	for _, line := range []string{
		"pure-1-py3-none-any.whl", "pure-2-py3-none-any.whl", "pure-3rc1-py3-none-any.whl", "pure-4-py3-none-any.whl !withdrawn", "pure-2.tar.gz", "pure.zip", "pure-5-py3-none-any.whl >=3.12", "pure-2-cp311-cp311-win_amd64.whl",
		"pinned-1.0-cp312-cp312-manylinux_2_28_x86_64.whl", "pinned-1.0.tar.gz !", "pinned-1.1-cp311-cp311-manylinux_2_28_x86_64.whl", "pinned-1.0-cp311-cp311-macosx_15_0_arm64.whl",
		"range-0.9-py3-none-any.whl", "range-1.5-cp311-cp311-manylinux_2_35_x86_64.whl", "range-2.5-cp311-cp311-musllinux_1_2_x86_64.whl", "range-3.0-py3-none-any.whl",
		"hashed-1.0-py3-none-any.whl #sha256:bb", "hashed-1.0.tar.gz #sha256:aa", "hashed-1.0-cp311-cp311-win_amd64.whl #md5:dd",
		"nowheel-1-py3-none-any.whl", "nowheel-1.tar.gz", "nosdist-1-cp311-cp311-win_amd64.whl", "nosdist-1.tar.gz",
		"tagged-1.0-cp311-cp311-musllinux_1_2_x86_64.whl", "tagged-1.0-cp311-cp311-manylinux_2_28_x86_64.whl", "tagged-2.0-py3-none-any.whl", "win-2+local-py3-none-any.whl", "source-2-py3-none-win32.whl",
	} {
		name, more, _ := strings.Cut(line, " ")
		project, _, _ := strings.Cut(name, "-")
		f := index.File{Name: name, Project: strings.TrimSuffix(project, ".zip"), Size: -1, IsWheel: strings.HasSuffix(name, ".whl"), URL: "https://pool/" + name}
		switch {
		case strings.HasPrefix(more, "!"):
			f.Yanked, f.YankedReason = true, more[1:]
		case strings.HasPrefix(more, "#"):
			algorithm, digest, _ := strings.Cut(more[1:], ":")
			f.Hashes = []index.Hash{{Algorithm: algorithm, Digest: digest}}
		default:
			f.RequiresPython = more
		}
		pool.Add(f)
	}
	pool.AddProject("gone")
	return &pool
}

// TestWhole: all that is answered about lock files and a pool on several targets, for
// each installer.
func TestWhole(t *testing.T) {
	words := []string{"3.11@manylinux_2_28_x86_64", "3.11@musllinux_1_2_x86_64", "3.12@macosx_14_0_arm64", "3.11@win_amd64", "3.9@manylinux_2_17_x86_64"}
	for _, c := range []struct {
		name, file, text string
		pool             *Pool
		profile          tags.Profile
	}{
		{"uv", "uv.lock", wholeUV, nil, tags.UV},
		{"uv and a pool", "uv.lock", wholeUV, wholePool(), tags.UV},
		{"pylock and a pool", "pylock.toml", wholePylock, wholePool(), tags.Pip},
		{"requirements alone", "requirements.txt", wholeRequirements, nil, tags.Pip},
		{"requirements for pip", "requirements.txt", wholeRequirements, wholePool(), tags.Pip},
		{"requirements for uv", "requirements.txt", wholeRequirements, wholePool(), tags.UV},
		{"hashes required", "requirements.txt", "--require-hashes\npinned==1.0\npure>1 --hash=sha256:aa\nhashed==1.0 --hash=sha256:aa\n", wholePool(), tags.Packaging},
		{"pool", "", "", wholePool(), tags.Packaging},
	} {
		t.Run(c.name, func(t *testing.T) {
			targets := described(t, c.profile, words...)
			var b strings.Builder
			rows := wholePool().Rows(targets, nil)
			if c.file != "" {
				lock := lockText(t, c.file, c.text, "range!=2.5\npure<5 ; python_version > '3'\n")
				var err error
				if rows, err = Locked(lock, lockfile.Selection{}, c.pool, targets); err != nil {
					t.Fatal(err)
				}
				unlisted, err := Unlisted(lock, lockfile.Selection{}, targets)
				fmt.Fprintf(&b, "unlisted %q, %v\n", unlisted, err)
			}
			var all []Row
			for row := range rows {
				all = append(all, row)
				writeRow(&b, &row, targets)
			}
			for _, builds := range []bool{false, true} {
				for _, d := range Compare(all, all, len(targets), func(int) int { return 0 }, builds) {
					fmt.Fprintf(&b, "difference, builds %v: %s %s was %s %s on %d, worse %v: %s; %s\n", builds, d.Package, d.Version, d.Was, d.WasVersion, d.Target, d.Worse, d.Reason.Message, d.WasReason.Message)
				}
			}
			golden := filepath.Join("testdata", "whole-"+strings.ReplaceAll(c.name, " ", "-")+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), b.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func writeRow(b *strings.Builder, row *Row, targets []Target) {
	fmt.Fprintf(b, "\n%s %s, line %d, worst %s\n", row.Package, row.Version, row.Line, row.Worst())
	for t := range targets {
		offer, taken := row.Taken(t)
		fmt.Fprintf(b, "  %s: %s %s", targets[t].Name(), row.Cells[t].State.Letter(), row.Cells[t].State)
		if taken {
			fmt.Fprintf(b, " %s %s%s %d %v", row.File(t), offer.URL, offer.Path, offer.Size, offer.Hashes)
		}
		b.WriteByte('\n')
		if r := row.Reason(t); r.Code != "" {
			fmt.Fprintf(b, "    %s: %s [%s %s]\n", r.Code, r.Message, r.Need, r.Have)
		}
		for _, change := range row.Nearest(t) {
			fmt.Fprintf(b, "    %s: %s\n", change.Kind, change)
		}
		for _, c := range row.Candidates(t) {
			if !c.Taken {
				fmt.Fprintf(b, "    not %s %v: %s: %s\n", c.Name, c.Tag, c.Reason.Code, c.Reason.Message)
			} else {
				fmt.Fprintf(b, "    taken %s %v\n", c.Name, c.Tag)
			}
		}
	}
}

// TestStateOrder: all states from worst to best, each with its name and letter.
func TestStateOrder(t *testing.T) {
	var names []string
	for _, s := range States() {
		names = append(names, s.Letter()+" "+s.String())
	}
	if want := []string{"X missing", "? unknown", "B build", "w wheel", ". pure", "/ unsupported", "- excluded"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
	long := strings.Repeat("x", 1000)
	if brief(long) != long || brief(long+"y") != long+"..." || brief(long[1:]+"é") != long[1:]+"..." {
		t.Errorf("%q", brief(long+"y"))
	}
}
