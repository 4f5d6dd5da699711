// Package inflate decodes DEFLATE streams (RFC 1951), such as the members of zip
// archives, about three times as fast as compress/flate.
//
// # Which type to use
//
// Use [Decoder] if the compressed bytes are in memory and the size of the output
// is known: Decode is one call from slice to slice. Use [Reader] for a large
// stream, or to decode only the beginning of one: it reads from an io.Reader or
// from a section of an io.ReaderAt. Both are large values to be reused, by one
// goroutine at a time; after that they do not allocate.
//
// # What is accepted
//
// Exactly what compress/flate accepts, with the same output before a fault and
// the same offset of the fault. That includes a code with one symbol of one bit,
// a block without distance codes that has no match, and a repeat of code lengths
// that starts in the literals and ends in the distances. Checksums and sizes are
// not verified; those of an archive are for the caller to compare.
//
// A stream of a few bytes can decode to a thousand times its size. Decode is
// bounded by the slice it is given; with a Reader the caller sets the bound.
//
// # How it works
//
// Both types use an engine that decodes symbols in two ways. decodeFast runs while
// there is enough input and output for one iteration, so it does not have to check
// each byte, and it leaves everything but literals and matches to decodeSlow, which
// decodes one symbol with every check. Both stop only between two symbols, so a
// fault is always found by the same code.
//
// The package does not use unsafe. The fast loop is written so that the compiler
// proves its indexes in range and needs no bounds checks.
package inflate
