package index

import (
	"fmt"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
)

// servable returns why a file cannot be offered under its name. A file name becomes
// a file, a link and a line of text; a project becomes a directory. Names of real
// projects have only these characters (PEP 508, PEP 440), so nothing needs to be
// quoted, and nothing can lead out of the site or into its markup.
func servable(name, project string) error {
	for at, c := range []byte(name) {
		if !isAlphanumeric(c) && strings.IndexByte("._-+!", c) < 0 {
			return fmt.Errorf("cannot be offered: the file name has %q at offset %d; only letters, digits and . _ - + ! are allowed", name[at:at+1], at)
		}
	}
	if !isProject(project) {
		return fmt.Errorf("cannot be offered: %q is not a valid project name", project)
	}
	return nil
}

func isAlphanumeric(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9'
}

// isProject reports whether a normalised name is one that PEP 508 allows.
func isProject(name string) bool {
	for i := range len(name) {
		c := name[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
		case c != '-' || i == 0 || i == len(name)-1:
			return false
		}
	}
	return name != ""
}

// escapeURL quotes what is not unreserved in a URL. A plus sign is legal there,
// but some file stores read it as a space.
func escapeURL(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		if isAlphanumeric(c) || strings.IndexByte("._-~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// Slug turns a target's name into one for a directory and a URL: lower case, with a dash
// for each run of other characters than letters, digits, dots and underscores,
// such as 3.11-debian-12-x86_64 for 3.11@debian:12/x86_64.
func Slug(name string) string {
	const most = 100
	var b strings.Builder
	for _, c := range []byte(strings.ToLower(name)) {
		switch {
		case b.Len() == most:
		case isAlphanumeric(c) || c == '.' || c == '_':
			b.WriteByte(c)
		case b.Len() > 0 && b.String()[b.Len()-1] != '-':
			b.WriteByte('-')
		}
	}
	if slug := strings.Trim(b.String(), "-._"); slug != "" {
		return slug
	}
	return "target"
}

// slugs returns a directory name for each view, different from those that a site
// always has.
func slugs(views []*tags.Target) []string {
	taken := map[string]bool{filesFolder: true, simpleFolder: true, legacyFolder: true, ManifestName: true}
	var list []string
	for _, v := range views {
		slug := Slug(v.Name())
		for n := 2; taken[slug]; n++ {
			slug = fmt.Sprintf("%s-%d", Slug(v.Name()), n)
		}
		taken[slug] = true
		list = append(list, slug)
	}
	return list
}
