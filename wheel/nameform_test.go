package wheel

import (
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/tags"
)

// TestNameMessages: each fault of a name, where it is, and the message.
func TestNameMessages(t *testing.T) {
	long := strings.Repeat("1", 1<<16)
	for _, c := range []struct {
		name   string
		code   NameCode
		offset int
		part   string
		text   string
	}{
		{"demo-1.0-py3-none-any.zip", CodeExtension, 25, "", "not a wheel: the name must end in .whl"},
		{"demo.whl", CodeParts, 0, "", "not a wheel name: want name-version[-build]-python-abi-platform[-variant].whl"}, {"a-1-2-3-4-5-6-7.whl", CodeParts, 0, "", "not a wheel name: want name-version[-build]-python-abi-platform[-variant].whl"}, {"demo-1.0-py3-none.whl", CodeParts, 0, "", "not a wheel name: want name-version[-build]-python-abi-platform[-variant].whl"},
		{"-1.0-py3-none-any.whl", CodeDistribution, 0, "", "the project name is empty"}, {"a__b-1.0-py3-none-any.whl", CodeDistribution, 2, "a__b", `project name "a__b" at offset 2: want letters, digits, dots and single underscores`}, {"a b-1.0-py3-none-any.whl", CodeDistribution, 1, "a b", `project name "a b" at offset 1: want letters, digits, dots and single underscores`},
		{"ü!-1.0-py3-none-any.whl", CodeDistribution, 2, "ü!", `project name "ü!" at offset 2: want letters, digits, dots and single underscores`}, {"ü__b-1.0-py3-none-any.whl", CodeDistribution, 3, "ü__b", `project name "ü__b" at offset 3: want letters, digits, dots and single underscores`},
		{"demo-1.0-1x!-py3-none-any-v!.whl", CodeVariantLabel, 27, "v!", `variant label "v!" at offset 27: want lower-case letters, digits, dots and underscores (a build tag would begin with a digit)`},
		{"demo-1.0--py3-none-any.whl", CodeBuild, 9, "", `build tag "" at offset 9 must begin with a digit`}, {"demo-1.0-b-py3-none-any-x.whl", CodeBuild, 9, "b", `build tag "b" at offset 9 must begin with a digit`}, {"demo-1.0-" + long + "-py3-none-any.whl", CodeBuild, 9, long, "build tag of 65536 bytes at offset 9 is longer than "},
		{"demo-1.0-py3-none-any-.whl", CodeVariantLabel, 22, "", "the variant label is empty"}, {"demo-1.0-py3-none-any-X.whl", CodeVariantLabel, 22, "X", `variant label "X" at offset 22: want lower-case letters, digits, dots and underscores (a build tag would begin with a digit)`},
		{"demo-x-py3-none-any.whl", CodeVersion, 5, "x", ""}, {"demo-1.0-py3--any.whl", CodeTagEmpty, 13, "", ""}, {"demo-1.0-py3..py2-none-any.whl", CodeTagEmpty, 13, "", ""},
	} {
		_, err := ParseName(c.name)
		fault, ok := err.(*NameError)
		if !ok || fault.Code != c.code || fault.Offset != c.offset || fault.Part != c.part || c.text != "" && !strings.Contains(fault.Error(), c.text) {
			t.Errorf("%.60s: %.200v, %+.200v", c.name, err, fault)
		}
	}
	for n, want := range map[int]string{160: strings.Repeat("a", 160), 161: strings.Repeat("a", 160) + "..."} {
		if got := clip(strings.Repeat("a", n)); got != want {
			t.Errorf("%d bytes: %s", n, got)
		}
	}
}

