package retag

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
)

// framing lists what is not kept of the archive. The error is a *[Refusal] if something
// cannot be repaired.
func (s *source) framing(ctx context.Context) ([]Change, error) {
	problems, err := s.archive.CheckFraming(ctx)
	if err != nil {
		return nil, err
	}
	problems = append(s.archive.Problems(), problems...)
	count := map[wheel.Code]int{}
	var first []*wheel.Error
	for _, p := range problems {
		if count[p.Code]++; count[p.Code] == 1 {
			first = append(first, p)
		}
	}
	var changes []Change
	for _, p := range first {
		message := repairs[p.Code]
		switch {
		case slices.Contains(kept, p.Code):
			continue
		case message == "":
			return nil, &Refusal{Code: CodeArchive, Err: p}
		case p.Code == wheel.CodeHiddenData || p.Code == wheel.CodeTrailing:
			for _, p := range problems {
				if err := s.checkDropped(p); err != nil {
					return nil, err
				}
			}
		}
		message += " (" + p.Err.Error()
		if n := count[p.Code] - 1; n > 0 {
			message += fmt.Sprintf("; %d more like this", n)
		}
		changes = append(changes, Change{Kind: KindArchive, File: p.Path, Message: message + ")"})
	}
	return changes, nil
}

// kept are problems that a repair does not touch. They are for the audit to judge.
var kept = []wheel.Code{wheel.CodePathWindows, wheel.CodePathCase, wheel.CodeBomb}

// repairs are the problems that go away when the archive is written again, without any
// doubt about the files in it.
var repairs = map[wheel.Code]string{
	wheel.CodePrefix:        "corrects the offsets",
	wheel.CodeTrailing:      "drops bytes after the archive",
	wheel.CodeComment:       "drops the comment of the archive",
	wheel.CodeHiddenData:    "drops hidden bytes",
	wheel.CodeDescriptor:    "writes sizes and checksums before the data",
	wheel.CodeMemberComment: "drops the comment of a member",
	wheel.CodeVersionNeeded: "states the version of the zip format that is needed",
	wheel.CodeSetUID:        "clears the set-user-ID and set-group-ID bits",
}

// checkDropped refuses to drop bytes among which another archive may be.
func (s *source) checkDropped(p *wheel.Error) error {
	to := s.size
	switch p.Code {
	case wheel.CodeTrailing:
	case wheel.CodeHiddenData:
		next := int64(math.MaxInt64)
		for m := range s.archive.Entries() {
			if at := m.HeaderOffset(); at > p.Offset {
				next = min(next, at)
			}
		}
		to = min(to, next)
	default:
		return nil
	}
	found, err := contains(io.NewSectionReader(s, p.Offset, to-p.Offset), "PK\x03\x04")
	switch {
	case err != nil:
		return err
	case found:
		return &Refusal{Code: CodeArchive, Err: fmt.Errorf("%w; a member of another archive is among them", p)}
	}
	return nil
}

// contains reports whether a text is in what r gives.
func contains(r io.Reader, text string) (bool, error) {
	buf := make([]byte, 64<<10)
	kept := 0
	for {
		n, err := r.Read(buf[kept:])
		if bytes.Contains(buf[:kept+n], []byte(text)) {
			return true, nil
		}
		switch err {
		case nil:
		case io.EOF:
			return false, nil
		default:
			return false, err
		}
		last := buf[max(kept+n-len(text)+1, 0) : kept+n]
		kept = copy(buf, last)
	}
}

// leftovers are parts of a sound archive that are not kept when it is written again. They
// alone are no reason to do so.
func (s *source) leftovers() []Change {
	var changes []Change
	add := func(file, format string, args ...any) {
		changes = append(changes, Change{Kind: KindArchive, File: file, Message: fmt.Sprintf(format, args...)})
	}
	if n := s.archive.CommentSize(); n > 0 {
		add("", "drops the comment of the archive (%d bytes)", n)
	}
	extra, modes := 0, 0
	last := ""
	for m := range s.archive.Entries() {
		if last = m.Name(); m.Extra() != "" {
			extra++
		}
		if m.Mode() == 0 {
			modes++
		}
		if signs := strings.TrimPrefix(last, s.dist.Dir+"/"); signs == "RECORD.jws" || signs == "RECORD.p7s" {
			add(last, "removes the signature, which is of the former RECORD")
		}
	}
	if extra > 0 {
		add("", "drops the extra fields of %d members", extra)
	}
	if modes > 0 {
		add("", "gives usual permissions to %d members without any", modes)
	}
	if record := s.dist.Dir + "/RECORD"; last != record && s.has(record) {
		add(record, "moves to the end of the archive")
	}
	return changes
}

func (s *source) has(name string) bool {
	for m := range s.archive.Members() {
		if m.Name() == name {
			return true
		}
	}
	return false
}
