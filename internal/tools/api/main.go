// Command api writes the exported names of the public packages, with their types, a
// line each, to docs/api.txt: what a change adds or takes away is a difference in
// that file.
//
//	go run ./internal/tools/api [-root DIR]
package main

import (
	"flag"
	"log"
	"os"
	"path/filepath"
)

//go:generate go run . -root ../../..

// place is the list, from the root of the module.
var place = filepath.Join("docs", "api.txt")

func main() {
	log.SetFlags(0)
	root := flag.String("root", ".", "`DIR` of the module")
	flag.Parse()
	text, err := describe(*root)
	if err != nil {
		log.Fatal("api: ", err)
	}
	if err := os.WriteFile(filepath.Join(*root, place), []byte(text), 0o666); err != nil {
		log.Fatal("api: ", err)
	}
}
