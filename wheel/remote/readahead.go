package remote

// runs remembers the last few places where the file was read in sequence. One
// place is not enough: several goroutines read at once, and a reader of zip
// members goes back and forth between them.
type runs struct {
	list   [8]run
	oldest int
}

// run is a part of the file that was fetched in sequence.
type run struct{ next, length int64 }

// growth is how many times its first size the read-ahead may become.
const growth = 16

// ahead is how many bytes to fetch for a reader that wants rest: as much again as
// it has read in sequence so far, so that never more than half is in vain; at
// least a block and at most sixteen, unless it wants more at once.
func (r *runs) ahead(rest Span, block, most int64) int64 {
	length := block
	if i := r.find(rest.Off); i >= 0 {
		length = min(max(r.list[i].length, block), growth*block)
	}
	return min(max(length, rest.Len), most)
}

// note records that the bytes from off to end are being fetched.
func (r *runs) note(off, end int64) {
	i := r.find(off)
	if i < 0 {
		i = r.oldest
		r.oldest = (r.oldest + 1) % len(r.list)
		r.list[i] = run{}
	}
	r.list[i].next = end
	r.list[i].length += end - off
}

// find gives the run that goes on at off, perhaps after a small gap, or -1.
func (r *runs) find(off int64) int {
	for i, run := range r.list {
		if run.length > 0 && run.next <= off && off-run.next < mergeGap {
			return i
		}
	}
	return -1
}
