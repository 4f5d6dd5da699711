package coverage

import (
	"encoding/json"
	"testing"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/provider"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/variant"
)

// variantPool is what a recording of uv with variants has in addition.
type variantPool struct {
	Variants []string          // what the machine offers, as --variant takes it
	Metadata map[string]string // the variants.json files
}

// features reads the descriptions.
func features(t *testing.T, words []string) []tags.VariantFeature {
	t.Helper()
	var lists [][]tags.VariantFeature
	for _, word := range words {
		list, err := provider.Describe(word)
		if err != nil {
			t.Fatal(err)
		}
		lists = append(lists, list)
	}
	return provider.Merge(lists...)
}

// releases reads the variants.json files, by version.
func releases(t *testing.T, files map[string]string) (read map[string]*wheel.ReleaseVariants, broken []string) {
	t.Helper()
	read = map[string]*wheel.ReleaseVariants{}
	for name, text := range files {
		n, err := wheel.ParseVariantsName(name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := variant.Parse([]byte(text))
		if err != nil {
			broken = append(broken, n.Version.String())
		}
		read[n.Version.String()] = &wheel.ReleaseVariants{Metadata: m, Err: err}
	}
	return read, broken
}

// TestVariantsEqualUV compares the choice with what uv 0.13.9 took with
// --preview-features wheel-variants; see internal/tools/oracle/pools/variants.py.
func TestVariantsEqualUV(t *testing.T) {
	all := recordings(t, "uv+variants")
	if len(all) < 300 {
		t.Fatalf("only %d recordings", len(all))
	}
	labelled, unreadable := 0, 0
	for i, r := range all {
		var extra variantPool
		if err := json.Unmarshal(r.raw, &extra); err != nil {
			t.Fatal(err)
		}
		want := ""
		if r.File != nil {
			want = *r.File
			if n, err := wheel.ParseName(want); err == nil && n.Variant != "" {
				labelled++
			}
		}
		read, broken := releases(t, extra.Metadata)
		got, row := pickVariant(t, r, tags.UVVariants, features(t, extra.Variants), read)
		if len(broken) > 0 {
			unreadable++
		}
		if got != want {
			t.Errorf("%d on %s with %v, pinned %v, broken %v: took %q, uv took %q: %s\n%s", i, r.Target, extra.Variants, r.Pinned, broken, got, want, describe(row), extra.Metadata)
		}
		explained(t, row)
		if got, comparable := selected(t, r, row, read); comparable && got != want {
			t.Errorf("%d: wheel.Select took %q, uv took %q", i, got, want)
		}
	}
	if labelled < 120 || unreadable < 10 {
		t.Errorf("%d variants taken, %d unreadable: too few to show anything", labelled, unreadable)
	}
}

// selected asks wheel.Select, where a pool is of wheels alone, none withdrawn and no
// version pinned.
func selected(t *testing.T, r recorded, row *Row, read map[string]*wheel.ReleaseVariants) (string, bool) {
	t.Helper()
	var candidates []wheel.Candidate
	for _, f := range r.Files {
		n, err := wheel.ParseName(f.Name)
		if err != nil || f.Yanked || r.Pinned != nil {
			return "", false
		}
		c := wheel.Candidate{Name: n, Variants: read[n.Version.String()]}
		if f.Requires != nil {
			c.RequiresPython = *f.Requires
		}
		candidates = append(candidates, c)
	}
	for _, s := range wheel.Select(row.targets[0].Target, candidates, wheel.SelectOptions{}) {
		for _, rejected := range s.Rejected {
			if rejected.Reason.Code == "" || rejected.Reason.Message == "" {
				t.Errorf("%s is rejected with %+v", rejected.Wheel.Name, rejected.Reason)
			}
		}
		if s.Wheel != nil {
			return s.Wheel.Name.Filename, true
		}
	}
	return "", true
}
