// Wheeltag answers which Python wheels fit a described target and whether the
// native code in them matches their file names. Run "wheeltag help".
package main

import (
	"os"

	"github.com/wheeltag/wheeltag/internal/cli"
)

func main() {
	os.Exit(cli.Main())
}
