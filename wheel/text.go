package wheel

import (
	"fmt"
	"strings"
)

// DistInfoDir is the name of the *.dist-info directory that goes with a file name:
// "demo-1.0.dist-info" for demo-1.0-py3-none-any.whl.
func (n Name) DistInfoDir() string {
	return n.Distribution + "-" + n.Version.Source() + ".dist-info"
}

// fieldNames are the fields of the core metadata, in the order of the specification.
var fieldNames = [...]string{
	"Metadata-Version", "Name", "Version", "Dynamic", "Platform", "Supported-Platform", "Summary", "Description-Content-Type",
	"Keywords", "Home-page", "Download-URL", "Author", "Author-email", "Maintainer", "Maintainer-email", "License",
	"License-Expression", "License-File", "Classifier", "Requires-Dist", "Requires-Python", "Requires-External", "Project-URL",
	"Provides-Extra", "Import-Name", "Import-Namespace", "Provides-Dist", "Obsoletes-Dist", "Requires", "Provides", "Obsoletes",
}

// Text gives METADATA: the fields that are set, in the order of the specification, and
// the description behind them. Fields alone are not used. The error says which value
// has a line break in it that would begin another field.
func (m *Metadata) Text() ([]byte, error) {
	var fields []Field
	for _, name := range fieldNames {
		key := strings.ToLower(name)
		if value := m.single(key); value != nil {
			fields = append(fields, Field{Name: name, Value: *value})
			continue
		}
		for _, value := range *m.multiple(key) {
			fields = append(fields, Field{Name: name, Value: value})
		}
	}
	text, err := formatFields(fields)
	if m.Description != "" {
		text = append(text, "\n"+m.Description...)
	}
	return text, err
}

// Text gives WHEEL, with version 1.0 unless there is another. The error is as of
// [Metadata.Text].
func (w *Info) Text() ([]byte, error) {
	version := w.WheelVersion
	if version == "" {
		version = "1.0"
	}
	fields := []Field{{Name: "Wheel-Version", Value: version}, {Name: "Generator", Value: w.Generator}, {Name: "Root-Is-Purelib", Value: w.RootIsPurelib}}
	for _, tag := range w.Tags {
		fields = append(fields, Field{Name: "Tag", Value: tag})
	}
	return formatFields(append(fields, Field{Name: "Build", Value: w.Build}))
}

// formatFields writes the fields that have a value. A value of several lines must be
// indented from the second on.
func formatFields(fields []Field) ([]byte, error) {
	var b []byte
	for _, f := range fields {
		if f.Value == "" {
			continue
		}
		for rest := f.Value; ; {
			_, next := cutLine(rest, 0)
			if rest = rest[next:]; rest == "" {
				break
			}
			if rest[0] != ' ' && rest[0] != '\t' {
				return nil, fmt.Errorf("%s: a line of %q is not indented", f.Name, clip(f.Value))
			}
		}
		b = fmt.Appendf(b, "%s: %s\n", f.Name, f.Value)
	}
	return b, nil
}

// ReplaceTags gives the text of WHEEL with other Tag fields and another Build field, or
// none for "". All other lines stay as they are. The new fields are where the first of the
// old ones was. Path is for messages. The error is an *[Error]: a text with malformed lines
// is not changed, because parsers disagree about it.
func ReplaceTags(path string, text []byte, tags []string, build string) ([]byte, error) {
	whole := string(text)
	h, err := parseHeaders(path, whole)
	switch {
	case err != nil:
		return nil, err
	case len(h.problems) > 0:
		return nil, h.problems[0]
	}
	fields := make([]Field, 0, len(tags)+1)
	for _, tag := range tags {
		fields = append(fields, Field{Name: "Tag", Value: tag})
	}
	fresh, err := formatFields(append(fields, Field{Name: "Build", Value: build}))
	if err != nil {
		return nil, &Error{path, 0, CodeFieldLine, err}
	}
	end := 0 // of the fields
	for end < len(text) {
		line, next := cutLine(whole, end)
		if line == "" {
			break
		}
		if end = next; strings.HasPrefix(line, "From ") { // it ends the fields as well
			return nil, &Error{path, int64(end), CodeFieldLine, fmt.Errorf("a line is no field: %q", clip(line))}
		}
	}
	var b []byte
	placed := false
	place := func() {
		if n := len(b); !placed && n > 0 && b[n-1] != '\n' && b[n-1] != '\r' {
			b = append(b, '\n')
		}
		if !placed {
			b = append(b, fresh...)
		}
		placed = true
	}
	for i, f := range h.fields {
		next := end
		if i+1 < len(h.fields) {
			next = h.fields[i+1].Offset
		}
		if strings.EqualFold(f.Name, "Tag") || strings.EqualFold(f.Name, "Build") {
			place()
			continue
		}
		b = append(b, text[f.Offset:next]...)
	}
	place()
	return append(b, text[end:]...), nil
}
