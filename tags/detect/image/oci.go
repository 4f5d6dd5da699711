package image

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// An OCI layout, as a directory or a tar of one, is
//
//	oci-layout                its version
//	index.json                the images, each by the digest of its manifest
//	blobs/sha256/HEX          manifests, further indexes, configs and layers
//
// An image for several platforms is an index in the index. Beside images there
// may be attestations, signatures, charts and anything else.

// Bounds of what is followed.
const (
	maxDepth   = 5    // of indexes inside each other
	maxVisited = 1000 // manifests and indexes looked at
)

// candidate is an image that a file holds for one platform.
type candidate struct {
	platform Platform
	oci      v1.Descriptor // of its manifest
	name     string        // what the index calls it
	top      int           // which element of index.json led to it, from 0
	docker   *dockerImage  // instead of oci
	whole    bool          // the file is a root file system
}

// parts are what an image is put together from.
type parts struct {
	layers []blob // lowest first
	config *Config
}

// blobName is where an OCI layout keeps the content of a digest.
func blobName(h v1.Hash) string { return "blobs/" + h.Algorithm + "/" + h.Hex }

// content reads the JSON that d describes, and proves that it is what d says.
// The digest settles the size too.
func (s *store) content(d v1.Descriptor, limit int64) ([]byte, error) {
	name := blobName(d.Digest)
	data, err := s.bytes(name, limit)
	if err != nil {
		return nil, err
	}
	h, err := v1.Hasher(d.Digest.Algorithm)
	if err != nil {
		return nil, within(&Error{Code: CodeDigest, Detail: "has a digest that cannot be checked", Err: err}, s.path, name)
	}
	h.Write(data)
	if hex.EncodeToString(h.Sum(nil)) != d.Digest.Hex {
		return nil, within(fault(CodeDigest, "does not have the digest in its name; fetch or save the image again"), s.path, name)
	}
	return data, nil
}

// ociCandidates lists the images of a layout by following its index.
// absent are those that the index names and the file does not hold.
func (s *store) ociCandidates() (found, absent []candidate, err error) {
	if err := s.checkLayout(); err != nil {
		return nil, nil, err
	}
	data, err := s.bytes("index.json", maxManifest)
	if err != nil {
		return nil, nil, err
	}
	w := ociWalk{s: s, seen: map[v1.Hash]bool{}}
	// index.json is the one part that has no digest.
	if err := w.index(data, "index.json", 0); err != nil {
		return nil, nil, within(err, s.path, "")
	}
	if len(w.found) == 0 {
		return nil, nil, within(w.nothing(), s.path, "index.json")
	}
	found, err = w.distinct()
	return found, w.absent, err
}

// checkLayout refuses layouts of a version to come.
func (s *store) checkLayout() error {
	const name = "oci-layout"
	if !s.has(name) {
		return nil // index.json alone is enough to go by
	}
	data, err := s.bytes(name, 64<<10)
	if err != nil {
		return err
	}
	var layout struct{ ImageLayoutVersion string }
	if err := json.Unmarshal(data, &layout); err != nil || !strings.HasPrefix(layout.ImageLayoutVersion, "1.") {
		return within(&Error{Code: CodeManifest, Detail: fmt.Sprintf("is of layout version %q, not 1; export the image with another tool", layout.ImageLayoutVersion), Err: err}, s.path, name)
	}
	return nil
}

// ociWalk follows an index, and the indexes in it.
type ociWalk struct {
	s       *store
	seen    map[v1.Hash]bool // a digest that is listed twice is one image
	found   []candidate
	absent  []candidate // named by an index but not in the file
	skipped []string    // media types of what is not an image
	top     int
	name    string // of the element of index.json being followed
}

// index follows each element of an index. where is its name in messages.
func (w *ociWalk) index(data []byte, where string, depth int) error {
	var index v1.IndexManifest
	if err := parseJSON(data, &index); err != nil {
		return within(err, "", where)
	}
	for i, d := range index.Manifests {
		// What index.json lists are images; what they list are their platforms.
		if depth == 0 {
			w.top, w.name = i, nameOf(d)
		}
		if w.seen[d.Digest] {
			continue
		}
		if len(w.seen) == maxVisited {
			return within(fault(CodeLimit, "leads to more than %d images; export one alone", maxVisited), "", where)
		}
		w.seen[d.Digest] = true
		if err := w.follow(d, where, depth); err != nil {
			return err
		}
	}
	return nil
}

