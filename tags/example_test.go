package tags_test

import (
	"fmt"

	"github.com/wheeltag/wheeltag/tags"
)

func debian11() *tags.Target {
	target, err := tags.New(
		tags.Python{Major: 3, Minor: 11},
		tags.Platform{OS: tags.Linux, Arch: "aarch64", Libc: tags.Libc{Family: tags.Glibc, Major: 2, Minor: 31}},
		tags.Packaging,
	)
	if err != nil {
		panic(err)
	}
	return target.WithName("debian:11")
}

func ExampleNew() {
	target := debian11()
	fmt.Println(target.Len(), "tags")
	for tag := range target.Tags() {
		fmt.Println("first", tag)
		break
	}
	// Output:
	// 439 tags
	// first cp311-cp311-linux_aarch64
}

func ExampleTarget_Rank() {
	target := debian11()
	for _, text := range []string{"cp311-cp311-manylinux2014_aarch64.manylinux_2_17_aarch64", "py3-none-any", "cp312-cp312-win_amd64"} {
		set, err := tags.ParseSet(text)
		if err != nil {
			panic(err)
		}
		rank, ok := target.Rank(&set)
		fmt.Println(rank, ok)
	}
	// Output:
	// 15 true
	// 427 true
	// 0 false
}

func ExampleTarget_Best() {
	set, err := tags.ParseSet("cp311-cp311-manylinux_2_17_aarch64.manylinux_2_28_aarch64")
	if err != nil {
		panic(err)
	}
	tag, rank, _ := debian11().Best(&set)
	fmt.Println(tag, rank)
	// Output: cp311-cp311-manylinux_2_28_aarch64 4
}

func ExampleTarget_Explain() {
	set, err := tags.ParseSet("cp311-cp311-manylinux_2_34_aarch64")
	if err != nil {
		panic(err)
	}
	reason := debian11().Explain(&set)
	fmt.Println(reason.Code, reason.Need, reason.Have)
	fmt.Println(reason.Message)
	// Output:
	// glibc-version 2.34 2.31
	// needs glibc 2.34 or newer; debian:11 has 2.31
}

func ExampleParseSet() {
	set, err := tags.ParseSet("py2.py3-none-any")
	if err != nil {
		panic(err)
	}
	for tag := range set.Tags() {
		fmt.Println(tag)
	}
	// Output:
	// py2-none-any
	// py3-none-any
}

func ExampleParsePlatformTag() {
	claim := tags.ParsePlatformTag("manylinux2014_aarch64")
	fmt.Println(claim.OS, claim.Arch, claim.Libc)
	// Output: linux aarch64 glibc 2.17
}
