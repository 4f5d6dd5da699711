package image

import "strings"

// What docker save wrote up to version 24, and other tools write to this day, is
// a tar of
//
//	manifest.json             the list of images in it
//	DIGEST.json               the config of an image
//	ID/layer.tar              a layer, in no order; or DIGEST.tar.gz
//	ID/json, repositories     for versions of docker that nobody has any more
//
// Since version 25 it is an OCI layout in which manifest.json names the blobs.

// dockerImage is an element of manifest.json, the list of images that docker
// save writes.
type dockerImage struct {
	Config   string   // member name
	RepoTags []string // "debian:12"; none for an image saved by its ID
	Layers   []string // member names, lowest first
}

// dockerImages reads manifest.json, which has to list one image. An image
// listed twice counts once: some tools write an element for each of its tags.
func (s *store) dockerImages() ([]dockerImage, error) {
	const name = "manifest.json"
	data, err := s.bytes(name, maxManifest)
	if err != nil {
		return nil, err
	}
	var list []dockerImage
	if err := parseJSON(data, &list); err != nil {
		return nil, within(err, s.path, name)
	}
	var distinct []dockerImage
	seen := map[string]bool{}
	for _, d := range list {
		if d.Config == "" {
			return nil, within(fault(CodeManifest, "names an image without a config; save the image again"), s.path, name)
		}
		if key := d.Config + "\x00" + strings.Join(d.Layers, "\x00"); !seen[key] {
			seen[key] = true
			distinct = append(distinct, d)
		}
	}
	switch len(distinct) {
	case 0:
		return nil, within(fault(CodeManifest, "lists no image; save the image again"), s.path, name)
	case 1:
		return distinct, nil
	}
	var tags []string
	for _, d := range distinct {
		// The tags, or the name of the config where there are none.
		tags = append(tags, strings.Join(append(d.RepoTags, d.Config)[:max(1, len(d.RepoTags))], " = "))
	}
	return nil, within(ambiguous(tags), s.path, name)
}

// ambiguous is the answer to a file of several images: any choice would be a
// guess.
func ambiguous(tags []string) error {
	const most = 20
	if len(tags) > most {
		tags = append(tags[:most:most], "...")
	}
	for i := range tags {
		tags[i] = shorten(tags[i])
	}
	return fault(CodeAmbiguous, "contains several images (%s); save one alone", strings.Join(tags, ", "))
}

// dockerCandidates is the image of a docker-save file that is not an OCI layout.
func (s *store) dockerCandidates() ([]candidate, error) {
	list, err := s.dockerImages()
	if err != nil {
		return nil, err
	}
	d := &list[0]
	config, err := s.dockerConfig(d)
	if err != nil {
		return nil, err
	}
	return []candidate{{platform: config.platform(), docker: d}}, nil
}

// dockerConfig reads the config of an image. Its name is most often its digest,
// but nothing says that it has to be.
func (s *store) dockerConfig(d *dockerImage) (*imageConfig, error) {
	data, err := s.bytes(d.Config, maxConfig)
	if err != nil {
		return nil, err
	}
	c, err := parseConfig(data, len(d.Layers))
	return c, within(err, s.path, d.Config)
}

// dockerParts finds the layers of an image. They have no media types.
func (s *store) dockerParts(d *dockerImage) (*parts, error) {
	config, err := s.dockerConfig(d)
	if err != nil {
		return nil, err
	}
	p := &parts{config: config.public()}
	if len(d.Layers) > maxLayers {
		return nil, within(fault(CodeLimit, "has %d layers, more than %d", len(d.Layers), maxLayers), s.path, "manifest.json")
	}
	for i, name := range d.Layers {
		b, err := s.find(name)
		if err != nil {
			return nil, within(err, s.path, "layer "+name)
		}
		if ids := config.RootFS.DiffIDs; len(ids) > 0 { // one for each layer
			b.diffID = ids[i]
		}
		p.layers = append(p.layers, b)
	}
	return p, nil
}
