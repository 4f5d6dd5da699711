package report

import (
	"iter"
	"slices"

	"github.com/wheeltag/wheeltag/wheel/coverage"
)

// Refusals says which targets the lock files of rows are not for, with a sentence
// for each reason.
func Refusals(targets []coverage.Target, rows iter.Seq[*coverage.Row]) []string {
	type cause struct{ need, have string }
	names := map[cause][]string{}
	messages := map[cause]string{} // of the first target
	type pair struct {
		cause
		target int
	}
	seen := map[pair]bool{}
	var order []cause
	for row := range rows {
		for t := range targets {
			if row.Cells[t].State != coverage.Unsupported {
				continue
			}
			reason := row.Reason(t)
			c := cause{reason.Need, reason.Have}
			if names[c] == nil {
				order = append(order, c)
				messages[c] = reason.Message
			}
			if !seen[pair{c, t}] {
				seen[pair{c, t}] = true
				names[c] = append(names[c], targets[t].Name())
			}
		}
	}
	var texts []string
	for _, c := range order {
		switch {
		case len(names[c]) == 1:
			texts = append(texts, messages[c])
		case c.need == "":
			texts = append(texts, "the lock is not for the environment of "+Some(names[c]))
		default:
			texts = append(texts, "the lock is for Python "+c.need+"; "+Some(names[c])+" have "+c.have)
		}
	}
	return texts
}

// refusal says in short, after the name of the target, that the lock file of a row
// is not for it.
func refusal(row *coverage.Row, target int) string {
	reason := row.Reason(target)
	if reason.Need == "" {
		return "the lock is not for this environment"
	}
	return "the lock is for Python " + reason.Need + ", not " + reason.Have
}

// refused reports whether the lock file of a row is for none of the targets.
func refused(row *coverage.Row) bool {
	return !slices.ContainsFunc(row.Cells, func(c coverage.Cell) bool { return c.State != coverage.Unsupported })
}
