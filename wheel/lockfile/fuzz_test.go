package lockfile

import (
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
)

// FuzzRead holds that no file makes the package panic or hang, that errors and
// problems have a code and a place, and that each package gets one answer.
func FuzzRead(f *testing.F) {
	names := []string{"uv.lock", "pylock.toml", "poetry.lock", "pdm.lock", "requirements.txt", "x", "Pipfile.lock", "environment.yml", "conda-lock.yml", "pixi.lock"}
	for i, text := range []string{
		uvText, pylockText, poetryText, pdmText, "a==1 \\\n --hash=sha256:aa\n-r requirements.txt\n-c x.txt\n-e ./x[y]\nb @ git+https://h/r@v#egg=b",
	} {
		f.Add(byte(i), text)
		f.Add(byte(5), text)
		for n := 0; n < len(text); n += 97 {
			f.Add(byte(i), text[:n])
		}
	}
	f.Add(byte(6), pipfileText)
	f.Add(byte(7), condaEnvironmentText)
	f.Add(byte(8), condaLockText)
	f.Add(byte(9), pixiText)
	f.Add(byte(5), `{"version": "1", "pip_version": "26", "install": [{"metadata": {"name": "a", "version": "1"}, "download_info": {"url": "h/a-1.tar.gz"}}]}`)
	f.Add(byte(5), `{"version": "1", "pip_version": "26", "installed": [{"metadata": {"name": "a", "version": "1"}}]}`)
	f.Add(byte(0), "version = 1\nconflicts = [[{package='a',extra='x'},{package='a'}]]\n[[package]]\nname='a'\nsource={virtual='.'}\n")
	f.Add(byte(2), "[metadata]\nlock-version = '1.0'\n[[package]]\nname='a'\noptional=true\n[extras]\nx=['a']\n")
	f.Fuzz(func(t *testing.T, format byte, text string) {
		name := names[int(format)%len(names)]
		open := func(n string) (io.ReadCloser, error) {
			if len(n) > 100 || strings.HasPrefix(n, "/") {
				return nil, fs.ErrNotExist
			}
			return io.NopCloser(strings.NewReader(text)), nil
		}
		l, err := ReadOpen(name, open)
		if err != nil {
			e, ok := errors.AsType[*Error](err)
			if l != nil || !ok || e.Code == "" || e.Detail == "" || e.Line < 0 {
				t.Errorf("error %#v", err)
			}
			return
		}
		lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 1
		for _, p := range l.Problems {
			if p.Code == "" || p.Message == "" || p.Line < 1 || p.Line > lines {
				t.Errorf("problem %+v", p)
			}
		}
		checkNeeded(t, l, lines)
	})
}

func checkNeeded(t *testing.T, l *Lock, lines int) {
	t.Helper()
	for _, sel := range []Selection{{}, {Extras: l.Extras, Groups: l.Groups}, {Groups: l.Groups, OnlyGroups: true}} {
		if l.Format == PDM {
			sel.Extras = nil
		}
		needed, err := l.Needed(environment("3.11.4", "linux", "x86_64"), sel)
		if err != nil {
			if e, ok := errors.AsType[*Error](err); !ok || e.Code != CodeRequiresPython && e.Code != CodeEnvironment && e.Code != CodeConflict && (l.Format != Pixi || e.Code != CodeSelection) {
				t.Errorf("%+v: error %v", sel, err)
			}
			continue
		}
		if len(needed) != len(l.Packages) {
			t.Fatalf("%d answers for %d packages", len(needed), len(l.Packages))
		}
		for i, n := range needed {
			if n.Package != &l.Packages[i] || n.Package.Line < 1 || n.Package.Line > lines {
				t.Errorf("%+v", n)
			}
			if n.State != Required && n.Reason.String() == "" || n.State != Required && n.State != Excluded && n.State != Unknown {
				t.Errorf("%s: state %q without a reason", n.Package.Name, n.State)
			}
		}
	}
}
