package wheel

import (
	"fmt"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// SdistName is what the file name of a source distribution says:
//
//	{name}-{version}.tar.gz
type SdistName struct {
	Filename string         // as given to ParseSdistName
	Name     string         // normalised by PEP 503
	Version  pep440.Version // Version.Source is the text as written
}

// sdistExtensions end the names of source distributions: the one of PEP 625
// first, then those that were in use before it and that pip still takes.
var sdistExtensions = [...]string{".tar.gz", ".zip", ".tgz", ".tar.bz2", ".tbz", ".tar.xz", ".txz", ".tar.lzma", ".tlz", ".tar.zst", ".tar.Z", ".tar"}

// SdistStem takes the extension off the name of a source distribution; ok is
// false for any other file.
func SdistStem(filename string) (stem string, ok bool) {
	for _, ext := range sdistExtensions {
		if stem, ok := strings.CutSuffix(filename, ext); ok && stem != "" {
			return stem, true
		}
	}
	return "", false
}

// ParseSdistName reads the base name of a source distribution. Names and
// versions may both hold dashes in old files; project, when it is known, decides
// where the version starts, and otherwise the last dash with a version behind it.
func ParseSdistName(filename, project string) (SdistName, error) {
	stem, ok := SdistStem(filename)
	if !ok {
		return SdistName{}, fmt.Errorf("%q is not the name of a source distribution; want NAME-VERSION.tar.gz", filename)
	}
	want := NormalizeName(project)
	var found SdistName
	end := len(stem)
	for range 4 {
		dash := strings.LastIndexByte(stem[:end], '-')
		if dash <= 0 {
			break
		}
		end = dash
		version, err := pep440.Parse(stem[dash+1:])
		if err != nil {
			continue
		}
		this := SdistName{filename, NormalizeName(stem[:dash]), version}
		if project != "" && this.Name == want {
			return this, nil
		}
		if found.Filename == "" {
			found = this
		}
	}
	if found.Filename == "" {
		return SdistName{}, fmt.Errorf("%q has no version behind a dash; want NAME-VERSION.tar.gz", filename)
	}
	return found, nil
}
