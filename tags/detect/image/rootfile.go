package image

import (
	"io"
	"io/fs"
	"time"
)

// There are four kinds of file behind [Root.Open]: directories, content in
// memory, content in the image file (both random), and content that has to be
// decompressed. Their types differ so that a type assertion shows what they can do.

// info is what the tree knows of a file. It is its own directory entry.
type info struct {
	name string
	size int64
	mode fs.FileMode
}

// info describes a node.
func (n *node) info() info {
	name := n.name
	if n.parent == n {
		name = "."
	}
	return info{name: name, size: n.size, mode: n.fsMode()}
}

func (i info) Name() string               { return i.name }
func (i info) Size() int64                { return i.size }
func (i info) Mode() fs.FileMode          { return i.mode }
func (i info) Type() fs.FileMode          { return i.mode.Type() }
func (i info) ModTime() time.Time         { return time.Time{} }
func (i info) IsDir() bool                { return i.mode.IsDir() }
func (i info) Sys() any                   { return nil }
func (i info) Info() (fs.FileInfo, error) { return i, nil }
func (i info) String() string             { return fs.FormatDirEntry(i) }

// randomFile is a file whose content can be read at any place.
type randomFile struct {
	section *io.SectionReader
	info    info
}

// newRandomFile makes a file of content that has as many bytes as the tree says.
func newRandomFile(i info, content io.ReaderAt) *randomFile {
	return &randomFile{io.NewSectionReader(content, 0, i.size), i}
}

func (f *randomFile) Stat() (fs.FileInfo, error)              { return f.info, nil }
func (f *randomFile) Close() error                            { return nil }
func (f *randomFile) Read(p []byte) (int, error)              { return f.section.Read(p) }
func (f *randomFile) ReadAt(p []byte, off int64) (int, error) { return f.section.ReadAt(p, off) }
func (f *randomFile) Seek(off int64, whence int) (int64, error) {
	return f.section.Seek(off, whence)
}

// extent is content that lies in the image file as it is.
type extent struct {
	r    *Root
	l    layer
	off  int64 // in the layer
	size int64
}

// ReadAt implements [io.ReaderAt]. An end of the image file that comes before
// that of the content is an error, not an end.
func (e extent) ReadAt(p []byte, off int64) (int, error) {
	n, err := io.NewSectionReader(e.l.at, e.l.off+e.off, e.size).ReadAt(p, off)
	if err == io.EOF && off+int64(n) < e.size {
		err = fault(CodeTruncated, "became shorter after it was opened")
	}
	if err != nil && err != io.EOF {
		err = within(err, e.r.s.path, e.l.where())
	}
	return n, err
}

// streamFile is a file that comes out of a decompressor.
type streamFile struct {
	r     *Root
	layer string
	info  info
	left  int64
	in    *stream
	close func()
}

// stream decompresses a layer up to the file. The offset in the decompressed
// layer is known, so no header is read on the way.
func (r *Root) stream(l layer, n *node) (*streamFile, error) {
	c := r.s.cursor()
	raw, err := c.raw(l.blob)
	if err != nil {
		c.close()
		return nil, err
	}
	_, in, d, err := openLayer(l.blob, raw, nil)
	if err != nil {
		c.close()
		return nil, err
	}
	f := &streamFile{r: r, layer: l.where(), info: n.info(), left: n.size}
	f.close = func() { d.Close(); c.close() }
	// A layer that was compressed when the index was made is so now, unless
	// the file was replaced meanwhile.
	f.in, _ = in.(*stream)
	if f.in == nil {
		err = fault(CodeDamaged, "has changed since it was opened")
	} else {
		_, err = f.in.Seek(n.off, io.SeekCurrent)
	}
	if err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

// Read reads on. The content has to be as long as the header said.
func (f *streamFile) Read(p []byte) (int, error) {
	if f.close == nil {
		return 0, &fs.PathError{Op: "read", Path: f.info.name, Err: fs.ErrClosed}
	}
	if f.left == 0 {
		return 0, io.EOF
	}
	n, err := f.in.Read(p[:min(int64(len(p)), f.left)])
	f.left -= int64(n)
	if err != nil && (err != io.EOF || f.left > 0) {
		return n, f.r.fail("read", f.info.name, within(unexpected(err), f.r.s.path, f.layer))
	}
	return n, nil
}

func (f *streamFile) Stat() (fs.FileInfo, error) { return f.info, nil }

func (f *streamFile) Close() error {
	if f.close == nil {
		return &fs.PathError{Op: "close", Path: f.info.name, Err: fs.ErrClosed}
	}
	f.close()
	f.close = nil
	return nil
}

// dirFile is an open directory.
type dirFile struct {
	r    *Root
	name string
	n    *node
	list []fs.DirEntry // what ReadDir has yet to give
	read bool
}

func (d *dirFile) Stat() (fs.FileInfo, error) { return d.n.info(), nil }
func (d *dirFile) Close() error               { return nil }

func (d *dirFile) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.name, Err: fs.ErrInvalid}
}

// ReadDir implements [fs.ReadDirFile].
func (d *dirFile) ReadDir(n int) ([]fs.DirEntry, error) {
	if !d.read { // all at once, for it has to be sorted
		list, err := d.r.ReadDir(d.name)
		if err != nil {
			return nil, err
		}
		d.list, d.read = list, true
	}
	if n <= 0 {
		n = len(d.list)
	} else if len(d.list) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(d.list))
	list := d.list[:n]
	d.list = d.list[n:]
	return list, nil
}
