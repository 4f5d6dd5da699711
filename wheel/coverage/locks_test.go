package coverage

import (
	"bytes"
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

var update = flag.Bool("u", false, "write what coverage answers into the expected matrices")

// described readies targets from words.
func described(t testing.TB, profile tags.Profile, words ...string) []Target {
	t.Helper()
	var targets []Target
	for _, word := range words {
		d, err := distro.Parse(word, distro.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ready, err := tags.New(d.Python, d.Platform, profile)
		if err != nil {
			t.Fatal(err)
		}
		targets = append(targets, NewTarget(ready.WithName(word)))
	}
	return targets
}

// realLock reads a lock file of a real service, which lies beside the checkout
// when it is there at all.
func realLock(t testing.TB, name string) *lockfile.Lock {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "locks", name)
	if _, err := os.Stat(path); err != nil {
		t.Skip("the folder of real lock files is not there")
	}
	lock, err := lockfile.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return lock
}

// TestRealLock holds the matrix of a service's lock file against the one that was
// looked through by hand. pylock.toml of the same service must give the same.
func TestRealLock(t *testing.T) {
	words := []string{"python:3.11-bullseye/amd64", "python:3.11-bullseye/arm64", "debian:11/amd64", "alpine:3.20/arm64", "ubuntu:24.04/s390x"}
	targets := described(t, tags.Packaging, words...)
	for _, name := range []string{"nodepool/uv.lock", "nodepool/pylock.toml"} {
		lock := realLock(t, name)
		rows, err := Locked(lock, lockfile.Selection{}, nil, targets)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Write(append([]string{"package", "version"}, words...))
		for row := range rows {
			line := []string{row.Package, row.Version}
			for i, cell := range row.Cells {
				text := cell.State.String()
				if file := row.File(i); file != "" {
					// An export writes names in normal form.
					project, rest, _ := strings.Cut(file, "-")
					text += " " + wheel.NormalizeName(project) + "-" + rest
				}
				line = append(line, text)
			}
			w.Write(line)
		}
		w.Flush()
		path := filepath.Join("testdata", "nodepool.csv")
		if *update {
			if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			*update = false
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), b.String()); diff != "" {
			t.Errorf("%s (-expected +got):\n%s", name, diff)
		}
	}
}

// BenchmarkLock reads a lock file of 1.1 MB and holds it against 60 targets.
func BenchmarkLock(b *testing.B) {
	path := filepath.Join("..", "..", "..", "shared", "locks", "web", "uv.lock")
	realLock(b, "web/uv.lock")
	var words []string
	for _, platform := range []string{"manylinux_2_17", "manylinux_2_28", "manylinux_2_34", "musllinux_1_2"} {
		for _, machine := range []string{"x86_64", "aarch64", "s390x"} {
			for _, python := range []string{"3.11", "3.12", "3.13", "3.14", "3.13t"} {
				words = append(words, python+"@"+platform+"_"+machine)
			}
		}
	}
	targets := described(b, tags.Packaging, words...)
	b.ReportAllocs()
	for b.Loop() {
		lock, err := lockfile.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		rows, err := Locked(lock, lockfile.Selection{}, nil, targets)
		if err != nil {
			b.Fatal(err)
		}
		cells := 0
		for row := range rows {
			cells += len(row.Cells)
		}
		b.ReportMetric(float64(cells), "cells")
	}
}
