package pep508

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// linux is a described Python that the tests share; none changes it.
func linux() *Environment {
	return &Environment{
		ImplementationName: "cpython", ImplementationVersion: "3.11.4", OSName: "posix", PlatformMachine: "x86_64",
		PlatformRelease: "5.10.0-8-amd64", PlatformSystem: "Linux", PythonFullVersion: "3.11.4",
		PlatformPythonImplementation: "CPython", PythonVersion: "3.11", SysPlatform: "linux",
	}
}

func TestEval(t *testing.T) {
	built := linux()
	built.PythonFullVersion = "3.14.0a2+"
	chosen := linux()
	chosen.Extra, chosen.Extras, chosen.Groups = "Web.Socks", []string{"Web_Socks"}, []string{"dev"}
	many := linux()
	for i := range few + 1 {
		many.Extras = append(many.Extras, "Extra_"+string(rune('a'+i)))
	}
	tests := []struct {
		marker string
		env    *Environment
		ctx    Context
		want   bool
	}{
		{"python_version < '3.9'", linux(), Metadata, false}, // as text it would hold
		{"'3.9' < python_version", linux(), Metadata, true},  // the specifier is <3.11
		{"'3.9' > python_version", linux(), Metadata, false}, // and this >3.11
		{"python_version == '3.*'", linux(), Metadata, true}, // prefix match
		{"python_version in '3.10, 3.11'", linux(), Metadata, true},
		{"python_version in '3.110'", linux(), Metadata, true}, // a part of the text
		{"python_version === '3.11'", linux(), Metadata, true},
		{"python_version === '3.11.0'", linux(), Metadata, false},
		{"python_version ~= '3.8'", linux(), Metadata, true},
		{"platform_release >= '5.10'", linux(), Metadata, false},          // no version on the left
		{"platform_release >= '5.10.0-8-amd64'", linux(), Metadata, true}, // no specifier: equality
		{"platform_release < '5.10.0-8-amd65'", linux(), Metadata, false},
		{"python_full_version >= '3.14.0a2'", built, Metadata, true},
		{"python_full_version == '3.14.0a2+local'", built, Metadata, true},
		{"os_name < 'z'", linux(), Metadata, false},
		{"os_name <= 'posix'", linux(), Metadata, true},
		{"os_name == 'nt' and os_name == 'nt' or sys_platform == 'linux'", linux(), Metadata, true},
		{"os_name == 'nt' and (os_name == 'nt' or sys_platform == 'linux')", linux(), Metadata, false},
		{"sys_platform == 'linux' or os_name == 'nt' and os_name == 'nt'", linux(), Metadata, true},
		{"'posix' == 'os_name'", linux(), Metadata, true}, // a text on the right names the variable
		{"extra == ''", linux(), Metadata, true},
		{"extra == 'WEB__socks'", chosen, Metadata, true},
		{"'web-socks' in extras", chosen, LockFile, true},
		{"'web' in extras", chosen, LockFile, false},
		{"'extra.c' in extras and 'extra' not in extras" + strings.Repeat(" and 'extra-q' in extras and 'extra-r' not in extras", few), many, LockFile, true},
		{"'Dev' in dependency_groups and 'docs' not in dependency_groups", chosen, LockFile, true},
		{"extra == 'web_socks' and 'Web-Socks' == extra and extra != 'web'", chosen, ExtraSet, true},
		{"extra == 'web' or extra != 'web-socks'", chosen, ExtraSet, false},
		{"'dev' == dependency_groups", chosen, LockFile, false},
		{"'dev' != dependency_groups", chosen, LockFile, true},
	}
	for _, tt := range tests {
		m, err := ParseMarker(tt.marker)
		if err != nil {
			t.Errorf("%s: %v", tt.marker, err)
			continue
		}
		if got, err := m.EvalIn(tt.ctx, tt.env); got != tt.want || err != nil {
			t.Errorf("%s: %t, %v; want %t", tt.marker, got, err, tt.want)
		}
	}
}

func TestEvalErrors(t *testing.T) {
	tests := []struct {
		marker string
		ctx    Context
		code   Code
		name   string
	}{
		{"extra == 'x'", LockFile, CodeVariable, "extra"},
		{"extra == 'x'", Other, CodeVariable, "extra"},
		{"'x' in extras", Metadata, CodeVariable, "extras"},
		{"'x' in dependency_groups", Other, CodeVariable, "dependency_groups"},
		{"'a' == 'b'", Metadata, CodeVariable, "b"},
		{"os_name == 'posix' or os_name ~= 'x'", Metadata, CodeComparison, "os_name"}, // although the first holds
		{"python_version ~= '3'", Metadata, CodeComparison, "python_version"},
		{"python_version === 'a b'", Metadata, CodeComparison, "python_version"},
		{"extras == 'x'", LockFile, CodeComparison, "extras"},
		{"extra >= 'x'", ExtraSet, CodeComparison, "extra"},
		{"'x' in extras", ExtraSet, CodeVariable, "extras"},
	}
	for _, tt := range tests {
		m, err := ParseMarker(tt.marker)
		if err != nil {
			t.Fatal(err)
		}
		_, err = m.EvalIn(tt.ctx, linux())
		if e, ok := err.(*EvalError); !ok || e.Code != tt.code || e.Name != tt.name {
			t.Errorf("%s: error %#v, want %s %s", tt.marker, err, tt.code, tt.name)
		}
	}
}

func TestZeroMarker(t *testing.T) {
	var m Marker
	holds, err := m.Eval(linux())
	if !holds || err != nil || !m.IsZero() || m.String() != "" || len(maps.Collect(m.Comparisons())) != 0 {
		t.Errorf("zero marker: %t, %v, %q", holds, err, m)
	}
}

func TestComparisons(t *testing.T) {
	m, err := ParseMarker("(os.name == 'a' or '3' < python_version) and ('x' == 'y' or extra == os_name)")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for variable, text := range m.Comparisons() {
		got = append(got, variable+" "+text)
	}
	if want := []string{"os_name a", "python_version 3", "y x", "extra os_name"}; !slices.Equal(got, want) {
		t.Errorf("comparisons %q, want %q", got, want)
	}
	for variable := range m.Comparisons() {
		if variable == "python_version" {
			break // must stop inside the parentheses
		}
	}
}

func TestLiterals(t *testing.T) {
	for in, want := range map[string]string{
		`a`: "a", `\n\t\a\b\f\v\r\\\'\"`: "\n\t\a\b\f\v\r\\'\"", `\d\ `: `\d\ `, `\x41\u00e9\U0001F600`: "Aé😀",
		`\0\101\777\18`: "\x00A\u01ff\x018", "a\\\nb": "ab", "a\\\r\nb": "ab", "a\\\rb": "ab", "\\é": "\\é", "\v": "\v",
	} {
		if got, ok := unquote(in); !ok || got != want {
			t.Errorf("%q: %q, %t; want %q", in, got, ok, want)
		}
	}
	for _, in := range []string{`\`, "\n", "\r", "a\x00", `\x4`, `\xg0`, `\x@0`, `\u123`, `\U0011FFFF`, `\U00110000`, `\ud800`, `\udfff`, `\N{DASH}`, `\x+1`, `\u00_1`} {
		if got, ok := unquote(in); ok {
			t.Errorf("%q: %q, want an error", in, got)
		}
	}
}

func TestBothQuotes(t *testing.T) {
	m, err := ParseMarker(`os_name == '"\x27'`)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseMarker(m.String())
	if err != nil || again.String() != m.String() || m.String() != `os_name == "\x22'"` {
		t.Errorf("%s: %v, %s", m, err, again)
	}
}
