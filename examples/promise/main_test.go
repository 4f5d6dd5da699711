package main

import (
	"fmt"
	"io"
	"os"
	"testing"
)

func Example() {
	ok, err := run(os.Stdout, []string{
		"../../testdata/wheels/demo_new-1.0-cp311-cp311-manylinux_2_28_aarch64.whl",
		"../../testdata/wheels-bad/toonew-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
	})
	fmt.Println(ok, err)
	// Output:
	// pass: demo_new-1.0-cp311-cp311-manylinux_2_28_aarch64.whl
	//   claims manylinux_2_28_aarch64, is manylinux_2_28_aarch64
	// fail: toonew-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl
	//   claims manylinux2014_x86_64 and manylinux_2_17_x86_64, is manylinux_2_34_x86_64
	//   WT201 error: needs GLIBC_2.34 of libc.so.6 (pthread_create), which manylinux2014_x86_64 lacks; allowed from manylinux_2_34_x86_64
	// false <nil>
}

func TestNotAWheel(t *testing.T) {
	if _, err := run(io.Discard, []string{"main.go"}); err == nil {
		t.Error("a source file was audited")
	}
}
