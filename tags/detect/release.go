package detect

import "strings"

// readRelease reads os-release (see its manual page) from the first of its two
// places.
func (s *System) readRelease() {
	for _, name := range []string{"etc/os-release", "usr/lib/os-release"} {
		text, ok := s.root.text(name)
		if !ok {
			continue
		}
		r := Release{Path: absolute(name)}
		for line := range strings.Lines(text) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			value = unquote(value)
			switch key {
			case "ID":
				r.ID = strings.ToLower(value)
			case "VERSION_ID":
				r.VersionID = value
			case "VERSION_CODENAME":
				r.Codename = value
			case "PRETTY_NAME":
				r.Name = value
			}
		}
		s.Release = r
		return
	}
}

// unquote takes shell quotes off a value: all of "...", '...' or bare, with
// backslashes inside double quotes.
func unquote(value string) string {
	if len(value) < 2 || value[0] != value[len(value)-1] {
		return value
	}
	switch inner := value[1 : len(value)-1]; value[0] {
	case '\'':
		return inner
	case '"':
		var b strings.Builder
		for i := 0; i < len(inner); i++ {
			if inner[i] == '\\' && i+1 < len(inner) && strings.IndexByte("\"\\$`", inner[i+1]) >= 0 {
				i++
			}
			b.WriteByte(inner[i])
		}
		return b.String()
	}
	return value
}

// packageVersion asks the databases of dpkg and apk for the version of a
// package, "" when it is not installed or cannot be told.
func (t *tree) packageVersion(debian, alpine string) (version, from string) {
	for _, db := range []struct{ name, pack, version string }{
		{"var/lib/dpkg/status", "Package: " + debian, "Version: "},
		{"var/lib/dpkg/status.d/" + debian, "Package: " + debian, "Version: "},
		{"lib/apk/db/installed", "P:" + alpine, "V:"},
	} {
		text, ok := t.text(db.name)
		if !ok {
			continue
		}
		for record := range strings.SplitSeq(text, "\n\n") {
			lines := strings.Split(record, "\n")
			ours := false
			version = ""
			for _, line := range lines {
				if line == db.pack {
					ours = true
				}
				if v, ok := strings.CutPrefix(line, db.version); ok {
					version = v
				}
			}
			if ours {
				return version, absolute(db.name)
			}
		}
	}
	return "", ""
}

// Release is what os-release says, all of it as written there.
type Release struct {
	ID, VersionID, Codename, Name string
	Path                          string
}

// Word is the release in the form of a target, "debian:12", or "".
func (r Release) Word() string {
	if r.ID == "" || r.VersionID == "" {
		return r.ID
	}
	return r.ID + ":" + r.VersionID
}
