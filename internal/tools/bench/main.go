//go:build linux

// Command bench measures the audit against auditwheel and Python, whole processes
// and library calls side by side in one run, and prints Markdown tables.
//
//	go run ./internal/tools/bench [-wheels DIR] [-large DIR]
//
// auditwheel and python3 are taken from PATH; rows for what is not there are
// left out. Ratios are what counts: machines differ and are busy.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

func main() {
	log.SetFlags(0)
	wheels := flag.String("wheels", filepath.Join("..", "shared", "wheels"), "folder of published wheels")
	large := flag.String("large", "", "folder of large wheels")
	flag.Parse()
	dir, err := os.MkdirTemp("", "wheeltag-bench-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	b := bench{dir: dir, program: filepath.Join(dir, "wheeltag")}
	if out, err := exec.Command("go", "build", "-o", b.program, "./cmd/wheeltag").CombinedOutput(); err != nil {
		log.Fatalf("%v\n%s", err, out)
	}
	b.auditwheel, _ = exec.LookPath("auditwheel")
	b.python, _ = exec.LookPath("python3")
	if b.wheels, err = filepath.Glob(filepath.Join(*wheels, "*.whl")); err != nil || len(b.wheels) == 0 {
		log.Fatalf("no wheels in %s; name a folder with -wheels", *wheels)
	}
	if *large != "" {
		b.large, _ = filepath.Glob(filepath.Join(*large, "*.whl"))
	}
	b.audits()
	b.largeWheels()
	b.memory()
	b.verifying()
	b.scaling()
	b.inflating() // last: it makes this process large, and a child starts as a copy of it
}

// bench is one run.
type bench struct {
	dir, program       string
	auditwheel, python string // empty when not there
	wheels, large      []string
}

// cost is what one or more processes took.
type cost struct {
	cpu, wall time.Duration
	peak      int64 // bytes resident, of the largest
}

func (c *cost) add(d cost) {
	c.cpu += d.cpu
	c.wall += d.wall
	c.peak = max(c.peak, d.peak)
}

// run runs a process to its end; exit status 1 is an answer.
func run(name string, args ...string) cost {
	cmd := exec.Command(name, args...)
	start := time.Now()
	err := cmd.Run()
	c := cost{wall: time.Since(start)}
	if cmd.ProcessState == nil {
		log.Fatalf("%s: %v", name, err)
	}
	c.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.peak = int64(usage.Maxrss) << 10
	}
	return c
}

// median runs something three times and gives the run with the median CPU time.
func median(f func() cost) cost {
	runs := []cost{f(), f(), f()}
	slices.SortFunc(runs, func(a, b cost) int { return int(a.cpu - b.cpu) })
	return runs[1]
}

// each runs a process for each path, with the path behind the arguments.
func each(paths []string, name string, args ...string) cost {
	var total cost
	for _, path := range paths {
		total.add(run(name, append(slices.Clone(args), path)...))
	}
	return total
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func mebibytes(n int64) string { return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20)) }

func ratio(theirs, ours time.Duration) string {
	return fmt.Sprintf("%.1f", float64(theirs)/float64(ours))
}

// show says what a wheel is in one call of auditwheel.
var show = []string{"show", "--json", "--ldpaths", ""}

// audits measures all published wheels, a process each and in one.
func (b *bench) audits() {
	fmt.Printf("| audit of %d wheels | wheeltag | auditwheel | ratio |\n|---|---|---|---|\n", len(b.wheels))
	single := each(b.wheels, b.program, "audit")
	folder := filepath.Dir(b.wheels[0])
	one := median(func() cost { return run(b.program, "audit", "--jobs", "1", folder) })
	all := median(func() cost { return run(b.program, "audit", folder) })
	if b.auditwheel == "" {
		fmt.Printf("| a process each, CPU | %s | - | - |\n| one process, CPU | %s | - | - |\n| one process, all cores, wall | %s | - | - |\n\n",
			seconds(single.cpu), seconds(one.cpu), seconds(all.wall))
		return
	}
	theirs := each(b.wheels, b.auditwheel, show...)
	fmt.Printf("| a process each, CPU | %s | %s | %s |\n", seconds(single.cpu), seconds(theirs.cpu), ratio(theirs.cpu, single.cpu))
	fmt.Printf("| one process, CPU | %s | %s | %s |\n", seconds(one.cpu), seconds(theirs.cpu), ratio(theirs.cpu, one.cpu))
	fmt.Printf("| one process, all cores, wall | %s | %s | %s |\n\n", seconds(all.wall), seconds(theirs.wall), ratio(theirs.wall, all.wall))
}

// largeWheels measures each large wheel by itself.
func (b *bench) largeWheels() {
	if len(b.large) == 0 || b.auditwheel == "" {
		return
	}
	fmt.Print("| large wheel | size | wheeltag, wall | auditwheel, wall | ratio |\n|---|---|---|---|---|\n")
	for _, path := range b.large {
		info, err := os.Stat(path)
		if err != nil {
			log.Fatal(err)
		}
		ours := median(func() cost { return run(b.program, "audit", path) })
		theirs := run(b.auditwheel, append(slices.Clone(show), path)...)
		fmt.Printf("| %s | %s | %s | %s | %s |\n", filepath.Base(path), mebibytes(info.Size()), seconds(ours.wall), seconds(theirs.wall), ratio(theirs.wall, ours.wall))
	}
	fmt.Println()
}
