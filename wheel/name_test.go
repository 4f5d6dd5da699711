package wheel

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNameErrors has each code with its part and place, and the message that a
// person reads.
func TestNameErrors(t *testing.T) {
	for _, c := range []struct {
		name   string
		code   NameCode
		part   string
		offset int
	}{
		{"demo-1.0-py3-none-any.WHL", CodeExtension, "", 25},
		{"demo-1.0-py3-none-any.whl\n", CodeExtension, "", 26},
		{"demo-1.0-py3-none.whl", CodeParts, "", 0},
		{"demo-1.0-1-2-3-4-5-6.whl", CodeParts, "", 0},
		{"-1.0-py3-none-any.whl", CodeDistribution, "", 0},
		{"foo__bar-1.0-py3-none-any.whl", CodeDistribution, "foo__bar", 4},
		{"foo bar-1.0-py3-none-any.whl", CodeDistribution, "foo bar", 3},
		{"f\u00f6!-1.0-py3-none-any.whl", CodeDistribution, "f\u00f6!", 3},
		{"demo-1.0_1-py3-none-any.whl", CodeVersion, "1.0_1", 8},
		{"demo--py3-none-any.whl", CodeVersion, "", 5},
		{"demo-1.0--py3-none-any.whl", CodeBuild, "", 9},
		{"demo-1.0-x1-py3-none-any-null.whl", CodeBuild, "x1", 9},
		{"demo-1.0--py3-none-any-null.whl", CodeBuild, "", 9},
		{"demo-1.0-py3-none-any-Null.whl", CodeVariantLabel, "Null", 22},
		{"demo-1.0-py3-none-any-a+b.whl", CodeVariantLabel, "a+b", 23},
		{"demo-1.0-py3-none-any-.whl", CodeVariantLabel, "", 22},
		{"demo-1.0-1-py3-none-any-.whl", CodeVariantLabel, "", 24},
		{"demo-1.0-1-2-none-any-null.whl", CodeTagPython, "2", 11},
		{"demo-1.0-1-py3-none-any-null-null.whl", CodeParts, "", 0},
		{"demo-1.0-\u0661-py3-none-any.whl", CodeTagPython, "\u0661", 9},
		{"demo-1.0-py3..py2-none-any.whl", CodeTagEmpty, "", 13},
		{"demo-1.0-1-2-3-any.whl", CodeTagPython, "2", 11},
		{"demo-1.0-2.7.6-none-any.whl", CodeTagPython, "2", 9},
		{"demo-1.0-py3-none-" + strings.Repeat("x", 1<<20) + ".whl", CodeTagLength, "", 9},
	} {
		_, err := ParseName(c.name)
		e, ok := err.(*NameError)
		if !ok || e.Code != c.code || e.Part != c.part || e.Offset != c.offset {
			t.Errorf("%.60q: %#v", c.name, err)
			continue
		}
		if text := e.Error(); text == "" || len(text) > 1000 {
			t.Errorf("%.60q: message of %d bytes", c.name, len(text))
		}
	}
}

func TestNormalizationErrors(t *testing.T) {
	for name, want := range map[string][]NameCode{
		"demo-1.0-py3-none-any.whl":         nil,
		"foo_bar-1.0-py2.py3-none-any.whl":  nil,
		"Foo.Bar-1.0-py3-none-any.whl":      {CodeNameForm},
		"foo_-1.0-py3-none-any.whl":         nil,
		"demo-01.0-py3-none-any.whl":        {CodeVersionForm},
		"demo-1.0-1-py3-none-any.whl":       nil,
		"demo-1.0-1 2-py3-none-any.whl":     {CodeBuildForm},
		"demo-1.0-py3.py2-none-any.whl":     {CodeTagOrder},
		"demo-1.0-py3-none-any-z.a.whl":     nil,
		"demo-1.0-1-py3-none-b_x.a_x-z.whl": {CodeTagOrder},
		"demo-1.0-py3-none-any.any.whl":     {CodeTagRepeat},
		"demo-1.0-PY3-none-any.whl":         {CodeTagCase},
		"D-v1-1!-Py3.py2-None-any.any.whl":  {CodeNameForm, CodeVersionForm, CodeBuildForm, CodeTagCase, CodeTagCase, CodeTagRepeat},
		"demo-1.0-cp39.cp310-none-any.whl":  {CodeTagOrder},
		"demo-1.0-cp310.cp39-none-any.whl":  nil,
		"demo-1.0-py3-none-b_x.a_x.b_x.whl": {CodeTagOrder, CodeTagRepeat},
	} {
		n, err := ParseName(name)
		if err != nil {
			t.Fatal(err)
		}
		var got []NameCode
		for d := range n.NormalizationErrors() {
			got = append(got, d.Code)
			if !strings.Contains(name[d.Offset:], d.Part) || d.Error() == "" {
				t.Errorf("%s: %+v", name, d)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if _, err := ParseStrict(name); (err == nil) != (len(want) == 0) {
			t.Errorf("%s: strict says %v", name, err)
		}
	}
}

func TestBuildOrder(t *testing.T) {
	ascending := []Build{{}, {"0", ""}, {"1", ""}, {"01", "a"}, {"2", ""}, {"10", ""}, {"99999999999999999999", ""}}
	for i, a := range ascending {
		for j, b := range ascending {
			if got, want := a.Compare(b), compare(i, j); got != want {
				t.Errorf("%q against %q: %d, want %d", a, b, got, want)
			}
		}
	}
}

func compare(i, j int) int {
	switch {
	case i < j:
		return -1
	case i > j:
		return 1
	}
	return 0
}

func TestParseNameAllocations(t *testing.T) {
	many := "demo-1.0-cp310.cp311.cp312-cp310.cp311.cp312-linux_x86_64.manylinux_2_17_x86_64.manylinux_2_28_x86_64.whl"
	for name, most := range map[string]float64{"numpy-2.3.4-cp313-cp313-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl": 0, "six-1.17.0-py2.py3-none-any.whl": 0, many: 1} {
		if n := testing.AllocsPerRun(100, func() {
			if _, err := ParseName(name); err != nil {
				t.Fatal(err)
			}
		}); n > most {
			t.Errorf("%s: %v allocations, want %v at most", name, n, most)
		}
	}
}

func FuzzParseName(f *testing.F) {
	for _, seed := range []string{"demo-1.0-py3-none-any.whl", "a-1-1x-py3-none-any.whl", "", ".whl", "\u0130-1-py3-none-any.whl", "a-1-\xff-\xff-\xff.whl"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		n, err := ParseName(name)
		if err != nil {
			if e, ok := err.(*NameError); !ok || e.Code == "" || e.Offset < 0 || e.Offset > len(name) {
				t.Fatalf("%q: %#v", name, err)
			}
			return
		}
		for d := range n.NormalizationErrors() {
			if d.Offset < 0 || d.Offset > len(name) {
				t.Fatalf("%q: %+v", name, d)
			}
		}
		if again := NormalizeName(n.NormalizedName()); again != n.NormalizedName() {
			t.Fatalf("%q: normal form %q is not normal", name, n.NormalizedName())
		}
	})
}

// A Name prints as the file name, by value as well.
func TestPrintName(t *testing.T) {
	const file = "Foo.Bar-1.0-py2.py3-none-any.whl"
	n, err := ParseName(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(n, " ", &n, " ", n.Tags); got != file+" "+file+" py2.py3-none-any" {
		t.Error(got)
	}
}
