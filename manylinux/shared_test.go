package manylinux

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// published is a folder of real wheels with auditwheel's answers, which lies
// beside the checkout when it is there at all.
var published = filepath.Join("..", "..", "shared", "wheels")

// answer is what auditwheel 6.8.2 printed for a wheel on a neutral host.
type answer struct {
	Exit int
	Show struct {
		OverallTag   string              `json:"overall_tag"`
		SymTag       string              `json:"sym_tag"`
		ExternalLibs map[string]any      `json:"external_libs"`
		Versioned    map[string][]string `json:"versioned_symbols"`
		Error        string
	}
}

func answers(t testing.TB) map[string]answer {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(published, "auditwheel-6.8.2.json"))
	if err != nil {
		t.Skip("the folder of real wheels is not there")
	}
	var all map[string]answer
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestPublished(t *testing.T) {
	all := answers(t)
	same := 0
	for name, want := range all {
		got, err := AuditFile(filepath.Join(published, name))
		if err != nil {
			t.Error(err)
			continue
		}
		if got.PlatformTag == want.Show.OverallTag && got.SymbolTag == want.Show.SymTag {
			same++
		} else {
			t.Logf("%s\n  we say %s, %s, external %v; auditwheel %s, %s, %v %s", name, got.PlatformTag, got.SymbolTag, got.External, want.Show.OverallTag, want.Show.SymTag, want.Show.ExternalLibs, want.Show.Error)
		}
		if aw := got.Auditwheel; aw.OverallTag != want.Show.OverallTag || aw.SymTag != want.Show.SymTag || len(aw.External) != len(want.Show.ExternalLibs) {
			t.Errorf("%s: we take auditwheel to say %+v; it says %+v", name, aw, want.Show)
		}
		for _, f := range got.Findings {
			if f.Severity == Error {
				t.Logf("%s: %s %s %s", name, f.Rule, f.File, f.Message)
			}
		}
	}
	t.Logf("%d of %d equal", same, len(all))
}
