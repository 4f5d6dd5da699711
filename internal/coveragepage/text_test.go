package coveragepage

import (
	"bytes"
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"":                   "",
		"numpy":              "numpy",
		"tab\tand\nline":     "tab\tand\nline",
		"nul\x00":            `nul\u0000`,
		"esc\x1b[0m\x7f":     `esc\u001b[0m\u007f`,
		"c1\u0085":           `c1\u0085`,
		"a\u202egpj.whl":     `a\u202egpj.whl`,
		"line\u2028par":      `line\u2028par`,
		"zero\u200bwidth":    `zero\u200bwidth`,
		"mark\ufeff":         `mark\ufeff`,
		"tag\U000e0041":      `tag\U000e0041`,
		"bad\xff\xc0":        "bad\ufffd\ufffd",
		"bad\xff\u202e":      "bad\ufffd" + `\u202e`,
		"häßlich 包 €":        "häßlich 包 €",
		"no-break\u00a0here": "no-break\u00a0here",
	} {
		if got := visible(in); got != want {
			t.Errorf("visible(%q) = %q, want %q", in, got, want)
		}
	}
}

// hostile are texts that try to leave the place where they stand.
var hostile = []string{
	"</script><script>hit()</script>",
	"</SCRIPT ><img src=x onerror=hit()>",
	"<!--<script>",
	"-->",
	"</noscript><img src=x onerror=hit()>",
	"</title><script>hit()</script>",
	"</style><script>hit()</script>",
	"</table></div><iframe src=//example.invalid>",
	`" onmouseover="hit()" x="`,
	`' autofocus onfocus='hit()`,
	"\u2028hit()\u2029",
	"\\\"];hit();//",
	"{{.Title}}${hit()}`",
	"]]>&lt;&amp;&#60;script&#62;",
	"\x00\x01\xff\xfe<\xc0\xbc",
	"javascript:hit()",
	"\u202e\u2066lhw.",
	"__proto__",
	"constructor",
	"0",
	"-1",
	strings.Repeat("long<", 500),
}

// hostilePage puts s wherever a text goes.
func hostilePage(s string) *Page {
	row := Row{Package: s, Version: s, Cells: []Cell{
		{State: "wheel", File: s, Reason: s, Candidates: []Candidate{{s, true, s}, {s + "2", false, s + "2"}}},
		{State: "missing", Reason: s},
	}}
	return &Page{Title: s, Targets: []Target{{s, s}, {s + "2", s + "2"}}, Rows: oneRow(row)}
}

func TestHostile(t *testing.T) {
	want := harmlessTags(t)
	for _, s := range append(hostile, "") {
		checkHostile(t, s, want)
	}
}

// tagNames finds start and end tags as an HTML parser would begin them, and the
// quotes of attributes, which text cannot bring either.
var tagNames = regexp.MustCompile(`<(?:/?[A-Za-z]+|!|\?)|"`)

// bare drops the contents of the style, the data and the script. The data is
// checked by itself, and the others are constant.
func bare(page []byte) []byte {
	var out []byte
	for _, raw := range [][2]string{{"<style>", "</style>"}, {` id="data">`, "</script>"}, {`<script type="module">`, "</script>"}} {
		before, rest, _ := bytes.Cut(page, []byte(raw[0]))
		_, page, _ = bytes.Cut(rest, []byte(raw[1]))
		out = append(out, before...)
	}
	return append(out, page...)
}

// harmlessTags gives the tags of pages with a harmless text and with none.
func harmlessTags(t testing.TB) map[bool][][]byte {
	tags := func(s string) [][]byte { return tagNames.FindAll(bare(render(t, hostilePage(s))), -1) }
	return map[bool][][]byte{false: tags("x"), true: tags("")}
}

// checkHostile compares the tags of the page with those of a harmless one, and the
// data with what went in.
func checkHostile(t *testing.T, s string, harmless map[bool][][]byte) {
	t.Helper()
	page := render(t, hostilePage(s))
	if !utf8.Valid(page) {
		t.Errorf("%q: the page is not UTF-8", s)
	}
	text, err := dataOf(page)
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(text) || bytes.ContainsAny(text, "<>&\u2028\u2029\x00") {
		t.Errorf("%q: the data is not safe in a script element", s)
	}
	var want Row
	for r := range hostilePage(s).Rows {
		want = shownRow(r)
	}
	if got := decodePage(t, page).Rows; !reflect.DeepEqual(got, []Row{want}) {
		t.Errorf("%q: got %+v", s, got)
	}
	if tags := tagNames.FindAll(bare(page), -1); !slices.EqualFunc(tags, harmless[s == ""], bytes.Equal) {
		t.Errorf("%q changes the tags or attributes of the page: %q", s, tags)
	}
}

func FuzzHostile(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	want := harmlessTags(f)
	f.Fuzz(func(t *testing.T, s string) { checkHostile(t, s, want) })
}

// TestNothingOutside looks for anything in the files of the page that could fetch.
func TestNothingOutside(t *testing.T) {
	outside := regexp.MustCompile(`(?i)https?:|//[a-z]|url\(|@import|\bsrc=|<link|fetch\(|XMLHttp|import\(|^import|eval\(|innerHTML|insertAdjacentHTML|document\.write`)
	for name, text := range map[string]string{"page.html": pageHTML, "style.css": styleCSS, "script": script()} {
		if found := outside.FindString(text); found != "" {
			t.Errorf("%s has %q", name, found)
		}
	}
	page := string(render(t, samplePage(1, 1)))
	if !strings.Contains(page, `content="default-src &#39;none&#39;; style-src &#39;sha256-`) {
		t.Error("the policy is missing or not strict")
	}
}
