// Requirements turns the files that wheeltag selects of a lock file into requirements
// that pip installs without asking an index for anything else:
//
//	wheeltag select --target host --format json uv.lock | go run ./examples/requirements > files.txt
//	pip download --no-deps --require-hashes --dest wheels --requirement files.txt
//	pip install --no-deps --require-hashes --requirement files.txt
//
// Other build systems can read the same lines of JSON: each has a project, a file, its
// URL and its hashes.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
)

func main() {
	if err := run(os.Stdout, os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "requirements:", err)
		os.Exit(1)
	}
}

// selected is what is needed of an object of wheeltag.select/v1.
type selected struct {
	Project, Version, File, URL, Target string
	Hashes                              map[string]string
	Reason                              *struct{ Message string }
}

func run(w io.Writer, r io.Reader) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	target := ""
	for lines.Scan() {
		var s selected
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			return err
		}
		switch {
		case s.File == "" && s.Reason != nil:
			return fmt.Errorf("%s has no file: %s", s.Project, s.Reason.Message)
		case len(s.Hashes) == 0:
			return fmt.Errorf("%s has no hash", s.File)
		case target != "" && s.Target != target:
			return fmt.Errorf("the files are for %s and %s; requirements are for one", target, s.Target)
		}
		target = s.Target
		requirement := s.Project + " @ " + s.URL
		if s.URL == "" { // pip looks for the file by its hash
			requirement = s.Project + "==" + s.Version
		}
		var hashes []string
		for algorithm, digest := range s.Hashes {
			hashes = append(hashes, " --hash="+algorithm+":"+digest)
		}
		slices.Sort(hashes)
		fmt.Fprint(w, requirement)
		for _, h := range hashes {
			fmt.Fprint(w, h)
		}
		fmt.Fprintln(w)
	}
	return lines.Err()
}
