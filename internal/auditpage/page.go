package auditpage

import (
	"bufio"
	_ "embed"
	"html/template"
	"io"
	"sync"

	"github.com/wheeltag/wheeltag/internal/csp"
)

// Page is a run to show.
type Page struct {
	Title    string // "3 files: 1 pass, 2 fail"
	Files    []File
	Findings []Finding
	Rules    []Rule // those of the findings
	// Notes are sentences about the page itself, such as what is left out.
	Notes []string
}

// File is a row of the first table.
type File struct {
	Verdict string // pass, fail or unknown
	Path    string
	About   string // what the file is, in a phrase
	Found   string // its findings by severity, such as "2 errors, 1 note"
}

// Finding is a row of the second table.
type Finding struct {
	Severity string // error, warning or note
	Rule     string // its id
	Path     string // of the file
	Member   string // the path in the file, or ""
	Message  string
}

// Rule says what findings with its id mean.
type Rule struct {
	ID, Title, Why, Fix string
	URL                 string // the page about it
}

//go:embed page.html
var pageHTML string

//go:embed style.css
var styleCSS string

//go:embed script.js
var scriptJS string

// ranks orders words from bad to good, for sorting.
var ranks = map[string]int{"error": 0, "warning": 1, "note": 2, "unknown": 0, "fail": 1, "pass": 2}

var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"rank": func(word string) int { return ranks[word] },
	}).Parse(pageHTML))
})

// Write writes the page as UTF-8 HTML, with the rows in the order of the lists. Equal
// input gives equal output.
func Write(w io.Writer, p *Page) error {
	out := bufio.NewWriterSize(w, 64<<10)
	style, script := csp.UnixLines(styleCSS), csp.UnixLines(scriptJS)
	err := page().Execute(out, struct {
		*Page
		Policy     string
		Style      template.CSS
		Script     template.JS
		Severities []count
		Verdicts   []count
	}{p, csp.Policy(style, script), template.CSS(style), template.JS(script), p.severities(), p.verdicts()})
	if err != nil {
		return err
	}
	return out.Flush()
}

// count is how many rows have a word.
type count struct {
	Word string
	N    int
}

func (p *Page) severities() []count {
	list := []count{{Word: "error"}, {Word: "warning"}, {Word: "note"}}
	for i := range list {
		for _, f := range p.Findings {
			if f.Severity == list[i].Word {
				list[i].N++
			}
		}
	}
	return list
}

func (p *Page) verdicts() []count {
	list := []count{{Word: "unknown"}, {Word: "fail"}, {Word: "pass"}}
	for i := range list {
		for _, f := range p.Files {
			if f.Verdict == list[i].Word {
				list[i].N++
			}
		}
	}
	return list
}
