package coveragepage

import "github.com/wheeltag/wheeltag/wheel/coverage"

// state is one of the states of a cell.
type state struct {
	coverage.State
	about string // one sentence for the reader
}

// states has the states from worst to best. The index is the digit in the data, the
// class in the style sheet (s0 to s6) and the order of sorting.
var states = [...]state{
	{coverage.Missing, "No file can be installed on this target."},
	{coverage.Unknown, "Nothing is known about the files of this package."},
	{coverage.Build, "Only source fits: the package must be built on this target."},
	{coverage.Wheel, "A wheel for this platform is installed."},
	{coverage.Pure, "A wheel for every platform is installed."},
	{coverage.Unsupported, "The lock file as a whole is not for this target."},
	{coverage.Excluded, "The package is not needed on this target."},
}

// stateIndex returns the index in states, or -1.
func stateIndex(name string) int {
	for i := range states {
		if states[i].String() == name {
			return i
		}
	}
	return -1
}
