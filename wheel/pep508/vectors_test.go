package pep508

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The vectors hold what Python's packaging 26.3 answers. They are written by
// internal/tools/oracle/pep508/generate.py, which also explains how to make a larger
// set from another seed; WHEELTAG_PEP508_VECTORS names its directory.

// records yields the lines of one vector file, split into JSON values.
func records(t *testing.T, name string) iter.Seq[[]json.RawMessage] {
	t.Helper()
	dir := os.Getenv("WHEELTAG_PEP508_VECTORS")
	if dir == "" {
		dir = "testdata"
	}
	return func(yield func([]json.RawMessage) bool) {
		f, err := os.Open(filepath.Join(dir, name+".jsonl.gz"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(z)
		lines.Buffer(nil, 1<<20)
		n := 0
		for ; lines.Scan(); n++ {
			if !yield(decode[[]json.RawMessage](t, lines.Bytes())) {
				return
			}
		}
		if lines.Err() != nil || n < 5000 {
			t.Fatalf("%s: %d lines read, error %v", name, n, lines.Err())
		}
	}
}

func decode[T any](t *testing.T, data []byte) T {
	t.Helper()
	var x T
	if err := json.Unmarshal(data, &x); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return x
}

// environmentOf reads an environment: the eleven fields in the order of the
// generator, then extra and the two sets.
func environmentOf(t *testing.T, record json.RawMessage) *Environment {
	t.Helper()
	var e Environment
	fields := decode[[]json.RawMessage](t, record)
	for i, p := range []any{
		&e.ImplementationName, &e.ImplementationVersion, &e.OSName, &e.PlatformMachine, &e.PlatformRelease, &e.PlatformSystem, &e.PlatformVersion,
		&e.PythonFullVersion, &e.PlatformPythonImplementation, &e.PythonVersion, &e.SysPlatform, &e.Extra, &e.Extras, &e.Groups,
	} {
		if err := json.Unmarshal(fields[i], p); err != nil {
			t.Fatal(err)
		}
	}
	return &e
}

// answer is the letter by which the generator records an outcome.
func answer(t *testing.T, m Marker, ctx Context, env *Environment) byte {
	t.Helper()
	holds, err := m.EvalIn(ctx, env)
	if err == nil {
		if holds {
			return '1'
		}
		return '0'
	}
	e, ok := errors.AsType[*EvalError](err)
	if !ok || e.Error() == "" || !strings.Contains(m.String(), e.Term) {
		t.Errorf("%s: error %#v", m, err)
		return '?'
	}
	return map[Code]byte{CodeComparison: 'c', CodeVariable: 'v'}[e.Code]
}

// differences are the texts that the reference accepts and this package
// refuses, with the reason. Each is in the vectors.
var differences = map[string]string{
	"os_name == '\\N{EM DASH}'": "escape by character name",
	"os_name != '\\ud800'":      "escape of a surrogate, which is no character",
	strings.Repeat("(", 201) + "os_name == 'posix'" + strings.Repeat(")", 201): "deeper than MaxDepth",
	"a~=1.0po\u017ft1": "a letter that resembles s; the reference fails on first use",
}

// verdict compares acceptance and reports whether both sides accept. It strikes
// a known difference off the list.
func verdict(t *testing.T, text string, err error, accepted bool, left map[string]string) bool {
	t.Helper()
	if err != nil {
		checkError(t, text, err)
	}
	if (err == nil) == accepted {
		return accepted
	}
	if left[text] == "" {
		t.Errorf("%q: error %v, the reference accepts: %t", text, err, accepted)
	}
	delete(left, text)
	return false
}

func TestMarkersEqualPackaging(t *testing.T) {
	var environments []*Environment
	valid, invalid, answers := 0, 0, map[byte]int{}
	left := maps.Clone(differences)
	for rec := range records(t, "markers") {
		if environments == nil {
			for _, r := range rec {
				environments = append(environments, environmentOf(t, r))
			}
			continue
		}
		text := decode[string](t, rec[0])
		m, err := ParseMarker(text)
		if !verdict(t, text, err, len(rec) > 1, left) {
			invalid++
			continue
		}
		valid++
		if want := decode[*string](t, rec[1]); want != nil && m.String() != *want {
			t.Errorf("%q: String %q, want %q", text, m, *want)
		}
		want, i := decode[string](t, rec[2]), 0
		for _, env := range environments {
			for _, ctx := range []Context{Metadata, LockFile, Other} {
				got := answer(t, m, ctx, env)
				answers[got]++
				if got != want[i] {
					t.Errorf("%q in context %d of %v: %c, want %c", text, ctx, *env, got, want[i])
				}
				i++
			}
		}
	}
	if len(left) != 1 { // one is a requirement
		t.Errorf("differences not met: %v", left)
	}
	if valid < 4000 || invalid < 1500 || min(answers['0'], answers['1']) < 20_000 {
		t.Errorf("%d valid and %d invalid markers, answers %v: too few to show anything", valid, invalid, answers)
	}
	t.Logf("%d valid and %d invalid markers, answers %v", valid, invalid, answers)
}

func TestRequirementsEqualPackaging(t *testing.T) {
	valid, invalid := 0, 0
	left := maps.Clone(differences)
	for rec := range records(t, "requirements") {
		text := decode[string](t, rec[0])
		r, err := ParseRequirement(text)
		if !verdict(t, text, err, len(rec) > 1, left) {
			invalid++
			continue
		}
		valid++
		if name := decode[string](t, rec[1]); r.Name != name {
			t.Errorf("%q: name %q, want %q", text, r.Name, name)
		}
		if extras := decode[[]string](t, rec[2]); !slices.Equal(r.Extras, extras) {
			t.Errorf("%q: extras %q, want %q", text, r.Extras, extras)
		}
		if url := decode[string](t, rec[3]); r.URL != url {
			t.Errorf("%q: URL %q, want %q", text, r.URL, url)
		}
		if specifiers := decode[string](t, rec[4]); r.Specifiers.String() != specifiers {
			t.Errorf("%q: specifiers %q, want %q", text, r.Specifiers, specifiers)
		}
		if marker := decode[*string](t, rec[5]); marker != nil && r.Marker.String() != *marker {
			t.Errorf("%q: marker %q, want %q", text, r.Marker, *marker)
		}
		if whole := decode[*string](t, rec[6]); whole != nil && r.String() != *whole {
			t.Errorf("%q: String %q, want %q", text, r, *whole)
		}
	}
	if len(left) != 3 { // three are markers
		t.Errorf("differences not met: %v", left)
	}
	if valid < 2000 || invalid < 2000 {
		t.Errorf("%d valid and %d invalid requirements: too few to show anything", valid, invalid)
	}
	t.Logf("%d valid and %d invalid requirements", valid, invalid)
}

// checkError holds for every refusal: a known code and a place in the text.
func checkError(t *testing.T, text string, err error) {
	t.Helper()
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Input != text || e.Offset < 0 || e.Offset > len(text) || advice[e.Code] == "" || (e.Err != nil) && e.Code != CodeSpecifier {
		t.Errorf("%q: error %#v", text, err)
	}
}
