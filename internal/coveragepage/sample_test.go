package coveragepage

import (
	"bytes"
	"fmt"
	"iter"
	"strconv"
	"testing"
)

// pythons, systems and machines make up to 120 targets.
var (
	pythons  = []int{9, 10, 11, 12, 13, 14}
	systems  = []string{"2.17", "2.28", "2.31", "2.35", "2.39"}
	machines = []string{"x86_64", "aarch64", "ppc64le", "s390x"}
)

func sampleTargets(n int) []Target {
	var list []Target
	for i := range n {
		python, libc, machine := pythons[i%6], systems[i/6%5], machines[i/30%4]
		list = append(list, Target{
			Name:  fmt.Sprintf("python:3.%d-glibc%s/%s", python, libc, machine),
			About: fmt.Sprintf("CPython 3.%d, Linux %s, glibc %s", python, machine, libc),
		})
	}
	return list
}

// samplePage has seven packages of ten that are pure, two with wheels for some
// platforms and 24 files, and one with source only; and now and then the rest.
func samplePage(rows, targets int) *Page {
	return &Page{Title: "web/uv.lock", Targets: sampleTargets(targets), Rows: sampleRows(rows, targets)}
}

func sampleRows(rows, targets int) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		cells := make([]Cell, targets) // used again for every row, as Write allows
		for i := range rows {
			r := Row{Package: fmt.Sprintf("package-%05d", i*7919%rows), Version: fmt.Sprintf("%d.%d.0", i%9, i%17), Cells: cells}
			for j := range cells {
				cells[j] = sampleCell(&r, i, j)
			}
			if !yield(r) {
				return
			}
		}
	}
}

func sampleCell(r *Row, i, j int) Cell {
	stem := r.Package + "-" + r.Version
	switch kind := i % 10; {
	case i%31 == 30 && j%3 == 0:
		return Cell{State: "excluded", Reason: "the marker sys_platform == 'win32' does not hold"}
	case i%97 == 96:
		return Cell{State: "unknown", Reason: "nothing here says which files it has"}
	case kind < 7:
		wheel := stem + "-py3-none-any.whl"
		return Cell{State: "pure", File: wheel, Candidates: []Candidate{
			{File: wheel, Taken: true}, {File: stem + ".tar.gz", Reason: "a wheel is preferred to source"}}}
	case kind == 9:
		sdist := stem + ".tar.gz"
		return Cell{State: "build", File: sdist, Reason: "it has no wheel", Candidates: []Candidate{{File: sdist, Taken: true}}}
	}
	return samplePlatform(stem, i, j)
}

// samplePlatform weighs wheels for six Pythons, two glibc floors and two machines.
func samplePlatform(stem string, i, j int) Cell {
	c := Cell{State: "missing", Reason: "no wheel fits and there is no source"}
	python, libc, machine := pythons[j%6], systems[j/6%5], machines[j/30%4]
	for _, p := range pythons {
		for _, floor := range []string{"2.28", "2.34"} {
			for _, m := range machines[:2] {
				cp := "-cp3" + strconv.Itoa(p)
				file := stem + cp + cp + "-manylinux_2_" + floor[2:] + "_" + m + ".whl"
				reason := ""
				switch {
				case m != machine:
					reason = "it is for " + m + " and the target is " + machine
				case floor > libc:
					reason = "it needs glibc " + floor + " and the target has " + libc
				case p != python:
					reason = "it is for CPython 3." + strconv.Itoa(p) + " and the target has 3." + strconv.Itoa(python)
				case c.File != "":
					reason = "another file fits as well and comes first"
				default:
					c.State, c.File, c.Reason = "wheel", file, ""
				}
				c.Candidates = append(c.Candidates, Candidate{File: file, Taken: reason == "", Reason: reason})
			}
		}
	}
	if c.File == "" && i%20 == 7 {
		c.State, c.File, c.Reason = "build", stem+".tar.gz", "only its source fits"
	}
	return c
}

func render(t testing.TB, p *Page) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
