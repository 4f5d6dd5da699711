package report

import (
	"bytes"
	"encoding/xml"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// FuzzEscapes: what is written for a text is read as that text, whatever it is.
func FuzzEscapes(f *testing.F) {
	for _, name := range hostileNames {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		text := shorten(Plain(raw))
		if span := codeSpan(text); text != "" {
			fence := span[:len(span)-len(strings.TrimLeft(span, "`"))]
			inside := strings.TrimSuffix(strings.TrimPrefix(span, fence), fence)
			if len(fence) == 0 || strings.Contains(inside, fence) {
				t.Errorf("code span %q of %q", span, text)
			}
			if strings.HasPrefix(inside, " ") && strings.HasSuffix(inside, " ") && len(inside) > 2 {
				inside = inside[1 : len(inside)-1] // as readers of Markdown do
			}
			if inside != text && strings.TrimSpace(text) != "" {
				t.Errorf("code span %q is read as %q, not %q", span, inside, text)
			}
		}
		var read struct {
			Attribute string `xml:"a,attr"`
			Text      string `xml:",chardata"`
		}
		if err := xml.Unmarshal([]byte(`<x a="`+xmlText(text)+`">`+xmlText(text)+`</x>`), &read); err != nil || read.Attribute != text || read.Text != text {
			t.Errorf("%q in XML: %v, %q, %q", text, err, read.Attribute, read.Text)
		}
		for _, data := range []string{githubData(text + "\n" + text), githubProperty(text + "\n" + text)} {
			if strings.ContainsAny(data, "\r\n") {
				t.Errorf("%q has more than one line", data)
			}
		}
		if p := githubProperty(text); strings.ContainsAny(p, ":,") {
			t.Errorf("property %q", p)
		}
		place := location(raw, raw)
		if u, err := url.Parse(relativeURI(place)); err != nil || u.IsAbs() || u.Host != "" || u.Path != place {
			t.Errorf("%q as a reference: %v, %+v", place, err, u)
		}
		if strings.Contains(noLinks(text), "](") {
			t.Errorf("a link in %q", noLinks(text))
		}
	})
}

// TestMarkdown: files with faults first, equal findings once, and nothing but code spans
// of names.
func TestMarkdown(t *testing.T) {
	out, _ := shown(t, "markdown", Config{}, hostileRun(), problems()...)
	if len(out) > mostComment {
		t.Errorf("%d bytes", len(out))
	}
	for line := range strings.Lines(out) {
		begin, _, _ := strings.Cut(line, "`")
		switch {
		case line == "\n", strings.HasPrefix(line, "### wheeltag audit: "), begin == "**fail** ", begin == "**unknown** ", strings.HasPrefix(line, "- ["), strings.Contains(line, "left out"), strings.HasPrefix(line, "- and "):
		default:
			t.Errorf("line %.100q", line)
		}
	}
	if first := strings.Index(out, "**unknown**"); first < 0 || first > strings.Index(out, "**fail**") {
		t.Error("what has no answer does not come first")
	}
	out, _ = shown(t, "markdown", Config{}, many(5000, needs))
	if !strings.HasSuffix(out, " more; `--format json` has them all\n") || len(out) > mostComment || len(out) < mostComment*3/4 {
		t.Errorf("%d bytes, %s", len(out), out[max(0, len(out)-100):])
	}
	var summary bytes.Buffer
	shown(t, "github", Config{Summary: &summary}, many(5000, needs))
	if strings.Contains(summary.String(), "has them all") {
		t.Error("a summary has no room for 5,000 findings")
	}
	var hundreds []Record
	for range 300 {
		hundreds = append(hundreds, many(10, needs)...)
	}
	out, _ = shown(t, "markdown", Config{}, hundreds)
	if !strings.Contains(out, " files with findings left out, as this page has its limit; `--format json` has them all.\n") || len(out) > mostComment {
		t.Errorf("%d bytes, %s", len(out), out[max(0, len(out)-200):])
	}
}

