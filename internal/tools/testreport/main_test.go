package main

import (
	"slices"
	"strings"
	"testing"
	"time"
)

const events = `{"Action":"start","Package":"p"}
{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:7: wrong\n"}
{"Action":"fail","Package":"p","Test":"TestA","Elapsed":0.1}
{"Action":"output","Package":"p","Test":"TestB","Output":"=== RUN   TestB\n"}
{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:9: no wheels: none here\n"}
{"Action":"skip","Package":"p","Test":"TestB","Elapsed":0}
{"Action":"output","Package":"p","Test":"TestC","Output":"    c_test.go:1: fine\n"}
{"Action":"pass","Package":"p","Test":"TestC","Elapsed":0}
{"Action":"fail","Package":"p","Elapsed":2.5}
{"Action":"output","Package":"q","Output":"?   \tq\t[no test files]\n"}
{"Action":"skip","Package":"q","Elapsed":0}
{"Action":"pass","Package":"r","Elapsed":3}
{"Action":"build-output","ImportPath":"s","Output":"s.go:1:1: expected 'package'\n"}
{"Action":"build-fail","ImportPath":"s"}
`

func TestRead(t *testing.T) {
	r, err := read(strings.NewReader(events))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"p TestB: no wheels: none here"}; !slices.Equal(r.skipped, want) {
		t.Errorf("skipped %q, want %q", r.skipped, want)
	}
	var out strings.Builder
	r.print(&out, 1, 4*time.Second)
	want := "    a_test.go:7: wrong\ns.go:1:1: expected 'package'\n    3.0 s  r\n    4.0 s  all 2 packages; 1 tests skipped\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
	if _, err := read(strings.NewReader("FAIL\n")); err == nil {
		t.Error("no error for what is not JSON")
	}
}
