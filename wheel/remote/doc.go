// Package remote reads a wheel behind HTTP by ranges, so that looking at one member
// does not cost the download of all of them, and downloads pages of an index.
//
// Start with [Open]. It returns a [File], which is an [io.ReaderAt] of known size,
// as wheel.Open needs it. The directory of a wheel is at its end; Open fetches it,
// so listing the members costs nothing more. [File.Prefetch] fetches the members
// that are about to be read, several at a time. Without it, [File.ReadAt] fetches
// what it needs and reads ahead, so that an archive that is read from front to back
// takes few requests. [Get] downloads a page of an index, or another document that is
// read whole.
//
// # Servers
//
// The first request is for the last 80 KiB. A server that does not understand a
// range counted from the end is asked for the first byte, which gives the size. If
// it does not support ranges at all, or answers them wrongly, the whole file is
// downloaded and kept in memory, up to 256 MiB.
//
// After Open, every response must agree with what was requested and with the first
// response: range, size, and the ETag or else the Last-Modified date. So a file that
// changes on the server is an error ([CodeChanged]) and never a mixture of two
// versions. Only a strong ETag counts. A file with neither ETag nor date is known by
// its size alone; compare its hashes with RECORD or an index where that matters.
//
// # Failures
//
// Errors are of type [*Error]. Network errors and the statuses 408, 429, 500, 502,
// 503 and 504 are retried, up to four attempts, after 250 ms, 500 ms and 1 s, or
// when Retry-After says. A response that breaks off is continued where it ended. The
// server may take a minute for each 16 KiB, all attempts included, and
// Options.Timeout for all requests together. An error of the transport that wraps
// [io/fs.ErrPermission] is not retried. No error wraps [io.EOF] or
// [io.ErrUnexpectedEOF]: a lost connection is not the end of a file.
//
// # Memory
//
// Up to 64 MiB are kept in memory, apart from a file that was downloaded whole; what
// was not used for longest is dropped first. Prefetch sends at most four requests at
// a time.
//
// # Security
//
// The user, password and query of a URL appear in no error. They are not sent to the
// target of a redirect to another host or port, or from https to http, nor is a
// Referer. At most 10 redirects are followed, to http and https only.
//
// Open connects to any address that a URL or a redirect names, also to those of the
// local network. A service that takes URLs from strangers should set Options.Client
// to one that refuses such addresses when it dials; the example for [Options] shows
// how.
//
// # Stability
//
// The package is experimental: it may change in a minor release.
package remote
