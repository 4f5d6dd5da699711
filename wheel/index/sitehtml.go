package index

import (
	"bytes"
	"fmt"
	"html"
)

// Pages are HTML by PEP 503, in the version of the repository format that their JSON has
// (PEP 629). All text is escaped for HTML, and names in links for URLs, although
// servable allows no name that would need it.

func startHTML(b *bytes.Buffer, title, version string, status *projectStatus) {
	meta := ""
	if status != nil {
		meta = fmt.Sprintf("<meta name=\"pypi:project-status\" content=\"%s\">\n", html.EscapeString(status.Status))
		if status.Reason != "" {
			meta += fmt.Sprintf("<meta name=\"pypi:project-status-reason\" content=\"%s\">\n", html.EscapeString(status.Reason))
		}
	}
	fmt.Fprintf(b, `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="pypi:repository-version" content="%[2]s">
%[3]s<title>%[1]s</title>
</head>
<body>
<h1>%[1]s</h1>
`, html.EscapeString(title), version, meta)
}

const endHTML = "</body>\n</html>\n"

// rootHTML lists the projects.
func rootHTML(list []project) []byte {
	var b bytes.Buffer
	startHTML(&b, "Projects", metaOf11.APIVersion, nil)
	for _, p := range list {
		fmt.Fprintf(&b, "<a href=\"%s/\">%s</a><br>\n", escapeURL(p.name), html.EscapeString(p.name))
	}
	b.WriteString(endHTML)
	return b.Bytes()
}

// html lists the files of a project. The fragment has the digest of the file;
// data-core-metadata has the digest of METADATA, which is offered as well
// (PEP 658, PEP 714). The older name of that attribute, data-dist-info-metadata, is left
// out on purpose: only releases of pip before PEP 714 depend on it, and they then refuse a
// wheel whose METADATA spells the name of the project in another way than a requirement.
func (p *project) html(files string) []byte {
	var b bytes.Buffer
	startHTML(&b, p.name, p.version(files), p.status)
	for _, i := range p.files {
		fmt.Fprintf(&b, "<a href=\"%s%s#sha256=%s\"", files, escapeURL(i.Name), i.facts.SHA256)
		if i.RequiresPython != "" {
			fmt.Fprintf(&b, " data-requires-python=\"%s\"", html.EscapeString(i.RequiresPython))
		}
		if i.hasMetadata() {
			fmt.Fprintf(&b, " data-core-metadata=\"sha256=%s\"", i.facts.Metadata)
		}
		if link := i.provenanceURL(files); link != "" {
			fmt.Fprintf(&b, " data-provenance=\"%s\"", html.EscapeString(link))
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
