package coverage

import "github.com/wheeltag/wheeltag/wheel/lockfile"

// Unlisted returns the projects that a target needs from an index and of which the lock
// file does not list the files, in the order of the file. They are all requirements of a
// requirements file, and none of uv.lock. The error is that of [Locked].
func Unlisted(lock *lockfile.Lock, selection lockfile.Selection, targets []Target) ([]string, error) {
	if !lock.Unlisted() {
		return nil, nil
	}
	wanted := make([]bool, len(lock.Packages))
	for i := range targets {
		needed, err := lock.Needed(&targets[i].Environment, selection)
		if refused := refusedBy(err); refused != "" {
			continue
		} else if err != nil {
			return nil, err
		}
		for j := range needed {
			wanted[j] = wanted[j] || needed[j].State != lockfile.Excluded
		}
	}
	var names []string
	seen := map[string]bool{}
	for i := range lock.Packages {
		p := &lock.Packages[i]
		if wanted[i] && p.Source.Kind == lockfile.FromIndex && !p.Project && p.Name != "" && !seen[p.Name] {
			seen[p.Name] = true
			names = append(names, p.Name)
		}
	}
	return names, nil
}
