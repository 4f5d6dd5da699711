package wheel

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

// What can be wrong with the *.dist-info directory. For a missing file in it the
// error is [ErrNoMember].
const (
	CodeNoDistInfo  Code = "no-dist-info"  // the archive has none
	CodeTwoDistInfo Code = "two-dist-info" // it has several, and pip refuses it
	CodeMissing     Code = "missing"       // a file that has to be there is not
	CodeAmbiguous   Code = "ambiguous"     // see [ErrAmbiguous]
)

// DistInfo is the *.dist-info directory of a wheel. Make one with [Archive.DistInfo].
type DistInfo struct {
	Dir   string // such as "demo-1.0.dist-info"
	files map[string]Member
}

// DistInfo finds the *.dist-info directory as pip does: the one name at the top of the
// archive that ends so. That it is the project's is for the caller to check. Of two
// members with one name the last counts.
//
// The error is an *[Error], also when readers of zip files disagree about the archive:
// then it is unknown what the files say.
func (a *Archive) DistInfo() (*DistInfo, error) {
	if p := a.ambiguous(); p != nil {
		return nil, &Error{p.Path, p.Offset, CodeAmbiguous, fmt.Errorf("%w: %w", ErrAmbiguous, p.Err)}
	}
	d := &DistInfo{files: map[string]Member{}}
	for i := range a.dir.Entries {
		e := &a.dir.Entries[i]
		top, rest, _ := strings.Cut(e.Name, "/")
		if !strings.HasSuffix(top, ".dist-info") {
			continue
		}
		if d.Dir != "" && top != d.Dir {
			return nil, &Error{"", e.Offset, CodeTwoDistInfo, fmt.Errorf("two .dist-info directories, %s and %s; want one", d.Dir, top)}
		}
		d.Dir = top
		if rest != "" && !strings.HasSuffix(rest, "/") {
			d.files[rest] = Member{e, a.r}
		}
	}
	if d.Dir == "" {
		return nil, &Error{"", 0, CodeNoDistInfo, errors.New("no .dist-info directory")}
	}
	return d, nil
}

// Metadata reads METADATA of the *.dist-info directory. The error is an *[Error].
func (a *Archive) Metadata() (*Metadata, error) {
	d, err := a.DistInfo()
	if err != nil {
		return nil, err
	}
	return d.Metadata()
}

// Files yields the paths of the files below the directory, in order.
func (d *DistInfo) Files() iter.Seq[string] {
	return slices.Values(slices.Sorted(maps.Keys(d.files)))
}

// maxText is the size beyond which a file is not read, in bytes. RECORD of the largest
// known wheel has about 3 MiB.
const maxText = 16 << 20

// ReadFile reads a file of the directory, such as "METADATA" or
// "entry_points.txt". The error is an *[Error]; it wraps [ErrNoMember] if there is no
// such file. Files of more than 16 MiB are not read.
func (d *DistInfo) ReadFile(name string) ([]byte, error) {
	path := d.Dir + "/" + name
	m, ok := d.files[name]
	if !ok {
		return nil, &Error{path, 0, CodeMissing, ErrNoMember}
	}
	return m.ReadAll(maxText)
}

// Metadata reads METADATA. The error is an *[Error].
func (d *DistInfo) Metadata() (*Metadata, error) {
	text, err := d.ReadFile("METADATA")
	if err != nil {
		return nil, err
	}
	return ParseMetadata(d.Dir+"/METADATA", text)
}

// Info reads WHEEL. The error is an *[Error].
func (d *DistInfo) Info() (*Info, error) {
	text, err := d.ReadFile("WHEEL")
	if err != nil {
		return nil, err
	}
	return ParseInfo(d.Dir+"/WHEEL", text)
}

// Record reads RECORD. What is wrong with it is in [Record.Err] and in its rows.
func (d *DistInfo) Record() *Record {
	text, err := d.ReadFile("RECORD")
	if err != nil {
		return &Record{Err: err}
	}
	return ParseRecord(d.Dir+"/RECORD", text)
}
