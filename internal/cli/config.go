package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/wheeltag/wheeltag/internal/config"
	"github.com/wheeltag/wheeltag/tags/detect"
	"github.com/wheeltag/wheeltag/tags/fleet"
	"github.com/wheeltag/wheeltag/tags/resolver"
)

// readConfig reads the file given with --config, or the nearest wheeltag.toml or
// pyproject.toml from the working directory upwards. Without one the configuration
// is empty.
func readConfig(path string) (*config.Config, error) {
	if path == "" {
		if path = nearestConfig(); path == "" {
			return &config.Config{Targets: &fleet.Fleet{}}, nil
		}
	}
	c, err := config.ReadFile(path, releasedVersion())
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return nil, usagef("--config: %v", err)
	}
	if err != nil {
		return nil, usagef("%s", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return c, nil
}

// newResolver readies a resolver with the targets of a configuration.
func newResolver(own *config.Config) *resolver.Resolver {
	return &resolver.Resolver{Fleet: own.Targets, Host: hostOptions()}
}

// hostOptions is what the environment says of this machine.
func hostOptions() detect.Options {
	return detect.Options{Path: os.Getenv("PATH"), LibraryPath: os.Getenv("LD_LIBRARY_PATH")}
}

// nearestConfig returns the path of the file that counts, as seen from here.
func nearestConfig() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	// Without a file there is no way to it either, and both are "".
	near, _ := filepath.Rel(dir, config.Find(dir))
	return near
}

// releasedVersion is the version of this program, "" if it was not built from a release.
func releasedVersion() string {
	if v := buildVersion(); !strings.HasPrefix(v, "v0.0.0-") {
		return v
	}
	return ""
}

// sayVersion says that the configuration asks for a version and that it is not known
// whether this is one.
func (c *invocation) sayVersion(own *config.Config) {
	if own.RequiredVersion != "" && releasedVersion() == "" && !c.quiet {
		c.logf("%s: required-version %s was not checked: this program was not built from a release", own.File, own.RequiredVersion)
	}
}
