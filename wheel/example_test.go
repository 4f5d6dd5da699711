package wheel_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"testing/fstest"
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

// Make a wheel of a directory, here with one module, and a command.
func ExampleWriter() {
	name, err := wheel.ParseName("demo-1.0-py3-none-any.whl")
	if err != nil {
		panic(err)
	}
	files := fstest.MapFS{"demo.py": {Data: []byte("def main():\n    print('hello')\n"), Mode: 0o644}} // or os.DirFS

	var file bytes.Buffer // or a file
	w := wheel.NewWriter(&file, name.DistInfoDir(), time.Unix(1_750_000_000, 0))
	// An error of these is an error of Close too.
	w.AddFS(files, "")
	w.AddEntryPoints(map[string]map[string]string{"console_scripts": {"demo": "demo:main"}})
	w.AddMetadata(&wheel.Metadata{MetadataVersion: "2.1", Name: "demo", Version: "1.0"})
	w.AddInfo(&wheel.Info{Generator: "example", RootIsPurelib: "true", Tags: []string{"py3-none-any"}})
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
	// demo.py sha256 31
	// demo-1.0.dist-info/entry_points.txt sha256 35
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
	text, err := distInfo.ReadFile("WHEEL")
	if err == nil {
		text, err = wheel.ReplaceTags("WHEEL", text, []string{"py312-none-any"}, "")
	}
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
