package detect

import (
	"strings"
	"testing"
)

// FuzzRoot puts arbitrary bytes where text is read.
func FuzzRoot(f *testing.F) {
	f.Add("ID=x\nVERSION_ID='1'\n", "include *\n/opt", "{'SOABI': 'cpython-39-x'}", "{}", "version = 3.9\n", "#define PY_VERSION \"3.9.1\"\n")
	f.Fuzz(func(t *testing.T, release, conf, sysconfig, details, venv, header string) {
		for _, text := range []string{release, conf, sysconfig, details, venv, header} {
			if strings.HasPrefix(text, "-> ") || strings.HasPrefix(text, "elf:") || text == "dir" {
				t.Skip()
			}
		}
		s, err := Root(root(t, with(glibcBase, "etc/os-release", release, "etc/ld.so.conf", conf,
			"opt/v/bin/python3.9", "elf:exe-x86_64-dynamic", "opt/v/pyvenv.cfg", venv,
			"opt/v/lib/python3.9/os.py", "#", "opt/v/lib/python3.9/_sysconfigdata__x.py", sysconfig,
			"opt/v/lib/python3.9/build-details.json", details, "opt/v/include/python3.9/patchlevel.h", header)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Pythons) != 1 || s.Pythons[0].Python.Major != 3 || s.Pythons[0].Python.Minor != 9 {
			t.Fatalf("%+v", s.Pythons)
		}
	})
}
