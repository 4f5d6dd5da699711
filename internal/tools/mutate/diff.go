package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var hunk = regexp.MustCompile(`^@@ -\S+ \+(\d+)(?:,(\d+))? @@`)

// changedSince gives the lines that differ from a revision, by file from the root
// of the repository, and the directories with such files.
func changedSince(revision string) (map[string]map[int]bool, []string, error) {
	var stderr bytes.Buffer
	cmd := exec.Command("git", "diff", "-U0", "--no-color", "--no-ext-diff", "--relative", revision, "--", "*.go", ":!*_test.go")
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, nil, fmt.Errorf("git diff: %w\n%s", err, stderr.Bytes())
	}
	changed := map[string]map[int]bool{}
	var dirs []string
	file := ""
	for line := range strings.Lines(string(out)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "+++ "); ok {
			file = strings.TrimPrefix(name, "b/")
			continue
		}
		m := hunk.FindStringSubmatch(line)
		if m == nil || file == "/dev/null" {
			continue
		}
		first, _ := strconv.Atoi(m[1]) // digits
		count := 1
		if m[2] != "" {
			count, _ = strconv.Atoi(m[2])
		}
		if count == 0 {
			continue // only removed
		}
		if changed[file] == nil {
			changed[file] = map[int]bool{}
			if dir := "./" + path.Dir(file); !slices.Contains(dirs, dir) {
				dirs = append(dirs, dir)
			}
		}
		for i := range count {
			changed[file][first+i] = true
		}
	}
	return changed, dirs, nil
}

// untracked lists the files below the directory that git does not know, nil outside
// of a repository.
func untracked() []string {
	out, err := exec.Command("git", "ls-files", "--others", "--exclude-standard").Output()
	if err != nil {
		return nil
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
