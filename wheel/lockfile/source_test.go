package lockfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSources reads each form of a source in each format.
func TestSources(t *testing.T) {
	heads := map[string]string{
		"uv.lock":     "version = 1\n[[package]]\nname = 'a'\nversion = '1'\n",
		"pylock.toml": "lock-version = '1.0'\n[[packages]]\nname = 'a'\nversion = '1'\n",
		"poetry.lock": "[metadata]\nlock-version = '2.1'\n[[package]]\nname = 'a'\nversion = '1'\ngroups = ['main']\n",
		"pdm.lock":    "[metadata]\nlock_version = '4.5'\nstrategy = ['inherit_metadata']\n[[package]]\nname = 'a'\nversion = '1'\n",
	}
	for _, tt := range []struct {
		name, text string
		want       Source
	}{
		{"uv.lock", "source = { registry = 'https://h' }", Source{Kind: FromIndex, URL: "https://h"}},
		{"uv.lock", "source = { url = 'https://h/a.zip', subdirectory = 's' }", Source{Kind: FromURL, URL: "https://h/a.zip", Subdirectory: "s"}},
		{"uv.lock", "source = { git = 'https://h/a?rev=x#0123' }", Source{Kind: FromVCS, VCS: "git", URL: "https://h/a?rev=x", Revision: "0123"}},
		{"uv.lock", "source = { path = 'a.zip' }", Source{Kind: FromPath, Path: "a.zip"}},
		{"uv.lock", "source = { directory = '../a' }", Source{Kind: FromDirectory, Path: "../a"}},
		{"uv.lock", "source = { editable = '../a' }", Source{Kind: FromEditable, Path: "../a"}},
		{"uv.lock", "source = { virtual = '../a' }", Source{Kind: FromVirtual, Path: "../a"}},
		{"uv.lock", "", Source{}},

		{"pylock.toml", "index = 'https://h'", Source{Kind: FromIndex, URL: "https://h"}},
		{"pylock.toml", "vcs = { type = 'git', url = 'https://h', commit-id = '0123', subdirectory = 's' }", Source{Kind: FromVCS, VCS: "git", URL: "https://h", Revision: "0123", Subdirectory: "s"}},
		{"pylock.toml", "vcs = { type = 'hg', path = '../a', commit-id = '0123' }", Source{Kind: FromVCS, VCS: "hg", Path: "../a", Revision: "0123"}},
		{"pylock.toml", "directory = { path = '../a', subdirectory = 's' }", Source{Kind: FromDirectory, Path: "../a", Subdirectory: "s"}},
		{"pylock.toml", "directory = { path = '../a', editable = false }", Source{Kind: FromDirectory, Path: "../a"}},
		{"pylock.toml", "directory = { path = '../a', editable = true }", Source{Kind: FromEditable, Path: "../a"}},
		{"pylock.toml", "archive = { url = 'https://h/a.zip', subdirectory = 's' }", Source{Kind: FromURL, URL: "https://h/a.zip", Subdirectory: "s"}},
		{"pylock.toml", "archive = { path = 'a.zip' }", Source{Kind: FromPath, Path: "a.zip"}},

		{"poetry.lock", "", Source{Kind: FromIndex}},
		{"poetry.lock", "source = { type = 'legacy', url = 'https://h' }", Source{Kind: FromIndex, URL: "https://h"}},
		{"poetry.lock", "source = { url = 'https://h' }", Source{Kind: FromIndex, URL: "https://h"}},
		{"poetry.lock", "source = { type = 'git', url = 'https://h', reference = 'main', subdirectory = 's' }", Source{Kind: FromVCS, VCS: "git", URL: "https://h", Revision: "main", Subdirectory: "s"}},
		{"poetry.lock", "source = { type = 'git', url = 'https://h', reference = 'main', resolved_reference = '0123' }", Source{Kind: FromVCS, VCS: "git", URL: "https://h", Revision: "0123"}},
		{"poetry.lock", "source = { type = 'url', url = 'https://h/a.zip' }", Source{Kind: FromURL, URL: "https://h/a.zip"}},
		{"poetry.lock", "source = { type = 'file', url = 'a.zip' }", Source{Kind: FromPath, Path: "a.zip"}},
		{"poetry.lock", "source = { type = 'directory', url = '../a' }", Source{Kind: FromDirectory, Path: "../a"}},
		{"poetry.lock", "develop = true\nsource = { type = 'directory', url = '../a' }", Source{Kind: FromEditable, Path: "../a"}},
		{"poetry.lock", "develop = true\nsource = { type = 'git', url = 'https://h' }", Source{Kind: FromVCS, VCS: "git", URL: "https://h"}},

		{"pdm.lock", "", Source{Kind: FromIndex}},
		{"pdm.lock", "git = 'https://h'\nref = 'main'\nsubdirectory = 's'", Source{Kind: FromVCS, VCS: "git", URL: "https://h", Revision: "main", Subdirectory: "s"}},
		{"pdm.lock", "hg = 'https://h'\nrevision = '0123'\nref = 'x'", Source{Kind: FromVCS, VCS: "hg", URL: "https://h", Revision: "0123"}},
		{"pdm.lock", "svn = 'https://h'", Source{Kind: FromVCS, VCS: "svn", URL: "https://h"}},
		{"pdm.lock", "bzr = 'https://h'", Source{Kind: FromVCS, VCS: "bzr", URL: "https://h"}},
		{"pdm.lock", "path = './a'", Source{Kind: FromDirectory, Path: "./a"}},
		{"pdm.lock", "path = './a-1.zip'", Source{Kind: FromPath, Path: "./a-1.zip"}},
		{"pdm.lock", "path = './a-1.zip'\neditable = true", Source{Kind: FromEditable, Path: "./a-1.zip"}},
		{"pdm.lock", "url = 'https://h/a.zip'", Source{Kind: FromURL, URL: "https://h/a.zip"}},
	} {
		l, err := Read(strings.NewReader(heads[tt.name]+tt.text+"\n"), tt.name)
		if err != nil {
			t.Errorf("%s, %s: %v", tt.name, tt.text, err)
			continue
		}
		if diff := cmp.Diff(tt.want, l.Packages[0].Source); diff != "" {
			t.Errorf("%s, %s: %s", tt.name, tt.text, diff)
		}
	}
}