// follow looks at one element of an index: an image, a further index, or
// something else.
func (w *ociWalk) follow(d v1.Descriptor, where string, depth int) error {
	c := candidate{oci: d, top: w.top, name: w.name}
	if d.Platform != nil {
		c.platform = Platform{OS: d.Platform.OS, Architecture: d.Platform.Architecture, Variant: d.Platform.Variant, OSVersion: d.Platform.OSVersion}
	}
	switch {
	case d.Digest.Hex == "":
		return within(fault(CodeDigest, "names a manifest without a digest; export the image again"), "", where)
	case d.MediaType.IsSchema1():
		return within(fault(CodeMediaType, "names a manifest of Docker's first schema (%s), which is not supported; export the image with a newer tool", d.MediaType), "", where)
	case isArtifact(d):
		w.skipped = append(w.skipped, d.ArtifactType)
		return nil
	case isAttestation(d, c.platform), !d.MediaType.IsImage() && !d.MediaType.IsIndex():
		w.skipped = append(w.skipped, string(d.MediaType))
		return nil
	case !w.s.has(blobName(d.Digest)):
		// Export of one platform keeps the index of all.
		w.absent = append(w.absent, c)
		return nil
	case d.MediaType.IsIndex():
		if depth == maxDepth {
			return within(fault(CodeLimit, "has indexes nested more than %d deep", maxDepth), "", where)
		}
		data, err := w.s.content(d, maxManifest)
		if err != nil {
			return err
		}
		return w.index(data, blobName(d.Digest), depth+1)
	}
	// With one image there is nothing to choose, so exporters leave it out.
	if d.Platform == nil || d.Platform.OS == "" && d.Platform.Architecture == "" {
		isImage, err := w.ask(&c)
		if err != nil || !isImage {
			return err
		}
	}
	w.found = append(w.found, c)
	return nil
}

// ask reads the platform from the image's config.
func (w *ociWalk) ask(c *candidate) (isImage bool, err error) {
	m, err := w.s.manifest(c.oci)
	if err != nil {
		return false, err
	}
	if !m.Config.MediaType.IsConfig() {
		// Charts, signatures and the like use the manifests of images.
		w.skipped = append(w.skipped, string(m.Config.MediaType))
		return false, nil
	}
	config, err := w.s.ociConfig(m)
	if err != nil {
		return false, err
	}
	c.platform = config.platform()
	return true, nil
}

// isAttestation reports what builders add about an image: its provenance, its
// list of materials. Both signs of it are in use.
func isAttestation(d v1.Descriptor, p Platform) bool {
	return p.unknown() || d.Annotations["vnd.docker.reference.type"] == "attestation-manifest"
}

// isArtifact reports what uses the manifest of an image for something else.
// Some tools write the media type of the config there, which says nothing.
func isArtifact(d v1.Descriptor) bool {
	return d.ArtifactType != "" && !types.MediaType(d.ArtifactType).IsConfig()
}

// nameOf is what an element of index.json calls its image.
func nameOf(d v1.Descriptor) string {
	for _, key := range []string{"io.containerd.image.name", "org.opencontainers.image.ref.name"} {
		if s := d.Annotations[key]; s != "" {
			return s
		}
	}
	return d.Digest.String()
}

// distinct makes each platform occur once. Two elements of index.json are
// different images; of two in one nested index the first is meant, as the
// specification of OCI indexes has it.
func (w *ociWalk) distinct() ([]candidate, error) {
	var list []candidate
	first := map[Platform]candidate{} // by its normal form
	for _, c := range w.found {
		p := c.platform.normal()
		before, taken := first[p]
		switch {
		case !taken:
			first[p] = c
			list = append(list, c)
		case before.top != c.top:
			return nil, within(ambiguous([]string{before.name, c.name}), w.s.path, fmt.Sprintf("index.json: platform %v", p))
		}
	}
	return list, nil
}

// nothing says why there is no image to read.
func (w *ociWalk) nothing() error {
	switch {
	case len(w.absent) > 0:
		return fault(CodeMissing, "lists images for %s, but the file contains none of them; save or export the image again, with all its layers", names(w.absent))
	case len(w.skipped) > 0:
		return fault(CodeMediaType, "lists no container image, only %s", shorten(strings.Join(w.skipped, ", ")))
	}
	return fault(CodeManifest, "lists no image; save or export the image again")
}

// manifest reads the manifest that d describes.
func (s *store) manifest(d v1.Descriptor) (*v1.Manifest, error) {
	data, err := s.content(d, maxManifest)
	if err != nil {
		return nil, err
	}
	var m v1.Manifest
	if err := parseJSON(data, &m); err != nil {
		return nil, within(err, s.path, blobName(d.Digest))
	}
	// An index that is listed as a manifest parses as well, but to nothing.
	if m.Config.Digest.Hex == "" {
		return nil, within(fault(CodeManifest, "is not the manifest of an image; save or export the image again"), s.path, blobName(d.Digest))
	}
	return &m, nil
}

// ociConfig reads the config of an image.
func (s *store) ociConfig(m *v1.Manifest) (*imageConfig, error) {
	data, err := s.content(m.Config, maxConfig)
	if err != nil {
		return nil, err
	}
	c, err := parseConfig(data, len(m.Layers))
	return c, within(err, s.path, blobName(m.Config.Digest))
}
