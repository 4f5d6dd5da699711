package pep508

import (
	"strings"
	"testing"
)

func FuzzParseMarker(f *testing.F) {
	for _, s := range []string{
		"python_version >= '3.8'", "(os_name == 'a' or os_name=='b')and'x' in extras", "extra == 'A_b'", "'\\x41' not in platform_release",
		"((((os.name=='a'))))", "python_full_version === \"3.1+\" or '3' ~= python_version", strings.Repeat("(", 300), "'a\\\n' == 'os_name'",
	} {
		f.Add(s)
	}
	env := linux()
	env.Extras = []string{"a"}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := ParseMarker(s)
		if err != nil {
			checkError(t, s, err)
			return
		}
		for range m.Comparisons() {
			continue
		}
		for _, ctx := range []Context{Metadata, LockFile, Other} {
			answer(t, m, ctx, env)
		}
		// A requirement with the marker means the same.
		r, err := ParseRequirement("a;" + s)
		if err != nil || r.Marker.String() != m.String() {
			t.Errorf("%q: as part of a requirement %v, %q", s, err, r.Marker)
		}
		// Without backslashes the normal form is one.
		if strings.Contains(m.String(), `\`) || strings.ContainsAny(m.String(), "\n\r\x00") {
			return
		}
		again, err := ParseMarker(m.String())
		if err != nil || again.String() != m.String() {
			t.Errorf("%q: normal form %q gives %v, %q", s, m, err, again)
		}
	})
}

func FuzzParseRequirement(f *testing.F) {
	for _, s := range []string{
		"a", "a[b,c]>=1,<2 ; os_name == 'x'", "a @ https://example.org/a.whl ; extra == 'x'", "a (>=1.0,)", "a===1,<2", "A.b_ ~= 1.0", "a[", "a>=\u30001", "a==1.*;",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseRequirement(s)
		if err != nil {
			checkError(t, s, err)
			return
		}
		if strings.ContainsAny(r.Marker.String(), "\\\n\r\x00") {
			return
		}
		again, err := ParseRequirement(r.String())
		if err != nil || again.String() != r.String() {
			t.Errorf("%q: normal form %q gives %v, %q", s, r, err, again)
		}
	})
}
