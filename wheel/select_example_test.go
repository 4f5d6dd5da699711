package wheel_test

import (
	"fmt"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
)

func ExampleSelect() {
	target, err := tags.New(
		tags.Python{Major: 3, Minor: 11},
		tags.Platform{OS: tags.Linux, Arch: "aarch64", Libc: tags.Libc{Family: tags.Glibc, Major: 2, Minor: 31}},
		tags.Pip,
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	var candidates []wheel.Candidate
	for _, file := range []string{
		"demo-2.0-cp311-cp311-manylinux_2_34_aarch64.whl",
		"demo-1.9-py3-none-any.whl",
		"demo-1.9-cp311-cp311-manylinux_2_17_aarch64.whl",
	} {
		name, err := wheel.ParseName(file)
		if err != nil {
			fmt.Println(err)
			return
		}
		candidates = append(candidates, wheel.Candidate{Name: name})
	}
	for _, choice := range wheel.Select(target.WithName("debian:11"), candidates, wheel.SelectOptions{}) {
		fmt.Println(choice.Project+":", choice.Wheel.Name.Filename)
		for _, r := range choice.Rejected {
			fmt.Printf("not %s: %s\n", r.Wheel.Name.Version, r.Reason.Message)
		}
	}
	// Output:
	// demo: demo-1.9-cp311-cp311-manylinux_2_17_aarch64.whl
	// not 2.0: needs glibc 2.34 or newer; debian:11 has 2.31
	// not 1.9: pip prefers the tag cp311-cp311-manylinux_2_17_aarch64 to py3-none-any
}

func ExampleCheckPython() {
	target, err := tags.New(tags.Python{Major: 3, Minor: 9}, tags.Platform{OS: tags.Windows, Arch: "amd64"}, tags.Pip)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, requires := range []string{">=3.7,!=3.9.0", ">=3.10"} {
		fmt.Println(requires, "refused:", wheel.CheckPython(target, requires) != nil)
	}
	// Output:
	// >=3.7,!=3.9.0 refused: false
	// >=3.10 refused: true
}
