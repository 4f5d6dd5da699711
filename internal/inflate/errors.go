package inflate

import (
	"errors"
	"strconv"
)

// ErrTooLong is returned by [Decoder.Decode] for a stream of more bytes than the
// destination has. The destination is then full of output.
var ErrTooLong = errors.New("DEFLATE stream is longer than its destination")

// Code identifies the rule of RFC 1951 that a corrupt stream breaks. The strings
// are stable; programs may compare them.
type Code string

// The rules that a stream can break.
const (
	BadBlockType Code = "block-type"       // reserved block type 3
	BadStored    Code = "stored-length"    // LEN and NLEN of a stored block disagree
	BadCounts    Code = "code-counts"      // HLIT above 286 or HDIST above 30
	BadLengths   Code = "code-lengths"     // a repeat without a start or past the end
	BadCode      Code = "code-set"         // over-subscribed or incomplete Huffman code
	BadSymbol    Code = "symbol"           // bits that are no code, or a reserved symbol
	BadDistance  Code = "distance-too-far" // a match that starts before the output
)

// CorruptInputError reports input that is not a valid DEFLATE stream. Truncated
// input is io.ErrUnexpectedEOF instead.
type CorruptInputError struct {
	Code   Code
	Offset int64 // bytes of compressed input examined before the fault was found
}

func (e *CorruptInputError) Error() string {
	return "corrupt DEFLATE stream before offset " + strconv.FormatInt(e.Offset, 10) + ": " + string(e.Code)
}
