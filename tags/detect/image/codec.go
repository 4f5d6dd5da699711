package image

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"io/fs"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/partial"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/wheeltag/wheeltag/internal/gzip"
)

// codec is how a run of bytes is compressed. It is told from the first bytes,
// as container runtimes do: media types and file names are often wrong.
type codec string

// The codecs that are read.
const (
	plain    codec = ""
	codeGzip codec = "gzip"
	codeZstd codec = "zstd"
)

const sniffSize = 6 // the longest of the magic words

// others are compressions that turn up in practice and are not read, with the
// programs that undo them.
var others = []struct{ magic, name, program string }{
	{"\xfd7zXZ\x00", "xz", "xz -d"},
	{"BZh", "bzip2", "bzip2 -d"},
	{"\x04\x22\x4d\x18", "lz4", "lz4 -d"},
	{"\x5d\x00\x00", "lzma", "xz --format=lzma -d"},
	{"LZIP", "lzip", "lzip -d"},
}

// sniff tells the codec from the first bytes, at most sniffSize of which
// matter.
func sniff(first []byte) (codec, error) {
	switch {
	case bytes.HasPrefix(first, []byte("\x1f\x8b")):
		return codeGzip, nil
	case isZstd(first):
		return codeZstd, nil
	}
	for _, c := range others {
		if bytes.HasPrefix(first, []byte(c.magic)) {
			return plain, fault(CodeCompression, "is compressed with %s; gzip, zstd and none are read: decompress it with %s first", c.name, c.program)
		}
	}
	return plain, nil
}

// decoder decompresses one stream.
type decoder struct {
	r     io.Reader
	guard *zstdGuard // of zstd
	close func() error
}

// newDecoder reads r, which c tells how. Its memory is bounded: 256 KiB for
// gzip, and for zstd the window that allow agreed to.
func newDecoder(r io.Reader, c codec, allow func(window int64) error) (*decoder, error) {
	switch c {
	case codeGzip:
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, unexpected(err)
		}
		return &decoder{r: z}, nil
	case codeZstd:
		br := bufio.NewReaderSize(r, 32<<10)
		if err := skipFrames(br); err != nil {
			return nil, err
		}
		// The guard sits between the bytes and the decoder.
		guard := &zstdGuard{r: br, allow: allow}
		layer, err := partial.CompressedToLayer(zstdLayer{guard})
		if err != nil {
			return nil, err
		}
		z, err := layer.Uncompressed()
		if err != nil {
			return nil, err
		}
		return &decoder{r: z, guard: guard, close: z.Close}, nil
	}
	return &decoder{r: r}, nil
}

// skipFrames passes the frames of user data that some encoders begin with:
// the decoder would not know the rest for zstd.
func skipFrames(r *bufio.Reader) error {
	for {
		head, err := r.Peek(8)
		if err == io.EOF || err == nil && !isSkippable(head) {
			return nil
		}
		if err != nil {
			return err
		}
		// At most 4 GiB, of which every byte has to be there.
		size := int64(binary.LittleEndian.Uint32(head[4:]))
		if _, err := io.CopyN(io.Discard, r, 8+size); err != nil {
			return unexpected(err)
		}
	}
}

func (d *decoder) Read(p []byte) (int, error) {
	if d.r == nil {
		return 0, fs.ErrClosed
	}
	n, err := d.r.Read(p)
	if err == nil || d.guard == nil {
		return n, err
	}
	// The guard knows better than the decoder what is wrong: the decoder calls
	// everything corrupt. What was decoded before it is given out first.
	if why := d.guard.verdict(); why != nil && n == 0 {
		return n, why
	}
	return n, err
}

// Close stops the decoder. It does not close what it reads from.
func (d *decoder) Close() error {
	if d.close == nil {
		return nil
	}
	err, window := d.close(), d.guard.largest
	*d = decoder{} // nothing may hold on to the window
	collect(window)
	return err
}

// zstdLayer makes go-containerregistry believe that a stream is a layer, so
// that its zstd decoder reads it: no other is among the dependencies.
type zstdLayer struct{ *zstdGuard }

func (l zstdLayer) Compressed() (io.ReadCloser, error)  { return io.NopCloser(l.zstdGuard), nil }
func (l zstdLayer) Digest() (v1.Hash, error)            { return v1.Hash{}, nil }
func (l zstdLayer) Size() (int64, error)                { return 0, nil }
func (l zstdLayer) MediaType() (types.MediaType, error) { return types.OCILayerZStd, nil }
