package cli

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/wheeltag/wheeltag/internal/cache"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// openCache opens the cache of this very program: another build may come to
// another result.
func openCache(dir string, limit int64, verify bool, rules finding.Selection, exclude []string) (*cache.Cache, error) {
	version := fmt.Sprintf("wheeltag.audit/v1 verify=%v rules=%v exclude=%q", verify, rules, exclude)
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
	return cache.Open(dir, version, limit)
}

// cachedReport returns the report that is kept for a wheel, or a new one. A verdict of
// unknown is not kept: it may come from an error of reading.
func (a *auditRun) cachedReport(ctx context.Context, path string) (*audit.Report, error) {
	return cache.File(ctx, a.cache, path, func() (*audit.Report, bool, error) {
		r, err := a.auditor.File(ctx, path)
		return r, err == nil && r.Verdict != finding.Unknown, err
	})
}

// warnCache reports a cache that cannot be used. The results are the same without
// it, so this is no reason to stop or to fail.
func (a *auditRun) warnCache(err error) {
	a.logf("warning: --cache: %v; results are not saved", err)
}
