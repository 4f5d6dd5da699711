package wheel

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// Metadata is what METADATA says of the project (core metadata specification).
type Metadata struct {
	Name           string
	Version        string
	RequiresPython string // as written; empty when every Python will do
}

// Info is what the WHEEL file says (PEP 427).
type Info struct {
	WheelVersion  string
	RootIsPurelib string   // "true", "false", or as written
	Tags          []string // one for each Tag line, as written
	Build         string
}

// maxText bounds METADATA, WHEEL and RECORD. The largest known RECORD has
// about 3 MiB.
const maxText = 64 << 20

// Metadata reads METADATA.
func (a *Archive) Metadata() (Metadata, error) {
	var m Metadata
	err := a.headers("METADATA", func(name, value string) {
		switch name {
		case "name":
			m.Name = value
		case "version":
			m.Version = value
		case "requires-python":
			m.RequiresPython = value
		}
	})
	return m, err
}

// Info reads WHEEL.
func (a *Archive) Info() (Info, error) {
	var w Info
	err := a.headers("WHEEL", func(name, value string) {
		switch name {
		case "wheel-version":
			w.WheelVersion = value
		case "root-is-purelib":
			w.RootIsPurelib = value
		case "tag":
			w.Tags = append(w.Tags, value)
		case "build":
			w.Build = value
		}
	})
	return w, err
}

// headers reads the lines "Name: value" of a file up to the first empty line.
// Folded lines are joined, as they are in e-mail.
func (a *Archive) headers(file string, field func(name, value string)) error {
	m, err := a.distInfo(file)
	if err != nil {
		return err
	}
	text, err := m.ReadAll(maxText)
	if err != nil {
		return err
	}
	var name string
	var value []byte // a buffer, as a field may have millions of lines
	done := func() {
		if name != "" {
			field(name, string(bytes.TrimSpace(value)))
		}
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		line = strings.TrimSuffix(line, "\r")
		if line == "" {
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			value = append(append(value, '\n'), line...)
			continue
		}
		done()
		before, after, ok := strings.Cut(line, ":")
		if !ok {
			before = ""
		}
		name, value = strings.ToLower(strings.TrimSpace(before)), append(value[:0], after...)
	}
	done()
	return nil
}

// RecordEntry is one line of RECORD.
type RecordEntry struct {
	Path string
	Hash string // "sha256=..." or empty
	Size string // decimal digits or empty
}

// Record reads RECORD, the list of installed files (PEP 376, PEP 427).
func (a *Archive) Record() ([]RecordEntry, error) {
	m, err := a.distInfo("RECORD")
	if err != nil {
		return nil, err
	}
	text, err := m.ReadAll(maxText)
	if err != nil {
		return nil, err
	}
	// A line or a field of two bytes takes some 50 in memory.
	if lines, commas := bytes.Count(text, []byte("\n")), bytes.Count(text, []byte(",")); lines > maxMembers || commas > 4*maxMembers {
		return nil, fmt.Errorf("%s: %d lines and %d commas, more than an archive of %d files needs", m.Name(), lines, commas, maxMembers)
	}
	rows := csv.NewReader(bytes.NewReader(text))
	rows.FieldsPerRecord = -1
	var entries []RecordEntry
	for {
		row, err := rows.Read()
		if err == io.EOF {
			return entries, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Name(), err)
		}
		e := RecordEntry{Path: row[0]}
		if len(row) > 1 {
			e.Hash = row[1]
		}
		if len(row) > 2 {
			e.Size = row[2]
		}
		entries = append(entries, e)
	}
}
