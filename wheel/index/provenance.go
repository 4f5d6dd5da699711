package index

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// provenanceSuffix ends the name of the file with the provenance of another one: the
// attestations of who made it (PEP 740). It is passed on as it is; nothing is verified.
const provenanceSuffix = ".provenance"

// maxProvenance limits the provenance of a file in bytes. PyPI accepts attestations of a
// few kilobytes each.
const maxProvenance = 4 << 20

// readProvenance reads the provenance of a file, if there is one next to it.
func (i *Item) readProvenance() {
	if len(i.Name)+len(provenanceSuffix) > maxName {
		return
	}
	info, err := os.Lstat(i.Path + provenanceSuffix)
	if err != nil {
		return
	}
	text, err := []byte(nil), errNotRegular
	if info.Mode().IsRegular() {
		text, err = readProvenance(i.Path + provenanceSuffix)
	}
	if err != nil {
		i.find(FoundProvenance, "%s%s is not passed on: %v", i.Name, provenanceSuffix, err)
		return
	}
	i.provenance = text
}

// readProvenance reads a provenance object in version 1.
func readProvenance(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxProvenance+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxProvenance {
		return nil, fmt.Errorf("larger than %d bytes", maxProvenance)
	}
	var object struct {
		Version int `json:"version"`
		Bundles []struct {
			Publisher    map[string]any    `json:"publisher"`
			Attestations []json.RawMessage `json:"attestations"`
		} `json:"attestation_bundles"`
	}
	d := json.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&object); err != nil {
		return nil, fmt.Errorf("not a provenance object: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("not a provenance object: something follows it")
	}
	if object.Version != 1 || len(object.Bundles) == 0 {
		return nil, fmt.Errorf("not a provenance object of version 1 with attestation_bundles")
	}
	return text, nil
}

// provenanceURL is the link to the provenance of a file on a page. It must be a full URL
// of a secure origin, so only a site whose files have one lists it.
func (i *Item) provenanceURL(files string) string {
	if i.provenance == nil || !strings.HasPrefix(files, "https://") {
		return ""
	}
	return files + escapeURL(i.Name) + provenanceSuffix
}
