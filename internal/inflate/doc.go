// Package inflate decodes DEFLATE streams (RFC 1951), the members of zip
// archives among them, two to three times as fast as compress/flate does.
//
// # Which type
//
// A caller that has the compressed bytes in memory, and knows the size of the
// output, uses [Decoder.Decode]: one call from slice to slice. A caller with a
// large stream, or one that wants the front of a stream alone, uses [Reader]:
// it takes an io.Reader, or a section of an io.ReaderAt, and gives out bytes
// until it is asked no more. Either is a large value to be reused, by one
// goroutine at a time; neither allocates after it was made.
//
// # What is accepted
//
// Exactly what compress/flate accepts, with the same bytes before a fault, and
// the same offset in it. That includes a code of one symbol with one bit, a
// block without any distance code as long as it has no match, and code lengths
// that repeat from the literals into the distances. No checksum is computed
// and no size compared: an archive's own are for the caller to check.
//
// A stream of a few bytes can describe output a thousand times its size.
// Decode is bounded by the slice it is given; whoever reads from a Reader sets
// a bound of its own.
//
// # How it works
//
// An engine goes from one symbol to the next in two ways. The fast loop runs
// while ample input and output lie ahead, so that it need not check each byte,
// and leaves whatever is not plain data to the careful one, which decodes one
// symbol with every check. Both stop between two symbols only, and faults are
// found in one place.
package inflate
