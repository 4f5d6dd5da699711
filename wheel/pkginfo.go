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
	return metadataOfSdist(readSdist(r, size, filename, false))
}

// CheckSdist is SdistMetadata that reads the archive to its end: the error says also
// that it is cut short or that a checksum of gzip is wrong. Of a zip file only the
// directory is read.
func CheckSdist(r io.ReaderAt, size int64, filename string) (*Metadata, error) {
	return metadataOfSdist(readSdist(r, size, filename, true))
}

func metadataOfSdist(s *Sdist, err error) (*Metadata, error) {
	if err == nil && s.Metadata == nil {
		err = ErrNoPkgInfo
	}
	if err != nil {
		return nil, err
	}
	return s.Metadata, nil
}

// readSdist reads an archive to its end if whole, else up to PKG-INFO.
func readSdist(r io.ReaderAt, size int64, filename string, whole bool) (*Sdist, error) {
	reader := sdistReader{whole: whole}
	packed := io.NewSectionReader(r, 0, size)
	var err error
	switch {
	case strings.HasSuffix(filename, ".tar.gz"), strings.HasSuffix(filename, ".tgz"):
		var z *gzip.Reader
		if z, err = gzip.NewReader(packed); err == nil {
			err = reader.tar(z)
		}
	case strings.HasSuffix(filename, ".tar.bz2"), strings.HasSuffix(filename, ".tbz"):
		err = reader.tar(bzip2.NewReader(packed))
	case strings.HasSuffix(filename, ".tar"):
		err = reader.tar(packed)
	case strings.HasSuffix(filename, ".zip"):
		err = reader.zip(r, size)
	default:
		return nil, ErrSdistArchive
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	return reader.sdist(filename)
}

// isPkgInfo reports whether a path is that of PKG-INFO in the directory at the top.
func isPkgInfo(name string) bool {
	top, file, ok := strings.Cut(strings.TrimPrefix(name, "./"), "/")
	return ok && top != "" && file == pkgInfo
}

// tar reads an archive up to PKG-INFO, or to its end. The first of several counts.
func (s *sdistReader) tar(r io.Reader) error {
	limited := &io.LimitedReader{R: r, N: maxSdist}
	t := tar.NewReader(limited)
	for range maxSdistEntries {
		h, err := t.Next()
		if err == io.EOF {
			_, err = io.Copy(io.Discard, limited) // to the checksum
		}
		switch {
		case limited.N <= 0:
			return fmt.Errorf("unpacks to more than %d bytes", int64(maxSdist))
		case err != nil:
			return err
		case h == nil:
			return nil
		}
		s.tarMember(h)
		if h.Typeflag == tar.TypeReg && s.isPkgInfo(h.Name) {
			if s.text, err = readPkgInfo(t); err != nil || !s.whole {
				return err
			}
		}
	}
	return fmt.Errorf("more than %d entries", maxSdistEntries)
}

func (s *sdistReader) zip(r io.ReaderAt, size int64) error {
	a, err := Open(r, size)
	if err != nil {
		return err
	}
	if s.whole {
		s.zipProblems(a)
	}
	for m := range a.Members() {
		if leaving(m.Name()) == "" {
			s.member(m.Name())
		}
		if s.isPkgInfo(m.Name()) {
			if s.text, err = m.ReadAll(maxPkgInfo); err != nil || !s.whole {
				return err
			}
		}
	}
	return nil
}

func readPkgInfo(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxPkgInfo+1))
	if err == nil && len(text) > maxPkgInfo {
		err = fmt.Errorf("PKG-INFO has more than %d bytes", maxPkgInfo)
	}
	return text, err
}
