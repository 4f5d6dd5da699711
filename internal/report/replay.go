package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"github.com/wheeltag/wheeltag/wheel/audit"
)

// maxLine bounds a line of saved results. An audit of the largest wheels takes a
// few megabytes.
const maxLine = 256 << 20

// Replay gives the results that were saved as JSON Lines to a handler, in their
// order. The error says in which line something is wrong; the handler is left
// open.
func Replay(r io.Reader, h Handler) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	n := 0
	for lines.Scan() {
		if n++; len(lines.Bytes()) == 0 {
			continue
		}
		if err := replayLine(lines.Bytes(), h); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("line %d: %w", n+1, err)
	}
	return nil
}

func replayLine(line []byte, h Handler) error {
	var head struct {
		Schema string           `json:"schema"`
		Error  *json.RawMessage `json:"error"`
	}
	if err := json.Unmarshal(line, &head); err != nil {
		return err
	}
	switch {
	case head.Error != nil:
		var p Problem
		if err := json.Unmarshal(line, &p); err != nil {
			return err
		}
		return h.Problem(&p)
	case head.Schema == AuditSchema:
		return replay(line, &Audit{Report: &audit.Report{}}, h)
	case head.Schema == ExplainSchema:
		return replay(line, &Explain{Explanation: &audit.Explanation{}}, h)
	case head.Schema == TreeSchema:
		return replay(line, &Tree{}, h)
	case head.Schema == ReleaseSchema:
		return replay(line, &Release{}, h)
	case head.Schema == IndexSchema:
		return replay(line, &Index{}, h)
	case head.Schema == RetagSchema:
		return replay(line, &Retag{}, h)
	}
	return fmt.Errorf("results with the schema %q cannot be shown again", head.Schema)
}

func replay(line []byte, record Record, h Handler) error {
	if err := json.Unmarshal(line, record); err != nil {
		return err
	}
	return h.Report(record)
}
