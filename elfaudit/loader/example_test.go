package loader_test

import (
	"fmt"
	"log"
	"path/filepath"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/loader"
)

// A module and the library that lies in a directory next to it. For the files of a
// system, make the tree of os.OpenRoot and the loader with For.
func Example() {
	tree := loader.NewTree(nil)
	for place, fixture := range map[string]string{
		"/site/demo.so":                            "bundle-x86_64-runpath.so",
		"/site/demo.libs/libbundled-abc123.so.1":   "libbundled-abc123.so.1",
		"/site/unrelated/libbundled-aarch64.so.1":  "libbundled-aarch64.so.1",
		"/site/demo.libs/sub/libbundled-abc123.so": "libbundled-abc123.so.1",
	} {
		f, err := elfaudit.ReadFile(filepath.Join("..", "..", "testdata", "elf", fixture))
		if err == nil {
			err = tree.Put(place, f, nil)
		}
		if err != nil {
			log.Fatal(err)
		}
	}
	module, err := tree.ELF("site/demo.so")
	if err != nil {
		log.Fatal(err)
	}
	process := loader.New(tree, module, false, "").Start()
	if _, err := process.Open("/site/demo.so", nil); err != nil {
		log.Fatal(err)
	}
	for _, o := range process.Objects {
		for _, n := range o.Needs {
			if n.Missing() {
				fmt.Printf("%s needs %s: missing\n", o.Path, n.Name)
				continue
			}
			fmt.Printf("%s needs %s: %s by %s %s\n", o.Path, n.Name, n.Object.Path, n.Rule, n.Entry)
		}
	}
	// Output:
	// /site/demo.so needs libc.so.6: missing
	// /site/demo.so needs libbundled-abc123.so.1: /site/demo.libs/libbundled-abc123.so.1 by runpath $ORIGIN/demo.libs
}
