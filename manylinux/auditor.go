package manylinux

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"path/filepath"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/wheel"
)

// Options are for [NewAuditor]; the zero value audits one member at a time.
type Options struct {
	// Jobs is how many members, of any wheels, are unpacked at the same time.
	Jobs int

	// Memory is about how many bytes all of them together may keep of what they
	// unpack; 0 stands for 8 MiB a job. Less only means that large members are
	// unpacked twice.
	Memory int64

	// Verify unpacks every member to its end and holds it against its CRC-32 in
	// the archive and its hash and size in RECORD.
	Verify bool
}

// Auditor audits many wheels with bounded memory. It may be used from several
// goroutines; all of them share its workers.
type Auditor struct {
	workers chan *worker
	verify  bool
}

// worker has the buffers that one goroutine needs.
type worker struct {
	scan *wheel.Scanner
	head [headSize]byte
}

// NewAuditor makes an Auditor.
func NewAuditor(o Options) *Auditor {
	jobs := max(o.Jobs, 1)
	limit := int64(8 << 20)
	if o.Memory > 0 {
		limit = min(max(o.Memory/int64(jobs), 1<<20), 1<<30)
	}
	a := &Auditor{workers: make(chan *worker, jobs), verify: o.Verify}
	for range jobs {
		a.workers <- &worker{scan: wheel.NewScanner(int(limit))}
	}
	return a
}

// File audits the file at path: a wheel when its name ends in ".whl", else a bare
// ELF file. The error means that there is no answer: the file cannot be opened, is
// no zip archive or no ELF file, or ctx is done. Everything else is a finding.
func (a *Auditor) File(ctx context.Context, path string) (*Report, error) {
	if strings.HasSuffix(path, ".whl") {
		archive, err := wheel.OpenFile(path)
		if err != nil {
			return nil, err
		}
		defer archive.Close()
		return a.archive(ctx, archive, filepath.Base(path))
	}
	f, err := elfaudit.ReadFile(path)
	if o := newObject(filepath.Base(path), f, err); o != nil && (err == nil || isFormat(err)) {
		return auditObject(o), nil
	}
	return nil, err
}

// Wheel audits the wheel in the first size bytes of r. Its file name is what it
// claims.
func (a *Auditor) Wheel(ctx context.Context, r io.ReaderAt, size int64, filename string) (*Report, error) {
	archive, err := wheel.Open(r, size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filename, err)
	}
	return a.archive(ctx, archive, filename)
}

// take gets a worker, waiting for one if all are busy.
func (a *Auditor) take(ctx context.Context) (*worker, error) {
	select {
	case w := <-a.workers:
		return w, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// members looks at every member of an archive. One worker goes through all of
// them; members with machine code go to others while those are free, so that a
// single large wheel keeps all workers busy and many small ones do as well.
func (a *Auditor) members(ctx context.Context, archive *wheel.Archive, recorded map[string]wheel.RecordEntry) (*content, wheel.ScanStats, error) {
	var found []*member
	var group sync.WaitGroup
	defer group.Wait()
	own, err := a.take(ctx)
	if err != nil {
		return nil, wheel.ScanStats{}, err
	}
	defer func() { a.workers <- own }()
	before := own.scan.Stats
	var lock sync.Mutex
	var elsewhere wheel.ScanStats
	for m := range archive.Members() {
		if err := ctx.Err(); err != nil {
			return nil, wheel.ScanStats{}, err
		}
		one := &member{Member: m, verify: a.verify, entry: recorded[m.Name()]}
		found = append(found, one)
		if !one.sniff(own) {
			continue
		}
		select {
		case other := <-a.workers:
			group.Add(1)
			go func() {
				defer group.Done()
				start := other.scan.Stats
				one.read(other)
				lock.Lock()
				elsewhere.Add(difference(other.scan.Stats, start))
				lock.Unlock()
				a.workers <- other
			}()
		default:
			one.read(own)
		}
	}
	group.Wait()
	elsewhere.Add(difference(own.scan.Stats, before))
	c := &content{}
	for _, one := range found {
		c.add(one)
	}
	return c, elsewhere, nil
}

func difference(a, b wheel.ScanStats) wheel.ScanStats {
	return wheel.ScanStats{Packed: a.Packed - b.Packed, Unpacked: a.Unpacked - b.Unpacked, Skipped: a.Skipped - b.Skipped, Again: a.Again - b.Again}
}

// sums are what a verified member is hashed with.
func (m *member) sums() []hash.Hash {
	if !m.verify {
		return nil
	}
	m.sha256 = sha256.New()
	return []hash.Hash{m.sha256}
}
