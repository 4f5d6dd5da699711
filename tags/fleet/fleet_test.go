package fleet

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
)

// names lists what a fleet holds as "name=description".
func names(targets []Target) string {
	var out []string
	for _, t := range targets {
		text := t.Name
		if t.Name != t.Description.Name {
			text += "=" + t.Description.Name
		}
		if t.Group != "" {
			text = t.Group + ":" + text
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

func TestRead(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"[[targets]]\nplatform = 'debian:12'\n", "debian:12/x86_64"},
		{"[[targets]]\nname='a'\nplatform = 'debian:12'\narch='arm64'\n", "a=debian:12/aarch64"},
		{"targets = [{name='a', platform='bookworm', cpu_architecture='arm64', python='3.12'}]", "a=3.12@debian:12/aarch64"},
		{"[[targets]]\nname='w'\nplatforms=['debian:12','alpine:3.20']\narches=['amd64','arm64']\n",
			"w:debian:12/x86_64 w:debian:12/aarch64 w:alpine:3.20/x86_64 w:alpine:3.20/aarch64"},
		{"[[targets]]\nplatform='python:3.11-bullseye'\narches=['arm64','arm/v7']\n", "python:3.11-bullseye/aarch64 python:3.11-bullseye/armv7l"},
		{"[[targets]]\nname='debian:12/amd64'\nplatform = 'debian:12'\n", "debian:12/amd64=debian:12/x86_64"},
		{"[[targets]]\nplatform='debian:12'\npythons=['3.11','3.13t']\n", "3.11@debian:12/x86_64 3.13t@debian:12/x86_64"},
		{"[[targets]]\nplatform='linux/arm64'\nglibc='2.31'\npython='3.9'\n", "3.9@linux/aarch64 (glibc 2.31)"},
		{"[[targets]]\nplatform='arch'\nglibc='2.44'\npython='3.14'\n", "3.14@archlinux:latest/x86_64 (glibc 2.44)"},
		{`[{"name":"a","platform":"debian:12"}, {"platform":"win_amd64","python":"3.12"}]`, "a=debian:12/x86_64 3.12@win_amd64"},
		{` { "targets" : [ {"platform":"debian:12"} ] }`, "debian:12/x86_64"},
		{"[]", ""},
	} {
		f, err := Read(strings.NewReader(c.text), "fleet")
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got := names(f.Targets); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.text, got, c.want)
		}
	}
}

// TestPyproject: there the targets are below tool.wheeltag, and nothing else counts.
func TestPyproject(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"[[tool.wheeltag.targets]]\nplatform = 'debian:12'\n", "debian:12/x86_64"},
		{"[tool.wheeltag]\ntargets = [{platform = 'debian:12'}]\n", "debian:12/x86_64"},
		{"[[targets]]\nplatform = 'debian:12'\n", ""},
		{"[tool.other]\nx = 1\n", ""},
		{"tool = 1\n", ""},
		{"[tool]\nwheeltag = 1\n", ""},
		{"", ""},
	} {
		f, err := Read(strings.NewReader(c.text), "some/pyproject.toml")
		if err != nil || names(f.Targets) != c.want {
			t.Errorf("%s: %+v, %v; want %s", c.text, f, err, c.want)
		}
	}
}

// TestForm: the ending of a name says what a file is, else its first character.
func TestForm(t *testing.T) {
	const list, table = `[{"platform":"debian:12"}]`, "[[targets]]\nplatform = 'debian:12'\n"
	for _, c := range []struct {
		name, text string
		good       bool
	}{
		{"a.json", list, true}, {"a", list, true}, {"a.toml", list, false},
		{"a.toml", table, true}, {"a", table, true}, {"a.json", table, false},
	} {
		f, err := Read(strings.NewReader(c.text), c.name)
		if (err == nil) != c.good || c.good && names(f.Targets) != "debian:12/x86_64" {
			t.Errorf("%s %s: %+v, %v", c.name, c.text, f, err)
		}
	}
}

