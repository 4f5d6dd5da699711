package audit

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

var fixtures = filepath.Join("..", "..", "testdata")

// fixtureRow is a row of a table in testdata/README.md, which is written from
// the tables of the script that builds the wheels.
type fixtureRow struct{ file, shows, findings, auditwheel string }

func fixtureTable(t testing.TB, name string) []fixtureRow {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(fixtures, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(text), "<!-- table "+name+" -->")
	table, _, end := strings.Cut(table, "<!-- end "+name+" -->")
	if !ok || !end {
		t.Fatalf("no table %s", name)
	}
	var rows []fixtureRow
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.Trim(strings.TrimSpace(cells[i]), "`")
		}
		if len(cells) < 3 || !strings.HasSuffix(cells[0], ".whl") {
			continue
		}
		row := fixtureRow{file: cells[0], shows: cells[1], auditwheel: cells[len(cells)-1]}
		if len(cells) == 4 {
			row.findings = cells[2]
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		t.Fatalf("table %s is empty", name)
	}
	return rows
}

func auditFixture(t testing.TB, folder, name string) *Report {
	t.Helper()
	r, err := File(t.Context(), filepath.Join(fixtures, folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestHonestWheels: nothing is wrong with them, and the tag is the one claimed.
func TestHonestWheels(t *testing.T) {
	for _, folder := range []string{"wheels", "wheels-differ"} {
		for _, row := range fixtureTable(t, folder) {
			r := auditFixture(t, folder, row.file)
			if r.Verdict != finding.Pass || r.Fails(true) {
				t.Errorf("%s (%s): %s, %+v", row.file, row.shows, r.Verdict, r.Findings)
			}
			if !slices.Contains(r.Claimed, r.PlatformTag) {
				t.Errorf("%s: we say %s", row.file, r.PlatformTag)
			}
			want, _, _ := strings.Cut(row.auditwheel, " ")
			if says := r.Auditwheel; says.OverallTag != want && (want != "pure" || says.Error == "") {
				t.Errorf("%s: we take auditwheel to say %+v; it says %s", row.file, says, row.auditwheel)
			}
			if differs := len(r.Auditwheel.Differs) > 0; differs != (folder == "wheels-differ" || want == "pure") {
				t.Errorf("%s: differs by %q", row.file, r.Auditwheel.Differs)
			}
		}
	}
}

var ruleID = regexp.MustCompile(`WT\d\d\d`)

// TestFaultyWheels: each breaks the rule that its row names, and no other.
func TestFaultyWheels(t *testing.T) {
	for _, row := range fixtureTable(t, "wheels-bad") {
		r := auditFixture(t, "wheels-bad", row.file)
		want := ruleID.FindString(row.findings)
		if strings.HasPrefix(row.file, "unrecorded-") {
			want = "WT401 WT482" // it has a text next to the module
		}
		if _, known := finding.Lookup(want); !known {
			continue // of a rule that is not in the catalogue yet
		}
		var got []string
		for _, f := range r.Findings {
			if f.Severity != finding.Note && !slices.Contains(got, f.Rule) {
				got = append(got, f.Rule)
			}
			if f.Message == "" || f.Severity == 0 {
				t.Errorf("%s: finding %+v", row.file, f)
			}
		}
		if want == "WT212" {
			want = "WT202 WT212" // libpython is a library from outside too
			slices.Sort(got)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s (%s): findings %q, want %s", row.file, row.shows, got, want)
		}
		if r.PlatformTag != r.Auditwheel.OverallTag && len(r.Auditwheel.Differs) == 0 {
			t.Errorf("%s: we say %q, auditwheel %q, and no code says why", row.file, r.PlatformTag, r.Auditwheel.OverallTag)
		}
		switch {
		case strings.HasSuffix(row.auditwheel, "_x86_64"), strings.HasSuffix(row.auditwheel, "_aarch64"), strings.HasSuffix(row.auditwheel, "_s390x"):
			if r.Auditwheel.OverallTag != row.auditwheel {
				t.Errorf("%s: we take auditwheel to say %+v; it says %s", row.file, r.Auditwheel, row.auditwheel)
			}
		default:
			if r.Auditwheel.Error == "" {
				t.Errorf("%s: we take auditwheel to say %+v; it %s", row.file, r.Auditwheel, row.auditwheel)
			}
		}
	}
}

// machineTag is auditwheel's word for a machine: any hard-float ARM is armv7l to it.
func machineTag(f *elfaudit.File) string {
	if m := f.MachineTag(); m != "armv6l" {
		return m
	}
	return "armv7l"
}

// TestAuditwheelOfFixtures compares what we take auditwheel to say of each ELF
// fixture, alone in a wheel, with what it said when the fixtures were built.
func TestAuditwheelOfFixtures(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(fixtures, "facts.json"))
	if err != nil {
		t.Fatal(err)
	}
	var facts map[string]struct{ Auditwheel string }
	if err := json.Unmarshal(text, &facts); err != nil {
		t.Fatal(err)
	}
	compared := 0
	for name, want := range facts {
		content, err := os.ReadFile(filepath.Join(fixtures, "elf", name))
		if err != nil {
			t.Fatal(err)
		}
		o := readELF(name, bytes.NewReader(content), int64(len(content)))
		machine := machineTag(o.ELF)
		if machine == "" {
			continue // it was asked about a name that only the script knows
		}
		suffix := "gnu"
		if strings.Contains(name, "musl") || strings.Contains(name, "alpine") {
			suffix = "musl"
		}
		w := wheelOf(t, map[string][]byte{"demo.cpython-311-" + machine + "-linux-" + suffix + ".so": content})
		r, err := New(Options{}).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), "demo-1.0-cp311-cp311-linux_"+machine+".whl")
		if err != nil {
			t.Fatal(err)
		}
		compared++
		got := r.Auditwheel.OverallTag
		if got == "" {
			got = "error: " + r.Auditwheel.Error
		}
		if got != want.Auditwheel {
			t.Errorf("%s: we take auditwheel to say %s; it says %s", name, got, want.Auditwheel)
		}
	}
	if compared < 120 {
		t.Errorf("only %d compared", compared)
	}
}
