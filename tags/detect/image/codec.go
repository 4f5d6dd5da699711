package image

import (
	"bytes"
	"compress/bzip2"
	"errors"
	"io"
	"io/fs"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/therootcompany/xz"
)

// codec is how a run of bytes is compressed. It is told from the first bytes,
// as container runtimes do: media types and file names are often wrong.
type codec string

// The codecs that are read.
const (
	plain     codec = ""
	codeGzip  codec = "gzip"
	codeZstd  codec = "zstd"
	codeBzip2 codec = "bzip2"
	codeXZ    codec = "xz"
)

const sniffSize = 6 // the longest of the magic words

// magics are the codecs by the bytes that they begin with. A program is given for
// those that turn up in practice and are not read.
var magics = []struct {
	magic   string
	codec   codec
	program string
}{
	{"\x1f\x8b", codeGzip, ""},
	{zstdMagic, codeZstd, ""},
	{"BZh", codeBzip2, ""},
	{"\xfd7zXZ\x00", codeXZ, ""},
	{"\x04\x22\x4d\x18", "lz4", "lz4 -d"},
	{"\x5d\x00\x00", "lzma", "xz --format=lzma -d"},
	{"LZIP", "lzip", "lzip -d"},
}

const (
	zstdMagic = "\x28\xb5\x2f\xfd"
	zstdSkip  = "\x2a\x4d\x18" // after 0x50 to 0x5f: a frame of user data, which may come first
)

// sniff tells the codec from the first bytes, at most sniffSize of which matter.
func sniff(first []byte) (codec, error) {
	if len(first) >= 4 && first[0]&0xf0 == 0x50 && string(first[1:4]) == zstdSkip {
		return codeZstd, nil
	}
	for _, m := range magics {
		switch {
		case !bytes.HasPrefix(first, []byte(m.magic)):
		case m.program != "":
			return plain, fault(CodeCompression, "is compressed with %s, which is not supported; decompress it with %s first", m.codec, m.program)
		default:
			return m.codec, nil
		}
	}
	return plain, nil
}

// A decoder of zstd or xz keeps in memory as much as the data may refer back to,
// and the data says how much that is. Encoders of zstd use 8 MiB and less unless
// told otherwise (--ultra, --long), xz -9 uses 64 MiB.
const (
	maxZstdWindow = 32 << 20
	maxXZWindow   = 64 << 20
	maxInner      = 8 << 20 // of a layer in a file that is compressed as a whole
)

// decoder decompresses one stream.
type decoder struct {
	r     io.Reader
	close func()
}

// newDecoder reads r, which is compressed with c. inner says that r is itself the
// output of a decoder, so that less memory is left.
func newDecoder(r io.Reader, c codec, inner bool) (*decoder, error) {
	zstdWindow, xzWindow := maxZstdWindow, maxXZWindow
	if inner {
		zstdWindow, xzWindow = maxInner, maxInner
	}
	switch c {
	case codeGzip:
		z, err := gzip.NewReader(r)
		return &decoder{r: z}, unexpected(err)
	case codeBzip2:
		return &decoder{r: bzip2.NewReader(r)}, nil
	case codeXZ:
		z, err := xz.NewReader(r, uint32(xzWindow))
		return &decoder{r: z}, unexpected(err)
	case codeZstd:
		// One goroutine, so that the caller has the errors of r as they are.
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(uint64(zstdWindow)))
		if err != nil {
			return nil, unexpected(err)
		}
		return &decoder{r: z, close: z.Close}, nil
	}
	return &decoder{r: r}, nil
}

func (d *decoder) Read(p []byte) (int, error) {
	if d.r == nil {
		return 0, fs.ErrClosed
	}
	return d.r.Read(p)
}

// Close drops the memory of the decoder. It does not close what it reads from.
func (d *decoder) Close() {
	if d.close != nil {
		d.close()
	}
	*d = decoder{}
}

// codecFault is what the error of a decoder means, or nil for any other error.
func codecFault(err error) *Error {
	damaged := func(codec string) *Error {
		return &Error{Code: CodeDamaged, Detail: "its " + codec + " data is damaged; fetch or save it again", Err: err}
	}
	var structural bzip2.StructuralError
	switch {
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded), errors.Is(err, xz.ErrMemlimit):
		return &Error{
			Code:   CodeLimit,
			Detail: "needs too much memory to be decompressed; decompress it first, or compress it with a smaller window",
			Err:    err,
		}
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return damaged("gzip")
	case errors.As(err, &structural):
		return damaged("bzip2") // or cut off
	case errors.Is(err, xz.ErrBuf):
		return fault(CodeTruncated, "its xz data ends too early; fetch or save it again")
	}
	return nil
}
