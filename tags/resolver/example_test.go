package resolver_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/fleet"
	"github.com/wheeltag/wheeltag/tags/resolver"
)

// Words of every kind become targets in the same way.
func Example() {
	configuration, err := fleet.Read(strings.NewReader(`
[[targets]]
name = "api"
platform = "debian:12"
arch = "arm64"
python = "3.12.7"
`), "wheeltag.toml")
	if err != nil {
		log.Fatal(err)
	}
	r := resolver.Resolver{Profile: tags.Pip, Fleet: configuration}
	defer r.Close()
	for _, word := range []string{"debian:12", "3.12@musllinux_1_2_aarch64", "api", "root:../../testdata/roots/alpine"} {
		targets, err := r.Resolve(word)
		if err != nil {
			log.Fatal(err)
		}
		for _, t := range targets {
			fmt.Printf("%s: %s on %s\n", t.Name(), t.Python(), t.Platform())
			for _, a := range t.Assumed {
				fmt.Println("  ", a)
			}
		}
	}
	// Output:
	// debian:12/x86_64: CPython 3.11 on Linux x86_64, glibc 2.36
	//    debian:12: no machine named, assuming x86_64
	//    debian:12: no Python named, assuming the release's own CPython 3.11
	// 3.12@musllinux_1_2_aarch64: CPython 3.12 on Linux aarch64, musl 1.2
	// api: CPython 3.12 on Linux aarch64, glibc 2.36
	// root:../../testdata/roots/alpine: CPython 3.12 on Linux aarch64, musl 1.2
}
