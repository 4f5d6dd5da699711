package retag

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/wheeltag/wheeltag/wheel"
)

// compareRecords lists how the rows of RECORD differ from those of the source. That of
// WHEEL goes without saying if it is new.
func (s *source) compareRecords(ctx context.Context, out *Result, newWheel bool) ([]Change, error) {
	written, err := wheel.Open(out, out.Size())
	if err != nil {
		return nil, s.refuse(CodeArchive, err)
	}
	dist, err := written.DistInfo()
	if err != nil {
		return nil, s.refuse(CodeArchive, err)
	}
	path := s.dist.Dir + "/RECORD"
	old := s.dist.Record()
	if old.Err != nil {
		return []Change{{Kind: KindRecord, File: path, Message: "writes RECORD anew (" + old.Err.Error() + ")"}}, nil
	}
	var changes []Change
	change := func(file, message string) {
		changes = append(changes, Change{Kind: KindRecord, File: file, Message: message})
	}
	fresh := dist.Record()
	for m := range s.archive.Members() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		name := m.Name()
		row := fresh.Lookup(name)
		if len(row) != 1 || name == path || newWheel && name == s.dist.Dir+"/WHEEL" && len(old.Lookup(name)) == 1 {
			continue
		}
		message, err := compareRows(m, old.Lookup(name), row[0])
		if err != nil {
			return nil, s.refuse(CodeArchive, err)
		}
		if message != "" {
			change(name, message)
		}
	}
	removed := map[string]bool{}
	for _, row := range old.Rows {
		switch {
		case fresh.Has(row.Path) || removed[row.Path]:
			continue
		case row.Path == "":
			change(path, fmt.Sprintf("removes an empty row (line %d)", row.Line))
		default:
			change(row.Path, "removes the row, as the wheel has no such file")
		}
		removed[row.Path] = true
	}
	if rows := old.Lookup(path); len(rows) != 1 || rows[0].Hash != (wheel.Hash{}) || rows[0].Size >= 0 || rows[0].Err != nil {
		change(path, "has one row, without hash and size")
	}
	return changes, nil
}

// compareRows says what is new in the row of a member, "" if nothing is.
func compareRows(m wheel.Member, old []wheel.RecordRow, row wheel.RecordRow) (string, error) {
	switch {
	case len(old) == 0:
		return "adds a row", nil
	case len(old) > 1:
		return fmt.Sprintf("has one row in place of %d", len(old)), nil
	}
	was := old[0]
	sum, err := was.Hash.New()
	switch {
	case was.Err != nil:
		var fault *wheel.Error
		if errors.As(was.Err, &fault) {
			return "corrects the row (" + fault.Err.Error() + ")", nil
		}
		return "corrects the row", nil
	case was.Hash == (wheel.Hash{}):
		return "adds a hash", nil
	case err != nil:
		return "writes a sha256 hash (" + err.Error() + ")", nil
	}
	if was.Hash.Algorithm != row.Hash.Algorithm {
		content, err := m.Open()
		if err == nil {
			_, err = io.Copy(sum, content)
		}
		if err == nil && was.Hash.Matches(sum.Sum(nil)) {
			return "writes a sha256 hash in place of " + was.Hash.Algorithm, nil
		}
		return "corrects the hash", err
	}
	switch {
	case was.Hash != row.Hash:
		return "corrects the hash", nil
	case was.Size < 0:
		return "adds the size", nil
	case was.Size != row.Size:
		return "corrects the size", nil
	}
	return "", nil
}
