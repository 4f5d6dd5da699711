package coverage

import (
	"testing"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/index"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

// poolOf makes a pool of the files of one project, a. Names that end in ! are
// yanked.
func poolOf(names ...string) *Pool {
	var pool Pool
	for _, name := range names {
		f := index.File{Name: name, Project: "a"}
		if n := len(name) - 1; name[n] == '!' {
			f.Name, f.Yanked, f.YankedReason = name[:n], true, "broken"
		}
		pool.Add(f)
	}
	return &pool
}

// lockedRow answers for the only package of a lock file, with a pool.
func lockedRow(t *testing.T, name, text string, pool *Pool, targets []Target) *Row {
	t.Helper()
	rows, err := Locked(lockText(t, name, text, ""), lockfile.Selection{}, pool, targets)
	if err != nil {
		t.Fatal(err)
	}
	var got []Row
	for row := range rows {
		got = append(got, row)
	}
	if len(got) != 1 {
		t.Fatalf("%d rows", len(got))
	}
	return &got[0]
}

// poolRow answers for the only project of a pool.
func poolRow(t *testing.T, pool *Pool, targets []Target) *Row {
	t.Helper()
	for row := range pool.Rows(targets, nil) {
		return &row
	}
	t.Fatal("no row")
	return nil
}

// TestYankedPins: uv takes a yanked file of a pinned version like any other, pip
// only if there is nothing else.
func TestYankedPins(t *testing.T) {
	for _, c := range []struct {
		profile    tags.Profile
		text, want string
		names      []string
	}{
		{tags.UV, "a==1", "a-1-py3-none-any.whl", []string{"a-1-py3-none-any.whl!", "a-1.tar.gz"}},
		{tags.Pip, "a==1", "a-1.tar.gz", []string{"a-1-py3-none-any.whl!", "a-1.tar.gz"}},
		{tags.Pip, "a==1", "a-1-py3-none-any.whl", []string{"a-1-py3-none-any.whl!"}},
		{tags.UV, "a", "a-1.tar.gz", []string{"a-1-py3-none-any.whl!", "a-1.tar.gz"}},
		{tags.UV, "a", "", []string{"a-1-py3-none-any.whl!"}},
		{tags.Pip, "a<2", "", []string{"a-1-py3-none-any.whl!"}},
	} {
		targets := described(t, c.profile, "3.11@manylinux_2_28_x86_64")
		row := lockedRow(t, "requirements.txt", c.text+"\n", poolOf(c.names...), targets)
		if got := row.File(0); got != c.want {
			t.Errorf("%s, %s from %v: %q, want %q", c.profile, c.text, c.names, got, c.want)
		}
	}
}

// TestPoolVersion: a file of the pool fills a hole of a lock file if its version
// is the one that is locked, perhaps with a local part more.
func TestPoolVersion(t *testing.T) {
	targets := described(t, tags.Packaging, "3.11@manylinux_2_28_x86_64")
	for _, c := range []struct {
		locked, file string
		want         State
	}{
		{"1.0", "a-1.0-py3-none-any.whl", Pure},
		{"1.0", "a-1.0.0-py3-none-any.whl", Pure},
		{"1.0", "a-1.0+local-py3-none-any.whl", Pure},
		{"1.0+local", "a-1.0+local-py3-none-any.whl", Pure},
		{"1.0", "a-1.0.1-py3-none-any.whl", Build},
		{"1.0", "a-1.0.post1+local-py3-none-any.whl", Build},
		{"1.0+local", "a-1.0-py3-none-any.whl", Build},
		{"1.0+local", "a-1.0+other-py3-none-any.whl", Build},
	} {
		text := "version = 1\n[[package]]\nname = 'top'\nversion = '1'\nsource = { virtual = '.' }\ndependencies = [{ name = 'a' }]\n" +
			"[[package]]\nname = 'a'\nversion = '" + c.locked + "'\nsource = { registry = 'h' }\nsdist = { url = 'h/a-" + c.locked + ".tar.gz' }\n"
		row := lockedRow(t, "uv.lock", text, poolOf(c.file), targets)
		if got := row.Cells[0].State; got != c.want {
			t.Errorf("%s locked, %s in the pool: %s, want %s", c.locked, c.file, got, c.want)
		}
	}
}

// TestReasonOrder gives two files that do not fit, in both orders: the reason of
// the nearer one is the reason of the cell.
func TestReasonOrder(t *testing.T) {
	targets := described(t, tags.Packaging, "3.11@manylinux_2_28_x86_64")
	files := map[tags.ReasonCode]index.File{
		"requires-python": {Name: "a-1-py3-none-any.whl", RequiresPython: ">=3.12"},
		"yanked":          {Name: "a-1-1-py3-none-any.whl", Yanked: true},
		"glibc-version":   {Name: "a-1-cp311-cp311-manylinux_2_39_x86_64.whl"},
		"no-version":      {Name: "a-3-py3-none-any.whl"},
		"libc-family":     {Name: "a-1-cp311-cp311-musllinux_1_2_x86_64.whl"},
		"machine":         {Name: "a-1-cp311-cp311-manylinux_2_17_aarch64.whl"},
		"os":              {Name: "a-1-cp311-cp311-win_amd64.whl"},
		"python-version":  {Name: "a-1-cp312-cp312-manylinux_2_17_x86_64.whl"},
	}
	order := []tags.ReasonCode{"requires-python", "yanked", "glibc-version", "no-version", "libc-family", "machine", "os", "python-version"}
	for i, near := range order {
		for _, far := range order[i+1:] {
			for _, codes := range [][2]tags.ReasonCode{{near, far}, {far, near}} {
				var pool Pool
				for _, code := range codes {
					f := files[code]
					f.Project = "a"
					pool.Add(f)
				}
				row := lockedRow(t, "requirements.txt", "a<2\n", &pool, targets)
				if got := row.Reason(0); got.Code != near || row.Cells[0].State != Missing {
					t.Errorf("%v: %s, %s (%s), want %s", codes, row.Cells[0].State, got.Code, got.Message, near)
				}
			}
		}
	}
}

// TestNearestBounds looks as far as it is meant to, and no further.
func TestNearestBounds(t *testing.T) {
	for _, c := range []struct {
		target, file, want string
	}{
		{"3.11@manylinux_2_28_x86_64", "a-1-cp311-cp311-manylinux_2_60_x86_64.whl", "libc glibc 2.60"},
		{"3.11@manylinux_2_28_x86_64", "a-1-cp311-cp311-manylinux_2_61_x86_64.whl", ""},
		{"3.11@musllinux_1_1_x86_64", "a-1-cp311-cp311-musllinux_1_2_x86_64.whl", "libc musl 1.2"},
		{"3.11@macosx_14_0_arm64", "a-1-cp311-cp311-macosx_15_0_arm64.whl", "macos macOS 15"},
		{"3.11@macosx_14_0_arm64", "a-1-cp311-cp311-macosx_30_0_arm64.whl", "macos macOS 30"},
		{"3.11@macosx_14_0_arm64", "a-1-cp311-cp311-macosx_31_0_arm64.whl", ""},
		{"3.11@win_amd64", "a-1-cp312-cp312-win_amd64.whl", "python CPython 3.12"},
		{"3.8@win_amd64", "a-1-cp316-cp316-win_amd64.whl", "python CPython 3.16"},
		{"3.7@win_amd64", "a-1-cp316-cp316-win_amd64.whl", ""},
		{"3.14@win_amd64", "a-1-cp36-cp36m-win_amd64.whl", "python CPython 3.6"},
		{"3.15@win_amd64", "a-1-cp36-cp36m-win_amd64.whl", ""},
		{"3.11@win_amd64", "a-1-cp311-cp311-win32.whl", ""},
	} {
		row := poolRow(t, poolOf(c.file), described(t, tags.Packaging, c.target))
		got := ""
		for _, change := range row.Nearest(0) {
			got += change.Kind + " " + change.Need
		}
		if got != c.want {
			t.Errorf("%s on %s: %q, want %q", c.file, c.target, got, c.want)
		}
	}
}

// TestNearestVersion takes the newest other version that has a wheel.
func TestNearestVersion(t *testing.T) {
	targets := described(t, tags.Packaging, "3.11@manylinux_2_28_x86_64")
	for _, names := range [][]string{
		{"a-4.tar.gz", "a-1-py3-none-any.whl", "a-2-py3-none-any.whl", "a-3-py3-none-any.whl!", "a-1.5-py3-none-any.whl"},
		{"a-4.tar.gz", "a-2-py3-none-any.whl", "a-1-py3-none-any.whl"},
		{"a-4.tar.gz", "a-2-py3-none-any.whl", "a-3-cp312-cp312-win_amd64.whl"},
	} {
		changes := poolRow(t, poolOf(names...), targets).Nearest(0)
		if len(changes) != 1 || changes[0] != (Change{"version", "2", "a-2-py3-none-any.whl"}) {
			t.Errorf("%v: %v", names, changes)
		}
	}
	for change, want := range map[Change]string{
		{"version", "2", "a.whl"}:       "version 2 has a wheel, a.whl",
		{"libc", "glibc 2.34", "a.whl"}: "glibc 2.34 would use a.whl",
	} {
		if got := change.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
