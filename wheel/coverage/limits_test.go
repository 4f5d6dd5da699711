package coverage

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/index"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

// TestLimitsBinary: --no-binary leaves the source, --only-binary the wheel, and
// neither is about a requirement by URL.
func TestLimitsBinary(t *testing.T) {
	targets := described(t, tags.Pip, "3.11@manylinux_2_28_x86_64")
	both, source := poolOf("a-1-py3-none-any.whl", "a-1.tar.gz"), poolOf("a-1.tar.gz", "a-1-cp311-cp311-manylinux_2_36_x86_64.whl")
	for _, tt := range []struct {
		text string
		pool *Pool
		want string
	}{
		{"a\n--no-binary a\n", both, "a :1 build a-1.tar.gz [binary] --no-binary excludes wheels of the project"},
		{"a\n--no-binary b\n", both, "a :1 pure a-1-py3-none-any.whl [] "},
		{"a\n--only-binary :all:\n", both, "a :1 pure a-1-py3-none-any.whl [] "},
		{"a\n--only-binary :all:\n", poolOf("a-1.tar.gz"), "a :1 missing  [binary] --only-binary excludes source distributions of the project"},
		{"a\n--only-binary :all:\n", source, "a :1 missing  [glibc-version] needs glibc 2.36 or newer; 3.11@manylinux_2_28_x86_64 has 2.28"},
		{"a\n--only-binary b\n", poolOf("a-1.tar.gz"), "a :1 build a-1.tar.gz [source-only] only source is available"},
		{"a\n--no-binary a\n", poolOf("a-1-py3-none-any.whl"), "a :1 missing  [binary] --no-binary excludes wheels of the project"},
		{"a\n--only-binary a\n", &Pool{}, "a :1 unknown  [no-files] its files are not known; add a directory, a page or a lock file that lists them"},
		{"a @ https://h/a-1-py3-none-any.whl\n--no-binary a\n", both, "a 1:1 pure a-1-py3-none-any.whl [] "},
		{"a @ https://h/a-1.tar.gz\n--only-binary a\n", both, "a 1:1 build a-1.tar.gz [source-only] only source is available"},
	} {
		got := rowsText(t, lockText(t, "requirements.txt", tt.text, ""), lockfile.Selection{}, tt.pool, targets)
		if diff := cmp.Diff([]string{tt.want}, got); diff != "" {
			t.Errorf("%q: %s", tt.text, diff)
		}
	}
	// A pre-release whose final releases are excluded is taken, as in pip.
	got := rowsText(t, lockText(t, "requirements.txt", "a\n--only-binary a\n", ""), lockfile.Selection{}, poolOf("a-1.tar.gz", "a-2rc1-py3-none-any.whl"), targets)
	if diff := cmp.Diff([]string{"a :1 pure a-2rc1-py3-none-any.whl [] "}, got); diff != "" {
		t.Error(diff)
	}
}

// hashed makes a pool of files with one hash each, "" for none.
func hashed(algorithm string, files ...[2]string) *Pool {
	var pool Pool
	for _, f := range files {
		file := index.File{Name: f[0], Project: "a"}
		if f[1] != "" {
			file.Hashes = []index.Hash{{Algorithm: algorithm, Digest: f[1]}}
		}
		pool.Add(file)
	}
	return &pool
}

// TestLimitsHashes: of a requirement with hashes only files with one of them can
// be taken, as far as the hashes of files are known.
func TestLimitsHashes(t *testing.T) {
	targets := described(t, tags.Pip, "3.13@manylinux_2_28_x86_64")
	pool := hashed("sha256", [2]string{"a-1-cp313-cp313-manylinux_2_28_x86_64.whl", "aa"}, [2]string{"a-1-py3-none-any.whl", "bb"}, [2]string{"a-1.tar.gz", "cc"})
	for _, tt := range []struct {
		text string
		pool *Pool
		want string
	}{
		{"a==1", pool, "a 1:1 wheel a-1-cp313-cp313-manylinux_2_28_x86_64.whl [] "},
		{"a==1 --hash=sha256:bb", pool, "a 1:1 pure a-1-py3-none-any.whl [] "},
		{"a==1 --hash=sha256:BB --hash=sha256:aa", pool, "a 1:1 wheel a-1-cp313-cp313-manylinux_2_28_x86_64.whl [] "},
		{"a==1 --hash=sha256:cc", pool, "a 1:1 build a-1.tar.gz [hash] its sha256 is not among the hashes of the requirement"},
		{"a==1 --hash=sha256:dd", pool, "a 1:1 missing  [hash] its sha256 is not among the hashes of the requirement"},
		{"a==1 --hash=sha512:bb", pool, "a 1:1 wheel a-1-cp313-cp313-manylinux_2_28_x86_64.whl [] "}, // cannot be compared
		{"a==1 --hash=sha256:dd", hashed("", [2]string{"a-1-py3-none-any.whl", ""}), "a 1:1 pure a-1-py3-none-any.whl [] "},
		{"a @ https://h/a-1-py3-none-any.whl#sha256=bb --hash=sha256:bb", pool, "a 1:1 pure a-1-py3-none-any.whl [] "},
		{"a @ https://h/a-1-py3-none-any.whl#sha256=bb --hash=sha256:cc", pool, "a 1:1 missing  [hash] its sha256 is not among the hashes of the requirement"},
	} {
		got := rowsText(t, lockText(t, "requirements.txt", tt.text+"\n", ""), lockfile.Selection{}, tt.pool, targets)
		if diff := cmp.Diff([]string{tt.want}, got); diff != "" {
			t.Errorf("%q: %s", tt.text, diff)
		}
	}
}
