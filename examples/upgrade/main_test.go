package main

import (
	"fmt"
	"io"
	"os"
	"testing"
)

func Example() {
	lost, err := run(os.Stdout, "debian:11/arm64", "python:3.11-bullseye/arm64", []string{
		"prettytable-0.7.2-py3-none-any.whl",
		"PyNaCl-1.4.0-cp39-cp39-linux_aarch64.whl",
		"cffi-1.15.0-cp39-cp39-manylinux_2_17_aarch64.manylinux2014_aarch64.whl",
		"cryptography-36.0.0-cp36-abi3-manylinux_2_24_aarch64.whl",
		"numpy-1.26.0-cp312-cp312-musllinux_1_1_x86_64.whl",
	})
	fmt.Println(lost, err)
	// Output:
	// PyNaCl-1.4.0-cp39-cp39-linux_aarch64.whl
	//   built for CPython 3.9 only; python:3.11-bullseye/arm64 has Python 3.11
	// cffi-1.15.0-cp39-cp39-manylinux_2_17_aarch64.manylinux2014_aarch64.whl
	//   built for CPython 3.9 only; python:3.11-bullseye/arm64 has Python 3.11
	// 2 still install, 2 no longer do
	// 2 <nil>
}

func TestBadInput(t *testing.T) {
	for _, c := range []struct{ from, to, file string }{
		{"nonsense", "debian:12", "a-1-py3-none-any.whl"},
		{"debian:12", "nonsense", "a-1-py3-none-any.whl"},
		{"debian:11", "debian:12", "a-1.tar.gz"},
	} {
		if _, err := run(io.Discard, c.from, c.to, []string{c.file}); err == nil {
			t.Errorf("no error for %v", c)
		}
	}
}
