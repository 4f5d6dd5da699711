package coverage

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/index"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

// TestUnlisted: the projects of an index that some target needs, each once.
func TestUnlisted(t *testing.T) {
	targets := described(t, tags.Packaging, "3.11@manylinux_2_36_x86_64", "3.12@win_amd64")
	for text, want := range map[string][]string{
		"b\nA_x==1\nb[extra]>=1\n./local\nc @ https://host/c.zip\n-e git+https://host/d#egg=d\n": {"b", "a-x"},
		"a ; sys_platform == 'win32'\nb ; sys_platform == 'darwin'\n":                            {"a"},
		"": nil,
	} {
		lock, err := lockfile.Read(strings.NewReader(text), "requirements.txt")
		if err != nil {
			t.Fatal(err)
		}
		got, err := Unlisted(lock, lockfile.Selection{}, targets)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%q: error %v, (-want +got):\n%s", text, err, diff)
		}
		if _, err := Unlisted(lock, lockfile.Selection{Extras: []string{"none"}}, targets); err == nil {
			t.Errorf("%q: an extra that is not there is no error", text)
		}
	}
	const uv = "version = 1\nrequires-python = '>=3.9'\n[[package]]\nname = 'a'\nversion = '1'\nsource = { virtual = '.' }\ndependencies = [{ name = 'b' }]\n[[package]]\nname = 'b'\nversion = '1'\nsource = { registry = 'https://host/simple' }\n"
	lock, err := lockfile.Read(strings.NewReader(uv), "uv.lock")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Unlisted(lock, lockfile.Selection{}, targets); err != nil || got != nil {
		t.Errorf("uv.lock: %q, error %v", got, err)
	}
}

// TestAddProject: without files, a project is missing if the pool has all of them.
func TestAddProject(t *testing.T) {
	targets := described(t, tags.Packaging, "3.11@manylinux_2_36_x86_64")
	var pool Pool
	pool.AddProject("none")
	pool.AddProject("some")
	pool.Add(index.File{Name: "some-1.0-py3-none-any.whl", Project: "some", IsWheel: true})
	lock, err := lockfile.Read(strings.NewReader("none\nsome\nunknown\nsome>=2\n"), "requirements.txt")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := Locked(lock, lockfile.Selection{}, &pool, targets)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for row := range rows {
		got = append(got, row.Package+" "+row.Cells[0].State.String()+" "+string(row.Reason(0).Code))
	}
	if diff := cmp.Diff([]string{"none missing no-files", "some pure ", "unknown unknown no-files", "some missing no-version"}, got); diff != "" {
		t.Error(diff)
	}
}
