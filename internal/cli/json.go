package cli

import (
	"encoding/json"
	"strings"
)

// writeJSON writes one object on one line, with < > & as they are.
func (c *invocation) writeJSON(value any) error {
	enc := json.NewEncoder(c.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(value)
}

// rejection is the object of an input without an answer.
type rejection struct {
	Schema string      `json:"schema"`
	File   string      `json:"file"`
	Error  errorRecord `json:"error"`
}

// reject says why there is no answer for an input, in a message and, as each
// input has a line, in an object of its own.
func (c *invocation) reject(command string, in input, err error) error {
	c.reportError("%v", err)
	if !c.json {
		return nil
	}
	return c.writeJSON(rejection{Schema: "wheeltag." + command + "/v1", File: in.name, Error: describeError(err)})
}

// jsonText is a value as JSON on a line.
func jsonText(value any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		panic(err) // of our own types, all of which have a JSON form
	}
	return b.String()
}

// jsonEscape is a string as JSON has it between quotes: nearly always, for the name
// of a wheel, itself.
func jsonEscape(s string) string {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' || s[i] == '"' || s[i] == '\\' {
			quoted := jsonText(s)
			return quoted[1 : len(quoted)-len("\"\n")]
		}
	}
	return s
}
