package image

import (
	"io"
	"os"
	"sync"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// Three things can hold the parts of an image: a directory, a tar, and a tar
// that is compressed as a whole. In the first two each part is at a known place.
// In the last there is no way to a part but through all that is before it.

// store finds the parts of an image by name, in a tar or in a directory.
type store struct {
	path   string // the image file, for errors
	limits limits

	// A tar.
	file    io.ReaderAt
	size    int64
	codec   codec
	members map[string]member
	small   map[string][]byte // JSON of a compressed tar, kept while passing it

	// An OCI layout directory.
	dir   *os.Root
	mu    sync.Mutex
	files map[string]*os.File // opened so far
}

// member is a file of the outer tar.
type member struct {
	off, size int64  // in the tar, decompressed
	link      string // of a symbolic or hard link, resolved against the root
}

// blob is a part of an image: a manifest, a config, a layer.
type blob struct {
	name string
	off  int64
	size int64
	at   io.ReaderAt // nil where the archive is compressed

	// Of a layer: the digest of its bytes, or of its decompressed content.
	// At most one is known.
	digest, diffID v1.Hash
}

// where names a layer in messages; the only layer of a root file system is the
// file itself.
func (b blob) where() string {
	if b.name == "" {
		return ""
	}
	return "layer " + b.name
}

// find looks a part up. The error says that it is not there.
func (s *store) find(name string) (blob, error) {
	if s.dir != nil {
		return s.findFile(name)
	}
	key := clean(name)
	for range 16 { // links
		m, ok := s.members[key]
		switch {
		case !ok:
			return blob{}, fault(CodeMissing, "is not in the file; save or export the image again, with all its layers")
		case m.link == "":
			b := blob{name: name, off: m.off, size: m.size}
			// In a compressed tar the offset is one of the decompressed bytes.
			if s.codec == plain {
				b.at = s.file
			}
			return b, nil
		}
		key = m.link
	}
	return blob{}, fault(CodeLinkLoop, "is a link that leads in circles; save or export the image again")
}

// has reports whether there is such a part.
func (s *store) has(name string) bool {
	if s.dir != nil {
		info, err := s.dir.Stat(name)
		return err == nil && info.Mode().IsRegular()
	}
	_, err := s.find(name)
	return err == nil
}

// bytes reads a part whole: JSON of at most limit bytes.
func (s *store) bytes(name string, limit int64) ([]byte, error) {
	if s.dir != nil {
		data, err := s.readFile(name, limit)
		return data, within(err, s.path, name)
	}
	b, err := s.find(name)
	if err != nil {
		return nil, within(err, s.path, name)
	}
	if b.size > limit {
		return nil, within(tooLong(b.size, limit), s.path, name)
	}
	if data, ok := s.small[clean(name)]; ok {
		return data, nil
	}
	c := s.cursor()
	defer c.close()
	r, err := c.raw(b)
	if err != nil {
		return nil, within(err, s.path, name)
	}
	data, err := io.ReadAll(r)
	if err == nil && int64(len(data)) != b.size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, within(err, s.path, name)
	}
	return data, nil
}

// tooLong words the error for a part that would take too much memory.
func tooLong(size, limit int64) error {
	return fault(CodeLimit, "has %d bytes; at most %d are read of such a part", size, limit)
}

// close closes the files of a directory; a tar is its owner's.
func (s *store) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var first error
	for _, f := range s.files {
		if err := f.Close(); first == nil {
			first = err
		}
	}
	s.files = nil
	if s.dir != nil {
		s.dir.Close()
	}
	return first
}

// cursor gives the raw bytes of parts one after another. Parts of a compressed
// tar are cheapest in the order of the tar: for one that lies behind the
// cursor the tar is decompressed again from its beginning.
type cursor struct {
	s       *store
	archive *decoder
	pos     int64
	total   int64 // decompressed, from every beginning
}

func (s *store) cursor() *cursor { return &cursor{s: s} }

// raw gives the bytes of b, good until the next call.
func (c *cursor) raw(b blob) (io.Reader, error) {
	if b.at != nil {
		return io.NewSectionReader(b.at, b.off, b.size), nil
	}
	if c.archive == nil || c.pos > b.off {
		c.close()
		d, err := c.s.decoder()
		if err != nil {
			return nil, err
		}
		c.archive, c.pos = d, 0
	}
	// On to b: in order, nothing is decompressed twice.
	if _, err := io.CopyN(io.Discard, c, b.off-c.pos); err != nil {
		return nil, unexpected(err)
	}
	return io.LimitReader(c, b.size), nil
}

// decoder decompresses the whole file.
func (s *store) decoder() (*decoder, error) {
	return newDecoder(io.NewSectionReader(s.file, 0, s.size), s.codec, false)
}

// Read reads decompressed bytes of the archive.
func (c *cursor) Read(p []byte) (int, error) {
	n, err := c.archive.Read(p)
	c.pos += int64(n)
	c.total += int64(n)
	if c.total > maxReread {
		return 0, fault(CodeLimit, "would have to be decompressed several times, %d GiB in all; decompress the file first", int64(maxReread)>>30)
	}
	if c.pos > maxInflated {
		return 0, fault(CodeLimit, "decompresses to more than %d GiB; it is damaged or an attack", int64(maxInflated)>>30)
	}
	return n, err
}

func (c *cursor) close() {
	if c.archive != nil {
		c.archive.Close()
		c.archive = nil
	}
}
