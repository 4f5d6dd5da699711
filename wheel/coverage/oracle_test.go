package coverage

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// recorded is one pool and the file that an installer took.
type recorded struct {
	Target string
	Files  []struct {
		Name     string
		Requires *string
		Yanked   bool
	}
	Pinned *string
	File   *string

	raw []byte
}

func recordings(t *testing.T, name string) []recorded {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all []recorded
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r recorded
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		r.raw = bytes.Clone(lines.Bytes())
		all = append(all, r)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// pick answers like an installer with the profile.
func pick(t *testing.T, r recorded, profile tags.Profile) (string, *Row) {
	t.Helper()
	return pickVariant(t, r, profile, nil, nil)
}

// pickVariant is pick with variants: what the machine offers, and the metadata of each
// version.
func pickVariant(t *testing.T, r recorded, profile tags.Profile, features []tags.VariantFeature, variants map[string]*wheel.ReleaseVariants) (string, *Row) {
	t.Helper()
	d, err := distro.Parse(r.Target, distro.Options{})
	if err != nil {
		t.Fatal(err)
	}
	target, err := tags.New(d.Python, d.Platform, profile)
	if err != nil {
		t.Fatal(err)
	}
	p := project{name: "demo", variants: variants}
	for _, f := range r.Files {
		o := Offer{Name: f.Name, Yanked: f.Yanked}
		if f.Requires != nil {
			o.RequiresPython = *f.Requires
		}
		p.offers = append(p.offers, o)
	}
	if r.Pinned != nil {
		if p.allowed, err = pep440.ParseSpecifierSet("==" + *r.Pinned); err != nil {
			t.Fatal(err)
		}
		p.pinned, p.pre = true, true
	}
	targets := []Target{NewTarget(target.WithName(r.Target).WithVariantFeatures(features))}
	row := newRow(&p, targets, newFitters(targets), nil)
	return row.File(0), &row
}

// TestInstallers holds the choice against real pip and real uv.
func TestInstallers(t *testing.T) {
	for name, profile := range map[string]tags.Profile{"pip": tags.Pip, "uv": tags.UV} {
		t.Run(name, func(t *testing.T) {
			all := recordings(t, name)
			if len(all) < 300 {
				t.Fatalf("only %d recordings", len(all))
			}
			for i, r := range all {
				want := ""
				if r.File != nil {
					want = *r.File
				}
				got, row := pick(t, r, profile)
				if got != want {
					t.Errorf("%d on %s, pinned %v: took %q, %s took %q: %s", i, r.Target, r.Pinned, got, name, want, describe(row))
				}
				explained(t, row)
			}
		})
	}
}

// TestSelect holds wheel.Select against the same recordings, where they are of
// wheels alone, none withdrawn and no version pinned.
func TestSelect(t *testing.T) {
	for name, profile := range map[string]tags.Profile{"pip": tags.Pip, "uv": tags.UV} {
		compared := 0
		for i, r := range recordings(t, name) {
			var candidates []wheel.Candidate
			for _, f := range r.Files {
				n, err := wheel.ParseName(f.Name)
				if err != nil || f.Yanked {
					break
				}
				c := wheel.Candidate{Name: n}
				if f.Requires != nil {
					c.RequiresPython = *f.Requires
				}
				candidates = append(candidates, c)
			}
			if r.Pinned != nil || len(candidates) < len(r.Files) {
				continue
			}
			compared++
			_, row := pick(t, r, profile)
			target := row.targets[0]
			want, got := "", ""
			if r.File != nil {
				want = *r.File
			}
			for _, s := range wheel.Select(target.Target, candidates, wheel.SelectOptions{}) {
				if s.Wheel != nil {
					got = s.Wheel.Name.Filename
				}
			}
			if got != want {
				t.Errorf("%s, %d on %s: took %q, really %q: %s", name, i, r.Target, got, want, describe(row))
			}
		}
		if compared < 50 {
			t.Errorf("%s: only %d compared", name, compared)
		}
	}
}

// explained checks that every offer that was not taken has its reason, and the
// one that was has none.
func explained(t *testing.T, row *Row) {
	t.Helper()
	for _, c := range row.Candidates(0) {
		if c.Taken == (c.Reason.Code != "") || c.Taken != (c.Name == row.File(0)) || !c.Taken && c.Reason.Message == "" {
			t.Errorf("%s: taken %v, reason %+v", c.Name, c.Taken, c.Reason)
		}
	}
}

func describe(row *Row) string {
	text := ""
	for _, o := range row.project.offers {
		text += "\n\t" + o.Name + " " + o.RequiresPython
		if o.Yanked {
			text += " yanked"
		}
	}
	return text
}
