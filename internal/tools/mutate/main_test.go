package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var update = flag.Bool("u", false, "write the report of the sample")

// TestSample: what survives in a small module, the same every time.
func TestSample(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs tests")
	}
	golden, err := filepath.Abs(filepath.Join("testdata", "sample.golden"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join("testdata", "sample"))
	var out bytes.Buffer
	if err := run(&out, options{workers: 2}, []string{"."}); err != nil {
		t.Fatal(err)
	}
	got := regexp.MustCompile(`, \d+s\n`).ReplaceAll(out.Bytes(), []byte("\n"))
	if *update {
		if err := os.WriteFile(golden, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestList: all changes of the sample compile, and a sample of them is the same for
// a seed.
func TestList(t *testing.T) {
	t.Chdir(filepath.Join("testdata", "sample"))
	var all, some, again bytes.Buffer
	for out, o := range map[*bytes.Buffer]options{&all: {list: true}, &some: {list: true, sample: 5, seed: 3}, &again: {list: true, sample: 5, seed: 3}} {
		if err := run(out, o, []string{"."}); err != nil {
			t.Fatal(err)
		}
	}
	if n := bytes.Count(some.Bytes(), []byte("\n")); n != 6 || some.String() != again.String() {
		t.Errorf("%d lines for a sample of 5:\n%s\n%s", n, some.String(), again.String())
	}
	for line := range bytes.Lines(some.Bytes()) {
		if !bytes.Contains(all.Bytes(), line) && !bytes.HasSuffix(line, []byte("5 changes\n")) {
			t.Errorf("the list of all changes has no %s", line)
		}
	}
}
