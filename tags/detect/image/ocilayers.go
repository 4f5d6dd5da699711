package image

import (
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// dockerZstdLayer is written by builders though no specification has it.
const dockerZstdLayer types.MediaType = "application/vnd.docker.image.rootfs.diff.tar.zstd"

// ociParts finds the layers of an image.
func (s *store) ociParts(d v1.Descriptor) (*parts, error) {
	m, err := s.manifest(d)
	if err != nil {
		return nil, err
	}
	where := blobName(d.Digest)
	if len(m.Layers) > maxLayers {
		return nil, within(fault(CodeLimit, "has %d layers, more than %d", len(m.Layers), maxLayers), s.path, where)
	}
	config, err := s.ociConfig(m)
	if err != nil {
		return nil, err
	}
	// All layers are looked up before any is read.
	p := &parts{config: config.public()}
	for _, layer := range m.Layers {
		b, err := s.ociLayer(layer)
		if err != nil {
			return nil, within(err, s.path, "layer "+layer.Digest.String())
		}
		p.layers = append(p.layers, b)
	}
	return p, nil
}

// ociLayer finds one layer. Its digest is checked when it is read.
func (s *store) ociLayer(d v1.Descriptor) (blob, error) {
	switch {
	case d.Digest.Hex == "":
		return blob{}, fault(CodeDigest, "has no digest; export the image again")
	case !d.MediaType.IsLayer() && d.MediaType != dockerZstdLayer:
		return blob{}, fault(CodeMediaType, "has the media type %q, which is not supported; export the image with tar, gzip or zstd layers", d.MediaType)
	}
	// A foreign layer may be in the file all the same: exporters can be told to.
	b, err := s.find(blobName(d.Digest))
	if err != nil {
		if !d.MediaType.IsDistributable() || len(d.URLs) > 0 {
			return blob{}, fault(CodeForeign, "is a foreign layer (%s), which must be fetched from its owner; the file does not contain it", d.MediaType)
		}
		return blob{}, err
	}
	// Enough to notice a layer that was not fetched to its end.
	if b.size != d.Size {
		return blob{}, fault(CodeDigest, "has %d bytes instead of %d; fetch or save the image again", b.size, d.Size)
	}
	b.digest = d.Digest
	return b, nil
}
