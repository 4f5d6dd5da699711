package wheel

import (
	"archive/tar"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Errors of [SdistMetadata] about an archive that can be read.
var (
	ErrNoPkgInfo    = errors.New("no PKG-INFO in the top directory")
	ErrSdistArchive = errors.New("an archive of a kind that is not read") // neither tar, with gzip or bzip2, nor zip
)

// Limits of a source distribution: the bytes that it unpacks to and the entries that
// are looked through for PKG-INFO, and the size of that.
const (
	maxSdist        = 2 << 30
	maxSdistEntries = 1 << 18
	maxPkgInfo      = 16 << 20
)

// pkgInfo is the file with the metadata, in the directory at the top.
const pkgInfo = "PKG-INFO"

// SdistMetadata reads PKG-INFO of the source distribution in the first size bytes of
// r; filename says which kind of archive it is. Only PKG-INFO in the directory at the
// top counts (PEP 625), not the one in an *.egg-info directory. The archive is
// read up to that file, so that a fault behind it goes unnoticed.
func SdistMetadata(r io.ReaderAt, size int64, filename string) (*Metadata, error) {
	return sdistMetadata(r, size, filename, false)
}

// CheckSdist is SdistMetadata that reads the archive to its end: the error says also
// that it is cut short or that a checksum of gzip is wrong. Of a zip file only the
// directory is read.
func CheckSdist(r io.ReaderAt, size int64, filename string) (*Metadata, error) {
	return sdistMetadata(r, size, filename, true)
}

func sdistMetadata(r io.ReaderAt, size int64, filename string, whole bool) (*Metadata, error) {
	var text []byte
	var err error
	packed := io.NewSectionReader(r, 0, size)
	switch {
	case strings.HasSuffix(filename, ".tar.gz"), strings.HasSuffix(filename, ".tgz"):
		var z *gzip.Reader
		if z, err = gzip.NewReader(packed); err == nil {
			text, err = pkgInfoOfTar(z, whole)
		}
	case strings.HasSuffix(filename, ".tar.bz2"), strings.HasSuffix(filename, ".tbz"):
		text, err = pkgInfoOfTar(bzip2.NewReader(packed), whole)
	case strings.HasSuffix(filename, ".tar"):
		text, err = pkgInfoOfTar(packed, whole)
	case strings.HasSuffix(filename, ".zip"):
		text, err = pkgInfoOfZip(r, size)
	default:
		return nil, ErrSdistArchive
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	return ParseMetadata(pkgInfo, text)
}

// isPkgInfo reports whether a path is that of PKG-INFO in the directory at the top.
func isPkgInfo(name string) bool {
	top, file, ok := strings.Cut(strings.TrimPrefix(name, "./"), "/")
	return ok && top != "" && file == pkgInfo
}

// pkgInfoOfTar reads an archive up to PKG-INFO, or to its end. The first of several
// counts.
func pkgInfoOfTar(r io.Reader, whole bool) ([]byte, error) {
	limited := &io.LimitedReader{R: r, N: maxSdist}
	t := tar.NewReader(limited)
	var text []byte
	found := false
	for range maxSdistEntries {
		h, err := t.Next()
		if err == io.EOF {
			_, err = io.Copy(io.Discard, limited) // to the checksum
		}
		switch {
		case limited.N <= 0:
			return nil, fmt.Errorf("unpacks to more than %d bytes", int64(maxSdist))
		case err != nil:
			return nil, err
		case h == nil && found:
			return text, nil
		case h == nil:
			return nil, ErrNoPkgInfo
		case !found && h.Typeflag == tar.TypeReg && isPkgInfo(h.Name):
			if text, err = readPkgInfo(t); err != nil || !whole {
				return text, err
			}
			found = true
		}
	}
	return nil, fmt.Errorf("more than %d entries", maxSdistEntries)
}

func pkgInfoOfZip(r io.ReaderAt, size int64) ([]byte, error) {
	a, err := Open(r, size)
	if err != nil {
		return nil, err
	}
	for m := range a.Members() {
		if isPkgInfo(m.Name()) {
			return m.ReadAll(maxPkgInfo)
		}
	}
	return nil, ErrNoPkgInfo
}

func readPkgInfo(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxPkgInfo+1))
	if err == nil && len(text) > maxPkgInfo {
		err = fmt.Errorf("PKG-INFO has more than %d bytes", maxPkgInfo)
	}
	return text, err
}