// TestRequirementSources reads each form that pip accepts for a place.
func TestRequirementSources(t *testing.T) {
	for _, tt := range []struct {
		line    string
		name    string
		version string
		want    Source
	}{
		{"a", "a", "", Source{Kind: FromIndex}},
		{"a @ https://h/a-1-py3-none-any.whl", "a", "1", Source{Kind: FromURL, URL: "https://h/a-1-py3-none-any.whl"}},
		{"a @ https://h/b-1-py3-none-any.whl", "a", "", Source{Kind: FromURL, URL: "https://h/b-1-py3-none-any.whl"}},
		{"https://h/A_b-1-py3-none-any.whl", "a-b", "1", Source{Kind: FromURL, URL: "https://h/A_b-1-py3-none-any.whl"}},
		{"https://h/a-1.zip", "", "", Source{Kind: FromURL, URL: "https://h/a-1.zip"}},
		{"https://h/a-1.zip#egg=a", "a", "", Source{Kind: FromURL, URL: "https://h/a-1.zip"}},
		{"https://h/x#subdirectory=s&egg=A_b", "a-b", "", Source{Kind: FromURL, URL: "https://h/x", Subdirectory: "s"}},
		{"HTTPS://h/x", "", "", Source{Kind: FromURL, URL: "HTTPS://h/x"}},
		{"ftp://h/x", "", "", Source{Kind: FromURL, URL: "ftp://h/x"}},
		{"file:///s/a-1-py3-none-any.whl", "a", "1", Source{Kind: FromPath, Path: "file:///s/a-1-py3-none-any.whl"}},
		{"file:///s/a", "", "", Source{Kind: FromDirectory, Path: "file:///s/a"}},
		{"./a", "", "", Source{Kind: FromDirectory, Path: "./a"}},
		{".", "", "", Source{Kind: FromDirectory, Path: "."}},
		{"./a[x]", "", "", Source{Kind: FromDirectory, Path: "./a"}},
		{"-e ./a", "", "", Source{Kind: FromEditable, Path: "./a"}},
		{"./a-1-py3-none-any.whl", "a", "1", Source{Kind: FromPath, Path: "./a-1-py3-none-any.whl"}},
		{"a-1.zip", "", "", Source{Kind: FromPath, Path: "a-1.zip"}},
		{`dir\a-1.zip`, "", "", Source{Kind: FromPath, Path: `dir\a-1.zip`}},
		{"git+https://h/r.git@v1#egg=a", "a", "", Source{Kind: FromVCS, VCS: "git", URL: "https://h/r.git", Revision: "v1"}},
		{"git+https://u@h/r.git", "", "", Source{Kind: FromVCS, VCS: "git", URL: "https://u@h/r.git"}},
		{"git+ssh://git@h/r.git@a/b@c", "", "", Source{Kind: FromVCS, VCS: "git", URL: "ssh://git@h/r.git@a/b", Revision: "c"}},
		{"hg+http://h/r", "", "", Source{Kind: FromVCS, VCS: "hg", URL: "http://h/r"}},
		{"svn+svn://h/r", "", "", Source{Kind: FromVCS, VCS: "svn", URL: "svn://h/r"}},
		{"bzr+lp:r", "", "", Source{Kind: FromVCS, VCS: "bzr", URL: "lp:r"}},
		{"git://h/r", "", "", Source{Kind: FromVCS, VCS: "git", URL: "git://h/r"}},
		{"a @ git+file:///r@v1", "a", "", Source{Kind: FromVCS, VCS: "git", URL: "file:///r", Revision: "v1"}},
	} {
		l, err := Read(strings.NewReader(tt.line+"\n"), "requirements.txt")
		if err != nil || len(l.Packages) != 1 {
			t.Errorf("%s: %v, %v", tt.line, l, err)
			continue
		}
		p := &l.Packages[0]
		if diff := cmp.Diff(tt.want, p.Source); diff != "" || p.Name != tt.name || p.Version != tt.version {
			t.Errorf("%s: name %q, version %q, %s", tt.line, p.Name, p.Version, diff)
		}
	}
}
