package image

import (
	"encoding/hex"
	"hash"
	"io"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// layerDigest checks a layer while it is read. OCI manifests name the digest of
// the bytes in the file, configs of docker that of the decompressed content. A
// layer that can be read where it is is not read whole, and so is not checked.
type layerDigest struct {
	want    v1.Hash
	content bool // of the decompressed content
	hash    hash.Hash
	in      io.Reader // what is read goes through it
}

// newLayerDigest gives nil for a layer without a digest.
func newLayerDigest(b blob) (*layerDigest, error) {
	d := &layerDigest{want: b.digest}
	if b.digest.Hex == "" {
		d.want, d.content = b.diffID, true
	}
	if d.want.Hex == "" {
		return nil, nil
	}
	var err error
	if d.hash, err = v1.Hasher(d.want.Algorithm); err != nil {
		return nil, &Error{Code: CodeDigest, Detail: "has a digest that cannot be checked", Err: err}
	}
	return d, nil
}

// raw puts the digest between the file and the decoder, if that is its place.
func (d *layerDigest) raw(r io.Reader) io.Reader { return d.tee(r, false) }

// decoded puts the digest behind the decoder, if that is its place.
func (d *layerDigest) decoded(r io.Reader) io.Reader { return d.tee(r, true) }

func (d *layerDigest) tee(r io.Reader, content bool) io.Reader {
	if d == nil || d.content != content {
		return r
	}
	d.in = io.TeeReader(r, d.hash)
	return d.in
}

// finish reads the rest of a layer after its tar has ended, and compares digests.
func (d *layerDigest) finish(l layer, in reader) error {
	if d == nil || l.direct() {
		return drain(in)
	}
	rest := d.in
	if d.content {
		rest = in // which is bounded
	} else if err := drain(in); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, rest); err != nil {
		return err
	}
	if got := hex.EncodeToString(d.hash.Sum(nil)); got != d.want.Hex {
		return fault(CodeDigest, "has the digest %s:%s instead of %v; fetch or save the image again", d.want.Algorithm, got, d.want)
	}
	return nil
}
