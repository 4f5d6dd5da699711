package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync/atomic"

	"github.com/wheeltag/wheeltag/internal/cache"
	"github.com/wheeltag/wheeltag/wheel/audit"
)

// resultCache keeps reports of wheels.
type resultCache struct {
	*cache.Cache
	stored atomic.Bool
}

// openCache opens the cache of this very program: another build may judge in
// another way.
func openCache(dir string, limit int64, verify bool) (*resultCache, error) {
	version := fmt.Sprintf("wheeltag.audit/v1 verify=%v", verify)
	if info, ok := debug.ReadBuildInfo(); ok {
		version += " " + info.Main.Version
	}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(program)
	if err != nil {
		return nil, err
	}
	version += fmt.Sprintf(" %d %d", info.Size(), info.ModTime().UnixNano())
	c, err := cache.Open(dir, version, limit)
	if err != nil {
		return nil, err
	}
	return &resultCache{Cache: c}, nil
}

// audit gives the kept report of a wheel, or makes one and keeps it.
func (c *resultCache) audit(path string, fresh func() (*audit.Report, error)) (*audit.Report, error) {
	info, err := os.Stat(path)
	if err != nil {
		return fresh() // for its error
	}
	if kept, ok := c.Lookup(path, info); ok {
		if r := readReport(kept); r != nil {
			return r, nil
		}
	}
	kept, sum, err := c.LookupContent(path)
	if err != nil {
		return fresh()
	}
	if r := readReport(kept); r != nil {
		return r, c.keep(path, info, sum, kept)
	}
	r, err := fresh()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	return r, c.keep(path, info, sum, text)
}

func readReport(text []byte) *audit.Report {
	var r audit.Report
	if text == nil || json.Unmarshal(text, &r) != nil {
		return nil
	}
	return &r
}

func (c *resultCache) keep(path string, info os.FileInfo, sum string, text []byte) error {
	c.stored.Store(true)
	now, err := os.Stat(path)
	if err != nil || now.Size() != info.Size() || now.ModTime() != info.ModTime() {
		return nil // it changed while it was read
	}
	if err := c.Store(path, info, sum, text); err != nil {
		return fmt.Errorf("--cache: %w", err)
	}
	return nil
}

// finish writes what a run has added, and keeps the folder within its size.
func (c *resultCache) finish(call *call) {
	if c == nil || !c.stored.Load() {
		return
	}
	if err := errors.Join(c.Flush(), c.Clean()); err != nil {
		call.say("--cache: %v", err)
	}
}
