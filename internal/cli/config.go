package cli

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/wheeltag/wheeltag/tags/detect"
	"github.com/wheeltag/wheeltag/tags/fleet"
	"github.com/wheeltag/wheeltag/tags/resolver"
)

// configName is the file with the targets of one's own.
const configName = "wheeltag.toml"

// readFleet reads the file given with --config, or the nearest wheeltag.toml from
// the working directory upwards. Without one the fleet is empty.
func readFleet(path string) (*fleet.Fleet, error) {
	if path == "" {
		if path = nearestConfig(); path == "" {
			return &fleet.Fleet{}, nil
		}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, usagef("--config: %v", err)
	}
	defer f.Close()
	all, err := fleet.Read(f, path)
	if err != nil {
		return nil, usagef("%v", err)
	}
	return all, nil
}

// newResolver readies a resolver with the targets of the file.
func newResolver(config string) (*resolver.Resolver, error) {
	all, err := readFleet(config)
	if err != nil {
		return nil, err
	}
	return &resolver.Resolver{
		Fleet: all,
		Host:  hostOptions(),
	}, nil
}

// hostOptions is what the environment says of this machine.
func hostOptions() detect.Options {
	return detect.Options{Path: os.Getenv("PATH"), LibraryPath: os.Getenv("LD_LIBRARY_PATH")}
}

func nearestConfig() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	path := configName
	for range strings.Count(filepath.ToSlash(dir), "/") + 1 {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path
		}
		path = filepath.Join("..", path)
	}
	return ""
}
