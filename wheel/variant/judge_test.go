package variant

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/provider"
)

func offers(t *testing.T, words ...string) []tags.VariantFeature {
	t.Helper()
	var list []tags.VariantFeature
	for _, word := range words {
		one, err := provider.Describe(word)
		if err != nil {
			t.Fatal(err)
		}
		list = provider.Merge(list, one)
	}
	return list
}

// ordered is the supported labels, the preferred ones first.
func ordered(t *testing.T, m *Metadata, features []tags.VariantFeature) string {
	t.Helper()
	s := m.Support(features)
	found := map[string]Preference{}
	var labels []string
	for _, label := range m.Labels() {
		if p, err := s.Judge(label); err == nil {
			labels = append(labels, label)
			found[label] = p
		}
	}
	slices.SortFunc(labels, func(a, b string) int { return found[a].Compare(found[b]) })
	return strings.Join(labels, " ")
}

func TestOrder(t *testing.T) {
	const static = `"lib": {"static-properties": {"a": ["1", "2"], "b": ["x", "y"]}, "feature-order": ["b", "a"]}`
	all := file(`{"v2": {"x86_64": {"level": ["v2"]}}, "v3": {"x86_64": {"level": ["v3"]}}, "v4": {"x86_64": {"level": ["v4"]}},
		"v3a1": {"x86_64": {"level": ["v3", "v4"]}, "lib": {"a": ["1"]}}, "bx": {"lib": {"b": ["x"]}}, "a1": {"lib": {"a": ["1"]}}, "ab": {"lib": {"a": ["2", "9"], "b": ["x"]}},
		"same": {"lib": {"a": ["1"]}}, "odd": {"lib": {"a": ["9"]}}, "null": {}}`, `{`+x86+`, `+static+`}`)
	m := parsed(t, all)
	for _, c := range []struct {
		features []tags.VariantFeature
		want     string
	}{
		{nil, "ab bx a1 same null"},
		{offers(t, "x86_64::level=v3"), "v3a1 v3 v2 ab bx a1 same null"},
		{offers(t, "x86_64::level=v4"), "v3a1 v4 v3 v2 ab bx a1 same null"},
		{offers(t, "lib::a=9", "x86_64::level=v2"), "v2 ab bx a1 same null"}, // a static provider answers alone
	} {
		if got := ordered(t, m, c.features); got != c.want {
			t.Errorf("%v: %s, want %s", c.features, got, c.want)
		}
	}
}

// TestProviders: whom uv 0.13.9 asks (measured).
func TestProviders(t *testing.T) {
	for provider, asked := range map[string]bool{
		`{"requires": ["x86-64-variant-provider @ https://host.example/x-1.zip"]}`:                  false,
		`{"requires": ["x86-64-variant-provider=="]}`:                                               false,
		`{"requires": ["x86-64-variant-provider"]}`:                                                 true,
		`{"requires": ["X86_64.variant_provider>=0.2"]}`:                                            true,
		`{"requires": ["x86-64-variant-provider==0.2.1"], "plugin-api": "x86_64_variant_provider"}`: true,
		`{"requires": ["x86-64-variant-provider>=1"]}`:                                              false,
		`{"requires": ["x86-64-variant-provider; python_version > '3'"]}`:                           false,
		`{"requires": ["x86-64-variant-provider[a]"]}`:                                              false,
		`{"requires": ["x86-64-variant-provider", "other"]}`:                                        false,
		`{"requires": []}`:        false,
		`{"requires": ["other"]}`: false,
		`{"requires": ["x86-64-variant-provider"], "optional": true}`:                                           false,
		`{"requires": ["x86-64-variant-provider"], "plugin-api": "x86_64_variant_provider.plugin:X8664Plugin"}`: false,
		`{"builtin": "x86_64"}`: false,
		`{"requires": ["nvidia-variant-provider"], "plugin-api": "nvidia_variant_provider.plugin:NvidiaVariantPlugin"}`: false,
	} {
		m := parsed(t, file(`{"a": {"x86_64": {"level": ["v1"]}}}`, `{"lib": {"builtin": "b"}, "x86_64": `+provider+`}`))
		if got := ordered(t, m, offers(t, "x86_64::level=v1")) == "a"; got != asked {
			t.Errorf("%s: asked %t", provider, got)
		}
	}
}

