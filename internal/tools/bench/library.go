//go:build linux

package main

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/wheeltag/wheeltag/internal/inflate"
	"github.com/wheeltag/wheeltag/wheel/audit"
)

// inflating compares an audit with unpacking the same ELF members whole.
func (b *bench) inflating() {
	type packed struct {
		data []byte
		size int
	}
	var members []packed
	largest := 0
	for _, path := range b.wheels {
		z, err := zip.OpenReader(path)
		if err != nil {
			log.Fatal(err)
		}
		for _, f := range z.File {
			if f.Method != zip.Deflate || f.UncompressedSize64 < 64 {
				continue
			}
			raw, err := f.OpenRaw()
			if err != nil {
				log.Fatal(err)
			}
			data, err := io.ReadAll(raw)
			if err != nil {
				log.Fatal(err)
			}
			var head [4]byte
			var d inflate.Decoder
			if n, _, _ := d.Decode(head[:], data); n == 4 && string(head[:]) == "\x7fELF" {
				members = append(members, packed{data, int(f.UncompressedSize64)})
				largest = max(largest, int(f.UncompressedSize64))
			}
		}
		z.Close()
	}
	var decoder inflate.Decoder
	buf := make([]byte, largest)
	bytes := 0
	whole := best(func() {
		bytes = 0
		for _, m := range members {
			n, _, err := decoder.Decode(buf[:m.size], m.data)
			if err != nil {
				log.Fatal(err)
			}
			bytes += n
		}
	})
	auditor := audit.New(audit.Options{})
	audit := best(func() {
		for _, path := range b.wheels {
			if _, err := auditor.File(context.Background(), path); err != nil {
				log.Fatal(err)
			}
		}
	})
	fmt.Printf("| library calls | time | |\n|---|---|---|\n| unpack %d ELF members whole, %s | %s | %.0f MB/s |\n| audit the same wheels | %s | %.2f of that |\n\n",
		len(members), mebibytes(int64(bytes)), seconds(whole), float64(bytes)/1e6/whole.Seconds(), seconds(audit), audit.Seconds()/whole.Seconds())
}

// best is the least of five times.
func best(f func()) time.Duration {
	var least time.Duration
	for i := range 5 {
		start := time.Now()
		f()
		if d := time.Since(start); i == 0 || d < least {
			least = d
		}
	}
	return least
}

// memory measures the largest resident size.
func (b *bench) memory() {
	synthetic := filepath.Join(b.dir, "synthetic-1.0-cp311-cp311-linux_x86_64.whl")
	if err := writeHuge(synthetic); err != nil {
		log.Fatal(err)
	}
	fmt.Print("| peak memory | --jobs 1 | --jobs 8 |\n|---|---|---|\n")
	for _, path := range append([]string{filepath.Dir(b.wheels[0]), synthetic}, b.large...) {
		one := run(b.program, "audit", "--jobs", "1", path)
		eight := run(b.program, "audit", "--jobs", "8", path)
		fmt.Printf("| %s | %s | %s |\n", filepath.Base(path), mebibytes(one.peak), mebibytes(eight.peak))
	}
	fmt.Println()
}

// writeHuge writes a wheel with an extension module that goes on for 4 GiB.
func writeHuge(path string) error {
	module, err := os.ReadFile(filepath.Join("testdata", "elf", "ext-x86_64-gnu2.17.so"))
	if err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	z := zip.NewWriter(f)
	w, err := z.Create("demo.so")
	if err != nil {
		return err
	}
	if _, err := w.Write(module); err != nil {
		return err
	}
	zeros := make([]byte, 1<<20)
	for range 4 << 10 {
		if _, err := w.Write(zeros); err != nil {
			return err
		}
	}
	return z.Close()
}

// verifying compares --verify with Python's test of an archive.
func (b *bench) verifying() {
	folder := filepath.Dir(b.wheels[0])
	one := median(func() cost { return run(b.program, "audit", "--verify", "--jobs", "1", folder) })
	all := median(func() cost { return run(b.program, "audit", "--verify", folder) })
	if b.python == "" {
		return
	}
	theirs := each(b.wheels, b.python, "-m", "zipfile", "-t")
	fmt.Print("| every file against its checksum | wheeltag, RECORD as well | python -m zipfile -t | ratio |\n|---|---|---|---|\n")
	fmt.Printf("| one process, CPU | %s | %s | %s |\n", seconds(one.cpu), seconds(theirs.cpu), ratio(theirs.cpu, one.cpu))
	fmt.Printf("| one process, all cores, wall | %s | %s | %s |\n\n", seconds(all.wall), seconds(theirs.wall), ratio(theirs.wall, all.wall))
}

// scaling audits links to the same wheels, more and more of them.
func (b *bench) scaling() {
	fmt.Print("| wheels | CPU | CPU a wheel | peak memory | again from the cache, wall |\n|---|---|---|---|---|\n")
	for _, n := range []int{100, 1000, 10000} {
		folder := filepath.Join(b.dir, fmt.Sprint(n))
		for i := range n {
			sub := filepath.Join(folder, fmt.Sprint(i/len(b.wheels)))
			path, err := filepath.Abs(b.wheels[i%len(b.wheels)])
			if err == nil {
				err = os.MkdirAll(sub, 0o755)
			}
			if err == nil {
				err = os.Symlink(path, filepath.Join(sub, filepath.Base(path)))
			}
			if err != nil {
				log.Fatal(err)
			}
		}
		c := run(b.program, "audit", folder)
		kept := filepath.Join(b.dir, "cache", fmt.Sprint(n))
		run(b.program, "audit", "--cache", kept, folder)
		again := run(b.program, "audit", "--cache", kept, folder)
		fmt.Printf("| %d | %s | %.1f ms | %s | %s |\n", n, seconds(c.cpu), c.cpu.Seconds()*1000/float64(n), mebibytes(c.peak), seconds(again.wall))
	}
	fmt.Println()
}
