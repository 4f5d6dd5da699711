package lockfile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// demands writes each requirement with its place.
func demands(packages []Package) []string {
	var out []string
	for i := range packages {
		p := &packages[i]
		extras := ""
		if len(p.Extras) > 0 {
			extras = " [" + strings.Join(p.Extras, ",") + "]"
		}
		out = append(out, fmt.Sprintf("%s:%d: %s%s (%s %s) %d", p.File, p.Line, p.demand(), extras, p.Source.Kind, p.Version, len(p.Hashes)))
	}
	return out
}

func TestRequirements(t *testing.T) {
	l := must(t, "dir/requirements.txt", "\ufeff# comment \\\n"+`--index-url https://index.example.org/simple
Foo.Bar[B,a] == 1.0 ; python_version < '3.12' \
    --hash=sha256:aa11 \
    --hash sha512:BB22    # via x
one>=1,<2
exact===1.0+weird
prefix==1.*

a @ https://example.org/a-2.0-py3-none-any.whl#sha256=cc33 ; os_name == 'posix'
https://example.org/B_c-3.0-py3-none-any.whl ; os_name == 'nt'
https://example.org/d-3.0.tar.gz#egg=d&subdirectory=x
git+https://user@git.example.org/e.git@v1.0#egg=e[x]
./f-1.0-py3-none-any.whl
g-1.0.tar.gz
-e "./local[x, y]; os_name == 'posix'"
-e git+ssh://git@git.example.org/h@main#egg=h
file:///srv/i-1.0.zip#egg=i
j @ git+https://git.example.org/j
`, CodeOption)
	want := []string{
		`dir/requirements.txt:3: foo-bar==1.0; python_version < "3.12" [b,a] (index 1.0) 2`,
		`dir/requirements.txt:6: one<2,>=1 (index ) 0`,
		`dir/requirements.txt:7: exact===1.0+weird (index 1.0+weird) 0`,
		`dir/requirements.txt:8: prefix==1.* (index ) 0`,
		`dir/requirements.txt:10: a @ https://example.org/a-2.0-py3-none-any.whl; os_name == "posix" (url 2.0) 0`,
		`dir/requirements.txt:11: b-c @ https://example.org/B_c-3.0-py3-none-any.whl; os_name == "nt" (url 3.0) 0`,
		`dir/requirements.txt:12: d @ https://example.org/d-3.0.tar.gz (url ) 0`,
		`dir/requirements.txt:13: e @ https://user@git.example.org/e.git@v1.0 (vcs ) 0`,
		`dir/requirements.txt:14: f @ ./f-1.0-py3-none-any.whl (path 1.0) 0`,
		`dir/requirements.txt:15:  @ g-1.0.tar.gz (path ) 0`,
		`dir/requirements.txt:16:  @ ./local; os_name == "posix" [x,y] (editable ) 0`,
		`dir/requirements.txt:17: h @ ssh://git@git.example.org/h@main (vcs ) 0`,
		`dir/requirements.txt:18: i @ file:///srv/i-1.0.zip (path ) 0`,
		`dir/requirements.txt:19: j @ https://git.example.org/j (vcs ) 0`,
	}
	if diff := cmp.Diff(want, demands(l.Packages)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Hash{{"sha256", "aa11"}, {"sha512", "bb22"}}, l.Packages[0].Hashes); diff != "" {
		t.Error(diff)
	}
	file := []File{{Name: "a-2.0-py3-none-any.whl", Kind: Wheel, URL: "https://example.org/a-2.0-py3-none-any.whl", Size: -1, Hashes: []Hash{{"sha256", "cc33"}}, Line: 10}}
	if diff := cmp.Diff(file, l.Packages[4].Files); diff != "" {
		t.Error(diff)
	}
	if s := l.Packages[6].Source; s.Subdirectory != "x" {
		t.Errorf("%+v", s)
	}
	if !l.Problems[0].Note || l.Problems[0].Line != 2 || l.Format != Requirements {
		t.Errorf("%+v", l.Problems[0])
	}
	if got := states(t, l, environment("3.12.1", "linux", "x86_64"), Selection{}); !strings.HasPrefix(got, "foo-bar-1.0:e(marker) one-:r exact-1.0+weird:r prefix-:r a-2.0:r b-c-3.0:e(marker) d-:r") {
		t.Error(got)
	}
}

