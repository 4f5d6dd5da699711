package audit

import (
	"context"
	"iter"

	"github.com/wheeltag/wheeltag/internal/ordered"
)

// Files audits many files at once and yields their reports in the order of the
// paths. An error belongs to one path, the others still come; when ctx is done the
// sequence ends, and ctx has the error.
func (a *Auditor) Files(ctx context.Context, paths iter.Seq[string]) iter.Seq2[*Report, error] {
	type result struct {
		report *Report
		err    error
	}
	return func(yield func(*Report, error) bool) {
		audit := func(ctx context.Context, path string) result {
			r, err := a.File(ctx, path)
			return result{r, err}
		}
		for r := range ordered.Map(ctx, cap(a.workers), paths, audit) {
			if ctx.Err() != nil || !yield(r.report, r.err) {
				return
			}
		}
	}
}
