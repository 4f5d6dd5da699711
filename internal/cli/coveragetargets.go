package cli

import (
	"path/filepath"

	"github.com/wheeltag/wheeltag/internal/config"
	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/wheel/coverage"
)

// readTargets readies the targets of the flags.
func (r *coverageRun) readTargets() error {
	targets, err := r.described.read(r.invocation)
	for _, t := range targets {
		r.targets = append(r.targets, coverage.NewTarget(t.Target))
	}
	return err
}

// defaultTargets readies the targets of a command line that names none: those of
// wheeltag.toml in the working directory or above, or next to a source or above, and
// else what uv.lock says of itself.
func (r *coverageRun) defaultTargets() error {
	own, err := r.described.configuration()
	if err != nil {
		return err
	}
	for _, source := range r.args {
		if len(own.Targets.Targets) > 0 || r.described.config != "" || source == "-" {
			break
		}
		full, err := filepath.Abs(source)
		if err != nil {
			return err
		}
		path := config.Find(full) // which finds nothing below a file, and goes on above
		if path == "" {
			continue
		}
		if own, err = readConfig(path); err != nil {
			return err
		}
		r.described.own = own
	}
	if len(own.Targets.Targets) > 0 {
		r.described.words = []string{"@fleet"}
		r.logf("no target named; using the targets of %s", filepath.ToSlash(own.File))
		return r.readTargets()
	}
	for _, lock := range r.locks {
		r.described.words = append(r.described.words, lock.Fleet()...)
	}
	if len(r.described.words) == 0 {
		return usagef("name a target, as in --target debian:11/arm64, or put your targets into wheeltag.toml")
	}
	r.logf("no target named; using what uv.lock requires: %s", report.Some(r.described.words))
	return r.readTargets()
}
