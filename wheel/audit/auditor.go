package audit

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/wheeltag/wheeltag/internal/unzip"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// Options are for [New]; the zero value audits one member at a time.
type Options struct {
	// Jobs is how many members, of any wheels, are unpacked at the same time.
	Jobs int

	// Memory is about how many bytes all of them together may keep of what they
	// unpack; 0 means 8 MiB a job. Less only means that large members are
	// unpacked twice.
	Memory int64

	// Verify unpacks every member to its end and checks its CRC-32 and its hash
	// and size in RECORD.
	Verify bool

	// ByName skips members with the names of text files; see [MayContainCode].
	// [Report.Unseen] counts them.
	ByName bool

	// Selection says which rules are reported and how severe they are; the
	// zero value reports all of them as the catalogue has them. It changes no
	// platform tag, as all rules are asked, and [Report.Silenced] counts the findings
	// of those that are not reported.
	Selection finding.Selection

	// Exclude are patterns of libraries that something else provides, as for
	// "auditwheel repair --exclude": each is matched with names in DT_NEEDED, and with
	// the paths of files in LibraryPath, by the rules of Python's fnmatch.
	Exclude []string
	// LibraryPath are the directories in which libraries from outside the wheels are
	// looked for, as by --ldpaths of auditwheel; [Report.Outside] has what was found.
	LibraryPath []string

	// Neighbours are the paths of wheels that are installed next to the audited ones, as
	// far as the tags of those and Requires-Dist allow. They are read where an audited
	// wheel needs a library that it does not have; [Report.Provided] has those that are
	// found.
	Neighbours []string

	// Exports puts the symbols that bundled libraries export into [Report.Contents], to be
	// compared with those of another release.
	Exports bool

	// Today decides which releases are past their end of life; the zero time
	// means now.
	Today time.Time
}

// Auditor audits many wheels with bounded memory. It may be used from several
// goroutines; all of them share its workers.
type Auditor struct {
	workers   chan *worker
	verify    bool
	byName    bool
	rules     finding.Selection
	today     time.Time
	tables    int64 // bytes of tables that are held of one wheel
	elsewhere elsewhere
	exports   bool
	// neighbours are nil without any.
	neighbours *neighbourhood
}

// worker has the buffers that one goroutine needs.
type worker struct {
	scan *unzip.Scanner
	head [headSize]byte
}

// New makes an Auditor.
func New(o Options) *Auditor {
	jobs := max(o.Jobs, 1)
	limit := int64(8 << 20)
	if o.Memory > 0 {
		limit = min(max(o.Memory/int64(jobs), 1<<20), 1<<30)
	}
	a := &Auditor{workers: make(chan *worker, jobs), verify: o.Verify, byName: o.ByName && !o.Verify, rules: o.Selection, today: o.Today, tables: maxTables, elsewhere: newElsewhere(o.Exclude, o.LibraryPath)}
	if a.today.IsZero() {
		a.today = time.Now().UTC()
	}
	a.exports = o.Exports
	if len(o.Neighbours) > 0 {
		a.neighbours = newNeighbourhood(a.quiet(), o.Neighbours)
	}
	for range jobs {
		a.workers <- &worker{scan: unzip.NewScanner(int(limit))}
	}
	return a
}

// File audits the file at path; see [Auditor.Open] for what an error means.
func (a *Auditor) File(ctx context.Context, path string) (*Report, error) {
	s, err := a.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	return s.Report(), nil
}

// Wheel audits the wheel in the first size bytes of r. Its file name is what it
// claims.
func (a *Auditor) Wheel(ctx context.Context, r io.ReaderAt, size int64, filename string) (*Report, error) {
	s, err := a.read(ctx, r, size, filename)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filename, err)
	}
	return s.Report(), nil
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

// members looks at every member of an archive: one worker at the beginning of
// each, then as many as are free at those that must be read, the largest first.
func (a *Auditor) members(ctx context.Context, archive *wheel.Archive, recorded *record) (*content, unzip.Stats, error) {
	own, err := a.take(ctx)
	if err != nil {
		return nil, unzip.Stats{}, err
	}
	defer func() { a.workers <- own }()
	var all []*member
	q := queue{most: a.tables}
	for m := range archive.Members() {
		if err := ctx.Err(); err != nil {
			return nil, unzip.Stats{}, err
		}
		if a.byName && !MayContainCode(m.Name()) {
			q.unseen++
			continue
		}
		one := &member{Member: m, verify: a.verify, rows: recorded.Lookup(m.Name()), exempt: recorded.exempts(m.Name())}
		all = append(all, one)
		if one.sniff(ctx, own) {
			q.list = append(q.list, one)
		}
	}
	slices.SortStableFunc(q.list, func(x, y *member) int { return cmp.Compare(y.ClaimedSize(), x.ClaimedSize()) })
	a.readAll(ctx, &q, own)
	if err := ctx.Err(); err != nil {
		return nil, unzip.Stats{}, err
	}
	c := &content{unseen: q.unseen}
	for _, one := range all {
		if q.held.Load() > q.most { // whichever came first
			one.elf = tooMuch(one.elf)
		}
		c.add(one)
	}
	return c, q.stats, nil
}

// queue is the members of one wheel that must be read.
type queue struct {
	list  []*member
	next  atomic.Int64
	held  atomic.Int64 // bytes of tables
	most  int64        // that may be held
	lock  sync.Mutex
	stats unzip.Stats

	unseen int
}

// empty reports whether no member is left to begin with.
func (q *queue) empty() bool { return int(q.next.Load()) >= len(q.list) }

// work reads members until none is left.
func (q *queue) work(ctx context.Context, w *worker) {
	before := w.scan.Stats
	for ctx.Err() == nil {
		i := int(q.next.Add(1)) - 1
		if i >= len(q.list) {
			break
		}
		m := q.list[i]
		m.read(ctx, w)
		if q.held.Add(m.elf.Footprint()) > q.most {
			m.elf = tooMuch(m.elf)
		}
	}
	q.lock.Lock()
	defer q.lock.Unlock()
	q.stats.Add(difference(w.scan.Stats, before))
}

// readAll reads the queue with the wheel's own worker and with every other that
// is free or becomes so in the meantime.
func (a *Auditor) readAll(ctx context.Context, q *queue, own *worker) {
	var group sync.WaitGroup
	done := make(chan struct{})
	group.Go(func() {
		for len(q.list) > 1 && !q.empty() {
			select {
			case w := <-a.workers:
				group.Go(func() {
					q.work(ctx, w)
					a.workers <- w
				})
			case <-done:
				return
			}
		}
	})
	q.work(ctx, own)
	close(done)
	group.Wait()
}

func difference(a, b unzip.Stats) unzip.Stats {
	return unzip.Stats{Packed: a.Packed - b.Packed, Unpacked: a.Unpacked - b.Unpacked, Skipped: a.Skipped - b.Skipped, Again: a.Again - b.Again}
}
