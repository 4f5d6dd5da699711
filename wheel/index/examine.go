package index

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/wheeltag/wheeltag/internal/filestamp"
	"github.com/wheeltag/wheeltag/wheel"
)

// facts are what is read from a file and kept in the manifest.
type facts struct {
	filestamp.Stamp
	SHA256         string `json:"sha256"`
	Project        string `json:"project,omitempty"` // this and the next as METADATA or PKG-INFO has them
	Version        string `json:"version,omitempty"`
	RequiresPython string `json:"requires_python,omitempty"`
	Metadata       string `json:"metadata_sha256,omitempty"`
	SuggestedName  string `json:"true_name,omitempty"`

	// Of variant.json: what it says, in the form of variant.Metadata.JSON, or why it
	// cannot be read.
	Variant      string `json:"variant,omitempty"`
	VariantError string `json:"variant_error,omitempty"`
}

// maxMetadata limits METADATA in bytes. Package wheel reads no more either.
const maxMetadata = 16 << 20

// The projects of source distributions of which nothing is known.
const (
	noMetadata      = "-" // without PKG-INFO
	unknownMetadata = "?" // in an archive of a kind that is not read
)

var errChanged = errors.New("changed while it was read; try again")

// read reads the facts from the file.
func (i *Item) read(ctx context.Context) error {
	f, err := i.open()
	if err != nil {
		return err
	}
	defer f.Close()
	before, err := f.Stat()
	if err != nil {
		return err
	}
	if !before.Mode().IsRegular() {
		return errNotRegular
	}
	// The archive first: what is no archive may be very large.
	facts := facts{Stamp: filestamp.Of(before)}
	if i.IsWheel {
		err = facts.readWheel(f, before.Size())
	} else {
		err = facts.readSdist(&stoppableAt{ctx, f}, before.Size(), i.Name)
	}
	if err != nil {
		return err
	}
	hash := sha256.New()
	n, err := io.Copy(hash, &stoppable{ctx, f})
	if err != nil {
		return err
	}
	facts.SHA256 = hex.EncodeToString(hash.Sum(nil))
	after, err := f.Stat()
	if err != nil {
		return err
	}
	if n != before.Size() || filestamp.Of(after) != facts.Stamp {
		return errChanged
	}
	i.facts, i.Size = facts, n
	return nil
}

// readWheel reads the facts in METADATA.
func (f *facts) readWheel(r io.ReaderAt, size int64) error {
	a, err := wheel.Open(r, size)
	if err != nil {
		return err
	}
	text, err := metadataOf(a)
	if err != nil {
		return err
	}
	m, err := wheel.ParseMetadata("METADATA", text)
	if err != nil {
		return err
	}
	// The manifest is JSON, which must be valid UTF-8; both must be equal.
	f.Project, f.Version, f.RequiresPython = valid(m.Name), valid(m.Version), valid(m.RequiresPython)
	f.Metadata = digest(text)
	f.readVariant(a)
	return nil
}

// maxSdist is the largest source distribution that is read, in bytes.
const maxSdist = 4 << 30

// readSdist reads the facts in PKG-INFO and checks the archive to its end.
func (f *facts) readSdist(r io.ReaderAt, size int64, name string) error {
	if size > maxSdist {
		return fmt.Errorf("larger than %d bytes", int64(maxSdist))
	}
	m, err := wheel.CheckSdist(r, size, name)
	switch {
	case errors.Is(err, wheel.ErrNoPkgInfo):
		f.Project = noMetadata
		return nil
	case errors.Is(err, wheel.ErrSdistArchive):
		f.Project = unknownMetadata
		return nil
	case err != nil:
		return fmt.Errorf("not a source distribution: %w", err)
	}
	f.Project, f.Version, f.RequiresPython = valid(m.Name), valid(m.Version), valid(m.RequiresPython)
	return nil
}

// metadataOf returns METADATA unchanged.
func metadataOf(a *wheel.Archive) ([]byte, error) {
	d, err := a.DistInfo()
	if err != nil {
		return nil, err
	}
	return d.ReadFile("METADATA")
}

// readMetadata reads METADATA of a wheel again, for a site, and checks that it has
// not changed.
func (i *Item) readMetadata() ([]byte, error) {
	f, err := i.open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	a, err := wheel.Open(f, info.Size())
	if err != nil {
		return nil, err
	}
	text, err := metadataOf(a)
	if err == nil && digest(text) != i.facts.Metadata {
		err = errChanged
	}
	return text, err
}

func valid(s string) string { return strings.ToValidUTF8(s, "\ufffd") }

// digest is the SHA-256 in hexadecimal.
func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// stoppable ends a long read when the context does.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s *stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}

// stoppableAt is stoppable for reads anywhere.
type stoppableAt struct {
	ctx context.Context
	r   io.ReaderAt
}

func (s *stoppableAt) ReadAt(p []byte, at int64) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.ReadAt(p, at)
}
