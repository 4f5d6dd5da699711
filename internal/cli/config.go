package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/wheeltag/wheeltag/tags/fleet"
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

// fleetTargets gives what a word stands for in the file or among the sets; none
// when it is a word of neither.
func fleetTargets(all *fleet.Fleet, word string) ([]fleet.Target, error) {
	switch {
	case word == "@fleet" && len(all.Targets) == 0 && all.File != "":
		return nil, fmt.Errorf("@fleet stands for the targets of %s, which has none; write a row of [[targets]] with a platform", all.File)
	case word == "@fleet" && len(all.Targets) == 0:
		return nil, fmt.Errorf("@fleet stands for the targets of %s, and there is none here or above; write one, or name it with --config", configName)
	case word == "@fleet":
		return all.Targets, nil
	case strings.HasPrefix(word, "@"):
		targets, err := fleet.Set(word, time.Now().UTC())
		var unknown *fleet.Error
		if errors.As(err, &unknown) && !strings.Contains(word, "/") {
			err = fmt.Errorf("%w, and @fleet for those of %s", err, configName)
		}
		return targets, err
	}
	return all.Lookup(word), nil
}
