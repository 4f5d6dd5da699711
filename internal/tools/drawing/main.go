// Command drawing draws the packages of the module, layered from top to bottom, as
// docs/architecture.svg. A package is below all that import it. An arrow that
// follows from others is left out.
//
//	go run ./internal/tools/drawing [-root DIR]
package main

import (
	"flag"
	"log"
	"os"
	"path/filepath"
)

//go:generate go run . -root ../../..

// place is the drawing, from the root of the module.
var place = filepath.Join("docs", "architecture.svg")

func main() {
	log.SetFlags(0)
	root := flag.String("root", ".", "`DIR` of the module")
	flag.Parse()
	g, err := read(*root)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*root, place), []byte(draw(g)), 0o666); err != nil {
		log.Fatal(err)
	}
}
