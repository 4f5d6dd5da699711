package coveragepage

// state is one of the six states of a cell.
type state struct {
	name   string // as in Cell.State, shown in words
	letter string // shown where there is no room for a word
	about  string // one sentence for the reader
}

// states has the states from worst to best. The index is the digit in the data, the
// class in the style sheet (s0 to s5) and the order of sorting.
var states = [...]state{
	{"missing", "M", "No file can be installed on this target."},
	{"unknown", "?", "Nothing is known about the files of this package."},
	{"build", "B", "Only source fits: the package must be built on this target."},
	{"wheel", "W", "A wheel for this platform is installed."},
	{"pure", "P", "A wheel for every platform is installed."},
	{"excluded", "–", "The package is not needed on this target."},
}

// stateIndex returns the index in states, or -1.
func stateIndex(name string) int {
	for i := range states {
		if states[i].name == name {
			return i
		}
	}
	return -1
}