// TestHTML: names are text, never elements, and 5,000 findings are all there.
func TestHTML(t *testing.T) {
	count := func(page string) map[string]int {
		n := map[string]int{}
		for z := html.NewTokenizer(strings.NewReader(page)); ; {
			switch z.Next() {
			case html.ErrorToken:
				return n
			case html.StartTagToken, html.SelfClosingTagToken:
				name, _ := z.TagName()
				n[string(name)]++
			}
		}
	}
	out, _ := shown(t, "html", Config{}, hostileRun(), problems()...)
	n := count(out)
	if n["script"] != 1 || n["style"] != 1 || n["img"]+n["iframe"]+n["link"]+n["object"] != 0 || n["table"] != 2 {
		t.Errorf("%v", n)
	}
	if want := 2 + 2*len(hostileNames) + 5*len(hostileNames); n["tr"] != want {
		t.Errorf("%d rows, want %d", n["tr"], want)
	}
	if strings.Contains(out, "alert(1)</script>") || !strings.Contains(out, "&lt;script&gt;alert(1)&lt;/script&gt;") {
		t.Error("a script got in")
	}
	out, _ = shown(t, "html", Config{}, many(5000, needs))
	if n := count(out); n["tr"] != 2+1+5000 || n["article"] != 1 {
		t.Errorf("%v", n)
	}
	out, _ = shown(t, "html", Config{}, many(mostRows+3, needs))
	if n := count(out); n["tr"] != 2+1+mostRows || !strings.Contains(out, "3 findings are left out, the least severe ones; --format json has them all.") {
		t.Errorf("%v", n)
	}
}

// TestPlaces: a path outside of the directory of the run is of no use to a reviewer.
func TestPlaces(t *testing.T) {
	for _, c := range []struct{ path, file, want string }{
		{"dist/a.whl", "a.whl", "dist/a.whl"}, {"", "a.whl", "a.whl"}, {"", "dist/a.whl", "dist/a.whl"}, {"./dist//a.whl", "a.whl", "dist/a.whl"},
		{"../a.whl", "a.whl", "a.whl"}, {"/tmp/a.whl", "a.whl", "a.whl"}, {"", "../dist/a.whl", "a.whl"}, {"..", "..", "unnamed"}, {"", "", "unnamed"}, {"..a/b.whl", "b.whl", "..a/b.whl"},
	} {
		if got := location(c.path, c.file); got != c.want {
			t.Errorf("%q, %q: %s, want %s", c.path, c.file, got, c.want)
		}
	}
}

// TestLink: links are for terminals that have colour.
func TestLink(t *testing.T) {
	for s, want := range map[Style]string{
		{}: "WT201", {Colour: true}: "WT201", {Terminal: true}: "WT201",
		{Colour: true, Terminal: true}: "\x1b]8;;https://example.org\x1b\\WT201\x1b]8;;\x1b\\",
	} {
		if got := s.Link("WT201", "https://example.org"); got != want {
			t.Errorf("%+v: %q, want %q", s, got, want)
		}
	}
	// Links take no room: the lines are those without them.
	plain, _ := shown(t, "text", Config{}, many(30, needs))
	linked, _ := shown(t, "text", Config{Style: Style{Colour: true, Terminal: true}}, many(30, needs))
	if n := strings.Count(linked, "\x1b]8;;https://github.com/wheeltag/wheeltag/blob/main/docs/rules.md#wt202-external-library\x1b\\WT202\x1b]8;;\x1b\\ "); n != mostBlocks {
		t.Errorf("%d links: %s", n, linked)
	}
	if got := regexp.MustCompile("\x1b](8;;[^\x1b]*)?\x1b\\\\|\x1b\\[[0-9]*m").ReplaceAllString(linked, ""); got != plain {
		t.Errorf("%q, want %q", got, plain)
	}
	rule, _ := finding.Lookup("WT201")
	if got := RuleURL(rule); got != "https://github.com/wheeltag/wheeltag/blob/main/docs/rules.md#wt201-symbol-version" {
		t.Error(got)
	}
	if got := RuleURL(finding.Rule{ID: "#x"}); got != "https://github.com/wheeltag/wheeltag/blob/main/docs/rules.md" {
		t.Error(got)
	}
}
