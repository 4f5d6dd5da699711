// Package remote reads a wheel behind HTTP by ranges, so that looking at one member
// does not cost the download of all of them.
//
// Start with [Open]: it gives a [File], which is an [io.ReaderAt] of known size,
// just what wheel.Open asks for. The directory of a wheel is at its end, and Open
// has fetched that when it returns; mostly listing the members and reading the
// metadata costs nothing more. [File.Members] says where each member lies, and
// [File.Prefetch] fetches those that are going to be read, near ones together.
// Without a hint [File.ReadAt] fetches blocks that grow while the reading goes on
// in sequence.
//
// # What servers do
//
// A server that refuses or misunderstands a range counted from the end is asked
// for the first byte instead, which tells the size. One that gives no ranges at
// all, or none that fit, sends the whole file, and it is kept in memory if it is
// not larger than Options.MaxDownload; [Stats] tells. Once a file is open, every
// answer is held against what was asked for: the range, the size, the ETag or
// else the date of the last change. A body that ends early is continued where it
// ended. What does not fit is an [*Error], never a byte from another place or
// another version.
//
// An ETag counts only if it is strong. A file that has neither that nor a date is
// told from another by its size alone; hold the wheel against its RECORD or a
// hash from the index where that is not enough. One that had an ETag when it was
// opened must go on telling it.
//
// # Failures
//
// Errors of the network and the statuses 408, 429, 500, 502, 503 and 504 are
// tried again on a fixed schedule, by default after 250 ms, 500 ms and 1 s, or
// when Retry-After says, if that is within a minute. Other statuses are final. A
// file that changed is lost for good. All other errors may be gone at the next
// call. No error wraps [io.EOF] or [io.ErrUnexpectedEOF], so that a lost
// connection cannot be taken for the end of a file or for a damaged archive.
//
// # Cost
//
// At most four requests run at a time, and bytes that are on their way are not
// asked for again. Memory is bounded by Options.CacheSize, apart from a file taken
// whole and the piece of 64 KiB that each request is working on; what was not read
// for longest goes first. An answer whose length is not told is held back until
// it has ended and counts beside the cache too.
//
// # Secrets
//
// User, password and query of an address appear in no error, and a redirect to
// another host or port, or from https to http, takes none of them along.
//
// # Stability
//
// The package is experimental: it may change in a minor release.
package remote