// TestFaults: each fault with its line and what to do.
func TestFaults(t *testing.T) {
	for _, c := range []struct{ text, code, want string }{
		{"[[targets]]\n\nplatform = 'debian:112'\n", "unknown", "fleet:1: target \"debian:112\": unknown release"},
		{"\n\n[[targets]]\nplatform = 'debian:11'\narch='riscv64'\n", "not-built", "fleet:3: target \"debian:11\": debian:11 is recorded for"},
		{"[[targets]]\nname='a'\nplatform='debian:11'\n[[targets]]\nname='a'\nplatform='debian:12'\n", "duplicate", "fleet:4: the name \"a\" is taken by line 1"},
		{"[[targets]]\nplatform='debian:11'\n[[targets]]\nplatform='bullseye'\n", "duplicate", "fleet:3: the target debian:11/x86_64 is there already, from line 1"},
		{"[[targets]]\nplatform='debian:11'\nos='x'\n", "key", "fleet:3: unknown key \"os\"; a row of [[targets]] has name, platform"},
		{"[[targets]]\nplatform=11\n", "key", "fleet:2: platform is not a string; put it in quotes"},
		{"[[targets]\n", "syntax", "fleet:1: "},
		{"[[targets]]\nname='a'\n", "key", "fleet:1: has no platform"},
		{"[[targets]]\nplatform='debian:11'\narches=[]\n", "key", "fleet:1: has an empty list"},
		{"[[targets]]\nplatform='debian:11'\narch='arm64'\narches=['amd64']\n", "key", "fleet:1: has both arch and arches"},
		{"[[targets]]\nplatform='debian:11'\narch='arm64'\ncpu_architecture='arm64'\n", "key", "fleet:1: has both arch and cpu_architecture"},
		{"[[targets]]\nname='@a'\nplatform='debian:11'\n", "key", "fleet:1: the name \"@a\" cannot be used"},
		{"[[targets]]\nname='debian:12'\nplatform='debian:11'\n", "key", "fleet:1: the name \"debian:12\" cannot be used: it is a target already"},
		{"[[targets]]\nname='bookworm'\nplatforms=['debian:12','debian:11']\n", "key", "it is a target already"},
		{"[[targets]]\nname='archlinux'\nplatform='debian:11'\n", "key", "it is a target already"},
		{"[[targets]]\nname='host'\nplatform='debian:11'\n", "key", "fleet:1: the name \"host\" cannot be used"},
		{"[[targets]]\nplatform='3.12@tumbleweed'\n", "no-libc", "--glibc 2.43"},
		{"[[targets]]\nplatform='3.12@gentoo'\n", "no-libc", "no single libc"},
		{"targets = [\n {platform='debian:11'},\n {platform='x'},\n]\n", "unknown", "fleet:3: "},
		{"[\n{\"platform\":\"debian:11\"},\n\n{\"platform\":\"x\"}]", "unknown", "fleet:4: "},
		{"[\n{\"platform\":\"debian:11\",\n\"os\":1}]", "key", "fleet:2: unknown field \"os\"; a row has"},
		{"[\n{\"platform\":\"debian:11\"},", "syntax", "fleet:2: ends in the middle"},
		{"{\"rows\":[]}", "syntax", "fleet:1: want an array of rows"},
		{"[\n{\"platform\":\"debian:11\"\n]", "syntax", "fleet:3: "},
	} {
		f, err := Read(strings.NewReader(c.text), "fleet")
		var e *Error
		says := strings.Contains
		if strings.HasPrefix(c.want, "fleet:") {
			says = strings.HasPrefix
		}
		if !errors.As(err, &e) || f != nil || e.Code != c.code || !says(err.Error(), c.want) {
			t.Errorf("%s:\ngot  %v (%+v)\nwant %s with code %s", c.text, err, e, c.want, c.code)
		}
	}
	_, err := Read(strings.NewReader("[[targets]]\nplatform='x'\n[[targets]]\nplatform='y'\n"), "fleet")
	if err == nil || strings.Count(err.Error(), "unknown platform") != 2 {
		t.Errorf("want both faults, got %v", err)
	}
	if _, err := Read(strings.NewReader("[[targets]]\nplatforms=['debian:12'"+strings.Repeat(",'debian:12'", 200)+"]\narches=['x'"+strings.Repeat(",'x'", 200)+"]\n"), "f"); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("no limit: %v", err)
	}
}

func TestLookup(t *testing.T) {
	f, err := Read(strings.NewReader("[[targets]]\nname='w'\nplatform='debian:12'\narches=['amd64','arm64']\n[[targets]]\nname='one'\nplatform='alpine:3.20'\n"), "fleet")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"w": "w:debian:12/x86_64 w:debian:12/aarch64", "one": "one=alpine:3.20/x86_64", "debian:12/aarch64": "w:debian:12/aarch64", "debian:12": "", "": "",
	} {
		if got := names(f.Lookup(name)); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if got := f.Names(); !slices.Equal(got, []string{"w", "debian:12/x86_64", "debian:12/aarch64", "one"}) {
		t.Errorf("%q", got)
	}
}

