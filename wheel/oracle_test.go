package wheel

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/tags"
)

// uniqueTags counts the different tags of a set and hashes their sorted list.
func uniqueTags(n *Name) (int, string) {
	var all []string
	for tag := range n.Tags.Tags() {
		all = append(all, tag.String()+"\n")
	}
	slices.Sort(all)
	all = slices.Compact(all)
	sum := sha256.Sum256([]byte(strings.Join(all, "")))
	return len(all), hex.EncodeToString(sum[:])[:16]
}

// TestNamesEqualPackaging compares the verdict and every field with what
// packaging 26.3 made of 20,000 names; see internal/tools/oracle/names.
func TestNamesEqualPackaging(t *testing.T) {
	f, err := os.Open(filepath.Join("testdata", "names.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	total, accepted := 0, 0
	for lines := bufio.NewScanner(z); lines.Scan(); total++ {
		var record []json.RawMessage
		if err := json.Unmarshal(lines.Bytes(), &record); err != nil {
			t.Fatal(err)
		}
		var name string
		var want []json.RawMessage
		if json.Unmarshal(record[0], &name) != nil || json.Unmarshal(record[1], &want) != nil {
			t.Fatalf("record %s", lines.Bytes())
		}
		got, err := ParseName(name)
		if err == nil {
			err = got.ReadableBy(tags.Packaging)
		}
		if (err == nil) != (want != nil) {
			t.Errorf("%q: packaging accepts %v, we say %v", name, want != nil, err)
			continue
		}
		if err != nil {
			checkNameError(t, name, err)
			continue
		}
		accepted++
		var project, version, hash string
		var build []string
		var count int
		for i, field := range []any{&project, &version, &build, &count, &hash} {
			if err := json.Unmarshal(want[i], field); err != nil {
				t.Fatal(err)
			}
		}
		wantBuild := Build{}
		if len(build) == 2 {
			wantBuild = Build{build[0], build[1]}
		}
		n, h := uniqueTags(&got)
		if got.NormalizedName() != project || got.Version.String() != version || got.Build.Number() != wantBuild.Digits ||
			got.Build.Suffix != wantBuild.Suffix || n != count || h != hash {
			t.Errorf("%q: got %q %q %q %d %s, want %s", name, got.NormalizedName(), got.Version, got.Build, n, h, want)
		}
	}
	if total < 20_000 || accepted < 5_000 || total-accepted < 5_000 {
		t.Errorf("%d names, %d accepted: too few to show anything", total, accepted)
	}
}

// checkNameError holds for each refusal: a code, a place inside the name and a
// part that is found there.
func checkNameError(t *testing.T, name string, err error) {
	t.Helper()
	e, ok := err.(*NameError)
	if !ok || e.Code == "" || e.Filename != name || e.Offset < 0 || e.Offset > len(name) || e.Error() == "" {
		t.Errorf("%q: error %#v", name, err)
		return
	}
	if !strings.Contains(name, e.Part) {
		t.Errorf("%q: the part at fault is said to be %q", name, e.Part)
	}
}
