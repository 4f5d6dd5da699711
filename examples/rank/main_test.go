package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
)

func Example() {
	listing := strings.NewReader(`demo-1.0.tar.gz
demo-1.0-py3-none-any.whl
demo-1.0-cp311-cp311-musllinux_1_2_aarch64.whl
demo-1.0-cp38-abi3-manylinux_2_17_aarch64.manylinux2014_aarch64.whl
demo-1.0-cp311-cp311-manylinux_2_28_aarch64.whl
demo-1.0-cp311-cp311-manylinux_2_34_aarch64.whl
`)
	if err := run(os.Stdout, "3.11@debian:11/arm64", listing); err != nil {
		fmt.Println(err)
	}
	// Output:
	// demo-1.0-cp311-cp311-manylinux_2_28_aarch64.whl
	//   place 4, by cp311-cp311-manylinux_2_28_aarch64
	// demo-1.0-cp38-abi3-manylinux_2_17_aarch64.manylinux2014_aarch64.whl
	//   place 100, by cp38-abi3-manylinux_2_17_aarch64
	// demo-1.0-py3-none-any.whl
	//   place 427, by py3-none-any
}

func TestUnknownTarget(t *testing.T) {
	err := run(io.Discard, "debain:11", strings.NewReader(""))
	if err == nil || !strings.Contains(err.Error(), "debian:11") {
		t.Errorf("error %v does not name the nearest word", err)
	}
}
