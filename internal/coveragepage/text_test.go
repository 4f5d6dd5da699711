package coveragepage

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
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
	for _, s := range hostile {
		checkHostile(t, s)
	}
}

// tagNames finds start and end tags as an HTML parser would begin them.
var tagNames = regexp.MustCompile(`(?i)<(?:/?[a-z][a-z0-9]*|!|\?)`)

// withoutData drops the contents of the data element, of the style and of the
// script; the first is checked by itself and the others are constant.
var rawParts = regexp.MustCompile(`(?s)(<script type="application/json" id="data">|<style>|<script type="module">).*?(</script>|</style>)`)

// checkHostile compares the tags of the page with those of a harmless one.
func checkHostile(t *testing.T, s string) {
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
	if diff := cmp.Diff([]Row{want}, decodePage(t, page).Rows); diff != "" {
		t.Errorf("%q: %s", s, diff)
	}
	tags := func(page []byte) []string {
		return tagNames.FindAllString(string(rawParts.ReplaceAll(page, []byte("$1$2"))), -1)
	}
	harmless := "x" // with a version and a title as the hostile page has them
	if s == "" {
		harmless = ""
	}
	if diff := cmp.Diff(tags(render(t, hostilePage(harmless))), tags(page)); diff != "" {
		t.Errorf("%q changes the tags of the page:\n%s", s, diff)
	}
	for _, quote := range []string{`title="`, `content="`} {
		if n := bytes.Count(rawParts.ReplaceAll(page, nil), []byte(quote)); quote == `content="` && n != 3 || quote == `title="` && n != 3 {
			t.Errorf("%q: %d attributes %s", s, n, quote)
		}
	}
}

func FuzzHostile(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkHostile(t, s) })
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
