package image_test

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/wheeltag/wheeltag/tags/detect/image"
)

// save stands for docker save: it writes an image of one layer.
func save(path string) error {
	layer := pack("etc/os-release", "ID=debian\n", "usr/lib/libc.so.6", "machine code")
	file := pack(
		"config.json", `{"os":"linux","architecture":"arm","variant":"v7","config":{"Env":["PYTHON_VERSION=3.12.1"]}}`,
		"layer.tar", layer,
		"manifest.json", `[{"Config":"config.json","RepoTags":["example:latest"],"Layers":["layer.tar"]}]`)
	return os.WriteFile(path, []byte(file), 0o644)
}

// pack makes a tar of names and contents.
func pack(files ...string) string {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w.WriteHeader(&tar.Header{Name: files[i], Mode: 0o644, Size: int64(len(files[i+1]))})
		w.Write([]byte(files[i+1]))
	}
	w.Close()
	return b.String()
}

func Example() {
	dir, err := os.MkdirTemp("", "image")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "example.tar")
	if err := save(path); err != nil {
		log.Fatal(err)
	}

	file, err := image.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	for _, platform := range file.Platforms() {
		// Keep libraries at hand, should the layers be compressed.
		root, err := file.Root(platform, func(path string) bool { return strings.Contains(path, ".so") })
		if err != nil {
			log.Fatal(err)
		}
		release, err := fs.ReadFile(root, "etc/os-release")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%v %s %s", platform, root.Config().Env, release)
	}
	// Output: linux/arm/v7 [PYTHON_VERSION=3.12.1] ID=debian
}

func ExampleError() {
	tar := []byte("no tar at all")
	_, err := image.NewFile(bytes.NewReader(tar), int64(len(tar)))
	var e *image.Error
	if errors.As(err, &e) {
		fmt.Println(e.Code)
	}
	// Output: format
}

func ExampleRoot_Open() {
	layer := pack("etc/os-release", "ID=debian\n")
	file, err := image.NewFile(strings.NewReader(layer), int64(len(layer)))
	if err != nil {
		log.Fatal(err)
	}
	root, err := file.Root(image.Platform{}, nil)
	if err != nil {
		log.Fatal(err)
	}
	if err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		fmt.Println(d)
		return err
	}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// d ./
	// d etc/
	// - os-release
}