// TestNormalForm: every departure from normal form, in order.
func TestNormalForm(t *testing.T) {
	for name, want := range map[string]string{
		"demo_x-1.0-1_a.b-py2.py3-none-any.whl": "",
		"Demo.X-1.0a-1!-py3.py2-none.none-Any.whl": `name-form 0 "Demo.X" at offset 0 is not in normal form: write demo_x|version-form 7 "1.0a" at offset 7 is not in normal form: write 1.0a0|build-form 12 build tag "1!" at offset 12 is not in normal form: write letters, digits, dots and underscores only|` +
			`tag-order 15 tag set "py3.py2" at offset 15 is not sorted: write py2.py3|tag-repeat 23 tag set "none.none" at offset 23 names a member twice|tag-case 33 tag "Any" at offset 33 has capital letters`,
		"demo-1.0-1z-py3-none-any.whl": "", "demo-1.0-1Z-py3-none-any.whl": "", "demo-1.0-1{-py3-none-any.whl": `build-form 9 build tag "1{" at offset 9 is not in normal form: write letters, digits, dots and underscores only`, "demo-1.0-1@-py3-none-any.whl": `build-form 9 build tag "1@" at offset 9 is not in normal form: write letters, digits, dots and underscores only`,
		"demo-1.0-py3-none-any-x86_64_v3.whl": "", "demo-1.0-py3-none-b.a-x86_64_v3.whl": `tag-order 18 tag set "b.a" at offset 18 is not sorted: write a.b`,
	} {
		n, err := ParseName(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for e := range n.NormalizationErrors() {
			got = append(got, string(e.Code)+" "+itoa(e.Offset)+" "+strings.TrimPrefix(e.Error(), `"`+name+`": `))
		}
		if text := strings.Join(got, "|"); text != want {
			t.Errorf("%s: %s, want %s", name, text, want)
		}
		for stop := range got {
			n2, i := n, 0
			for range n2.NormalizationErrors() {
				if i++; i > stop {
					break
				}
			}
			if i != stop+1 {
				t.Errorf("%s: %d after the end at %d", name, i, stop)
			}
		}
		if _, err := ParseStrict(name); (err == nil) != (want == "") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, want := range map[string]string{"demo": "demo", "Demo": "demo", "a.b": "a-b", "a_b": "a-b", "a-b": "a-b", "a--b": "a-b", "a-_.b": "a-b", "-a": "-a", "a-": "a-", "Ünam": "ünam", "": "", "a1": "a1", "a/b": "a/b", "{": "{", "A-": "a-"} {
		if got := NormalizeName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	n, err := ParseName("demo-1.0-py3-none-any-x86_64_v3.whl")
	if err != nil {
		t.Fatal(err)
	}
	for profile, readable := range map[tags.Profile]bool{tags.Packaging: false, tags.Pip: false, tags.Packaging262: false, tags.UV: true, tags.UVVariants: true} {
		if err := n.ReadableBy(profile); (err == nil) != readable {
			t.Errorf("%s: %v", profile, err)
		} else if fault, ok := err.(*NameError); !readable && (!ok || fault.Offset != 22 || fault.Part != "x86_64_v3" || fault.Code != CodeVariant) {
			t.Errorf("%s: %+v", profile, fault)
		}
	}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// TestRecordRowFields: what a row of RECORD may have, and the first thing that is wrong.
func TestRecordRowFields(t *testing.T) {
	const digest = "A-aT2fL2h-D0Djao33_LTRwil0ASt8KlXAAOsw8wWCQ"
	for _, c := range []struct {
		fields string
		size   int64
		hashed bool
		err    string
	}{
		{"a|sha256=" + digest + "|15", 15, true, ""}, {"a||", -1, false, ""}, {"a||0", 0, false, ""}, {"a|sha256=" + digest + "|", -1, true, ""},
		{"a", -1, false, "line 7: 1 fields; want path, hash and size"}, {"a|sha256=" + digest, -1, true, "line 7: 2 fields; want path, hash and size"}, {"a|sha256=" + digest + "|15|x", 15, true, "line 7: 4 fields; want path, hash and size"},
		{"a||-1", -1, false, `line 7: "-1" is not a size`}, {"a||+1", -1, false, `line 7: "+1" is not a size`}, {"a||x", -1, false, `line 7: "x" is not a size`}, {"a||9223372036854775808", -1, false, `line 7: "9223372036854775808" is not a size`},
		{"a|sha256=AAAA|3", 3, false, "line 7: "}, {"a|x|y", -1, false, `line 7: "x" is not a hash; want ALGORITHM=DIGEST`},
	} {
		row := parseRow(strings.Split(c.fields, "|"), 7)
		text := ""
		if row.Err != nil {
			text = row.Err.(*Error).Err.Error()
		}
		if row.Path != "a" || row.Line != 7 || row.Size != c.size || (row.Hash != Hash{}) != c.hashed || (text == "") != (c.err == "") || !strings.HasPrefix(text, c.err) {
			t.Errorf("%s: %+v, %s", c.fields, row, text)
		}
	}
	if row := parseRow(nil, 1); row.Path != "" || row.Err == nil {
		t.Errorf("no fields: %+v", row)
	}
}

// TestLineEnds: the ends of lines that Python's str.splitlines knows.
func TestLineEnds(t *testing.T) {
	l := lines{text: "a\nb\r\nc\rd\x0be\x0cf\x1cg\x1dh\x1ei\u0085j\u2028k\u2029l\x1fm\x0en\u00a0o\u2027p\r\r\n\n"}
	var got []string
	for {
		line, ok := l.next()
		if !ok {
			break
		}
		got = append(got, line)
	}
	if text := strings.Join(got, "|"); text != "a|b|c|d|e|f|g|h|i|j|k|l\x1fm\x0en\u00a0o\u2027p||" || l.count != 14 {
		t.Errorf("%q, %d lines", text, l.count)
	}
	r := csvReader{lines: lines{text: "a,b\n\"x\"\"y\nz\",c\n\n\"q\"r,s"}}
	var rows []string
	for {
		fields, ok, err := r.next()
		if err != nil || !ok {
			break
		}
		rows = append(rows, itoa(r.line)+":"+strings.Join(fields, "|"))
	}
	if text := strings.Join(rows, " "); text != "1:a|b 2:x\"yz|c 4: 5:qr|s" {
		t.Errorf("%q", text)
	}
	for n, want := range map[int]bool{maxFieldSize: true, maxFieldSize + 1: false} {
		r := csvReader{lines: lines{text: strings.Repeat("ü", n)}}
		if _, ok, err := r.next(); ok != want || (err == nil) != want {
			t.Errorf("%d characters: %v, %v", n, ok, err)
		}
	}
}
