package coveragepage

import (
	_ "embed"
	"html/template"
	"io"
	"sync"

	"github.com/wheeltag/wheeltag/internal/csp"
)

//go:embed page.html
var pageHTML string

//go:embed style.css
var styleCSS string

// The script is one module in three files.
//
//go:embed model.js
var modelJS string

//go:embed script.js
var scriptJS string

//go:embed panel.js
var panelJS string

// frame is what surrounds the tables and the data.
var frame = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(pageHTML)) })

// writeTop writes the page up to the first table.
func writeTop(w io.Writer, p *Page) error {
	style := csp.UnixLines(styleCSS)
	return frame().ExecuteTemplate(w, "top", struct {
		Title  string
		Policy string
		Style  template.CSS
	}{visible(p.Title), csp.Policy(style, script()), template.CSS(style)})
}

func script() string { return csp.UnixLines(modelJS + "\n" + scriptJS + "\n" + panelJS) }

// writeEnd writes the script and what follows it.
func writeEnd(w io.Writer) error {
	return frame().ExecuteTemplate(w, "end", template.JS(script()))
}
