package distro_test

import (
	"errors"
	"fmt"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
)

func ExampleParse() {
	d, err := distro.Parse("python:3.11-slim-bullseye/arm64", distro.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	target, err := tags.New(d.Python, d.Platform, tags.Packaging)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Name)
	fmt.Println(d.Python, "on", d.Platform)
	fmt.Println(target.Len(), "tags")
	// Output:
	// python:3.11-slim-bullseye/aarch64
	// CPython 3.11 on Linux aarch64, glibc 2.31
	// 439 tags
}

// A container platform leaves the libc to the options.
func ExampleParse_options() {
	d, err := distro.Parse("linux/arm/v7", distro.Options{Python: "3.12", Musl: "1.2"})
	fmt.Println(d.Name, err)
	// Output: 3.12@linux/armv7l (musl 1.2) <nil>
}

func ExampleUnknownError() {
	_, err := distro.Parse("bulseye", distro.Options{})
	var unknown *distro.UnknownError
	if errors.As(err, &unknown) {
		fmt.Println(unknown.Nearest)
	}
	// Output: [bullseye]
}

func ExampleReleases() {
	for r := range distro.Releases() {
		if r.Distro == "ubuntu" && r.Codename == "jammy" {
			fmt.Println(r.Name(), r.Libc, r.Python, r.Machines)
		}
	}
	// Output: ubuntu:22.04 glibc 2.35 3.10 [aarch64 armv7l ppc64le riscv64 s390x x86_64]
}

func ExampleRelease_SymbolVersions() {
	d, err := distro.Parse("ubi8/arm64", distro.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Release.SymbolVersions("aarch64")["GLIBC"])
	// Output: [2.0 2.17 2.18 2.22 2.23 2.24 2.25 2.26 2.27 2.28]
}
