package lockfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestProblemTexts reads faulty entries and compares each problem as a person
// sees it, with its place.
func TestProblemTexts(t *testing.T) {
	const pylock = "lock-version = '1.0'\n[[packages]]\nname = 'a'\nversion = '1'\n"
	const wheel = "wheels = [{ url = 'h/a-1-py3-none-any.whl', hashes = { sha256 = 'aa' } }]\n"
	const poetry = "[metadata]\nlock-version = '2.1'\n[[package]]\nname = 'a'\nversion = '1'\ngroups = ['main']\n"
	const pdm = "[metadata]\nlock_version = '4.5'\nstrategy = ['inherit_metadata']\n"
	const uv = "version = 1\n[[package]]\nname = 'a'\nversion = '1'\n"
	for _, tt := range []struct{ name, text, want string }{
		{"pylock.toml", pylock + "marker = 'x'\n" + wheel, "pylock.toml:5: a: invalid marker, so it is unknown where this is needed: invalid dependency specifier \"x\" at byte 0: expected a marker variable, such as python_version, or a quoted text"},
		{"pylock.toml", pylock + "marker = 3\n" + wheel, "pylock.toml:5: a: \"marker\" is not a string"},
		{"pylock.toml", pylock + "requires-python = 'x'\n" + wheel, "pylock.toml:5: a: invalid \"requires-python\", so every Python is allowed: invalid version specifier \"x\" at byte 0: expected one of ~= == != <= >= < > ===; to require one exact version write == before it"},
		{"pylock.toml", pylock + "sdist = { url = 'h/a-1.zip', size = -1, upload-time = 'now', hashes = { sha256 = 'xx' } }\n", "pylock.toml:5: a: \"-1\" is not a size in bytes\n" +
			"pylock.toml:5: a: \"now\" is not a date and time\n" +
			"pylock.toml:5: a: the sha256 hash is not made of hexadecimal digits"},
		{"pylock.toml", pylock + "sdist = { url = 'h/b-1.zip', hashes = {} }\n", "pylock.toml:5: a: the file has no hash\n" +
			"pylock.toml:5: a: the file \"b-1.zip\" is not of a 1"},
		{"pylock.toml", pylock + "wheels = [{ url = 'h/a-1.bin', hashes = { sha256 = 'aa' } }, 1]\n", "pylock.toml:5: a: an element of \"wheels\" is not a table\n" +
			"pylock.toml:5: a: \"a-1.bin\" is not the name of a wheel or source distribution"},
		{"pylock.toml", pylock + "directory = { path = 'x' }\n" + wheel, "pylock.toml:2: a: a package has either wheels and sdist or one of vcs, directory and archive"},
		{"pylock.toml", pylock + wheel + "[[packages]]\nname = 'a'\nversion = '1'\n" + wheel, "pylock.toml:6: a: duplicate of the package in line 2"},
		{"pylock.toml", "lock-version = '1.9'\npackages = []\n", "pylock.toml:1: lock-version 1.9 is newer than 1.0; new fields are ignored (note)"},
		{"pylock.toml", "lock-version = '1.0'\n[[packages]]\nname = 'A_b'\nversion = 'one'\ndirectory = { path = 'x' }\n", "pylock.toml:4: a-b: invalid version \"one\" at byte 0: expected a digit; a version starts with numbers, such as 1.2.3 or 1!2.0\n" +
			"pylock.toml:2: a-b: the name \"A_b\" is not in normal form"},
		{"pylock.toml", "lock-version = '1.0'\n[[packages]]\ndirectory = { path = 'x' }\n", "pylock.toml:2: the package has no name"},
		{"pylock.toml", pylock, "pylock.toml:2: a: the package has none of wheels, sdist, archive, directory and vcs"},
		{"poetry.lock", poetry + "files = [{ file = 'a-1.zip' }]\n", "poetry.lock:7: a: the file has no hash"},
		{"poetry.lock", poetry + "files = []\nsource = { type = 'moon' }\n", "poetry.lock:8: a: unknown source type \"moon\"\n" +
			"poetry.lock:3: a: the package comes from an index but has no files"},
		{"poetry.lock", "[metadata]\nlock-version = '2.1'\n[[package]]\nname = 'a'\nversion = '1'\nfiles = [{ file = 'a-1.zip', hash = 'aa' }]\n", "poetry.lock:3: a: the package has no groups that need it\n" +
			"poetry.lock:6: a: \"aa\" is not a hash; expected an algorithm, a colon and hexadecimal digits"},
		{"poetry.lock", "[metadata]\nlock-version = '2.7'\npython-versions = '^x'\n", "poetry.lock:2: lock-version 2.7 is not one of 1.0, 1.1, 2.0, 2.1; new fields are ignored (note)\n" +
			"poetry.lock:3: invalid \"python-versions\", so every Python is allowed: invalid version specifier \">=x,<\" at byte 2: expected a digit; a version starts with numbers, such as 1.2.3 or 1!2.0"},
		{"pdm.lock", pdm + "[[metadata.targets]]\nrequires_python = '>=3.9'\nplatform = 'linux'\nimplementation = 'pypy'\n", "pdm.lock:4: the file was made for the platform linux; packages for others may be missing (note)\n" +
			"pdm.lock:4: the file was made for the implementation pypy; packages for others may be missing (note)"},
		{"pdm.lock", pdm + "[[package]]\nname = 'a'\nversion = '1'\npath = 'x'\ndependencies = ['?']\n", "pdm.lock:8: a: invalid dependency specifier \"?\" at byte 0: expected the name of a project, which starts with an ASCII letter or digit"},
		{"uv.lock", uv, "uv.lock:2: a: the package has no source"},
		{"uv.lock", uv + "source = { moon = 'x' }\n", "uv.lock:5: a: unknown kind of source"},
		{"uv.lock", uv + "source = { registry = 'h' }\n", "uv.lock:2: a: the package comes from an index but has no files (note)"},
		{"uv.lock", uv + "source = { virtual = '.' }\ndependencies = [{ name = 'gone' }]\n", "uv.lock:6: a: the dependency gone is not in the file"},
		{"uv.lock", uv + "source = 1\n", "uv.lock:5: a: \"source\" is not a table"},
		{"requirements.txt", "a --config-settings 'x\na --gone\na==1 --hash=x\n./x\na==${V}\na==1 ; os_name == '${V}'\na -r b.txt\n-r b.txt --pre\n--pre\na 1\n", "requirements.txt:1: cannot split the options into words; check quotes and backslashes\n" +
			"requirements.txt:2: \"--gone\" is not an option of requirements files, or its value is missing; the line is ignored\n" +
			"requirements.txt:3: a: \"x\" is not a hash; expected an algorithm, a colon and hexadecimal digits\n" +
			"requirements.txt:5: the line depends on the environment variable ${V}, which is not expanded\n" +
			"requirements.txt:6: the environment variable ${V} is not expanded (note)\n" +
			"requirements.txt:7: a: --requirement after a requirement is ignored; put it on a separate line\n" +
			"requirements.txt:8: only --requirement b.txt is used; put other options on separate lines (note)\n" +
			"requirements.txt:8: b.txt is not read: there is no function to open included files\n" +
			"requirements.txt:9: the option --pre has no effect on what is needed (note)\n" +
			"requirements.txt:10: invalid dependency specifier \"a 1\" at byte 2: not a version specifier; write an operator and a version, separated by commas, as in >=1.2,<2"},
		{"requirements.txt", "\x00", "requirements.txt:1: not UTF-8 text, perhaps UTF-16 without a byte order mark; save the file as UTF-8"},
	} {
		l, err := Read(strings.NewReader(tt.text), tt.name)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var got []string
		for _, p := range l.Problems {
			note := ""
			if p.Note {
				note = " (note)"
			}
			got = append(got, p.String()+note)
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, "\n")); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}
