package wheel_test

import (
	"errors"
	"fmt"

	"github.com/wheeltag/wheeltag/wheel"
)

func ExampleParseName() {
	name, err := wheel.ParseName("Foo.Bar-1.0.RC1-2-py2.py3-none-any.whl")
	if err != nil {
		panic(err)
	}
	fmt.Println(name.NormalizedName(), name.Version, name.Build.Number(), name.Tags.Len())
	// Output: foo-bar 1.0rc1 2 2
}

func ExampleParseName_error() {
	_, err := wheel.ParseName("foo__bar-1.0-py3-none-any.whl")
	var fault *wheel.NameError
	fmt.Println(errors.As(err, &fault), fault.Code, fault.Offset)
	// Output: true distribution 4
}

func ExampleParseStrict() {
	_, err := wheel.ParseStrict("demo-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl")
	fmt.Println(err)
	// Output: "demo-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl": tag set "manylinux_2_17_x86_64.manylinux2014_x86_64" at offset 21 is not sorted: write manylinux2014_x86_64.manylinux_2_17_x86_64
}

func ExampleOpenFile() {
	archive, err := wheel.OpenFile("../testdata/wheels/demo_pure-1.0-py3-none-any.whl")
	if err != nil {
		panic(err)
	}
	defer archive.Close()
	metadata, err := archive.Metadata()
	if err != nil {
		panic(err)
	}
	fmt.Println(metadata.Name, metadata.Version)
	// Output: demo-pure 1.0
}
