package detect_test

import (
	"fmt"
	"log"
	"os"
	"testing/fstest"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/detect"
)

// A root is read from any file system: a directory, an image, or, as here, memory.
func ExampleRoot() {
	program, err := os.ReadFile("../../testdata/elf/exe-aarch64-musl")
	if err != nil {
		log.Fatal(err)
	}
	loader, err := os.ReadFile("../../testdata/elf/ext-aarch64-musl.so")
	if err != nil {
		log.Fatal(err)
	}
	root := fstest.MapFS{
		"usr/bin/python3.12":       {Data: program, Mode: 0o755},
		"lib/ld-musl-aarch64.so.1": {Data: append(loader, "\x00musl libc\x00\x001.2.5\x00"...), Mode: 0o755},
	}
	system, err := detect.Root(root, detect.Options{})
	if err != nil {
		log.Fatal(err)
	}
	p := system.Default()
	target, err := tags.New(p.Python, p.Platform, tags.Packaging)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Path, p.Python, p.Platform)
	for tag := range target.Tags() {
		fmt.Println(tag)
		break
	}
	// Output:
	// /usr/bin/python3.12 CPython 3.12 Linux aarch64, musl 1.2
	// cp312-cp312-linux_aarch64
}
