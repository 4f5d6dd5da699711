package cli

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// neighbours lists the wheels that the arguments of --with-deps mean: all of directories,
// or with lock files those of directories and next to the lock files that one pins.
func neighbours(args []string) ([]string, error) {
	var list, locks []string
	for _, arg := range args {
		info, err := os.Stat(arg)
		switch {
		case err != nil:
			return nil, err
		case !info.IsDir():
			locks = append(locks, arg)
			continue
		}
		below, err := wheelsBelow(arg)
		if err != nil {
			return nil, err
		}
		list = append(list, below...)
	}
	if locks == nil {
		if len(list) == 0 && len(args) > 0 {
			return nil, fmt.Errorf("no *.whl files in %s", strings.Join(args, ", "))
		}
		return list, nil
	}
	pinned := map[string][]pep440.Version{} // by project
	for _, lock := range locks {
		l, err := lockfile.ReadFile(lock)
		if err != nil {
			return nil, err
		}
		for i := range l.Packages {
			if v, err := pep440.Parse(l.Packages[i].Version); err == nil {
				pinned[l.Packages[i].Name] = append(pinned[l.Packages[i].Name], v)
			}
		}
		next, err := filepath.Glob(filepath.Join(filepath.Dir(lock), "*.whl"))
		if err != nil {
			return nil, err
		}
		list = append(list, next...)
	}
	var kept []string
	seen := map[string]bool{}
	for _, path := range list {
		name, err := wheel.ParseName(filepath.Base(path))
		if err == nil && slices.ContainsFunc(pinned[name.NormalizedName()], name.Version.Equal) && !seen[path] {
			seen[path] = true
			kept = append(kept, path)
		}
	}
	if len(kept) == 0 {
		return nil, fmt.Errorf("no wheel of %s is next to it or in a directory that was given", strings.Join(locks, ", "))
	}
	return kept, nil
}

// wheelsBelow lists the wheels below a directory.
func wheelsBelow(dir string) ([]string, error) {
	var list []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.HasSuffix(path, ".whl") {
			list = append(list, path)
		}
		return err
	})
	return list, err
}
