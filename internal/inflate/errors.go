package inflate

import (
	"errors"
	"strconv"
)

// ErrTooLong says that a stream goes on after the destination given to
// [Decoder.Decode] is full. Every byte of the destination holds output then.
var ErrTooLong = errors.New("flate: the stream is longer than its destination: give the true size, or reject the input")

// Code tells what rule of RFC 1951 a corrupt stream breaks. The strings are
// stable; programs may compare them.
type Code string

// The rules a stream can break.
const (
	BadBlockType Code = "block-type"       // reserved block type 3
	BadStored    Code = "stored-length"    // LEN and NLEN of a stored block disagree
	BadCounts    Code = "code-counts"      // HLIT above 286 or HDIST above 30
	BadLengths   Code = "code-lengths"     // a repeat without a start or past the end
	BadCode      Code = "code-set"         // over-subscribed or incomplete Huffman code
	BadSymbol    Code = "symbol"           // bits that no code has, or a reserved symbol
	BadDistance  Code = "distance-too-far" // a match that starts before the output
)

// CorruptInputError reports input that no DEFLATE stream can hold. Truncated
// input is io.ErrUnexpectedEOF instead.
type CorruptInputError struct {
	Code   Code
	Offset int64 // bytes of compressed input looked at when the fault showed
}

func (e *CorruptInputError) Error() string {
	return "flate: corrupt input before offset " + strconv.FormatInt(e.Offset, 10) + ": " + string(e.Code)
}
