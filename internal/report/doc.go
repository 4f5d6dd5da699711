// Package report writes the results of a run: a [Handler] takes them one by one,
// and there is a file for each format. A command never prints a result itself, so
// every format shows the same run, and [Replay] makes any of them again from
// results that were saved as JSON Lines.
package report
