package variant

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// schemaVersion is the version in the URL of a schema, as in .../v0.1.1.json.
var schemaVersion = regexp.MustCompile(`[/-]v?(\d{1,9})\.(\d{1,9})(\.\d{1,9})?(\.json)?$`)

// Draft reports whether the schema is a version 0.x, which must not be used in
// production (PEP 825).
func (m *Metadata) Draft() bool {
	found := schemaVersion.FindStringSubmatch(m.Schema)
	return found != nil && strings.Trim(found[1], "0") == ""
}

// Check lists what the standard demands and [Parse] does not: a schema of a known major
// version, and values in ascending order.
func (m *Metadata) Check() []error {
	var faults []error
	if found := schemaVersion.FindStringSubmatch(m.Schema); found == nil {
		faults = append(faults, fmt.Errorf("$schema %s does not end with a version", quote(m.Schema)))
	} else if major := strings.TrimLeft(found[1], "0"); major != "" && major != "1" {
		faults = append(faults, fmt.Errorf("$schema %s has a major version that is not known", quote(m.Schema)))
	}
	for _, label := range m.Labels() {
		for _, namespace := range sortedKeys(m.Variants[label]) {
			features := m.Variants[label][namespace]
			for _, feature := range sortedKeys(features) {
				if !slices.IsSorted(features[feature]) {
					faults = append(faults, fmt.Errorf("variants.%s: the values of %s :: %s are not in ascending order", label, namespace, feature))
				}
			}
		}
	}
	return faults
}
