package index

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
)

// facts are what is read from a file and kept in the manifest.
type facts struct {
	Size           int64  `json:"size"`
	MTime          int64  `json:"mtime_ns"`
	SHA256         string `json:"sha256"`
	Project        string `json:"project,omitempty"` // this and the next as METADATA has them
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

var errChanged = errors.New("changed while it was read; try again")

// read reads the facts from the file.
func (i *Item) read(ctx context.Context) error {
	f, err := os.Open(i.Path)
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
	hash := sha256.New()
	n, err := io.Copy(hash, &stoppable{ctx, f})
	if err != nil {
		return err
	}
	facts := facts{Size: n, MTime: before.ModTime().UnixNano(), SHA256: hex.EncodeToString(hash.Sum(nil))}
	if i.IsWheel {
		if err := facts.readWheel(f, n); err != nil {
			return err
		}
	}
	after, err := f.Stat()
	if err != nil {
		return err
	}
	if n != before.Size() || after.Size() != n || !after.ModTime().Equal(before.ModTime()) {
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
	a, err := wheel.OpenFile(i.Path)
	if err != nil {
		return nil, err
	}
	defer a.Close()
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
