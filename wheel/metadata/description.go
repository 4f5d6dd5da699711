package metadata

import (
	"mime"
	"strings"
	"unicode/utf8"
)

// ContentType is Description-Content-Type.
type ContentType struct {
	Type    string // "text/plain", "text/x-rst" or "text/markdown"; empty if not given
	Variant string // of Markdown: "GFM" or "CommonMark"; empty if not given
}

// description reads Summary and Description-Content-Type.
func (r *reader) description() {
	const longest = 512 // characters; PyPI refuses more
	if s := r.m.Summary; strings.ContainsAny(s, "\r\n") {
		r.fault(CodeSummary, "Summary has several lines")
	} else if n := utf8.RuneCountInString(s); n > longest {
		r.fault(CodeSummary, "Summary has %d characters; PyPI accepts up to %d", n, longest)
	}
	text := r.m.DescriptionContentType
	if text == "" {
		return
	}
	kind, parameters, err := mime.ParseMediaType(text)
	if err != nil {
		r.fault(CodeDescriptionType, "Description-Content-Type %q is not a content type", clip(text))
		return
	}
	switch kind {
	case "text/plain", "text/x-rst", "text/markdown":
	default:
		r.fault(CodeDescriptionType, "Description-Content-Type is %q; want text/plain, text/x-rst or text/markdown", clip(kind))
		return
	}
	if charset, ok := parameters["charset"]; ok && !strings.EqualFold(charset, "UTF-8") {
		r.fault(CodeDescriptionType, "Description-Content-Type has the charset %q; want UTF-8", clip(charset))
		return
	}
	variant := parameters["variant"]
	if kind == "text/markdown" && variant != "" && variant != "GFM" && variant != "CommonMark" {
		r.fault(CodeDescriptionType, "Description-Content-Type has the variant %q; want GFM or CommonMark", clip(variant))
		return
	}
	r.m.DescriptionType = ContentType{kind, variant}
}
