//go:build linux

package main

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wheeltag/wheeltag/manylinux/loads"
)

// TestHere compares with the loader of this machine. All of it is a step of .ci/run.
func TestHere(t *testing.T) {
	count := 1000
	if testing.Short() {
		count = 200
	}
	dir := t.TempDir()
	h := &harness{dir: dir, fixtures: filepath.Join("..", "..", "..", "testdata", "elf"), compiler: compiler{dir: dir}}
	var err error
	if h.accepted, err = readAccepted(); err != nil {
		t.Fatal(err)
	}
	e := &environments[0]
	list, err := h.trials(e, count)
	if errors.Is(err, errNotHere) {
		t.Skipf("%v; needs gcc and glibc on x86-64", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	r := h.compare(e, list)
	if r.failed() {
		var text strings.Builder
		r.write(&text, time.Second, true)
		t.Error(text.String())
	}
	if r.agree[0] < count/20 || r.agree[1] < count/4 {
		t.Errorf("%d of %d refused and %d loaded in both opinions: mutants of one kind", r.agree[0], count, r.agree[1])
	}
}

// TestMutate: mutants are the same each time, differ from their base, and keep its size.
func TestMutate(t *testing.T) {
	h := &harness{fixtures: filepath.Join("..", "..", "..", "testdata", "elf")}
	for _, e := range environments {
		bases, err := h.bases(&e)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range bases {
			one, again, other := b.mutate(7), b.mutate(7), b.mutate(8)
			if !slices.Equal(one.data, again.data) || !slices.Equal(one.changes, again.changes) {
				t.Errorf("%s: two mutants of one number", b.name)
			}
			if len(one.data) != len(b.data) || len(one.changes) == 0 || slices.Equal(one.changes, other.changes) {
				t.Errorf("%s: %v, %v", b.name, one.changes, other.changes)
			}
		}
	}
}

// TestCompare sorts answers.
func TestCompare(t *testing.T) {
	said := func(status loads.Status, reasons ...string) answer { return answer{status, reasons} }
	h := &harness{accepted: []accepted{{"musl", "known", "why"}}}
	list := []trial{
		{ours: said(loads.Yes), theirs: "ok"},
		{ours: said(loads.Yes), theirs: "signal 011"},
		{ours: said(loads.No, "known 7"), theirs: "exit 001 refused"},
		{ours: said(loads.No, "other", "known 7"), theirs: "ok"},
		{ours: said(loads.No, "other"), theirs: "ok"},
		{ours: said(loads.Unknown, "at 0x10"), theirs: "ok"},
		{ours: said(loads.Unknown, "at 0x20"), theirs: "exit 127 refused"},
	}
	r := h.compare(&environment{name: "musl 1.2.3"}, list)
	if len(r.wrong) != 1 || r.wrong[0] != &list[1] || len(r.strict) != 1 || r.strict[0] != &list[4] || r.agree != [2]int{1, 1} ||
		r.listed["other; known N"] != 1 || r.unknown[0]["at N"] != 1 || r.unknown[1]["at N"] != 1 || !r.failed() {
		t.Errorf("%+v", r)
	}
	if r := h.compare(&environment{name: "glibc 2.31"}, list[3:4]); len(r.strict) != 1 {
		t.Error("a reason that is listed for another loader")
	}
	if r := h.compare(&environment{name: "musl"}, append(slices.Clone(list[:1]), list[2:4]...)); r.failed() {
		t.Errorf("nothing differs: %+v", r)
	}
}
