package variant

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

const (
	head = `{"$schema": "` + SchemaPEP825 + `", "default-priorities": {"namespace": ["x86_64", "lib"]}, "variants": `
	x86  = `"x86_64": {"requires": ["x86-64-variant-provider"]}`
)

// file completes a file: its variants, and providers if any.
func file(variants, providers string) string {
	if providers != "" {
		variants += `, "providers": ` + providers
	}
	return head + variants + "}"
}

func parsed(t *testing.T, text string) *Metadata {
	t.Helper()
	m, err := Parse([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return m
}

func TestParse(t *testing.T) {
	m := parsed(t, file(`{"a": {"x86_64": {"level": ["v3", "v2"]}, "lib": {}}, "null": {}}`,
		`{`+x86+`, "lib": {"static-properties": {"a": ["1", "2"], "b": []}, "feature-order": ["b", "a"], "optional": true}}`))
	want := &Metadata{
		Schema: SchemaPEP825, Namespaces: []string{"x86_64", "lib"},
		Variants: map[string]Properties{"a": {"x86_64": {"level": {"v3", "v2"}}}, "null": {}},
		Providers: map[string]Provider{
			"x86_64": {Requires: []string{"x86-64-variant-provider"}},
			"lib":    {Static: map[string][]string{"a": {"1", "2"}, "b": {}}, FeatureOrder: []string{"b", "a"}, Optional: true},
		},
	}
	if !reflect.DeepEqual(m, want) {
		t.Errorf("%+v\nwant %+v", m, want)
	}
	if got := fmt.Sprint(m.Labels(), m.Variants["a"].List()); got != "[a null] [x86_64 :: level :: v2 x86_64 :: level :: v3]" {
		t.Error(got)
	}
	if m, err := Parse([]byte(strings.Repeat(" ", MaxSize-len(file(`{}`, ""))) + file(`{}`, ""))); err != nil || m == nil {
		t.Errorf("at the limit: %v", err)
	}
	if m := parsed(t, file(`{}`, "null")); m.Providers != nil {
		t.Errorf("%+v", m)
	}
}

// TestParseErrors: each rule of the format, with the place.
func TestParseErrors(t *testing.T) {
	both := `{"x86_64": %s, "lib": {"builtin": "b"}}`
	for text, want := range map[string]string{
		``:                                      "unexpected EOF",
		`{`:                                     "unexpected EOF",
		`[]`:                                    "not a JSON object",
		`{} {}`:                                 "behind the JSON value",
		"{\"\xff\": 1}":                         "not UTF-8",
		`{"a": 1, "a": 2}`:                      `"a" is there twice`,
		strings.Repeat(`{"a":`, 9) + "1":        "nested too deep",
		strings.Repeat(`{"a":`, 8) + "1":        "unexpected EOF",
		`{"a": ` + strings.Repeat("[", 9) + "1": "nested too deep",
		strings.Repeat(" ", MaxSize) + "":       "", // at the limit: only the text is missing
		strings.Repeat(" ", MaxSize+1):          "longer than",
		`{"default-priorities": {"namespace": ["a"]}, "variants": {}}`:                                                 "$schema must be a string",
		`{"$schema": "s", "variants": {}}`:                                                                             "default-priorities must be an object",
		`{"$schema": "s", "default-priorities": {}, "variants": {}}`:                                                   "namespace must be a list",
		`{"$schema": "s", "default-priorities": {"namespace": []}, "variants": {}}`:                                    "at least one namespace",
		`{"$schema": "s", "default-priorities": {"namespace": ["a", "a"]}, "variants": {}}`:                            "each once",
		`{"$schema": "s", "default-priorities": {"namespace": ["a.b"]}, "variants": {}}`:                               "a.b is not valid",
		`{"$schema": "s", "default-priorities": {"namespace": [1]}, "variants": {}}`:                                   "1 is not valid",
		`{"$schema": "s", "default-priorities": {"namespace": ["a"], "feature": {}}, "variants": {}}`:                  `default-priorities: unknown key "feature"`,
		`{"$schema": "s", "default-priorities": {"namespace": ["a"]}}`:                                                 "variants must be an object",
		`{"$schema": "s", "default-priorities": {"namespace": ["a"]}, "Variants": {}}`:                                 `unknown key "Variants"`,
		`{"$schema": "` + SchemaPEP850 + `", "default-priorities": {"namespace": ["a"]}, "variants": {}}`:              "providers must be those",
		`{"$schema": "` + SchemaPEP850 + `", "default-priorities": {"namespace": ["a"]}, "variants": {}, "extra": {}}`: `unknown key "extra"`,
		file(`{"A": {}}`, ""):                                                                        `"A" is not a variant label`,
		file(`{"": {}}`, ""):                                                                         `"" is not a variant label`,
		file(`{"a": []}`, ""):                                                                        "variants.a must be an object",
		file(`{"a": {"other": {"f": ["v"]}}}`, ""):                                                   "namespace other is not in default-priorities",
		file(`{"a": {"lib": {"f": []}}}`, ""):                                                        "lib :: f has no value",
		file(`{"a": {"lib": {"f": ["v", "v"]}}}`, ""):                                                "lib :: f lists a value twice",
		file(`{"a": {"lib": {"f": ["V"]}}}`, ""):                                                     "V is not valid",
		file(`{"a": {"lib": {"f.g": ["v"]}}}`, ""):                                                   `"f.g" is not a feature`,
		file(`{"a": {"l.b": {}}}`, ""):                                                               `"l.b" is not a namespace`,
		file(`{"null": {"lib": {"f": ["v"]}}}`, ""):                                                  "null must not have properties",
		file(`{}`, `{`+x86+`}`):                                                                      "providers must be those",
		file(`{}`, `[]`):                                                                             "providers must be an object",
		file(`{}`, fmt.Sprintf(both, `[]`)):                                                          "providers.x86_64 must be an object",
		file(`{}`, fmt.Sprintf(both, `{}`)):                                                          "builtin must be a string",
		file(`{}`, fmt.Sprintf(both, `{"optional": 1}`)):                                             "optional must be true or false",
		file(`{}`, fmt.Sprintf(both, `{"requires": "x"}`)):                                           "requires must be a list",
		file(`{}`, fmt.Sprintf(both, `{"requires": [], "builtin": "x"}`)):                            `unknown key "builtin"`,
		file(`{}`, fmt.Sprintf(both, `{"requires": [], "plugin-api": 1}`)):                           "plugin-api must be a string",
		file(`{}`, fmt.Sprintf(both, `{"static-properties": {"a": ["1"], "b": []}}`)):                "feature-order is missing",
		file(`{}`, fmt.Sprintf(both, `{"static-properties": {"a": ["1"]}, "feature-order": []}`)):    "feature-order must list each",
		file(`{}`, fmt.Sprintf(both, `{"static-properties": {"a": ["1"]}, "feature-order": ["b"]}`)): "feature-order must list each",
		file(`{}`, fmt.Sprintf(both, `{"static-properties": {"a": ["1", "1"]}}`)):                    "lists a value twice",
		file(`{}`, fmt.Sprintf(both, `{"static-properties": {"a.b": []}}`)):                          `"a.b" is not a feature`,
		`{"a": [{"b": 1, "b": 2}]}`:                                                                  `"b" is there twice`,
		`{"a": 1`:                                                                                    "unexpected EOF",
		`{"a": [1,`:                                                                                  "unexpected EOF",
		`{"a": 1]`:                                                                                   "invalid character",
		`{1: 2}`:                                                                                     "invalid character",
		`{"` + strings.Repeat("k", 200) + `": 1}`:                                                    `kkk..."`,
		file(`{"a": {"": {"f": ["v"]}}}`, ""):                                                        `"" is not a namespace`,
		file(`{"a": {"lib": []}}`, ""):                                                               "variants.a.lib must be an object",
		file(`{"a": {"lib": {"f": [""]}}}`, ""):                                                      "is not valid",
		file(`{}`, fmt.Sprintf(both, `{"requires": [1]}`)):                                           "1 is not valid",
		file(`{}`, fmt.Sprintf(both, `{"requires": "x", "plugin-api": "y"}`)):                        "requires must be a list",
		file(`{}`, fmt.Sprintf(both, `{"builtin": "x", "more": 1}`)):                                 `providers.x86_64: unknown key "more"`,
		file(`{}`, fmt.Sprintf(both, `{"static-properties": []}`)):                                   "static-properties must be an object",
		file(`{}`, fmt.Sprintf(both, `{"static-properties": {"a": "1"}}`)):                           "must be a list",
		file(`{}`, fmt.Sprintf(both, `{"static-properties": {"a": ["1"]}, "feature-order": "a"}`)):   "must be a list",
		file(`{}`, fmt.Sprintf(both, `{"static-properties": {}, "feature-order": []}`)):              "feature-order must list each",
		file(`{}`, fmt.Sprintf(both, `{"static-properties": [], "requires": []}`)):                   `unknown key "requires"`,
		file(`{"`+strings.Repeat("a", 1000)+`": {"lib": {"`+strings.Repeat("b", 1000)+`": ["`+strings.Repeat("V", 1000)+`"]}}}`, ""): "is not valid",
	} {
		m, err := Parse([]byte(text))
		if m != nil || err == nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 600 {
			t.Errorf("%.200s: %v, want %q", text, err, want)
		}
	}
}

func TestFromTree(t *testing.T) {
	m, err := FromTree(map[string]any{
		"$schema": SchemaPEP825, "default-priorities": map[string]any{"namespace": []any{"lib"}},
		"variants": map[string]any{"a": map[string]any{"lib": map[string]any{"f": []any{"v"}}}},
	})
	if err != nil || fmt.Sprint(m.Variants["a"].List()) != "[lib :: f :: v]" {
		t.Errorf("%+v, %v", m, err)
	}
	deep, list := map[string]any{}, []any{nil}
	deep["a"] = deep
	list[0] = list
	for want, tree := range map[string]map[string]any{
		"$schema must be a string": nil, "nested too deep": deep, "nested  too deep": {"a": list}, `unknown key "a"`: {"b": 1, "a": 2, "c": 3},
	} {
		if _, err := FromTree(tree); err == nil || !strings.Contains(err.Error(), strings.Replace(want, "  ", " ", 1)) {
			t.Errorf("%d keys: %v, want %s", len(tree), err, want)
		}
	}
}

// TestJSON: what is written reads as the same, and is the same for the same.
func TestJSON(t *testing.T) {
	m := parsed(t, file(`{"b": {"x86_64": {"level": ["v3", "v2"]}}, "null": {}}`,
		`{`+x86+`, "lib": {"static-properties": {"a": ["2", "1"], "b": []}, "feature-order": ["b", "a"]}}`))
	text := m.JSON()
	again := parsed(t, string(text))
	if string(again.JSON()) != string(text) || !again.Variants["b"].Equal(m.Variants["b"]) || !reflect.DeepEqual(again.Providers, m.Providers) {
		t.Errorf("%s\n%s", text, again.JSON())
	}
	if !strings.Contains(string(text), `"level": [
          "v2",
          "v3"
        ]`) {
		t.Errorf("values are not sorted: %s", text)
	}
	if text := string(parsed(t, file(`{}`, "")).JSON()); strings.Contains(text, "providers") {
		t.Error(text)
	}
	short := parsed(t, file(`{}`, `{`+x86+`, "lib": {"static-properties": {"a": ["1"]}}}`)).JSON()
	if strings.Contains(string(short), "feature-order") || strings.Contains(string(short), "plugin-api") || strings.Contains(string(short), "optional") {
		t.Errorf("%s", short)
	}
	for _, providers := range []string{"", `{"x86_64": {"builtin": "a"}, "lib": {"requires": ["a"], "plugin-api": "b", "optional": true}}`} {
		m := parsed(t, file(`{}`, providers))
		if again := parsed(t, string(m.JSON())); !reflect.DeepEqual(again, m) {
			t.Errorf("%+v, want %+v", again, m)
		}
	}
}

func TestCheck(t *testing.T) {
	for schema, want := range map[string]string{
		SchemaPEP825: "", "https://x/v1.0.0.json": "", "https://x/v1.7": "", "https://x/v2.0.0.json": "major version that is not known",
		"https://x/schema.json": "does not end with a version", "": "does not end with a version", "https://x/v01.0.json": "",
	} {
		m := &Metadata{Schema: schema, Variants: map[string]Properties{}}
		if got := fmt.Sprint(m.Check()); (want == "") != (got == "[]") || !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %q", schema, got, want)
		}
		if want := strings.Contains(schema, "/v0.") || strings.Contains(schema, "peps"); m.Draft() != want {
			t.Errorf("%s: draft %t", schema, m.Draft())
		}
	}
	m := parsed(t, file(`{"a": {"lib": {"f": ["b", "a"], "g": ["a", "b"]}}}`, ""))
	if got := fmt.Sprint(m.Check()); got != "[variants.a: the values of lib :: f are not in ascending order]" {
		t.Error(got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(file(`{"a": {"x86_64": {"level": ["v3"]}}}`, `{`+x86+`, "lib": {"static-properties": {"a": ["1"]}}}`)))
	f.Add([]byte(file(`{"null": {}}`, `{`+x86+`, "lib": {"builtin": "x", "optional": true}}`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Parse(data)
		if err != nil {
			if m != nil || len(err.Error()) > 1000 {
				t.Errorf("%+v, message of %d bytes", m, len(err.Error()))
			}
			return
		}
		again, err := Parse(m.JSON())
		if err != nil || string(again.JSON()) != string(m.JSON()) {
			t.Errorf("%s: %v", m.JSON(), err)
		}
		m.Check()
		s := m.Support(nil)
		for _, label := range m.Labels() {
			if _, err := s.Judge(label); err == nil && len(s.Properties(label)) != len(m.Variants[label]) {
				t.Errorf("%s is supported without its namespaces", label)
			}
		}
	})
}
