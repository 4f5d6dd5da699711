package coveragepage

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"
	"sync"
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
	style := unixLines(styleCSS)
	return frame().ExecuteTemplate(w, "top", struct {
		Title  string
		Policy string
		Style  template.CSS
	}{visible(p.Title), policy(style, script()), template.CSS(style)})
}

func script() string { return unixLines(modelJS + "\n" + scriptJS + "\n" + panelJS) }

// writeEnd writes the script and what follows it.
func writeEnd(w io.Writer) error {
	return frame().ExecuteTemplate(w, "end", template.JS(script()))
}

// policy allows only the style and the script of the page, by their hashes: a
// script that was injected through some text would not run.
func policy(style, script string) string {
	return "default-src 'none'; style-src " + source(style) + "; script-src " + source(script) +
		"; base-uri 'none'; form-action 'none'"
}

func source(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// unixLines reverts CR LF of a checkout to LF; a browser hashes the text with LF.
func unixLines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }
