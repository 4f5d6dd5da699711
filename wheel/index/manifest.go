package index

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
)

// ManifestName is the file at the top of a site that lists what it was made from.
// A directory without it is never replaced.
const ManifestName = "wheeltag-index.json"

// nextManifest becomes the manifest once it is complete.
const nextManifest = "." + ManifestName

// manifestSchema names the format. Other versions of it also mark a directory as a
// site, but nothing is read from them.
const (
	manifestFamily = "wheeltag.index-manifest/"
	manifestSchema = manifestFamily + "v1"
)

// maxManifest limits a manifest in bytes: that of a million files.
const maxManifest = 512 << 20

// manifest lists the files that a site was made from.
type manifest struct {
	Schema        string          `json:"schema"`
	Views         []string        `json:"views"`
	SuggestNameBy string          `json:"true_name_by,omitempty"`
	Files         []manifestEntry `json:"files"`
}

type manifestEntry struct {
	Name  string `json:"name"`
	Input string `json:"input"` // see inputKey
	facts
}

// newManifest lists every file that was read or known, offered or not. The order
// does not depend on that of the directories.
func newManifest(c *Collection, views []string) *manifest {
	m := &manifest{Schema: manifestSchema, Views: append([]string{}, views...), SuggestNameBy: c.helper, Files: []manifestEntry{}}
	for _, i := range c.Items {
		if i.checked {
			m.Files = append(m.Files, manifestEntry{i.Name, inputKey(i.Path), i.facts})
		}
	}
	slices.SortFunc(m.Files, func(a, b manifestEntry) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Input, b.Input))
	})
	m.Files = slices.CompactFunc(m.Files, func(a, b manifestEntry) bool { return a.Name == b.Name && a.Input == b.Input })
	return m
}

var errDamaged = errors.New("its " + ManifestName + " is damaged, so it is not known whether the directory may be replaced; remove the directory")

// readManifest returns nil if there is no manifest.
func readManifest(site string) (*manifest, error) {
	path := filepath.Join(site, ManifestName)
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errDamaged
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxManifest+1))
	if err != nil {
		return nil, err
	}
	m := &manifest{}
	if len(text) > maxManifest || json.Unmarshal(text, m) != nil || !strings.HasPrefix(m.Schema, manifestFamily) {
		return nil, errDamaged
	}
	return m, nil
}

// facts returns the facts that are still valid, by input and name. Suggested names
// of another helper are not.
func (m *manifest) facts(helper string) map[string]facts {
	if m == nil || m.Schema != manifestSchema {
		return nil
	}
	known := make(map[string]facts, len(m.Files))
	for _, e := range m.Files {
		name := strings.ToLower(e.Name)
		linux := strings.Contains(name, "-linux_") || strings.Contains(name, ".linux_")
		complete := isSHA256(e.SHA256) && (isSHA256(e.Metadata) || !strings.HasSuffix(e.Name, ".whl") && e.Project != "")
		if n, err := wheel.ParseName(e.Name); err == nil && n.Variant != "" && e.Variant == "" && e.VariantError == "" {
			complete = false // perhaps from before variants were read
		}
		if complete && (!linux || m.SuggestNameBy == helper) {
			known[e.Input+e.Name] = e.facts
		}
	}
	return known
}

func isSHA256(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}
