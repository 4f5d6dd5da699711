package coveragepage

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"
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

// frame is what stands around the tables and the data.
var frame = template.Must(template.New("page").Parse(pageHTML))

// writeTop writes the page up to the first table.
func writeTop(w io.Writer, p *Page) error {
	style := unixLines(styleCSS)
	return frame.ExecuteTemplate(w, "top", struct {
		Title  string
		Policy string
		Style  template.CSS
	}{visible(p.Title), policy(style, script()), template.CSS(style)})
}

func script() string { return unixLines(modelJS + "\n" + scriptJS + "\n" + panelJS) }

// writeEnd writes the script and what follows it.
func writeEnd(w io.Writer) error {
	return frame.ExecuteTemplate(w, "end", template.JS(script()))
}

// policy allows the two elements of the page by their hashes, and nothing else:
// a script that slipped in through some text would not run.
func policy(style, script string) string {
	return "default-src 'none'; style-src " + source(style) + "; script-src " + source(script) +
		"; base-uri 'none'; form-action 'none'"
}

func source(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// unixLines undoes what a checkout may do to line ends; a browser hashes the text
// after it has read CR LF as LF.
func unixLines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }
