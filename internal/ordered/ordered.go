// Package ordered works on many inputs at once and gives the results in the order
// of the inputs.
package ordered

import (
	"context"
	"iter"
	"sync"
)

// Map calls work for each input, at most jobs at a time, and yields the results in
// the order of the inputs. It reads ahead by a bounded number of inputs. When ctx
// is done it yields no more; results that were not taken are dropped. Every call of
// work has returned before the sequence ends.
func Map[In, Out any](ctx context.Context, jobs int, inputs iter.Seq[In], work func(context.Context, In) Out) iter.Seq[Out] {
	return func(yield func(Out) bool) {
		ctx, stop := context.WithCancel(ctx)
		var group sync.WaitGroup
		defer group.Wait()
		defer stop()
		// Each slot is filled by its worker and read in turn.
		slots := make(chan chan Out, 2*jobs)
		free := make(chan struct{}, jobs)
		group.Go(func() {
			defer close(slots)
			for in := range inputs {
				slot := make(chan Out, 1)
				select {
				case slots <- slot:
				case <-ctx.Done():
					return
				}
				select {
				case free <- struct{}{}:
				case <-ctx.Done():
					return
				}
				group.Go(func() {
					slot <- work(ctx, in)
					<-free
				})
			}
		})
		for slot := range slots {
			select {
			case out := <-slot:
				if !yield(out) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}
