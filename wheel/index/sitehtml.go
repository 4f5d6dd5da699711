package index

import (
	"bytes"
	"fmt"
	"html"
)

// Pages are HTML by PEP 503, in version 1.1 of the repository format (PEP 629,
// PEP 700). All text is escaped for HTML, and names in links for URLs, although
// servable allows no name that would need it.

func startHTML(b *bytes.Buffer, title string) {
	fmt.Fprintf(b, `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="pypi:repository-version" content="1.1">
<title>%[1]s</title>
</head>
<body>
<h1>%[1]s</h1>
`, html.EscapeString(title))
}

const endHTML = "</body>\n</html>\n"

// rootHTML lists the projects.
func rootHTML(list []project) []byte {
	var b bytes.Buffer
	startHTML(&b, "Projects")
	for _, p := range list {
		fmt.Fprintf(&b, "<a href=\"%s/\">%s</a><br>\n", escapeURL(p.name), html.EscapeString(p.name))
	}
	b.WriteString(endHTML)
	return b.Bytes()
}

// html lists the files of a project. The fragment has the digest of the file;
// data-core-metadata has the digest of METADATA, which is offered as well
// (PEP 658, PEP 714); data-dist-info-metadata is the same for older releases of pip. JSON
// has no such older name, because some of those fail on it.
func (p *project) html(files string) []byte {
	var b bytes.Buffer
	startHTML(&b, p.name)
	for _, i := range p.files {
		fmt.Fprintf(&b, "<a href=\"%s%s#sha256=%s\"", files, escapeURL(i.Name), i.facts.SHA256)
		if i.RequiresPython != "" {
			fmt.Fprintf(&b, " data-requires-python=\"%s\"", html.EscapeString(i.RequiresPython))
		}
		if i.hasMetadata() {
			fmt.Fprintf(&b, " data-core-metadata=\"sha256=%[1]s\" data-dist-info-metadata=\"sha256=%[1]s\"", i.facts.Metadata)
		}
		if i.Yanked {
			fmt.Fprintf(&b, " data-yanked=\"%s\"", html.EscapeString(i.YankedReason))
		}
		fmt.Fprintf(&b, ">%s</a><br>\n", html.EscapeString(i.Name))
	}
	for _, r := range p.releases {
		fmt.Fprintf(&b, "<a href=\"%s%s#sha256=%s\">%s</a><br>\n", files, escapeURL(r.name), digest(r.text), html.EscapeString(r.name))
	}
	b.WriteString(endHTML)
	return b.Bytes()
}