// TestRequirementLines: each fault, its place, and that the rest is answered.
func TestRequirementLines(t *testing.T) {
	for _, tt := range []struct {
		line string
		code Code // none for a line without fault
		note bool
	}{
		{"a==1", "", false},
		{"a=1", CodeLine, false},
		{"a 1", CodeLine, false},
		{"a[x", CodeLine, false},
		{"a; os_name = 'x'", CodeLine, false},
		{"./a; os_name = 'x'", CodeLine, false},
		{"a --hash", CodeLine, false},
		{"a --hash=sha256", CodeHash, false},
		{"a --hash=sha256:0g", CodeHash, false},
		{"a --hash=sha256:0a", "", false},
		{"a --unknown", CodeLine, false},
		{"--unknown x", CodeLine, false},
		{"-x", CodeLine, false},
		{"--pre=yes", CodeLine, false},
		{"--pre", CodeOption, true},
		{"-ihttps://x", CodeOption, true},
		{"a --config-settings 'k=v w'", "", false},
		{"a --config-settings 'k=v", CodeLine, false},
		{`a --config-settings x\ `, CodeLine, false},
		{"a --hash=sha256:0a -r b.txt", CodeLine, false},
		{"a==${VERSION}", CodeEnvVar, false},
		{"a==1 --hash=${HASH}", CodeHash, true}, // preceded by a note
		{"a @ https://${TOKEN}@example.org/a.zip", CodeEnvVar, true},
		{"a @ https://$TOKEN:${token}@example.org/a.zip", "", false}, // not the form that pip replaces
		{"-r other.txt", CodeInclude, false},
		{"-c other.txt", CodeInclude, false},
		{"./dir", "", false},
		{"-e .", "", false},
		{"@", CodeLine, false},
		{"git+", CodeLine, false},
		{"git+x:", "", false},
		{"git:", "", false},
	} {
		l, err := Read(strings.NewReader("before\n\n"+tt.line+"\nafter"), "requirements.txt")
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case tt.code == "" && len(l.Problems) > 0:
			t.Errorf("%q: %v", tt.line, l.Problems)
		case tt.code != "":
			if len(l.Problems) == 0 {
				t.Errorf("%q: no problem, want %s", tt.line, tt.code)
				continue
			}
			first, last := l.Problems[0], l.Problems[len(l.Problems)-1]
			if last.Code != tt.code || first.Note != tt.note || last.Line != 3 || !strings.HasPrefix(last.String(), "requirements.txt:3: ") {
				t.Errorf("%q: %+v, want %s, note %t", tt.line, l.Problems, tt.code, tt.note)
			}
		}
		if n := len(l.Packages); l.Packages[0].Name != "before" || l.Packages[n-1].Name != "after" || l.Packages[n-1].Line != 4 {
			t.Errorf("%q: the rest is %v", tt.line, demands(l.Packages))
		}
	}
}

func TestIncludes(t *testing.T) {
	open := files(map[string]string{
		"a/main.txt":    "one\n-r sub/b.txt\n-r ../c.txt --pre\ntwo\n-r gone.txt\n-r sub/b.txt\n-c limits.txt",
		"a/sub/b.txt":   "three\n  -r ../main.txt\n-r /abs.txt\n",
		"c.txt":         "four\n--requirement=https://example.org/dir/d.txt",
		"/abs.txt":      "five bad\nsix",
		"a/limits.txt":  "one<2\n-c more.txt\nfour==4",
		"a/more.txt":    "four==5\none<2\none<3\n",
		"a/utf16.txt":   "\xff\xfea\x00=\x00",
		"a/encoded.txt": "-r utf16.txt",

		"https://example.org/dir/d.txt": "seven\n-r e.txt",
		"https://example.org/dir/e.txt": "eight",
	})
	l, err := ReadOpen("a/main.txt", open)
	if err != nil {
		t.Fatal(err)
	}
	wantProblems(t, l.Problems, CodeCycle, CodeLine, CodeOption, CodeInclude, CodeConstraint, CodeConstraint)
	var got []string
	for _, p := range l.Packages {
		got = append(got, fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Name))
	}
	want := []string{
		"a/main.txt:1: one", "a/sub/b.txt:1: three", "/abs.txt:2: six", "c.txt:1: four",
		"https://example.org/dir/d.txt:1: seven", "https://example.org/dir/e.txt:1: eight", "a/main.txt:4: two",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if p := l.Problems[0].String(); p != "a/sub/b.txt:2: a/main.txt includes itself through a/main.txt, a/sub/b.txt, a/main.txt; the line is ignored" {
		t.Error(p)
	}
	limits := []string{"a/limits.txt:1: one<2 (index ) 0", "a/more.txt:1: four==5 (index 5) 0"}
	if diff := cmp.Diff(limits, demands(l.Constraints.Packages)); diff != "" {
		t.Error(diff)
	}
	if c := l.Constraints.For("four"); len(c) != 1 || c[0].Version != "5" || l.Constraints.For("x") != nil {
		t.Errorf("constraints on four: %v", c)
	}
	l, err = ReadOpen("a/encoded.txt", open)
	if err != nil {
		t.Fatal(err)
	}
	wantProblems(t, l.Problems, CodeLine)
}