// TestSupport: features of another namespace do not count, and a static provider with
// one feature needs no order.
func TestSupport(t *testing.T) {
	m := parsed(t, file(`{"a": {"lib": {"level": ["v1"]}}, "b": {"x86_64": {"level": ["v1"]}}}`, `{"x86_64": {"static-properties": {"level": ["v1"]}}, "lib": {"requires": ["lib"]}}`))
	if got := ordered(t, m, offers(t, "x86_64::level=v2", "lib::level=v1")); got != "b" {
		t.Error(got)
	}
	m = parsed(t, file(`{"a": {"x86_64": {"sm_arch": ["90_real"]}}}`, `{`+x86+`, "lib": {"builtin": "b"}}`))
	if got := ordered(t, m, offers(t, "nvidia::sm=9.0")); got != "" {
		t.Error(got)
	}
	many := parsed(t, file(`{"a": {"x86_64": {"level": ["a", "b", "c", "d"]}}, "b": {"x86_64": {"level": ["a", "b", "c", "d", "e"]}}}`, `{`+x86+`, "lib": {"builtin": "b"}}`)).Support(offers(t, "x86_64::level=v2"))
	for label, want := range map[string]string{"a": "needs x86_64 :: level :: a or b or c or d; the target has v2", "b": "needs x86_64 :: level :: a or b or c or d or others; the target has v2"} {
		if _, err := many.Judge(label); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// TestUnknownRelease: where it is not known which release is built in, any is.
func TestUnknownRelease(t *testing.T) {
	text := strings.ReplaceAll(file(`{"a": {"aarch64": {"version": ["8.1a"]}}}`, `{"aarch64": {"requires": ["aarch64-variant-provider>=3"]}, "lib": {"builtin": "b"}}`), `"x86_64", `, `"aarch64", `)
	if got := ordered(t, parsed(t, text), offers(t, "aarch64::version=8.2a,8.1a")); got != "a" {
		t.Error(got)
	}
}

func TestUnsupported(t *testing.T) {
	for _, c := range []struct{ providers, says string }{
		{"", "needs x86_64 :: level :: v3 or v4: the release names no provider for it"},
		{`{` + x86 + `, "lib": {"builtin": "b"}}`, "needs x86_64 :: level :: v3 or v4; the target has v2"},
		{`{"x86_64": {"builtin": "x"}, "lib": {"builtin": "b"}}`, "uv has no such provider built in"},
		{`{"x86_64": {"builtin": "x", "optional": true}, "lib": {"builtin": "b"}}`, "its provider is optional"},
		{`{"x86_64": {"static-properties": {"level": []}}, "lib": {"builtin": "b"}}`, "the target has no such feature"},
		{`{"x86_64": {"static-properties": {"other": ["a"]}}, "lib": {"builtin": "b"}}`, "the target has no such feature"},
	} {
		s := parsed(t, file(`{"a": {"x86_64": {"level": ["v3", "v4"]}}}`, c.providers)).Support(offers(t, "x86_64::level=v2"))
		if _, err := s.Judge("a"); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.providers, err, c.says)
		}
		if _, err := s.Judge("b"); err == nil || !strings.Contains(err.Error(), `do not include "b"`) {
			t.Error(err)
		}
	}
	m := parsed(t, file(`{"a": {"x86_64": {"level": ["v3"]}}}`, `{`+x86+`, "lib": {"builtin": "b"}}`))
	if _, err := m.Support(nil).Judge("a"); err == nil || !strings.Contains(err.Error(), "the target does not say") {
		t.Error(err)
	}
}

// TestProperties: of several values, those that the system supports.
func TestProperties(t *testing.T) {
	m := parsed(t, file(`{"a": {"x86_64": {"level": ["v4", "v2", "v1"]}}}`, `{`+x86+`, "lib": {"builtin": "b"}}`))
	if got := fmt.Sprint(m.Support(offers(t, "x86_64::level=v3")).Properties("a").List()); got != "[x86_64 :: level :: v1 x86_64 :: level :: v2]" {
		t.Error(got)
	}
	if got := m.Support(nil).Properties("a"); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestMerge(t *testing.T) {
	providers := `{` + x86 + `, "lib": {"builtin": "b"}}`
	a := parsed(t, file(`{"a": {"lib": {"f": ["1", "2"]}}}`, ""))
	for _, c := range []struct{ part, labels, namespaces, faults string }{
		{file(`{"null": {}}`, ""), "a null", "x86_64 lib", "[]"},
		{file(`{"a": {"lib": {"f": ["2", "1"]}}}`, ""), "a", "x86_64 lib", "[]"},
		{file(`{"a": {"lib": {"f": ["1"]}}}`, ""), "a", "x86_64 lib", "[two: the variant a has other properties than in one]"},
		{file(`{}`, providers), "a", "x86_64 lib", "[]"},
		{strings.Replace(file(`{}`, ""), `"lib"]`, `"lib", "more"]`, 1), "a", "x86_64 lib more", "[]"},
		{strings.Replace(file(`{}`, ""), `, "lib"]`, `]`, 1), "a", "x86_64 lib", "[]"},
		{strings.Replace(file(`{}`, ""), `"x86_64", "lib"]`, `"lib", "x86_64", "c"]`, 1), "a", "x86_64 lib", "[two: its order of namespaces contradicts that of one]"},
		{strings.Replace(file(`{}`, ""), "v0.1.1", "v1.0.0", 1), "a", "x86_64 lib", "[two: its schema is not that of one]"},
	} {
		m, faults := Merge([]*Metadata{a, parsed(t, c.part)}, []string{"one", "two"})
		if got := strings.Join(m.Labels(), " "); got != c.labels || strings.Join(m.Namespaces, " ") != c.namespaces && len(faults) == 0 || fmt.Sprint(faults) != c.faults {
			t.Errorf("%s: %s, %v, %v", c.part, got, m.Namespaces, faults)
		}
	}
	with := parsed(t, file(`{}`, providers))
	other := parsed(t, file(`{}`, strings.Replace(providers, `"b"`, `"c"`, 1)))
	if _, faults := Merge([]*Metadata{with, other}, []string{"one", "two"}); fmt.Sprint(faults) != "[two: its provider of lib is not that of another file of the release]" {
		t.Error(faults)
	}
	three := []*Metadata{a, parsed(t, strings.Replace(file(`{}`, ""), `"lib"]`, `"lib", "more"]`, 1)), parsed(t, strings.Replace(file(`{}`, ""), `"lib"]`, `"lib", "other"]`, 1))}
	if _, faults := Merge(three, []string{"one", "two", "three"}); fmt.Sprint(faults) != "[three: its order of namespaces contradicts that of two]" {
		t.Error(faults)
	}
	if m, faults := Merge(nil, nil); m != nil || faults != nil {
		t.Errorf("%+v, %v", m, faults)
	}
	if m, _ := Merge([]*Metadata{a, with}, []string{"one", "two"}); len(m.Providers) != 2 || a.Providers != nil {
		t.Errorf("%+v changed %+v", m, a)
	}
}
