package coveragepage_test

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/wheeltag/wheeltag/internal/coveragepage"
)

// A program writes to a file; the example counts what came out.
func ExampleWrite() {
	rows := []coveragepage.Row{{
		Package: "numpy",
		Version: "2.1.0",
		Cells: []coveragepage.Cell{{
			State:  "build",
			File:   "numpy-2.1.0.tar.gz",
			Reason: "its wheels need glibc 2.17 or newer on x86_64",
			Candidates: []coveragepage.Candidate{
				{File: "numpy-2.1.0-cp311-cp311-manylinux_2_17_x86_64.whl", Reason: "it is for x86_64 and the target is s390x"},
				{File: "numpy-2.1.0.tar.gz", Taken: true},
			},
		}},
	}}
	page := &coveragepage.Page{
		Title:   "web/uv.lock",
		Targets: []coveragepage.Target{{Name: "python:3.11-bullseye/s390x", About: "CPython 3.11, Linux s390x, glibc 2.31"}},
		Rows:    slices.Values(rows),
	}
	var out bytes.Buffer
	if err := coveragepage.Write(&out, page); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(bytes.HasPrefix(out.Bytes(), []byte("<!doctype html>")))
	fmt.Println(bytes.Count(out.Bytes(), []byte("<td class=s2>build")), "cell in the table without scripts")
	// Output:
	// true
	// 1 cell in the table without scripts
}
