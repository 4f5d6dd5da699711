// Command testreport runs go test and reports what matters of it: the output of
// what fails, the tests that were skipped with their reasons, how long each package
// and the whole took.
//
//	go run ./internal/tools/testreport [-skipped FILE] [-top N] -- ARGUMENTS OF GO TEST
package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

func main() {
	log.SetFlags(0)
	skipped := flag.String("skipped", "", "append the skipped tests to `FILE`, a line each")
	top := flag.Int("top", 8, "show the `N` slowest packages")
	flag.Parse()
	start := time.Now()
	cmd := exec.Command("go", append([]string{"test", "-json"}, flag.Args()...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		log.Fatal(err)
	}
	r, err := read(out)
	if err != nil {
		log.Fatal(err)
	}
	failed := cmd.Wait() != nil
	r.print(os.Stdout, *top, time.Since(start))
	if *skipped != "" {
		if err := appendLines(*skipped, r.skipped); err != nil {
			log.Fatal(err)
		}
	}
	if failed {
		os.Exit(1)
	}
}

// event is a line of go test -json.
type event struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64 // seconds
}

// report is what is kept of a run.
type report struct {
	failures string
	packages []packageTime
	skipped  []string // package, test and reason
}

type packageTime struct {
	name    string
	seconds float64
}

// read follows the events to their end. Output is kept until it is known whether
// its test fails.
func read(in io.Reader) (*report, error) {
	var r report
	output := map[[2]string]*strings.Builder{}
	for d := json.NewDecoder(in); ; {
		var e event
		if err := d.Decode(&e); errors.Is(err, io.EOF) {
			return &r, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading the events of go test: %w", err)
		}
		key := [2]string{e.Package, e.Test}
		if output[key] == nil {
			output[key] = new(strings.Builder)
		}
		switch e.Action {
		case "build-output":
			r.failures += e.Output
		case "output":
			output[key].WriteString(e.Output)
		case "fail":
			r.failures += output[key].String()
		case "skip":
			if e.Test != "" {
				r.skipped = append(r.skipped, fmt.Sprintf("%s %s: %s", e.Package, e.Test, reason(output[key].String())))
			}
		}
		if e.Action != "output" && e.Action != "start" && e.Action != "run" {
			delete(output, key)
		}
		if e.Test == "" && (e.Action == "pass" || e.Action == "fail") {
			r.packages = append(r.packages, packageTime{e.Package, e.Elapsed})
		}
	}
}

// reason is the message of a skipped test: its line begins with a file and a line.
func reason(output string) string {
	for line := range strings.Lines(output) {
		if at, text, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && strings.Contains(at, ".go:") {
			return text
		}
	}
	return "no reason given"
}

func (r *report) print(w io.Writer, top int, took time.Duration) {
	fmt.Fprint(w, r.failures)
	slices.SortFunc(r.packages, func(a, b packageTime) int { return cmp.Compare(b.seconds, a.seconds) })
	for _, p := range r.packages[:min(top, len(r.packages))] {
		fmt.Fprintf(w, "%7.1f s  %s\n", p.seconds, p.name)
	}
	fmt.Fprintf(w, "%7.1f s  all %d packages; %d tests skipped\n", took.Seconds(), len(r.packages), len(r.skipped))
}

func appendLines(path string, lines []string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	for _, line := range lines {
		fmt.Fprintln(f, line)
	}
	return f.Close()
}
