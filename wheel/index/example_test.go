package index_test

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/index"
)

func ExampleReadPage() {
	page := `<a href="../../files/demo-1.0-py3-none-any.whl#sha256=00ff" data-requires-python="&gt;=3.8">demo</a>`
	for f, err := range index.ReadPage(strings.NewReader(page), "demo.html") {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(f.Project, f.Version, f.RequiresPython, f.Hashes)
	}
	// Output: demo 1.0 >=3.8 [{sha256 00ff}]
}

func ExampleReadNames() {
	list := "# a mirror\ndemo-1.0-py3-none-any.whl\nother-2.0.tar.gz\n"
	for f, err := range index.ReadNames(strings.NewReader(list), "list") {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(f.Line, f.Project, f.Version, f.IsWheel)
	}
	// Output:
	// 2 demo 1.0 true
	// 3 other 2.0 false
}

// A folder is checked, and what has no error becomes a site.
func ExampleCollect() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	pool := filepath.Join(dir, "pool")
	if err := errors.Join(os.Mkdir(pool, 0o755), makeWheel(pool, "demo", "1.0"), makeWheel(pool, "Demo", "1.1")); err != nil {
		log.Fatal(err)
	}

	site, err := index.OpenSite(filepath.Join(dir, "site"))
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	c, err := index.Collect(ctx, []string{pool}, index.CollectOptions{Site: site})
	if err != nil {
		log.Fatal(err)
	}
	for _, i := range c.Items {
		for _, f := range i.Findings {
			fmt.Println(f.Severity, f.Rule, f.Message)
		}
	}
	written, err := site.Write(ctx, c, nil)
	fmt.Println(written.Files, "files of", written.Projects, "project", err)
	// Output:
	// warning WT102 "Demo-1.1-py3-none-any.whl": "Demo" at offset 0 is not in normal form: write demo
	// 2 files of 1 project <nil>
}

// makeWheel writes a wheel without modules.
func makeWheel(dir, name, version string) error {
	f, err := os.Create(filepath.Join(dir, name+"-"+version+"-py3-none-any.whl"))
	if err != nil {
		return err
	}
	defer f.Close()
	z := zip.NewWriter(f)
	w, err := z.Create(name + "-" + version + ".dist-info/METADATA")
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "Metadata-Version: 2.1\nName: %s\nVersion: %s\n", name, version)
	return z.Close()
}