// TestSets: every row of the data makes targets, each once, and each ready.
func TestSets(t *testing.T) {
	today := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	counts := map[string]int{}
	for _, info := range Sets() {
		targets, err := Set("@"+info.Name, today)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, target := range targets {
			if seen[target.Name] {
				t.Errorf("%s: %s twice", info.Name, target.Name)
			}
			seen[target.Name] = true
			if _, err := tags.New(target.Description.Python, target.Description.Platform, tags.Packaging); err != nil {
				t.Errorf("%s: %s: %v", info.Name, target.Name, err)
			}
		}
		counts[info.Name] = len(targets)
	}
	for _, s := range sets() {
		for _, r := range s.rows {
			one := set{s.SetInfo, []setRow{r}}
			if len(one.targets("")) == 0 {
				t.Errorf("%s: a row without targets: %v", s.Name, r)
			}
		}
	}
	if counts["cibuildwheel"] != 171 { // 9 Pythons on 19 platforms
		t.Errorf("@cibuildwheel has %d targets", counts["cibuildwheel"])
	}
	for word, want := range map[string][]string{
		"@opendev":              {"centos:7/x86_64", "debian:13/aarch64", "ubuntu:16.04/x86_64", "3.13@gentoo:latest/aarch64 (glibc 2.41)"},
		"opendev/arm64":         {"debian:13/aarch64"},
		"@docker-python":        {"python:3.9-bullseye/armv5tel", "python:3.14-trixie/riscv64", "python:3.12-alpine3.22/armv6l"},
		"@docker-python/arm/v7": {"python:3.11-bookworm/armv7l"},
		"@manylinux":            {"3.14t@manylinux_2_28_x86_64"},
		"@musllinux/s390x":      {"3.9@musllinux_1_2_s390x"},
		"@cibuildwheel":         {"3.15t@win_amd64", "3.12@win32", "3.14@macosx_11_0_arm64", "3.11@macosx_10_9_x86_64", "3.14@macosx_10_15_x86_64", "3.9@manylinux_2_28_i686", "3.15@manylinux_2_39_riscv64"},
		"@supported":            {"debian:13/x86_64", "ubuntu:24.04/aarch64"},
		"@supported/riscv64":    {"debian:13/riscv64"},
	} {
		targets, err := Set(word, today)
		if err != nil {
			t.Errorf("%s: %v", word, err)
		}
		for _, name := range want {
			if !slices.ContainsFunc(targets, func(t Target) bool { return t.Name == name }) {
				t.Errorf("%s lacks %s: %s", word, name, names(targets))
			}
		}
	}
	late, err := Set("@supported", time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil || strings.Contains(names(late), "debian:13") || !strings.Contains(names(late), "ubuntu:26.04") {
		t.Errorf("in 2030: %s %v", names(late), err)
	}
	for word, want := range map[string]string{"@opendevs": "there are @opendev", "@opendev/s390x": "no target for s390x", "@opendev/z80": "unknown"} {
		if _, err := Set(word, today); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", word, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("[[targets]]\nname='a'\nplatforms=['debian:12','alpine:3.20']\narches=['amd64']\n")
	f.Add("targets = [{platform='x'}]")
	f.Add(`{"targets":[{"platform":"debian:12","pythons":["3.9"]}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		fleet, err := Read(strings.NewReader(text), "f")
		if (err == nil) == (fleet == nil) {
			t.Fatalf("%v %v", fleet, err)
		}
		if fleet != nil {
			for _, target := range fleet.Targets {
				if target.Line < 1 {
					t.Fatalf("no line: %+v", target)
				}
			}
		}
	})
}

// TestFile reads the fleet of the fixtures.
func TestFile(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "..", "testdata", "wheeltag.toml"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fleet, err := Read(f, "wheeltag.toml")
	if err != nil || len(fleet.Targets) < 3 {
		t.Errorf("%v %v", fleet, err)
	}
}

// TestMembersLeadBack: the name that a member of a set is listed by is a target.
func TestMembersLeadBack(t *testing.T) {
	for _, s := range Sets() {
		targets, err := Set(s.Name, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range targets {
			got, err := Describe(want.Name, distro.Options{})
			if err != nil || got.Name != want.Name || got.Platform != want.Description.Platform || !got.Python.SameTags(want.Description.Python) {
				t.Errorf("%s of @%s: %+v, %v", want.Name, s.Name, got, err)
			}
		}
	}
}
