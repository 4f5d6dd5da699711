package report

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
	"github.com/wheeltag/wheeltag/wheel/coverage"
	"github.com/wheeltag/wheeltag/wheel/index"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

// targetsOf are the targets of some words.
func targetsOf(t *testing.T, words ...string) []coverage.Target {
	t.Helper()
	var targets []coverage.Target
	for _, word := range words {
		d, err := distro.Parse(word, distro.Options{})
		if err != nil {
			t.Fatal(err)
		}
		target, err := tags.New(d.Python, d.Platform, tags.Packaging)
		if err != nil {
			t.Fatal(err)
		}
		targets = append(targets, coverage.NewTarget(target.WithName(word)))
	}
	return targets
}

// locked are the rows of a lock file with packages: name, then its files.
func locked(t *testing.T, head string, targets []coverage.Target, packages ...string) []Record {
	t.Helper()
	text := "lock-version = '1.0'\n" + head
	for _, p := range packages {
		words := strings.Fields(p)
		text += fmt.Sprintf("[[packages]]\nname = '%s'\nversion = '1'\n", words[0])
		var wheels []string
		for _, file := range words[1:] {
			if strings.HasSuffix(file, ".gz") {
				text += fmt.Sprintf("sdist = { url = 'h/%s', hashes = { sha256 = 'aa' } }\n", file)
				continue
			}
			wheels = append(wheels, fmt.Sprintf("{ url = 'h/%s', hashes = { sha256 = 'aa' } }", file))
		}
		text += "wheels = [" + strings.Join(wheels, ", ") + "]\n"
	}
	lock, err := lockfile.Read(strings.NewReader(text), "pylock.toml")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := coverage.Locked(lock, lockfile.Selection{}, nil, targets)
	if err != nil {
		t.Fatal(err)
	}
	var list []Record
	for row := range rows {
		list = append(list, &Coverage{Row: &row})
	}
	return list
}

func fails(s coverage.State) bool { return s >= coverage.Build }

// TestMatrixFormats: one matrix in every format but HTML.
func TestMatrixFormats(t *testing.T) {
	targets := targetsOf(t, "3.11@debian:12/amd64", "3.12@alpine:3.20/arm64")
	rows := locked(t, "", targets, "pure pure-1-py3-none-any.whl", "more more-1-py3-none-any.whl", "fast fast-1-cp311-cp311-manylinux_2_17_x86_64.whl fast-1.tar.gz", "none none-1-cp311-cp311-manylinux_2_17_x86_64.whl")
	c := Config{Matrix: Matrix{Title: "x.lock", Targets: targets, Fails: fails}}
	text := `  a  3.11@debian:12/amd64    2 wheel, 2 pure
  b  3.12@alpine:3.20/arm64  1 missing, 1 build, 2 pure

X missing  B build  w wheel  . pure

  ab
  wX  none 1
  wB  fast 1
  ..  pure 1, more 1
`
	if diff := cmp.Diff(text, written(t, "text", c, rows...)); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	csv := "package,version,3.11@debian:12/amd64,3.12@alpine:3.20/arm64\npure,1,pure,pure\nmore,1,pure,pure\nfast,1,wheel,build\nnone,1,wheel,missing\n"
	if diff := cmp.Diff(csv, written(t, "csv", c, rows...)); diff != "" {
		t.Errorf("csv (-want +got):\n%s", diff)
	}
	markdown := "| package | version | 3.11@debian:12/amd64 | 3.12@alpine:3.20/arm64 |\n|---|---|---|---|\n| fast | 1 | wheel | **build** |\n| none | 1 | wheel | **missing** |\n\n2 of 4 packages have no hole.\n"
	if diff := cmp.Diff(markdown, written(t, "markdown", c, rows...)); diff != "" {
		t.Errorf("markdown (-want +got):\n%s", diff)
	}
	json := written(t, "json", c, rows[3])
	if lines := strings.Split(strings.TrimSpace(json), "\n"); len(lines) != 2 || lines[0] != `{"schema":"wheeltag.coverage/v1","package":"none","version":"1","target":"3.11@debian:12/amd64","state":"wheel","file":"none-1-cp311-cp311-manylinux_2_17_x86_64.whl"}` || !strings.Contains(lines[1], `"target":"3.12@alpine:3.20/arm64","state":"missing","reason":{"code":"python-version","message":"`) || strings.Contains(json, "nearest") || strings.Contains(json, "candidates") {
		t.Errorf("json: %s", json)
	}
	html := written(t, "html", c, rows...)
	for _, want := range []string{"x.lock", "3.11@debian:12/amd64", "CPython 3.12, Linux aarch64, musl 1.2", "none-1-cp311-cp311-manylinux_2_17_x86_64.whl"} {
		if !strings.Contains(html, want) {
			t.Errorf("html: no %s", want)
		}
	}
	c.BuildList = true
	if got, want := written(t, "text", c, rows...), "# CPython 3.11, glibc, x86_64: 3.11@debian:12/amd64\n# CPython 3.12, musl, aarch64: 3.12@alpine:3.20/arm64\nfast==1\nnone==1\n"; got != want {
		t.Errorf("build list: %s", got)
	}
	if got, want := written(t, "json", c, rows...), `{"schema":"wheeltag.build-list/v1","target":"3.11@debian:12/amd64","requirements":[]}`+"\n"+`{"schema":"wheeltag.build-list/v1","target":"3.12@alpine:3.20/arm64","requirements":["fast==1","none==1"]}`+"\n"; got != want {
		t.Errorf("build list: %s", got)
	}
	c.Targets = targets[1:]
	alone := locked(t, "", c.Targets, "fast fast-1.tar.gz")
	if got := written(t, "text", c, alone...); got != "fast==1\n" {
		t.Errorf("build list of one target: %s", got)
	}
	c.BuildList, c.Nearest, c.Explain = false, true, true
	detailed := written(t, "json", c, locked(t, "", c.Targets, "none none-1-cp312-cp312-manylinux_2_17_aarch64.whl none-1-cp312-cp312-musllinux_1_9_aarch64.whl", "pure pure-1-py3-none-any.whl")...)
	for _, want := range []string{`"nearest":[{"kind":"`, `"candidates":[{"file":"none-1-cp312-cp312-manylinux_2_17_aarch64.whl","taken":false,"reason":{"code":"libc-family","message":`, `{"file":"pure-1-py3-none-any.whl","taken":true,"tag":"py3-none-any"}`} {
		if !strings.Contains(detailed, want) {
			t.Errorf("no %s in %s", want, detailed)
		}
	}
}

