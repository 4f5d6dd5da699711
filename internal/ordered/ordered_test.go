package ordered

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func upTo(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

// TestMap: results come in order although later inputs are done first, and no more
// than jobs are worked on at a time.
func TestMap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int32
		work := func(_ context.Context, i int) int {
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(time.Duration(10-i%10) * time.Second)
			now.Add(-1)
			return i * i
		}
		var got []int
		for square := range Map(t.Context(), 3, upTo(50), work) {
			got = append(got, square)
		}
		var want []int
		for i := range 50 {
			want = append(want, i*i)
		}
		if !slices.Equal(got, want) || most.Load() != 3 {
			t.Errorf("%v, %d at a time", got, most.Load())
		}
	})
}

// TestMapStops: the sequence ends when it is no longer read or ctx is done, and
// nothing is still at work then.
func TestMapStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running atomic.Int32
		work := func(ctx context.Context, i int) int {
			running.Add(1)
			defer running.Add(-1)
			if i > 2 {
				<-ctx.Done()
			}
			return i
		}
		taken := 0
		for range Map(t.Context(), 2, upTo(1000), work) {
			if taken++; taken == 2 {
				break
			}
		}
		if taken != 2 || running.Load() != 0 {
			t.Errorf("took %d, %d at work", taken, running.Load())
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		taken = 0
		for range Map(ctx, 2, upTo(1000), work) {
			taken++
		}
		if taken != 3 || running.Load() != 0 {
			t.Errorf("took %d, %d at work after the end", taken, running.Load())
		}
	})
}