// TestIncludesAreBounded: files that include each other twice, and more of them
// than any project has.
func TestIncludesAreBounded(t *testing.T) {
	texts := make(map[string]string)
	for i := range 150 {
		texts[fmt.Sprintf("%d.txt", i)] = fmt.Sprintf("-r %d.txt\n-c %d.txt\n-r %d.txt\np%d\n", i+1, i+1, i+1, i)
	}
	l, err := ReadOpen("0.txt", files(texts))
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Packages) < 100 || len(l.Packages) > 150 {
		t.Errorf("%d packages", len(l.Packages))
	}
	if len(l.Problems) == 0 || l.Problems[0].Code != CodeInclude {
		t.Errorf("problems %v", l.Problems)
	}
}

func TestConstraints(t *testing.T) {
	open := files(map[string]string{
		"first.txt":  "Numpy==1.26; python_version < '3.12'\nnumpy==2.0; python_version >= '3.12'\nsix==1.0\n-e .",
		"second.txt": "numpy==2.0 ; python_version>='3.12'\nnumpy==3.0\nsix==1.1\nnew @ https://example.org/new.zip\n-r third.txt",
		"third.txt":  "new @ https://example.org/new.zip\nthird==3",
		"other.txt":  "new @ git+https://example.org/new@x",
	})
	c, err := ReadConstraints(open, "first.txt", "second.txt", "other.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`first.txt:1: numpy==1.26; python_version < "3.12" (index 1.26) 0`, `first.txt:2: numpy==2.0; python_version >= "3.12" (index 2.0) 0`,
		`first.txt:3: six==1.0 (index 1.0) 0`, `first.txt:4:  @ . (editable ) 0`, `second.txt:4: new @ https://example.org/new.zip (url ) 0`, `third.txt:2: third==3 (index 3) 0`,
	}
	if diff := cmp.Diff(want, demands(c.Packages)); diff != "" {
		t.Error(diff)
	}
	wantProblems(t, c.Problems, CodeName, CodeConstraint, CodeConstraint, CodeConstraint)
	for i, want := range []string{
		"", `second.txt:2: numpy: numpy==3.0 is overridden by numpy==1.26; python_version < "3.12" in line 1 of first.txt`,
		"second.txt:3: six: six==1.1 is overridden by six==1.0 in line 3 of first.txt",
		"other.txt:1: new: new @ https://example.org/new@x is overridden by new @ https://example.org/new.zip in line 4 of second.txt",
	} {
		if p := c.Problems[i]; want != "" && (p.String() != want || !p.Note) {
			t.Errorf("%q, note %t, want %q", p, p.Note, want)
		}
	}
	if len(c.For("numpy")) != 2 {
		t.Errorf("constraints on numpy: %v", c.For("numpy"))
	}
	if _, err := ReadConstraints(open, "first.txt", "gone.txt"); err == nil || err.Error() != "gone.txt: cannot be opened: file does not exist" {
		t.Errorf("error %v", err)
	}
	var none *Constraints
	if none.For("x") != nil {
		t.Error("no constraints have one")
	}
}

// TestLogicalLines follows pip, down to the comment that a continued line ends in.
func TestLogicalLines(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []logicalLine
	}{
		{"a\nb\r\nc\rd", []logicalLine{{"a", 1}, {"b", 2}, {"c", 3}, {"d", 4}}},
		{"a \\\n b \\\r\n c\nd", []logicalLine{{"a  b  c", 1}, {"d", 4}}},
		{"a\\\n# comment\\\nb", []logicalLine{{"a", 1}, {"b", 3}}},
		{"# comment \\\nb", []logicalLine{{"b", 2}}},
		{"a#b # c", []logicalLine{{"a#b", 1}}},
		{"a\\", []logicalLine{{"a", 1}}},
		{"a\\\n", []logicalLine{{"a", 1}}},
		{"\\\n\\\n\nb", []logicalLine{{"b", 4}}},
		{"\\\\a\\\\\nb", []logicalLine{{"ab", 1}}},
	} {
		if diff := cmp.Diff(tt.want, logicalLines(tt.text, 0), cmp.AllowUnexported(logicalLine{})); diff != "" {
			t.Errorf("%q: %s", tt.text, diff)
		}
	}
}

func TestShellWords(t *testing.T) {
	for in, want := range map[string][]string{
		"": nil, " a  b ": {"a", "b"}, `'a b'"c d"`: {"a bc d"}, `a\ b`: {"a b"}, `"a\"b\c"`: {`a"b\c`}, `'a\'`: {`a\`}, `''`: {""}, "a\tb": {"a", "b"},
	} {
		got, ok := shellWords(in)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("%q: %t %s", in, ok, diff)
		}
	}
	for _, in := range []string{"'", `"`, `a\`, `"\"`} {
		if got, ok := shellWords(in); ok {
			t.Errorf("%q: %q", in, got)
		}
	}
}
