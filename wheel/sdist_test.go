package wheel

import "testing"

func TestParseSdistName(t *testing.T) {
	for _, c := range []struct{ file, project, name, version string }{
		{"demo-1.0.tar.gz", "", "demo", "1.0"},
		{"Foo_Bar-1.0rc1.zip", "", "foo-bar", "1.0rc1"},
		{"foo-bar-1.0.tar.bz2", "", "foo-bar", "1.0"},
		{"demo-2-1.0.tar.gz", "demo-2", "demo-2", "1.0"},
		{"demo-1.0-2.tar.gz", "demo", "demo", "1.0-2"},
		{"demo-1.0-2.tar.gz", "", "demo-1-0", "2"},
		{"demo-1.0-py3.tar.gz", "", "demo-1-0-py3", ""},
		{"demo.tar.gz", "", "", ""},
		{"demo-1.0.exe", "", "", ""},
		{"-1.0.tar.gz", "", "", ""},
		{"demo-.tar.gz", "", "", ""},
		{".tar.gz", "", "", ""},
		{"demo-1.0-py3-none-any.whl", "", "", ""},
	} {
		got, err := ParseSdistName(c.file, c.project)
		switch {
		case c.version == "":
			if err == nil {
				t.Errorf("%s: %+v, want an error", c.file, got)
			}
		case err != nil || got.Name != c.name || got.Version.Source() != c.version:
			t.Errorf("%s for %q: %s %s, %v; want %s %s", c.file, c.project, got.Name, got.Version.Source(), err, c.name, c.version)
		}
	}
}