// TestMatrixText: candidates, the nearest changes, refusals, colours and many packages.
func TestMatrixText(t *testing.T) {
	targets := targetsOf(t, "3.12@alpine:3.20/arm64")
	c := Config{Matrix: Matrix{Targets: targets, Fails: fails, Explain: true}}
	rows := locked(t, "", targets, "a a-1-cp312-cp312-musllinux_1_2_aarch64.whl a-1-py3-none-any.whl a-1.tar.gz", "b b-1.tar.gz", "c c-1-cp311-cp311-musllinux_1_2_aarch64.whl")
	got := written(t, "text", c, rows...)
	for _, want := range []string{
		"a 1 on 3.12@alpine:3.20/arm64: wheel\n", "  take a-1-cp312-cp312-musllinux_1_2_aarch64.whl\n       by cp312-cp312-musllinux_1_2_aarch64\n", "  not  a-1-py3-none-any.whl\n       ",
		"b 1 on 3.12@alpine:3.20/arm64: build\n", "  take b-1.tar.gz, to build\n", "c 1 on 3.12@alpine:3.20/arm64: missing\n", "  not  c-1-cp311-cp311-musllinux_1_2_aarch64.whl\n       built for CPython 3.11 only; 3.12@alpine:3.20/arm64 has Python 3.12\n       (python-version)\n", "  near ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	c.Explain, c.Nearest = false, true
	got = written(t, "text", c, rows...)
	for _, want := range []string{"\nWhat would fill the holes:\n", "  c on 3.12@alpine:3.20/arm64: "} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	c.Nearest, c.Colour = false, true
	if got = written(t, "text", c, rows[2]); !strings.Contains(got, "  \x1b[31mX\x1b[0m  c 1\n") {
		t.Errorf("%q", got)
	}
	c.Colour = false
	for n, want := range map[int]string{13: "p12 1\n", 14: "and 2 more\n", 20: "and 8 more\n"} {
		var packages, holes []string
		for i := range n {
			packages = append(packages, fmt.Sprintf("p%d p%d-1-py3-none-any.whl", i, i))
			holes = append(holes, fmt.Sprintf("p%d p%d-1.tar.gz", i, i))
		}
		got := written(t, "text", c, locked(t, "", targets, packages...)...)
		if !strings.HasSuffix(strings.Join(strings.Fields(got), " ")+"\n", strings.Join(strings.Fields(want), " ")+"\n") {
			t.Errorf("%d packages: %s", n, got)
		}
		if got := written(t, "text", c, locked(t, "", targets, holes...)...); strings.Contains(got, " more") || !strings.Contains(got, fmt.Sprintf("p%d 1", n-1)) {
			t.Errorf("%d holes: %s", n, got)
		}
	}
	// A lock file that is not for a target.
	old := targetsOf(t, "3.9@debian:11/amd64", "3.11@debian:12/amd64")
	c.Targets = old
	some := locked(t, "requires-python = '>=3.11'\n", old, "a a-1-py3-none-any.whl")
	if got, want := written(t, "text", c, some...), "  a  3.9@debian:11/amd64   the lock is for Python >=3.11, not 3.9\n  b  3.11@debian:12/amd64  1 pure\n\n. pure  / unsupported\n\n  ab\n  /.  a 1\n"; got != want {
		t.Errorf("%q", got)
	}
	c.Targets = old[:1]
	none := locked(t, "requires-python = '>=3.11'\n", old[:1], "a a-1-py3-none-any.whl")
	if got, want := written(t, "text", c, none...), "  a  3.9@debian:11/amd64  the lock is for Python >=3.11, not 3.9\n"; got != want {
		t.Errorf("%q", got)
	}
	if got, want := written(t, "markdown", c, none...), "| package | version | 3.9@debian:11/amd64 |\n|---|---|---|\n\n0 of 1 packages have no hole.\n\n**the lock is for Python &lt;"; !strings.HasPrefix(got, want[:len(want)-4]) || !strings.HasSuffix(got, "**\n") {
		t.Errorf("%q", got)
	}
	for n, want := range map[int]string{0: "a", 25: "z", 26: "aa", 27: "ab", 51: "az", 52: "ba", 701: "zz", 702: "aaa"} {
		if got := columnName(n); got != want {
			t.Errorf("column %d: %s, want %s", n, got, want)
		}
	}
	var many []string
	for i := range 46 {
		many = append(many, fmt.Sprintf("3.11@manylinux_2_%d_x86_64", 17+i))
	}
	c.Targets = targetsOf(t, many...)
	got = written(t, "text", c, locked(t, "", c.Targets, "a a-1-py3-none-any.whl")...)
	if !strings.Contains(got, "\n  "+strings.Repeat(" ", 26)+strings.Repeat("a", 20)+"\n  abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrst\n  "+strings.Repeat(".", 46)+"\n      a 1\n") {
		t.Errorf("%s", got)
	}
}

// TestMatrixPage: the page explains the holes in full, and of other cells what is taken.
func TestMatrixPage(t *testing.T) {
	targets := targetsOf(t, "3.12@alpine:3.20/arm64", "3.12@debian:12/arm64")
	rows := locked(t, "", targets, "a a-1-cp312-cp312-musllinux_1_2_aarch64.whl a-1-cp312-cp312-win32.whl")
	m := matrix{Config: Config{Matrix: Matrix{Targets: targets, Fails: fails}}}
	page := m.pageRow(rows[0].(*Coverage).Row)
	if len(page.Cells) != 2 || len(page.Cells[0].Candidates) != 0 || page.Cells[0].File != "a-1-cp312-cp312-musllinux_1_2_aarch64.whl" || page.Cells[0].State != "wheel" {
		t.Errorf("%+v", page.Cells)
	}
	if c := page.Cells[1]; c.State != "missing" || len(c.Candidates) != 2 || c.Candidates[0].Taken || c.Candidates[0].Reason == "" || c.File != "" || c.Reason == "" {
		t.Errorf("%+v", c)
	}
	build := locked(t, "", targets, "a a-1-cp312-cp312-win32.whl a-1.tar.gz")
	if c := m.pageRow(build[0].(*Coverage).Row).Cells[0]; c.State != "build" || len(c.Candidates) != 2 || c.Candidates[0].Taken == c.Candidates[1].Taken {
		t.Errorf("%+v", c)
	}
	// Lines of a build list are sorted, each once, without a version that is not known.
	m.rows = []*coverage.Row{
		{Package: "b", Version: "1", Cells: []coverage.Cell{{State: coverage.Build}}}, {Package: "a", Cells: []coverage.Cell{{State: coverage.Missing}}}, {Package: "b", Version: "1", Cells: []coverage.Cell{{State: coverage.Build}}}, {Package: "c", Cells: []coverage.Cell{{State: coverage.Wheel}}},
	}
	if diff := cmp.Diff([]string{"a", "b==1"}, m.buildLines(0)); diff != "" {
		t.Error(diff)
	}
}

// TestMatrixErrors: results that cannot be written, or that a format has no form for.
func TestMatrixErrors(t *testing.T) {
	targets := targetsOf(t, "3.12@alpine:3.20/arm64")
	rows := locked(t, "", targets, "a a-1-py3-none-any.whl")
	for _, format := range Formats(&Coverage{}) {
		h, err := New(format, failing{}, failing{}, Config{Style: Style{Width: 80}, Matrix: Matrix{Targets: targets, Fails: fails}})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Report(rows[0]); err != nil {
			t.Error(err)
		}
		if err := h.Close(); !errors.Is(err, errGone) {
			t.Errorf("%s: %v", format, err)
		}
		if err := h.Problem(&Problem{Error: Error{Message: "x"}}); !errors.Is(err, errGone) {
			t.Errorf("%s: a problem: %v", format, err)
		}
	}
	i := NewIndex(&index.Item{File: index.File{Path: "dist/a.whl", Name: "a.whl", Project: "a"}}, []string{"v"})
	if i.Schema != "wheeltag.index/v1" || i.File != "dist/a.whl" || i.Findings == nil || i.Views[0] != "v" {
		t.Errorf("%+v", i)
	}
	var out bytes.Buffer
	if err := Replay(strings.NewReader(`{"schema":"wheeltag.index/v1","file":"x","findings":[{"code":"c","severity":"error","message":"m"}]}`), newText(&out, &out, Config{Style: Style{Width: 80}})); err != nil {
		t.Error(err)
	}
	if err := Replay(strings.NewReader(`{"schema":"wheeltag.audit/v1","error":3}`), newText(&out, &out, Config{})); err == nil {
		t.Error("an error that is a number")
	}
}
