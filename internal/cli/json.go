package cli

import (
	"encoding/json"
	"unicode/utf8"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// writeJSON writes one object on one line, with < > & as they are.
func (c *call) writeJSON(value any) error {
	enc := json.NewEncoder(c.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(value)
}

// refusal is the object of an input without an answer.
type refusal struct {
	Schema  string      `json:"schema"`
	File    string      `json:"file"`
	Verdict string      `json:"verdict,omitempty"` // of audit
	Error   errorRecord `json:"error"`
}

// refuse says why there is no answer for an input, in a message and, as each
// input has a line, in an object of its own.
func (c *call) refuse(command string, in input, err error) error {
	c.problem("%v", err)
	if !c.json {
		return nil
	}
	r := refusal{Schema: "wheeltag." + command + "/v1", File: in.name, Error: describeError(err)}
	if command == "audit" {
		r.Verdict = string(finding.Unknown)
	}
	return c.writeJSON(r)
}

// appendJSON appends a string as JSON does, for the paths where a million lines
// are written. Bytes that are not UTF-8 become the replacement character.
func appendJSON(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := 0; i < len(s); {
		b := s[i]
		if b >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			dst = utf8.AppendRune(dst, r)
			i += size
			continue
		}
		switch {
		case b == '"' || b == '\\':
			dst = append(dst, '\\', b)
		case b < 0x20 || b == 0x7f:
			dst = append(dst, '\\', 'u', '0', '0', hex[b>>4], hex[b&15])
		default:
			dst = append(dst, b)
		}
		i++
	}
	return append(dst, '"')
}
