package metadata

import (
	_ "embed"
	"net/url"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed data/classifiers.txt
var classifierText string

// knownClassifiers maps classifiers to what replaces them: "" for those in use, and
// "-" and a text for deprecated ones.
var knownClassifiers = sync.OnceValue(func() map[string]string {
	list := map[string]string{}
	for line := range strings.Lines(classifierText) {
		line = strings.TrimRight(line, "\n")
		name, old := strings.CutPrefix(line, "-")
		switch {
		case strings.HasPrefix(line, "#"):
		case old:
			name, better, _ := strings.Cut(name, "\t")
			list[name] = "-" + better
		default:
			list[name] = ""
		}
	}
	return list
})

// classifiers compares Classifier with the list of PyPI, which also accepts those that
// begin with "Private ::" and then never publishes the file.
func (r *reader) classifiers() {
	for _, c := range r.m.Classifiers {
		better, ok := knownClassifiers()[c]
		switch {
		case strings.HasPrefix(c, "Private ::"):
		case !ok:
			r.fault(CodeClassifier, "Classifier %q is not one that PyPI accepts", clip(c))
		case better == "-":
			r.fault(CodeClassifier, "Classifier %q is deprecated", clip(c))
		case better != "":
			r.fault(CodeClassifier, "Classifier %q is deprecated; use %s", clip(c), better[1:])
		}
	}
}

// contacts reads the addresses and URLs.
func (r *reader) contacts() {
	r.emails("Author-email", r.m.AuthorEmail)
	r.emails("Maintainer-email", r.m.MaintainerEmail)
	r.url("Home-page", r.m.HomePage)
	r.url("Download-URL", r.m.DownloadURL)
	const longest = 32 // characters of a label
	for _, text := range r.m.Metadata.ProjectURLs {
		label, address, _ := strings.Cut(text, ",")
		label, address = strings.TrimSpace(label), strings.TrimSpace(address)
		switch n := utf8.RuneCountInString(label); {
		case label == "" || address == "":
			r.fault(CodeURL, "Project-URL %q has not the form LABEL, URL", clip(text))
		case n > longest:
			r.fault(CodeURL, "Project-URL %q has a label of %d characters; PyPI accepts up to %d", clip(text), n, longest)
		case !isURL(address):
			r.fault(CodeURL, "Project-URL %q is not an http or https URL", clip(text))
		default:
			r.m.ProjectURLs = append(r.m.ProjectURLs, Link{label, address})
		}
	}
}

// url checks a field with an address alone.
func (r *reader) url(field, text string) {
	if text != "" && text != "UNKNOWN" && !isURL(text) {
		r.fault(CodeURL, "%s %q is not an http or https URL", field, clip(text))
	}
}

func isURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// emails checks the addresses of a field: "Name <address>" or an address alone, with
// commas between several.
func (r *reader) emails(field, text string) {
	if text == "UNKNOWN" {
		return
	}
	for _, one := range splitAddresses(text) {
		address := strings.TrimSpace(one)
		if i := strings.LastIndexByte(address, '<'); i >= 0 && strings.HasSuffix(address, ">") {
			address = address[i+1 : len(address)-1]
		}
		if !isAddress(address) {
			r.fault(CodeEmail, "%s %q is not an e-mail address", field, clip(strings.TrimSpace(one)))
		}
	}
}

// splitAddresses cuts at the commas outside of quotes.
func splitAddresses(text string) []string {
	quoted, escaped := false, false
	return strings.FieldsFunc(text, func(c rune) bool {
		switch {
		case escaped:
			escaped = false
		case c == '\\' && quoted:
			escaped = true
		case c == '"':
			quoted = !quoted
		}
		return c == ',' && !quoted
	})
}

// isAddress reports whether text has the form of an address: one at sign between a local
// part and a domain with a dot.
func isAddress(text string) bool {
	local, domain, _ := strings.Cut(text, "@")
	if local == "" || strings.ContainsAny(text, " \t\r\n<>(),;:") || strings.Contains(domain, "@") {
		return false
	}
	if strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return false
	}
	labels := strings.Split(domain, ".")
	for _, label := range labels {
		if label == "" || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
	}
	return len(labels) > 1
}
