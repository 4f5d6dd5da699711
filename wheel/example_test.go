package wheel_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

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

// Make a wheel of one module.
func ExampleWriter() {
	name, err := wheel.ParseName("demo-1.0-py3-none-any.whl")
	if err != nil {
		panic(err)
	}
	info := wheel.Info{Generator: "example", RootIsPurelib: "true", Tags: []string{"py3-none-any"}}
	metadata := wheel.Metadata{MetadataVersion: "2.1", Name: "demo", Version: "1.0"}
	wheelText, err := info.Text()
	if err != nil {
		panic(err)
	}
	metadataText, err := metadata.Text()
	if err != nil {
		panic(err)
	}

	var file bytes.Buffer // or a file
	dir := name.DistInfoDir()
	w := wheel.NewWriter(&file, dir, time.Unix(1_750_000_000, 0))
	// An error of Add is an error of Close too.
	w.Add("demo.py", 0o644, []byte("print('hello')\n"))
	w.Add(dir+"/METADATA", 0o644, metadataText)
	w.Add(dir+"/WHEEL", 0o644, wheelText)
	if err := w.Close(); err != nil {
		panic(err)
	}

	archive, err := wheel.Open(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		panic(err)
	}
	distInfo, err := archive.DistInfo()
	if err != nil {
		panic(err)
	}
	for _, row := range distInfo.Record().Rows {
		fmt.Println(row.Path, row.Hash.Algorithm, row.Size)
	}
	// Output:
	// demo.py sha256 15
	// demo-1.0.dist-info/METADATA sha256 46
	// demo-1.0.dist-info/WHEEL sha256 78
	// demo-1.0.dist-info/RECORD  -1
}

// Give a wheel another tag. The files of the project keep their packed bytes.
func ExampleWriter_Copy() {
	archive, err := wheel.OpenFile("../testdata/wheels/demo_pure-1.0-py3-none-any.whl")
	if err != nil {
		panic(err)
	}
	defer archive.Close()
	distInfo, err := archive.DistInfo()
	if err != nil {
		panic(err)
	}
	info, err := distInfo.Info()
	if err != nil {
		panic(err)
	}
	info.Tags = []string{"py312-none-any"}
	text, err := info.Text()
	if err != nil {
		panic(err)
	}
	w := wheel.NewWriter(io.Discard, distInfo.Dir, time.Unix(1_750_000_000, 0))
	for m := range archive.Members() {
		switch m.Name() {
		case distInfo.Dir + "/RECORD": // written by Close
		case distInfo.Dir + "/WHEEL":
			w.Add(m.Name(), m.Mode(), text)
		default:
			w.Copy(m)
		}
	}
	fmt.Println(w.Close())
	// Output: <nil>
}

// Find out whether every tool that reads zip archives sees the same files.
func ExampleArchive_Problems() {
	archive, err := wheel.OpenFile("../testdata/wheels/demo_pure-1.0-py3-none-any.whl")
	if err != nil {
		panic(err)
	}
	defer archive.Close()
	problems := archive.Problems()
	more, err := archive.CheckFraming(context.Background())
	if err != nil {
		panic(err)
	}
	for _, p := range append(problems, more...) {
		fmt.Println(p.Code, p.Code.Ambiguous(), p)
	}
	fmt.Println(len(problems)+len(more), "problems")
	// Output: 0 problems
}
