package image

import (
	"bytes"
	"encoding/json"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// Bounds of what is parsed. Real manifests have some kilobytes, configs with
// their history and labels a hundred.
const (
	maxManifest = 1 << 20 // bytes of a manifest or an index
	maxConfig   = 2 << 20 // bytes of a config
	maxElements = 20_000  // of the lists in a manifest or an index
	maxLayers   = 500     // of an image; docker stops at 127
)

// Config is what an image says about the processes run in it. It gives hints
// (PYTHON_VERSION, PATH, the labels of a vendor), never proof: the files may
// say otherwise.
type Config struct {
	Env    []string          // "NAME=value", as written
	Labels map[string]string // may be nil
}

// imageConfig is the part of a config file that is of use here. Dates, health
// checks and history are not looked at: what is wrong with them does not
// matter.
type imageConfig struct {
	Architecture string   `json:"architecture"`
	OS           string   `json:"os"`
	Variant      string   `json:"variant"`
	OSVersion    string   `json:"os.version"`
	Config       struct { // the names are written in capitals there
		Env    []string
		Labels map[string]string
	} `json:"config"`
	RootFS struct {
		DiffIDs []v1.Hash `json:"diff_ids"`
	} `json:"rootfs"`
}

// platform is what the image says it is for.
func (c *imageConfig) platform() Platform {
	return Platform{OS: c.OS, Architecture: c.Architecture, Variant: c.Variant, OSVersion: c.OSVersion}
}

func (c *imageConfig) public() *Config {
	return &Config{Env: c.Config.Env, Labels: c.Config.Labels}
}

// parseConfig reads a config file, which must have as many layers as the manifest.
func parseConfig(data []byte, layers int) (*imageConfig, error) {
	var c imageConfig
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, &Error{Code: CodeManifest, Detail: "is not the config of an image; save or export the image again", Err: err}
	}
	// Some old tools left the list out.
	if n := len(c.RootFS.DiffIDs); n > 0 && n != layers {
		return nil, fault(CodeManifest, "lists %d layers, the manifest %d; save or export the image again", n, layers)
	}
	return &c, nil
}

// parseJSON reads a manifest or an index into v. Each element of a list takes
// much more memory than the few letters it may be written with, so commas are
// counted first.
func parseJSON(data []byte, v any) error {
	if bytes.Count(data, []byte(",")) > maxElements {
		return fault(CodeLimit, "lists more than %d elements; save or export one image alone", maxElements)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return &Error{Code: CodeManifest, Detail: "cannot be parsed; save or export the image again", Err: err}
	}
	return nil
}
