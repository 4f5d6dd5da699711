// Promise audits wheels: for each it prints what the file name claims, what the
// machine code inside really needs, and the findings.
//
//	go run ./examples/promise dist/*.whl
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

func main() {
	ok, err := run(os.Stdout, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "promise:", err)
		os.Exit(3)
	}
	if !ok {
		os.Exit(1)
	}
}

// run reports whether every wheel passes.
func run(w io.Writer, paths []string) (ok bool, err error) {
	ok = true
	for _, path := range paths {
		report, err := audit.File(context.Background(), path)
		if err != nil {
			return false, err
		}
		fmt.Fprintf(w, "%s: %s\n", report.Verdict, filepath.Base(path))
		fmt.Fprintf(w, "  claims %s, is %s\n", strings.Join(report.Claimed, " and "), report.PlatformTag)
		for _, f := range report.Findings {
			fmt.Fprintf(w, "  %s %s: %s\n", f.Rule, f.Severity, f.Message)
		}
		ok = ok && report.Verdict == finding.Pass
	}
	return ok, nil
}
