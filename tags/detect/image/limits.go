package image

// limits bound the work and the memory that reading one image may take, whatever
// its files claim. Tests lower them.
type limits struct {
	members int // of an image archive; real ones have a few hundred
	names   int // bytes of their names
	entries int // of all layers together
	steps   int // from directory to directory, for all entries; real images take a few million
	late    int // hard links of a layer that come before their targets

	memory      int64 // of everything below, and of the index
	retained    int64 // content of files from compressed layers
	retainedOne int64 // content of one such file
	recorded    int64 // entries of layers that are listed more than once
}

// defaultLimits are far above real images. Of the memory, an index takes some
// 180 bytes a file.
func defaultLimits() limits {
	return limits{
		members: 50_000, names: 4 << 20, entries: 2_000_000, steps: 1 << 26, late: 100_000,
		memory: 96 << 20, retained: 32 << 20, retainedOne: 12 << 20, recorded: 8 << 20,
	}
}
