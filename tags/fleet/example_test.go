package fleet_test

import (
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/fleet"
)

// A file names targets; its rows with lists mean every combination.
func Example() {
	const file = `
[[targets]]
name = "api"
platform = "python:3.11-bookworm"
arch = "arm64"

[[targets]]
name = "workers"
platforms = ["ubuntu:22.04", "ubuntu:24.04"]
arches = ["amd64", "arm64"]
`
	all, err := fleet.Read(strings.NewReader(file), "wheeltag.toml")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(all.Names())
	for _, t := range all.Lookup("workers") {
		target, err := tags.New(t.Description.Python, t.Description.Platform, tags.Pip)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(t.Name, target.Platform().Libc)
	}
	// Output:
	// [api workers ubuntu:22.04/x86_64 ubuntu:22.04/aarch64 ubuntu:24.04/x86_64 ubuntu:24.04/aarch64]
	// ubuntu:22.04/x86_64 glibc 2.35
	// ubuntu:22.04/aarch64 glibc 2.35
	// ubuntu:24.04/x86_64 glibc 2.39
	// ubuntu:24.04/aarch64 glibc 2.39
}

// A built-in set needs no file; which releases are supported depends on the day.
func ExampleSet() {
	targets, err := fleet.Set("@supported/arm64", time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range targets {
		if t.Description.Release.Distro == "debian" {
			fmt.Println(t.Name, t.Description.Python)
		}
	}
	// Output: debian:13/aarch64 CPython 3.13
}

// Every fault of a file is reported with its line.
func ExampleRead_faults() {
	_, err := fleet.Read(strings.NewReader("[[targets]]\nplatform = \"bulseye\"\n[[targets]]\nname = \"x\"\n"), "wheeltag.toml")
	fmt.Println(err)
	// Output:
	// wheeltag.toml:1: target "bulseye": unknown platform; did you mean bullseye?
	// wheeltag.toml:3: has no platform, such as platform = "debian:12"
}
